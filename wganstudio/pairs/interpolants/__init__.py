"""Density and momentum of the displacement interpolation between independent samples of P and Q."""

from wganstudio.pairs.interpolants.base import Interpolant, InterpolationFamily, InterpolationFlow

__all__ = ["Interpolant", "InterpolationFamily", "InterpolationFlow"]

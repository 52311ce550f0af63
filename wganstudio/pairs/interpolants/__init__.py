"""Where the segments from x ~ P to y ~ Q lie, and which way they run there."""

from wganstudio.pairs.interpolants.base import Interpolant, InterpolationFlow, interpolant_between

__all__ = ["Interpolant", "InterpolationFlow", "interpolant_between"]

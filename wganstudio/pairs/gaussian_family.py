"""Properties of a distribution whose components are Gaussians with independent coordinates."""

import numpy as np
from numpy.typing import NDArray

from wganstudio.ot.gaussian import Moments
from wganstudio.pairs import cell_masses, hat_functions
from wganstudio.pairs.base import Distribution
from wganstudio.pairs.hat_functions import TailMoments
from wganstudio.pairs.interpolants.gaussians import GaussianComponents

Floats = NDArray[np.float64]


class GaussianFamily(Distribution):
    """A mixture of Gaussians with independent coordinates, defined by its components."""

    def gaussian_components(self) -> GaussianComponents:
        """Return all components."""
        raise NotImplementedError

    def moments(self) -> Moments:
        """Return the exact mean and covariance."""
        of = self.gaussian_components()
        mean = of.weights @ of.means
        spread = of.means - mean
        covariance = (of.weights[:, None] * spread).T @ spread
        return Moments(mean, covariance + np.diag(of.weights @ of.scales**2))

    def hat_masses(self, x: Floats, y: Floats) -> Floats:
        """Return the hat-function masses [n, m], exact to rounding."""
        of = self.gaussian_components()
        return hat_functions.gaussian_hat_masses(x, y, of.weights, of.means, of.scales)

    def corner_masses(self, x: Floats, y: Floats) -> Floats:
        """Return the corner masses [n, m, 2, 2], exact to rounding."""
        of = self.gaussian_components()
        return cell_masses.gaussian_corner_masses(x, y, of.weights, of.means, of.scales)

    def density_bounds(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """Return bounds [n, m] of the density on each cell."""
        of = self.gaussian_components()
        return cell_masses.gaussian_density_bounds(x, y, of.weights, of.means, of.scales)

    def density_grid(self, x: Floats, y: Floats) -> Floats:
        """Return the density [n, m] on a grid."""
        of = self.gaussian_components()
        return hat_functions.gaussian_density_grid(x, y, of.weights, of.means, of.scales)

    def support_box(self, tail: float) -> tuple[Floats, Floats]:
        """Return the box that reaches `tail` standard deviations about every mean."""
        of = self.gaussian_components()
        return (of.means - tail * of.scales).min(axis=0), (of.means + tail * of.scales).max(axis=0)

    def tail_moments(self, low: Floats, high: Floats) -> TailMoments:
        """Return mass and second moment beyond the box."""
        of = self.gaussian_components()
        return hat_functions.gaussian_tail_moments(low, high, of.weights, of.means, of.scales)


class ComponentMixture(GaussianFamily):
    """A mixture given by its components, for its analytic properties alone."""

    def __init__(self, components: GaussianComponents) -> None:
        self._components = components
        self.dim = components.means.shape[1]

    def gaussian_components(self) -> GaussianComponents:
        """Return all components."""
        return self._components

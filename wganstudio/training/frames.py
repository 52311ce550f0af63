"""What a run shows of its pair and its critic: the plane, the fields on it, how steep the critic is."""

import math
from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from wganstudio.critics.base import Critic
from wganstudio.critics.c_transform import RegularizedCTransform
from wganstudio.experiment import Experiment
from wganstudio.fields.critic import see
from wganstudio.fields.plane import plane_of
from wganstudio.fields.sigma import CHUNK, sampled, sigma_on
from wganstudio.pairs.base import Pair, Sampler
from wganstudio.solvers.base import Solver
from wganstudio.training import maps
from wganstudio.training.events import Fields, Scene, Slopes, as_float32
from wganstudio.training.gradient_norms import GradientNormProbe

SHOWN_SAMPLES = 1000
SHOWN_POINTS = 36
"""Of those in more than two dimensions, coordinate by coordinate."""
MOST_ATOMS = 4096
FEW, MOST_PARTNERS = 8, 16
"""Points of Q whose plan is shown, and atoms for each, where points may be images; and atoms in the plane."""

Chance = Callable[[str], torch.Generator]
"""A source of chance of its own for each purpose."""


class NotFinite(Exception):
    """The objective left the finite numbers."""


class FrameSampler:
    """Looks at critics of one pair on one plane, from sources of chance of its own: looking changes nothing.

    `pair` lies on the device. Where Q `moves`, what is shown of it and of sigma is drawn anew for each
    picture, from the same chance.
    """

    def __init__(
        self, pair: Pair, experiment: Experiment, device: torch.device, rng: Chance, moves: bool
    ) -> None:
        cpu = torch.device("cpu")
        here = pair if device == cpu or moves else experiment.build_pair(cpu)
        seed = experiment.training.seed
        self.plane, self._of_p, self._of_q = plane_of(here, experiment.evaluation, seed)
        self._points, self._axes = (
            torch.as_tensor(array, dtype=torch.float32, device=device)
            for array in (self.plane.points(), self.plane.axes)
        )
        self._pair, self._seed, self._device, self._rng, self._moves = pair, seed, device, rng, moves
        self._samples = experiment.evaluation.samples
        self._law: object = None
        self._gauge: GradientNormProbe | None = None
        self._drawn: dict[str, NDArray[np.float32]] = {}
        self._carried: tuple[Tensor, Tensor] | None = None

    def scene(self) -> Scene:
        """What is shown of the pair."""
        plane, potential = self.plane, self._pair.potential
        if self._moves:
            sigma, method = self._moved()["sigma"], "estimated anew from samples at each picture, as Q moves"
        else:
            sigma, method = sigma_on(plane, self._pair, self._seed, self._device)
        arrays: dict[str, NDArray[np.floating]] = {
            "origin": plane.origin,
            "axes": plane.axes,
            "x": plane.x,
            "y": plane.y,
            "sigma": sigma,
            "samples_p": plane.project(self._of_p[:SHOWN_SAMPLES]),
            "samples_q": plane.project(self._of_q[:SHOWN_SAMPLES]),
        }
        if potential is not None:
            gradient = potential.gradient(self._points)
            arrays["potential"] = self._on_plane(potential.value(self._points))
            arrays["potential_slope"] = self._on_plane(torch.linalg.vector_norm(gradient, dim=1))
        if (shape := getattr(self._pair, "shape", None)) is not None:
            arrays["image"] = np.array(shape)
        arrays = {name: as_float32(array) for name, array in arrays.items()}
        return Scene(arrays=arrays, labels=plane.labels, sigma_method=method)

    def fields(self, solver: Solver, step: int, *, keep: bool) -> Fields:
        """The critic on the plane, and where the solver's maps carry samples."""
        critic = solver.critic
        seen = see(critic, self._points, self._axes)
        arrays = {name: self._on_plane(values) for name, values in seen._asdict().items()}
        self._follow()
        if solver.options.maps:
            self._carried = self._carried or maps.drawn(self._pair, self._rng)
            arrays |= maps.seen(solver, self.plane, *self._carried, known=self._pair.move is not None)
        if self._moves:
            self._drawn = self._drawn or self._moved()
            arrays |= self._drawn
        if isinstance(critic, RegularizedCTransform):
            arrays |= self._plan(critic)
            if critic.ground.is_plain and critic.dim <= 2 and len(critic.psi) <= MOST_ATOMS:
                arrays |= self._dual(critic)
        return Fields(step=step, arrays=arrays, keep=keep)

    def _follow(self) -> None:
        """Forget what was drawn where Q has moved since, or does not say whether it has."""
        law = getattr(self._pair.q, "version", None)
        if self._moves and (law is None or law != self._law):
            self._law, self._gauge, self._drawn, self._carried = law, None, {}, None

    def _dual(self, critic: RegularizedCTransform) -> dict[str, NDArray[np.float32]]:
        """The dual itself."""
        scale = torch.tensor([critic.scale])
        dual = {"atoms": critic.atoms, "weights": critic.weights, "psi": critic.psi, "scale": scale}
        return {name: as_float32(part.cpu().numpy()).copy() for name, part in dual.items()}

    def _moved(self) -> dict[str, NDArray[np.float32]]:
        """Where the generator has come to."""
        made = self._pair.q.sample(SHOWN_SAMPLES, self._rng("shown"))
        shown = self.plane.project(made.cpu().numpy())
        of_q = torch.as_tensor(shown, dtype=torch.float32, device=self._device)
        sigma, _ = sampled(self.plane, self._pair, self._seed, self._device, samples=CHUNK, of_q=of_q)
        found = {"samples_q": shown, "sigma": sigma}
        if self._pair.dim > 2:
            some = made[:SHOWN_POINTS]
            found["made"] = some.cpu().numpy()
            known = Sampler(self._pair.p, self._rng("shown p")).atoms()
            if known is not None:
                nearest = torch.cdist(some, known[0]).argmin(1)
                found["nearest"] = known[0][nearest].cpu().numpy()
        return {name: as_float32(array) for name, array in found.items()}

    def _plan(self, critic: RegularizedCTransform) -> dict[str, NDArray[np.float32]]:
        """Where the mass of a few points of Q goes."""
        count, partners = (FEW, FEW) if self._pair.dim > 2 else (SHOWN_POINTS, MOST_PARTNERS)
        sources = self._pair.q.sample(count, self._rng("plan"))
        shares = critic.plan(sources)
        most, which = shares.topk(min(partners, shares.shape[1]))
        found = {
            "sources": sources,
            "partners": critic.atoms[which],
            "shares": most,
            "breadth": 1 / shares.square().sum(1),
        }
        return {name: as_float32(part.cpu().numpy()) for name, part in found.items()}

    def slopes(self, critic: Critic, step: int, *, keep: bool) -> Slopes:
        """How steep the critic is; NotFinite where what is to be kept is no number."""
        self._follow()
        self._gauge = self._gauge or self._slope_gauge()
        arrays, lipschitz = self._gauge.read(critic)
        if keep and not math.isfinite(lipschitz.empirical + lipschitz.largest_slope):
            raise NotFinite
        return Slopes(step=step, arrays=arrays, lipschitz=lipschitz, keep=keep)

    def _slope_gauge(self) -> GradientNormProbe:
        sigma = self._pair.sigma
        of_p, of_q = (
            Sampler(sigma.clamped(law), self._rng(f"slopes {name}"))
            for name, law in (("p", self._pair.p), ("q", self._pair.q))
        )
        return GradientNormProbe(of_p, of_q, sigma, self._rng("slopes sigma"), self._samples)

    def _on_plane(self, values: Tensor) -> NDArray[np.float32]:
        """Values [..., n] of the points, shaped like the plane."""
        return as_float32(values.cpu().numpy().reshape(*values.shape[:-1], *self.plane.shape))

"""Samples the critic, the pair and the solver's maps on the plane that is shown."""

from collections.abc import Iterator

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from wganstudio.critics.c_transform import RegularizedCTransform
from wganstudio.fields.critic import evaluate_critic
from wganstudio.fields.sigma import CHUNK, sampled_sigma, sigma_density
from wganstudio.pairs.base import Pair, Sampler
from wganstudio.solvers.base import Solver
from wganstudio.training import maps
from wganstudio.training.declarations.frames import PlaneAttributes
from wganstudio.training.events import Snapshot
from wganstudio.training.probe_samples import probe_samples_of_run
from wganstudio.training.producers import RunContext
from wganstudio.training.topics import as_float32

SHOWN_SAMPLES = 1000
SHOWN_POINTS = 36
"""Points in more than two dimensions, which are shown coordinate by coordinate."""
MOST_ATOMS = 4096
FEW, MOST_PARTNERS = 8, 16
"""Points of Q whose plan is shown, and atoms for each, where points may be images; and atoms in the plane."""

Float32Arrays = dict[str, NDArray[np.float32]]


class FrameSampler:
    """The producer of the plane and of the frame on it.

    It uses its own random streams, so that observing a run never changes it. Where a generator moves Q, its
    samples and sigma are drawn again for each frame, from the same random stream.
    """

    def __init__(self, context: RunContext) -> None:
        self.plane, self._device, self._rng = context.plane, context.device, context.rng
        self._of_p, self._of_q = context.samples_p, context.samples_q
        self._points, self._axes = (
            torch.as_tensor(array, dtype=torch.float32, device=self._device)
            for array in (self.plane.points(), self.plane.axes)
        )
        self._pair, self._seed = context.pair, context.experiment.training.seed
        self._q = QTracker(context)
        self._context = context
        self._generated: Float32Arrays = {}
        self._map_points: tuple[Tensor, Tensor] | None = None
        self._sigma_points: Tensor | None = None

    def start(self) -> Iterator[Snapshot]:
        """Yield the plane with the pair on it."""
        plane, potential = self.plane, self._pair.potential
        if self._q.moves:
            sigma, method = (
                self._sample_q()["sigma"],
                "estimated again from samples at each frame, as Q moves",
            )
        else:
            sigma, method = sigma_density(plane, self._pair, self._seed, self._device)
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
            arrays["potential_norm"] = self._on_plane(torch.linalg.vector_norm(gradient, dim=1))
        if (shape := getattr(self._pair, "shape", None)) is not None:
            arrays["image"] = np.array(shape)
        yield Snapshot(
            topic="plane",
            recorded=True,
            arrays={name: as_float32(array) for name, array in arrays.items()},
            attributes=PlaneAttributes(
                labels=plane.labels,
                sigma_method=method,
                offsets=plane.offsets if any(plane.offsets) else (),
                origin=tuple(self._pair.origin.tolist()) if self._pair.origin.any() else (),
            ),
        )

    def snapshots(
        self, solver: Solver, step: int, *, recorded: bool, last: bool = False
    ) -> Iterator[Snapshot]:
        """Yield the frame: the critic on the plane, and the topics that are shown with it."""
        topics = {"critic": self._sample_critic(solver)}
        if self._q.has_moved():
            self._generated, self._map_points, self._sigma_points = {}, None, None
        if self._pair.dim > 2 and not self._pair.sigma.is_custom:
            topics["sigma-samples"] = self._sample_norms(solver)
        if solver.options.maps:
            self._map_points = self._map_points or maps.sample_points(self._pair, self._rng)
            topics |= maps.map_arrays(
                solver, self.plane, *self._map_points, paired=self._pair.move is not None
            )
        if self._q.moves:
            self._generated = self._generated or self._sample_q()
            topics["generated"] = self._generated
        critic = solver.critic
        if isinstance(critic, RegularizedCTransform):
            topics["plan"] = self._plan(critic)
            if critic.ground.is_plain and critic.dim <= 2 and len(critic.psi) <= MOST_ATOMS:
                topics["atoms"] = _atoms(critic)
        for topic, arrays in topics.items():
            yield Snapshot(topic=topic, step=step, recorded=recorded, arrays=arrays)

    def _sample_critic(self, solver: Solver) -> Float32Arrays:
        values = evaluate_critic(solver.critic, self._points, self._axes)
        return {name: self._on_plane(part) for name, part in values._asdict().items()}

    def _sample_norms(self, solver: Solver) -> Float32Arrays:
        """Return |grad u| at samples of sigma, and where they lie on the plane."""
        if self._sigma_points is None:
            self._sigma_points = probe_samples_of_run(self._context).z
        values = evaluate_critic(solver.critic, self._sigma_points, self._axes)
        points = self.plane.project(self._sigma_points.cpu().numpy())
        arrays = {"sigma_points": points, "sigma_norms": values.gradient_norm.cpu().numpy()}
        return {name: as_float32(array) for name, array in arrays.items()}

    def _sample_q(self) -> Float32Arrays:
        """Return current samples of Q on the plane, with sigma estimated from them."""
        points = self._pair.q.sample(SHOWN_SAMPLES, self._rng("shown"))
        projected = self.plane.project(points.cpu().numpy())
        of_q = torch.as_tensor(projected, dtype=torch.float32, device=self._device)
        sigma, _ = sampled_sigma(self.plane, self._pair, self._seed, self._device, samples=CHUNK, of_q=of_q)
        arrays = {"samples_q": projected, "sigma": sigma}
        if self._pair.dim > 2:
            some = points[:SHOWN_POINTS]
            arrays["generated"] = some.cpu().numpy()
            atoms = Sampler(self._pair.p, self._rng("shown p")).atoms()
            if atoms is not None:
                nearest = torch.cdist(some, atoms[0]).argmin(1)
                arrays["nearest"] = atoms[0][nearest].cpu().numpy()
        return {name: as_float32(array) for name, array in arrays.items()}

    def _plan(self, critic: RegularizedCTransform) -> Float32Arrays:
        """Return the rows of the plan for a few points of Q."""
        count, partners = (FEW, FEW) if self._pair.dim > 2 else (SHOWN_POINTS, MOST_PARTNERS)
        sources = self._pair.q.sample(count, self._rng("plan"))
        shares = critic.plan(sources)
        largest, columns = shares.topk(min(partners, shares.shape[1]))
        arrays = {
            "sources": sources,
            "partners": critic.atoms[columns],
            "shares": largest,
            "effective_count": 1 / shares.square().sum(1),
        }
        return {name: as_float32(part.cpu().numpy()) for name, part in arrays.items()}

    def _on_plane(self, values: Tensor) -> NDArray[np.float32]:
        """Return values [..., n] of the points, shaped like the plane."""
        return as_float32(values.cpu().numpy().reshape(*values.shape[:-1], *self.plane.shape))


class QTracker:
    """Detects whether Q has moved since the last call."""

    def __init__(self, context: RunContext) -> None:
        self.moves = context.q_moves
        self._pair: Pair = context.pair
        self._version: object = None

    def has_moved(self) -> bool:
        """Return True if Q has another version than at the last call, or does not tell its version."""
        version = getattr(self._pair.q, "version", None)
        moved = self.moves and (version is None or version != self._version)
        self._version = version
        return moved


def _atoms(critic: RegularizedCTransform) -> Float32Arrays:
    scale = torch.tensor([critic.scale])
    dual = {"atoms": critic.atoms, "weights": critic.weights, "psi": critic.psi, "scale": scale}
    return {name: as_float32(part.cpu().numpy()).copy() for name, part in dual.items()}

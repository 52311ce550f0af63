"""Measurements of a probe at a step: gap and value, the frame with the gradient norms, and bounds of W1."""

import math
from collections.abc import Callable, Iterator

from wganstudio.api.probe.adapters import ExternalSolver, ProbedCritic, SampledDistribution
from wganstudio.experiment import Experiment
from wganstudio.experiment.external import ExternalSolverOptions
from wganstudio.experiment.truths import FromSamplesOptions
from wganstudio.fields.plane import fit_plane
from wganstudio.pairs.base import Pair, Sampler, make_rng
from wganstudio.pairs.data.empirical import EmpiricalDistribution
from wganstudio.training.estimates import estimate
from wganstudio.training.events import Event, Metrics, Snapshot, TruthFound
from wganstudio.training.frames import FrameSampler
from wganstudio.training.gradient_norms import GradientNormSampler
from wganstudio.training.producers import NotFinite, RunContext
from wganstudio.training.topics import topic
from wganstudio.truths.samples import sample_truth

IMAGE_CHANNELS = (1, 3)


class Measurements:
    """Makes the events of a step from fresh samples.

    Parameters
    ----------
    experiment : Experiment
        The description of the run, with the numbers of samples.
    critic : ProbedCritic
    real, fake : SampledDistribution
        P and Q.
    seconds : callable
        Returns the time since the probe was made.
    """

    def __init__(
        self,
        experiment: Experiment,
        critic: ProbedCritic,
        real: SampledDistribution,
        fake: SampledDistribution,
        seconds: Callable[[], float],
    ) -> None:
        self._experiment, self._real, self._fake, self._seconds = experiment, real, fake, seconds
        self._device, self._seed = critic.device, experiment.training.seed
        assert isinstance(experiment.solver, ExternalSolverOptions)
        self._solver = ExternalSolver(experiment.solver, critic, self._seed)
        self._frames: Frames | None = None

    def costs(self, step: int, count: int) -> dict[str, float]:
        """Return gap and, with a penalty, value and penalty; NotFinite if one is not finite."""
        rng = make_rng(self._device, self._seed, step, *b"costs")
        p, q = Sampler(self._real, rng), Sampler(self._fake, rng)
        values = estimate(self._solver, p, q, rng, count)
        if not all(map(math.isfinite, values.values())):
            raise NotFinite
        return values

    def curves(self, step: int) -> Iterator[Event]:
        """Yield a point of the curves."""
        yield self._metrics(step, self.costs(step, self._experiment.evaluation.samples))

    def frame(self, step: int) -> Iterator[Event]:
        """Yield the plane, at the first call, then the frame of the step and its gradient norms."""
        p, q = (self._rows(one) for one in (self._real, self._fake))
        if self._frames is None:
            self._frames = Frames(self._experiment, self._solver, p, q, self._real.shape)
            yield from self._frames.start()
        yield from self._frames.at(step, p, q)

    def truth(self, step: int, options: FromSamplesOptions) -> Iterator[Event]:
        """Yield W1 between fresh samples within bounds."""
        truth = sample_truth(self._real, self._fake, options)
        law = f"the samplers real and fake at step {step:,}"
        bounds = {"true_lower": truth.lower, "true_upper": truth.upper}
        yield TruthFound(step=step, truth=truth.model_copy(update={"law": law}))
        yield self._metrics(step, bounds)

    def _metrics(self, step: int, values: dict[str, float]) -> Metrics:
        return Metrics(step=step, values=values, seconds=self._seconds())

    def _rows(self, distribution: SampledDistribution) -> EmpiricalDistribution:
        """Return fresh samples as a distribution to draw from, so that a frame calls each sampler once."""
        rng = make_rng("cpu", self._seed)
        return EmpiricalDistribution(distribution.sample(self._experiment.evaluation.samples, rng).numpy())


class Frames:
    """The plane of the first samples, and the frames on it."""

    def __init__(
        self,
        experiment: Experiment,
        solver: ExternalSolver,
        p: EmpiricalDistribution,
        q: EmpiricalDistribution,
        shape: tuple[int, ...],
    ) -> None:
        self._solver, self._pair = solver, Pair()
        self._pair.options, self._pair.p, self._pair.q = experiment.pair, p, q
        if len(shape) == 3 and shape[0] in IMAGE_CHANNELS:
            self._pair.shape = shape  # type: ignore[attr-defined]  # as pairs of images have it
        device, seed = solver.rng.device, experiment.training.seed
        samples = p.points.astype(float), q.points.astype(float)
        context = RunContext(
            self._pair,
            experiment,
            device,
            lambda purpose: make_rng(device, seed, *purpose.encode()),
            True,
            fit_plane(*samples, experiment.evaluation),
            *samples,
        )
        self._frames, self._norms = FrameSampler(context), GradientNormSampler(context)

    def start(self) -> Iterator[Snapshot]:
        """Yield the plane."""
        return self._frames.start()

    def at(self, step: int, p: EmpiricalDistribution, q: EmpiricalDistribution) -> Iterator[Snapshot]:
        """Yield the frame of the present critic, which the topic critic completes, and its gradient norms."""
        self._pair.p, self._pair.q = p, q
        snapshots = [
            *self._frames.snapshots(self._solver, step, recorded=True),
            *self._norms.snapshots(self._solver, step, recorded=True),
        ]
        yield from sorted(snapshots, key=lambda one: (not topic(one.topic).frame, one.topic == "critic"))

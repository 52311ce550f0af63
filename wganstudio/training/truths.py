"""The truths behind one experiment, as events, computed beside its run."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from wganstudio.experiment import Experiment
from wganstudio.experiment.truths import BestAvailableOptions, SampleTruthOptions
from wganstudio.training.events import Event, Flow, FlowMissing, TruthFound, TruthMissing, as_float32

if TYPE_CHECKING:
    from wganstudio.pairs.base import Pair
    from wganstudio.truths import Truth


def find_truths(experiment: Experiment) -> Iterator[Event]:
    """Every reference cost that is known of the experiment's pair; TruthMissing if none is.

    Raises BadExperiment where the pair cannot be made.
    """
    if experiment.generator.moves:
        yield TruthMissing(message="The generator moves Q: its true cost is measured along the run.")
        return
    ground = experiment.solver.ground
    if ground is not None and ground.features != "none":
        learned = "learned along the run" if ground.features == "learned" else "found when the run begins"
        yield TruthMissing(message=f"The features are {learned}: there is no truth to know beforehand.")
        return
    found, trained_on = False, _pair(experiment)
    pair = trained_on.clean
    for truth in _truths(experiment, pair):
        found = True
        law = f"{truth.law}: {pair.description}" if pair.description else truth.law
        law += "" if pair is trained_on else ", before P was perturbed"
        yield TruthFound(truth=truth.model_copy(update={"law": law}))
    if not found:
        yield TruthMissing(message="No reference cost is known of this pair.")


def _truths(experiment: Experiment, pair: "Pair") -> "Iterator[Truth]":
    ground, options = experiment.solver.ground, experiment.truth
    if ground is None:
        yield from options.build().truths(pair, _penalty(experiment))
    elif isinstance(options, SampleTruthOptions):
        from wganstudio.truths.atoms import atoms_truth
        from wganstudio.truths.gaussian import gaussian_truth
        from wganstudio.truths.squared import known_map_truth, squared_sample_truth

        known = None
        if isinstance(options, BestAvailableOptions):
            known = known_map_truth(pair, ground, options) or gaussian_truth(pair, ground)
        if known is None and getattr(pair.p, "atoms", None) is None:
            known = squared_sample_truth(pair, ground, options)
        yield from atoms_truth(pair, ground, options) if known is None else (known,)


def find_flow(experiment: Experiment) -> Flow | FlowMissing:
    """The true momentum on the plane that the experiment's run shows, or why there is none.

    Raises BadExperiment where the pair cannot be made.
    """
    if experiment.generator.moves:
        return FlowMissing(message="The generator moves Q, and the true flow with it.")
    penalty, pair = _penalty(experiment), _pair(experiment)
    if penalty is None or penalty <= 0:
        return FlowMissing(message="This solver has no penalty, and so its critic no momentum.")
    if pair.dim > 2:
        return FlowMissing(message="The flow can be shown in one and two dimensions only.")
    import numpy as np

    from wganstudio.fields.plane import plane_of
    from wganstudio.truths.field import optimal_field

    truth = optimal_field(pair.clean, penalty)
    if truth is None:
        return FlowMissing(message="The true flow of this pair is not known: its densities are not.")
    plane, *_ = plane_of(pair, experiment.evaluation, experiment.training.seed)
    local = truth.at(plane.points())
    arrays = {
        "momentum": local.momentum.T.reshape(-1, *plane.shape),
        "sigma": local.sigma.reshape(plane.shape),
        "potential": local.u.reshape(plane.shape),
        "potential_slope": np.linalg.norm(local.gradient, axis=1).reshape(plane.shape),
    }
    arrays = {name: as_float32(array) for name, array in arrays.items()}
    return Flow(penalty=penalty, congestion_cost=truth.congestion_cost, arrays=arrays)


def _pair(experiment: Experiment) -> "Pair":
    pair: Pair = experiment.build_pair()
    return pair


def _penalty(experiment: Experiment) -> float | None:
    return experiment.solver.gradient_penalty

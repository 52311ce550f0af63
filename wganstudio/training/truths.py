"""The truths of one experiment, as events, computed beside its run."""

import traceback
from collections.abc import Iterator
from typing import TYPE_CHECKING

from wganstudio.experiment import BadExperiment, Experiment
from wganstudio.experiment.truths import SampleTruthOptions
from wganstudio.training.declarations.truths import FlowAttributes
from wganstudio.training.events import FlowMissing, Snapshot, TruthFound, TruthMissing
from wganstudio.training.failures import explain
from wganstudio.training.topics import as_float32

if TYPE_CHECKING:
    from wganstudio.pairs.base import Pair
    from wganstudio.truths import Truth


def find_truths(experiment: Experiment) -> Iterator[TruthFound | TruthMissing]:
    """Yield the reference costs that are known for the experiment's pair.

    The last event is TruthMissing if there is none, or if the computation of one fails. Raises BadExperiment
    where the pair cannot be built.
    """
    try:
        yield from _truth_events(experiment)
    except BadExperiment:
        raise
    except Exception as error:
        message = explain(error, "The computation of the truths", "choose fewer samples or grid cells")
        yield TruthMissing(message=message, detail=traceback.format_exc(), failed=True)


def _truth_events(experiment: Experiment) -> Iterator[TruthFound | TruthMissing]:
    if experiment.generator.moves:
        yield TruthMissing(
            message="There is no fixed truth because the generator moves Q. "
            "The true cost is measured during the run."
        )
        return
    ground = experiment.solver.ground
    if ground is not None and ground.features != "none":
        origin = "learned along the run" if ground.features == "learned" else "computed when the run starts"
        yield TruthMissing(message=f"The features are {origin}: the truth is not known in advance.")
        return
    from wganstudio.truths.rounding import widened

    missing, trained_on = True, _pair(experiment)
    pair = trained_on.clean
    for truth in _truths(experiment, pair):
        missing, truth = False, widened(truth, pair, ground, _penalty(experiment))
        distributions = f"{truth.law}: {pair.description}" if pair.description else truth.law
        distributions += "" if pair is trained_on else ", before P was perturbed"
        yield TruthFound(truth=truth.model_copy(update={"law": distributions}))
    if missing:
        yield TruthMissing(message="No reference cost is known for this pair.")


def _truths(experiment: Experiment, pair: "Pair") -> "Iterator[Truth]":
    ground, options = experiment.solver.ground, experiment.truth
    if ground is None:
        yield from options.build().truths(pair, _penalty(experiment))
    elif isinstance(options, SampleTruthOptions):
        from wganstudio.truths.transport import transport_truths

        yield from transport_truths(pair, ground, options)


def find_flow(experiment: Experiment) -> Snapshot | FlowMissing:
    """Return the true flow on the plane that the experiment's run shows, or why there is none.

    Raises BadExperiment where the pair cannot be built.
    """
    if experiment.generator.moves:
        return FlowMissing(message="The generator moves Q, and the true flow with it.")
    penalty, pair = _penalty(experiment), _pair(experiment)
    if penalty is None or penalty <= 0:
        return FlowMissing(message="This solver has no penalty, so its critic has no momentum.")
    if pair.dim > 2:
        return FlowMissing(message="The flow is shown only in one and two dimensions.")
    import numpy as np

    from wganstudio.fields.plane import pair_plane
    from wganstudio.truths.field import optimal_field

    truth = optimal_field(pair.clean, penalty)
    if truth is None:
        return FlowMissing(
            message="The true flow of this pair is not known, because its densities are not known."
        )
    plane, *_ = pair_plane(pair, experiment.evaluation, experiment.training.seed)
    local = truth.at(plane.points())
    arrays = {
        "momentum": local.momentum.T.reshape(-1, *plane.shape),
        "sigma": local.sigma.reshape(plane.shape),
        "potential": local.u.reshape(plane.shape),
        "potential_norm": np.linalg.norm(local.gradient, axis=1).reshape(plane.shape),
    }
    return Snapshot(
        topic="flow",
        recorded=True,
        arrays={name: as_float32(array) for name, array in arrays.items()},
        attributes=FlowAttributes(penalty=penalty, congestion_cost=truth.congestion_cost),
    )


def _pair(experiment: Experiment) -> "Pair":
    pair: Pair = experiment.build_pair()
    return pair


def _penalty(experiment: Experiment) -> float | None:
    return experiment.solver.gradient_penalty

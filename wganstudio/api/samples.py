"""`truth_of`: the reference costs between two lists of samples."""

from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np
from array_api_compat import is_torch_array
from numpy.typing import ArrayLike, NDArray

from wganstudio.api.truths import Truths
from wganstudio.experiment import GroundCost, checked
from wganstudio.experiment.truths import BestAvailableOptions
from wganstudio.truths import Truth

if TYPE_CHECKING:
    from torch import Tensor

    from wganstudio.pairs.data.sample_pair import GivenSamples

    Values = ArrayLike | Tensor
else:
    Values = Any
Floats = NDArray[np.float64]
CostName = Literal["distance", "squared", "p-norm", "cosine"]


def truth_of(
    p_samples: Values,
    q_samples: Values,
    *,
    cost: CostName | GroundCost = "distance",
    epsilon: float = 0.0,
    penalty: float | None = None,
    p_weights: Values | None = None,
    q_weights: Values | None = None,
    **options: Any,
) -> Truths:
    """Compute the certified transport costs between two lists of samples.

    They are those of the samples themselves, that is of P and Q uniform over the rows: not of the
    distributions that the samples come from, whose W1 is smaller on average. `law` of each truth says so.

    `w1` is the Wasserstein-1 distance. With another `cost`, or an `epsilon`, there is also `transport`, the
    least mean cost of a plan: the square of W2 for "squared". Both come from a linear program, or a
    regularized one, and are exact up to rounding: for up to 2^24 pairs of rows (4,096 of each side), for
    lists of any length on the line, and with an `epsilon` for up to 1,290 rows of each side. Above that they
    lie between bounds, at 3 standard errors, from subsets of the rows that are drawn at random.

    With a `penalty`, and samples of the plane, there are also `congested` and `gap-limit`, what the value and
    the gap of WGAN-GP tend to. For points these costs are infinite. They are therefore those of the samples
    smoothed by a Gaussian, whose standard deviation `law` names, between certified bounds; they take up to
    20 seconds.

    Parameters
    ----------
    p_samples, q_samples : array or Tensor
        Real numbers [n, D] and [m, D], of any precision and on any device; [n] are points of the line, and
        further axes, as those of images, count as coordinates.
    cost : str or GroundCost
        "distance", "squared", "p-norm" or "cosine", or a `wganstudio.experiment.GroundCost`.
    epsilon : float
        Strength of the entropy: the cost of a plan is <plan, c> + epsilon KL(plan | P x Q).
    penalty : float, optional
        lambda of the congested cost, as WGAN-GP code counts it.
    p_weights, q_weights : array or Tensor, optional
        Weights [n] and [m] of the rows, which are divided by their sums; equal by default.
    **options
        Settings of the computation: `samples`, `repeats`, `confidence` and `seed` of the bounds from subsets,
        `tolerance`, `cells` and `seconds` of the congested cost.

    Returns
    -------
    Truths
        The costs by quantity; `missing` says why there is no congested cost where it is not known.

    Raises
    ------
    ValueError
        If the samples are no finite real numbers of equal dimension, or an option is wrong.

    Examples
    --------
    >>> import numpy as np
    >>> import wganstudio as ws
    >>> rng = np.random.default_rng(0)
    >>> x = rng.normal(size=(100, 2))
    >>> truths = ws.truth_of(x, x + [3, 4], cost="squared")
    >>> round(truths["w1"].value, 6), round(truths["transport"].value, 6)
    (5.0, 25.0)
    >>> truths["w1"].upper - truths["w1"].lower < 1e-12
    True
    >>> truths["w1"].law
    'the distributions themselves: P uniform over 100 samples, Q over 100 samples'
    >>> truths["transport"].method
    'exact transport at the squared distance between 100 and 100 atoms, solved to rounding'
    """
    ground = _ground(cost, epsilon)
    if penalty is not None and not 0 < penalty < float("inf"):
        raise ValueError(f"The penalty is {penalty}; give a number above 0.")
    settings = checked("truth", BestAvailableOptions, options)
    p, q = _samples("P", p_samples, p_weights), _samples("Q", q_samples, q_weights)
    if p.points.shape[1] != q.points.shape[1]:
        dims = f"P has samples of {p.points.shape[1]} coordinates and Q of {q.points.shape[1]}"
        raise ValueError(f"{dims}; give both the same.")
    from wganstudio.pairs.data.sample_pair import SamplePair
    from wganstudio.training.device import threads_kept
    from wganstudio.truths.rounding import widened
    from wganstudio.truths.sample_pairs import sample_pair_truths

    pair = SamplePair(p, q)
    if ground.cost == "cosine" and pair.origin.any():
        raise ValueError("The angles between samples this far from 0 are lost to rounding; use another cost.")
    truths: dict[str, Truth] = {}
    with threads_kept():
        for truth in sample_pair_truths(pair, ground, penalty, settings):
            law = {"law": f"{truth.law}: {pair.description}"}
            truths[truth.quantity] = widened(truth, pair, ground, penalty).model_copy(update=law)
    missing = "" if penalty is None or "congested" in truths else _why_not_congested(pair.dim)
    return Truths(truths, missing)


def _why_not_congested(dim: int) -> str:
    if dim != 2:
        return f"The congested cost of samples is known in the plane only, and these have {dim} coordinates."
    return "The congested cost is not known, as all samples are one point."


def _ground(cost: CostName | GroundCost, epsilon: float) -> GroundCost:
    if not 0 <= epsilon < float("inf"):
        raise ValueError(f"epsilon is {epsilon}; give 0 for exact transport, or a number above 0.")
    if isinstance(cost, GroundCost):
        if epsilon:
            raise ValueError("The ground cost has an epsilon of its own; leave out the other one.")
        if cost.features != "none":
            raise ValueError("A cost between features needs a model; give features as samples instead.")
        return cost
    if cost not in get_args(CostName):
        raise ValueError(f"There is no cost {cost!r}; choose from {', '.join(get_args(CostName))}.")
    return GroundCost(cost, epsilon)


def _samples(side: str, values: Values, weights: Values | None) -> "GivenSamples":
    from wganstudio.pairs.data.sample_pair import GivenSamples

    points = _numbers(side, values)
    if not points.ndim or not points.size:
        shape = "x".join(map(str, points.shape))
        raise ValueError(f"{side} holds no samples (its shape is {shape or '()'}); give an array [n, D].")
    points = points.reshape(len(points), -1)
    if not (finite := np.isfinite(points).all(axis=1)).all():
        bad, first = np.count_nonzero(~finite), int(np.argmin(finite))
        raise ValueError(f"{bad:,} of the samples of {side} are not finite, row {first} first; remove them.")
    return GivenSamples(points, None if weights is None else _weights(side, weights, len(points)))


def _weights(side: str, values: Values, count: int) -> Floats:
    weights = _numbers(f"The weights of {side}", values)
    if weights.shape != (count,):
        shape = "x".join(map(str, weights.shape)) or "()"
        raise ValueError(f"The weights of {side} have the shape {shape}; give {count:,}, one per sample.")
    if not (np.isfinite(weights).all() and (weights >= 0).all() and weights.any()):
        raise ValueError(f"The weights of {side} must be finite, at least 0, and not all 0.")
    return weights / weights.max()  # so that their sum is finite


def _numbers(side: str, values: Values) -> Floats:
    """Return numbers as an array of double precision."""
    if is_torch_array(values):
        values = values.detach().cpu().resolve_conj()
        values = values if values.is_complex() else values.double()
        array = values.to_dense().numpy()
    elif np.ma.is_masked(values):
        raise ValueError(f"{side} has masked entries; remove these samples.")
    else:
        try:
            array = np.asarray(values)
        except ValueError as error:
            raise ValueError(f"{side} is no array, as its rows differ in length; give [n, D].") from error
    if array.dtype.kind not in "biuf":
        raise ValueError(f"{side} holds {array.dtype} instead of real numbers; give real numbers.")
    return np.asarray(array, dtype=np.float64)

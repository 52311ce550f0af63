"""The samples at which gradient norms are measured: drawn once, the same for all producers."""

from typing import NamedTuple

import torch
from torch import Tensor

from wganstudio.pairs.base import Sampler, Sigma
from wganstudio.training.producers import RunContext

SAMPLES = 1 << 11
"""Most samples of each distribution."""


class ProbeSamples(NamedTuple):
    """Samples of P, Q and sigma that no solver trains on."""

    x: Tensor
    """Samples [n, D] of P."""
    y: Tensor
    """Samples [n, D] of Q."""
    z: Tensor
    """Points [n, D] of sigma."""
    weights: Tensor | None
    """Weights [n] of the points of sigma; None for equal ones."""


def probe_samples(p: Sampler, q: Sampler, sigma: Sigma, rng: torch.Generator, count: int) -> ProbeSamples:
    """Draw at most SAMPLES samples of each distribution."""
    count = min(count, SAMPLES)
    x, y = p(count), q(count)
    return ProbeSamples(x, y, *sigma.points(p(count), q(count), rng))


def probe_samples_of_run(context: RunContext) -> ProbeSamples:
    """Draw the samples of a run; the same at every call, unless Q moves."""
    pair, rng = context.pair, context.rng
    p, q = (
        Sampler(pair.sigma.clamped(distribution), rng(f"slopes {name}"))
        for name, distribution in (("p", pair.p), ("q", pair.q))
    )
    return probe_samples(p, q, pair.sigma, rng("slopes sigma"), context.experiment.evaluation.samples)

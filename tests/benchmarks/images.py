"""The suite w1-images as a table, with baselines that need no critic: images.csv.

    wganstudio suite run w1-images --out images.wgs --workers 2
    python tests/benchmarks/images.py images.wgs

Rows in brackets are baselines: [truth] is the true gradient itself, [slope a center] the best constant
gradient on each cone of the true potential, [one slope] the best constant gradient everywhere.
"""

import csv
import sys
from pathlib import Path
from typing import Any

import torch

from wganstudio.pairs.base import make_rng
from wganstudio.pairs.ray_monotone import FunnelPair
from wganstudio.session import Document
from wganstudio.suites import SuiteResults

TABLE = Path(__file__).with_suffix(".csv")
FIELDS = ["pair", "solver", "critic", "steps", "cos", "cos_published", "l2", "l2_published"]
FIELDS += ["gap", "gap_se", "w1"]
SAMPLES = 1 << 14


def score(slopes: torch.Tensor, pair: FunnelPair, y: torch.Tensor) -> dict[str, float]:
    assert pair.potential is not None
    exact, published = pair.potential.gradient(y), pair.potential.published_gradient(y)
    metrics = {}
    for suffix, truth in (("", exact), ("_published", published)):
        metrics[f"cos{suffix}"] = float(torch.nn.functional.cosine_similarity(slopes, truth).mean())
        metrics[f"l2{suffix}"] = float((slopes - truth).square().sum(1).mean())
    return metrics


def baselines(pair: FunnelPair) -> dict[str, dict[str, float]]:
    """Score constant gradients; the mean of unit vectors is the best constant, in l2 and in cos."""
    y = pair.p.sample(SAMPLES, make_rng("cpu", 0))
    assert pair.potential is not None
    exact = pair.potential.gradient(y)
    funnel = pair.p.funnel
    cone = (torch.cdist(y, funnel.centers) + funnel.biases).argmin(1)
    centers = torch.zeros_like(funnel.centers).index_add_(0, cone, exact)
    counts = torch.bincount(cone, minlength=len(centers)).clamp(min=1)
    return {
        "[truth]": score(exact, pair, y),
        "[slope a center]": score((centers / counts[:, None])[cone], pair, y),
        "[one slope]": score(exact.mean(0, keepdim=True).expand_as(exact), pair, y),
    }


def main() -> None:
    document = Document.open(Path(sys.argv[1]))
    results = SuiteResults(document)
    rows: list[dict[str, Any]] = []
    for label in results.plan.pairs:
        results = {cell: record for cell, record in results.finished().items() if cell.pair == label}
        any_of_them = next(iter(results.values()))
        w1 = {"pair": label, "w1": any_of_them.truths["w1"].value}
        scored = baselines(any_of_them.experiment.build_pair())
        rows += [{"solver": name} | w1 | scores for name, scores in scored.items()]
        for record in results.values():
            experiment, ended = record.experiment, record.ended
            assert ended is not None
            run = {
                "solver": experiment.solver.name(),
                "critic": experiment.critic.name() if record.step else "",
            }
            rows.append(run | {"steps": record.step} | w1 | ended.gradient | ended.estimates)
    document.close()
    with TABLE.open("w", newline="") as file:
        writer = csv.DictWriter(file, FIELDS, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        for row in rows:
            writer.writerow({k: f"{v:.5g}" if isinstance(v, float) else v for k, v in row.items()})


if __name__ == "__main__":
    main()

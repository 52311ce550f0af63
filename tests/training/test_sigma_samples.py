"""The critic at samples of sigma, for more than two dimensions."""

import numpy as np
import pytest

from wganstudio.experiment import override, read
from wganstudio.training.run import Run

SETTINGS = {
    "pair": {"kind": "gaussians", "dim": 5, "scale_q": 2.0},
    "critic": {"width": 16},
    "training": {"steps": 20, "batch": 64},
    "evaluation": {"samples": 512, "final_samples": 1024, "resolution": 12},
}


def snapshots(**changes):
    """The recorded snapshots of a short run by topic and step."""
    made = {}
    for event in Run(read(override(SETTINGS, changes.items()))).events():
        if getattr(event, "recorded", False):
            made.setdefault(event.name, {})[event.step] = event.arrays
    return made


def test_they_are_the_samples_of_the_histogram_at_every_step():
    made = snapshots()
    assert made["sigma-samples"].keys() == made["critic"].keys() > made["gradient-norms"].keys()
    for step, norms in made["gradient-norms"].items():
        arrays = made["sigma-samples"][step]
        counts = np.histogram(arrays["sigma_norms"].astype(float), norms["edges"].astype(float))[0]
        np.testing.assert_allclose(counts / 512, norms["sigma"], atol=2.1 / 512)  # edges are float32 here
        assert arrays["sigma_points"].shape == (512, 2)


def test_their_projections_have_the_marginal_that_the_plane_shows():
    made = snapshots(**{"evaluation.samples": 4096})
    plane, points = made["plane"][0], made["sigma-samples"][20]["sigma_points"]
    cell = (plane["x"][1] - plane["x"][0]) * (plane["y"][1] - plane["y"][0])
    across, up = np.meshgrid(plane["x"], plane["y"])
    mass = plane["sigma"] / plane["sigma"].sum()
    assert plane["sigma"].sum() * cell == pytest.approx(1, abs=0.05)
    for ticks, column in ((across, 0), (up, 1)):
        assert points[:, column].std() == pytest.approx(np.sqrt((mass * ticks**2).sum()), rel=0.08)


@pytest.mark.parametrize(
    "changes", [{"pair.dim": 1}, {"pair.dim": 2}, {"sigma.kind": "formula", "pair.dim": 3}], ids=str
)
def test_there_are_none_where_the_plane_shows_sigma_itself(changes):
    assert "sigma-samples" not in snapshots(**changes)


def test_a_generator_moves_them():
    made = snapshots(**{"generator.kind": "mlp", "pair.dim": 3})["sigma-samples"]
    first, last = made[min(made)], made[max(made)]
    assert not np.array_equal(first["sigma_points"], last["sigma_points"])

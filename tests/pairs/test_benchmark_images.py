"""Images moved along rays: the plan is optimal and its cost known, on digits and on users' files."""

from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from wganstudio.experiment import BadExperiment, preset, read
from wganstudio.experiment.images import RayMonotoneImagesOptions
from wganstudio.experiment.pairs import RayMonotoneOptions
from wganstudio.experiment.truths import BestAvailableOptions
from wganstudio.pairs.base import make_rng
from wganstudio.pairs.benchmark_images import BenchmarkImagesPair
from wganstudio.pairs.ray_monotone import FunnelPair, MinFunnel
from wganstudio.training.events import Ended
from wganstudio.training.run import Run

MNIST = Path(__file__).parents[3] / "shared" / "data" / "mnist" / "t10k-images-idx3-ubyte.gz"


def build(**options: object) -> BenchmarkImagesPair:
    made: BenchmarkImagesPair = RayMonotoneImagesOptions.model_validate(options).build(device="cpu")
    return made


def optimal(pair: FunnelPair, count: int) -> torch.Tensor:
    """Lengths |x - T x| of samples x, once the potential has been seen to fall by just these."""
    x = pair.q.sample(count, make_rng("cpu", 7))
    y = pair.p.move(x)
    funnel = MinFunnel(pair.p.funnel.centers.double(), pair.p.funnel.biases.double())
    x, y = x.double(), y.double()
    moved = torch.linalg.vector_norm(x - y, dim=1)
    assert (y.abs() <= pair.p.half_width + 1e-5).all()
    assert (funnel.value(x) - funnel.value(y) - moved).abs().max() < 1e-6 * pair.dim**0.5
    return moved


@settings(max_examples=15, deadline=None)
@given(
    funnels=st.integers(1, 40),
    power=st.floats(1, 200),
    size=st.sampled_from([2, 5, 8, 16]),
    seed=st.integers(0, 2**31 - 1),
)
def test_the_plan_is_optimal_image_by_image(funnels: int, power: float, size: int, seed: int) -> None:
    optimal(build(funnels=funnels, power=power, size=size, seed=seed), 256)


@pytest.mark.parametrize(("funnels", "power"), [(1, 10), (16, 100)])
def test_the_published_pairs_on_digits(funnels: int, power: float) -> None:
    pair = build(funnels=funnels, power=power)
    assert (
        pair.dim == 256
        and isinstance(pair.options, RayMonotoneImagesOptions)
        and pair.options.image_size == 16
    )
    assert pair.p.funnel.centers.shape == (funnels, 256) and pair.p.funnel.centers.abs().max() <= 1
    moved = optimal(pair, 4096)
    (w1,) = BestAvailableOptions().build().truths(pair, None)
    assert w1.method == "known plan, all 1,797 points of Q"
    assert w1.upper - w1.lower < 1e-4
    assert abs(w1.value - float(moved.mean())) < 5 * float(moved.std()) / 4096**0.5


def test_rays_end_on_the_box_of_half_width_1_2() -> None:
    # by hand: where power 1 moves nothing, the upper end of the only cone's ray lies on a face of the box
    pair = build(size=8)
    x = pair.q.sample(500, make_rng("cpu", 1)).double()
    centers, biases = pair.p.funnel.centers.double(), pair.p.funnel.biases.double()
    rays = type(pair.p.funnel)(centers, biases).rays(x, pair.p.half_width)
    upper = rays.lower + (rays.below + rays.above)[:, None] * rays.direction
    assert torch.allclose(upper.abs().amax(1), torch.full((500,), 1.2, dtype=torch.float64))


def test_the_exact_gradient_points_from_the_center_where_the_published_one_is_lost() -> None:
    # p = 100 piles mass up within 1e-3 of a center: there float32 cdist knows no direction
    pair = build(funnels=16, power=100)
    assert pair.potential is not None
    x = pair.q.sample(2000, make_rng("cpu", 1))
    rays = pair.p.funnel.rays(x, 1.2)
    y = pair.p.move(x)
    exact, published = pair.potential.gradient(y), pair.potential.published_gradient(y)
    assert torch.nn.functional.cosine_similarity(exact, -rays.direction).min() > 0.999
    lost = torch.nn.functional.cosine_similarity(exact, published).mean()
    assert 0.8 < lost < 0.97


def test_what_the_preset_claims_of_its_pair_is_true() -> None:
    experiment = read(preset("ray-monotone-images").settings)
    pair = experiment.build_pair()
    (w1,) = BestAvailableOptions().build().truths(pair, None)
    assert f"W1 = {w1.value:.3f}" in experiment.about.expected
    slopes = pair.potential.gradient(pair.p.move(pair.q.points_on(torch.device("cpu"))))
    straight = torch.nn.functional.cosine_similarity(slopes, slopes.mean(0, keepdim=True)).mean()
    assert f"a cosine of {straight:.3f} already" in experiment.about.expected


@pytest.mark.slow
def test_what_the_preset_claims_of_its_critic_is_true() -> None:
    *_, ended = Run(read(preset("ray-monotone-images").settings)).events()
    assert isinstance(ended, Ended)
    assert ended.gradient["cos"] == pytest.approx(0.98, abs=0.006)
    assert ended.estimates["gap"] == pytest.approx(12.6, abs=0.3)


def test_seeds_choose_the_funnels() -> None:
    first, again, other = (build(seed=seed, size=8).p.funnel.centers for seed in (1, 1, 2))
    assert torch.equal(first, again) and not torch.equal(first, other)


def test_mnist() -> None:
    if not MNIST.exists():
        pytest.skip("the MNIST test images are not beside this checkout (../shared/data/mnist)")
    pair = build(file=str(MNIST), funnels=16, power=100)
    assert pair.dim == 784
    optimal(pair, 1000)
    assert build(file=str(MNIST), size=16).dim == 256


@pytest.fixture
def cifar(tmp_path: Path) -> Path:
    """A file of the form of CIFAR-10's binary ones, of chance."""
    rng = np.random.default_rng(0)
    records = rng.integers(0, 256, (300, 3073), dtype=np.uint8)
    records[:, 0] %= 10
    file = tmp_path / "data_batch_1.bin"
    file.write_bytes(records.tobytes())
    return file


@pytest.mark.parametrize(("size", "dim"), [(None, 3072), (16, 768)])
def test_a_cifar_file(cifar: Path, size: int | None, dim: int) -> None:
    pair = build(file=str(cifar), funnels=16, power=100, **({} if size is None else {"size": size}))
    assert pair.dim == dim
    moved = optimal(pair, 500)
    (w1,) = BestAvailableOptions().build().truths(pair, None)
    assert w1.method == "known plan, all 300 points of Q"
    assert w1.value == pytest.approx(float(moved.mean()), rel=0.05)


def test_what_holds_no_square_images_is_refused_at_its_field(tmp_path: Path) -> None:
    with pytest.raises(BadExperiment) as caught:
        build(file=str(tmp_path / "nothing.gz"))
    assert [problem.path for problem in caught.value.problems] == ["pair.file"]
    wide = tmp_path / "wide.idx"
    wide.write_bytes(b"\0\0\x08\x03" + b"".join(n.to_bytes(4, "big") for n in (2, 4, 9)) + bytes(72))
    with pytest.raises(
        BadExperiment, match=r"^pair\.image_size: these images have 4 x 9 pixels; give an image size"
    ):
        build(file=str(wide))
    assert build(file=str(wide), size=4).dim == 16


@pytest.mark.parametrize("dim", [256, 512, 4096])
def test_own_seeds_build_and_sample_in_many_dimensions(dim: int) -> None:
    pair: FunnelPair = RayMonotoneOptions(dim=dim, funnels=16).build(device="cpu")
    assert pair.dim == dim
    moved = optimal(pair, 256)
    assert 0 < float(moved.mean()) < 5 * dim**0.5


def test_rays_of_many_coordinates_hold_few_at_once() -> None:
    pair: FunnelPair = RayMonotoneOptions(dim=3072, funnels=1).build(device="cpu")
    x = pair.q.sample(3000, make_rng("cpu", 1))
    sizes = [len(part) for part in pair.p.funnel._parts(x)]
    assert sum(sizes) == 3000 and max(sizes) * 3072 <= 1 << 22
    assert torch.isfinite(pair.p.move(x)).all()

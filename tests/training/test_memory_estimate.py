"""The estimate of a run's memory: from options alone, refused in one sentence, and near what is measured."""

import csv
import subprocess
import sys
from pathlib import Path
from queue import SimpleQueue

import pytest

from own_files import own
from wganstudio.experiment import Experiment, kinds, override, read
from wganstudio.experiment.sizes import PairSize
from wganstudio.training import memory, memory_estimate
from wganstudio.training.device import require_memory_for
from wganstudio.training.events import Failed, Started
from wganstudio.training.job import Job
from wganstudio.training.memory_estimate import NotEnoughMemory, estimate_memory, require_memory
from wganstudio.training.worker import perform

TABLE = Path(__file__).parents[1] / "benchmarks" / "memory.csv"
SMALL = {
    "training.steps": 1,
    "training.batch": 16,
    "evaluation.samples": 16,
    "evaluation.final_samples": 1024,
    "evaluation.resolution": 8,
}


def experiment(**changes: object) -> Experiment:
    named = {key.replace("__", "."): value for key, value in changes.items()}
    return read(override({}, list((SMALL | named).items())))


def test_the_largest_part_and_what_to_lower_are_named() -> None:
    big = experiment(pair__dim=512, training__batch=65536, critic__width=4096)
    with pytest.raises(NotEnoughMemory) as refused:
        require_memory(estimate_memory(big), 6 << 30)
    assert str(refused.value) == (
        "This run needs about 20 GB (activations of a training step: 19 GB) and 6.4 GB are free; choose a "
        "smaller training.batch or critic.width."
    )
    require_memory(estimate_memory(big), 60 << 30)


@pytest.mark.parametrize(
    ("changes", "largest", "lower"),
    [
        ({"critic__width": 8192, "critic__depth": 4}, "weights and optimizer", "critic.width"),
        ({"solver__kind": "dot", "solver__samples": 16384}, "tables of a training step", "solver.samples"),
        (
            {"pair__dim": 784, "evaluation__resolution": 1024},
            "the plane of the views",
            "evaluation.resolution",
        ),
        (
            {"solver__kind": "semi-discrete", "pair__dim": 64, "evaluation__final_samples": 1 << 26},
            "final samples",
            "evaluation.final_samples",
        ),
        ({"truth__samples": 16384, "pair__dim": 3}, "computation of the truths", "truth.samples"),
        (
            {"generator__kind": "mlp", "generator__widths": (16384, 16384)},
            "weights and optimizer",
            "critic.width or generator.widths",
        ),
    ],
)
def test_every_part_can_be_the_largest(changes: dict[str, object], largest: str, lower: str) -> None:
    estimate = estimate_memory(experiment(pair__kind="gaussians", **changes))
    assert estimate is not None and estimate.bytes > 2e9
    assert estimate.largest.name == largest
    assert memory_estimate.remedy(estimate).startswith("choose a smaller ")
    assert lower in memory_estimate.remedy(estimate)


@pytest.mark.parametrize("group", ["critic", "solver", "generator", "pair", "truth"])
def test_every_kind_tells_its_size(group: str) -> None:
    for name, cls in kinds(group).items():
        options = cls()  # type: ignore[call-arg]
        if group in ("critic", "generator"):
            size = options.size(64)  # type: ignore[attr-defined]
            assert size.weights > 0 or name in ("none", "composite"), name
        elif group == "pair":
            assert isinstance(options.size(), PairSize), name  # type: ignore[attr-defined]
        fields = getattr(cls, "size_fields", ())
        assert set(fields) <= set(cls.model_fields), name


@pytest.mark.parametrize("name", sorted(kinds("critic")))
def test_the_weights_are_those_of_the_network(name: str) -> None:
    options = kinds("critic")[name](**(own("critic", 64, 512) if name == "own" else {}))
    network = options.build(64)
    count = sum(weight.numel() for weight in network.parameters())
    assert options.size(64).weights == pytest.approx(count, rel=0.1)  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", sorted(set(kinds("generator")) - {"none", "composite"}))
def test_the_weights_are_those_of_the_generator(name: str) -> None:
    options = kinds("generator")[name](**(own("generator", 64, 64, 512) if name == "own" else {}))
    network = options.build(64)
    count = sum(weight.numel() for weight in network.parameters())
    assert options.size(64).weights == pytest.approx(count, rel=0.1)  # type: ignore[attr-defined]


def test_files_whose_size_the_options_do_not_tell_are_checked_once_they_are_read(tmp_path: Path) -> None:
    file = tmp_path / "table.csv"
    file.write_text("a,b,c\n" + "".join(f"{k},{k % 7},{k % 5}\n" for k in range(40)))
    from_file = experiment(pair__kind="data", pair__p_file=str(file))
    assert estimate_memory(from_file) is None
    pair = from_file.build_pair()
    require_memory_for(from_file, pair, pair_device())
    known = estimate_memory(from_file, PairSize(pair.dim, len(pair.p.atoms()[0])))
    assert known is not None and known.bytes > memory_estimate.BASE


def pair_device() -> object:
    import torch

    return torch.device("cpu")


def test_the_trainer_refuses_before_it_allocates(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory_estimate, "available_memory", lambda: 1 << 20)
    job = Job(1, "train", experiment(pair__kind="gaussians"))
    (failed,) = perform(job, SimpleQueue())
    assert isinstance(failed, Failed) and failed.cause == "memory" and failed.detail == ""
    assert failed.message.startswith("This run needs about ") and "1 MB are free; choose" in failed.message
    job = Job(1, "train", experiment(pair__kind="gaussians"), ignore_memory=True)
    assert isinstance(next(perform(job, SimpleQueue())), Started)


def test_the_estimate_needs_neither_torch_nor_pot() -> None:
    code = (
        "import sys; from wganstudio.experiment import presets, read\n"
        "from wganstudio.training.memory_estimate import require_memory_here\n"
        "[require_memory_here(read(preset.settings)) for preset in presets().values()]\n"
        "print(sorted({'torch', 'ot'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=100)
    assert done.stdout == "[]\n", done.stderr


def test_the_measured_growth_is_within_the_promised_range_of_the_estimate() -> None:
    """Of the committed measurements, with the estimate of today."""
    sys.path.insert(0, str(TABLE.parent))
    try:
        import memory as benchmark  # type: ignore[import-not-found]
    finally:
        sys.path.pop(0)
    assert benchmark is not memory
    with TABLE.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) >= 25
    for row in rows:
        estimate, growth = benchmark.needed(row["name"]), float(row["growth_mb"])
        assert estimate >= growth / 2, row
        assert estimate <= 3 * growth or growth < benchmark.LARGE, row

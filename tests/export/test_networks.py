"""The export of networks in a process of its own: files, cancellation, and what has no state."""

import pytest

from wganstudio.experiment import override, preset, read
from wganstudio.export import ExportError
from wganstudio.export.networks import write_networks
from wganstudio.session import RunRecord
from wganstudio.training.events import TrainingState
from wganstudio.training.run import Run

TINY = [
    ("training.steps", 2),
    ("training.batch", 16),
    ("critic.width", 8),
    ("evaluation.samples", 16),
    ("evaluation.final_samples", 1024),
    ("evaluation.resolution", 8),
]


@pytest.fixture(scope="module")
def trained() -> tuple[RunRecord, TrainingState]:
    experiment = read(override(preset("first-look").settings, TINY))
    record, state = RunRecord(1, experiment), None
    for event in Run(experiment, state_period=0.0).events():
        if isinstance(event, TrainingState):
            state = event
        else:
            record.apply(event)
    assert state is not None
    return record, state


@pytest.mark.process
def test_the_files_of_a_run(trained, tmp_path):
    calls = []
    files, missing = write_networks(
        *trained, tmp_path / "new", formats=("safetensors",), progress=lambda *call: calls.append(call)
    )
    assert [file.name for file in files] == [f"{files[0].stem}.safetensors"]
    assert files[0].stem.endswith("-1-critic") and files[0].stat().st_size > 100
    assert len(missing) == 2 and calls


@pytest.mark.process
def test_a_canceled_export_ends_its_process(trained, tmp_path):
    def cancel(done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_networks(*trained, tmp_path, progress=cancel)


def test_a_run_without_a_state_is_refused_in_a_sentence(trained, tmp_path):
    with pytest.raises(ExportError, match="Run 1 has no saved training state"):
        write_networks(trained[0], None, tmp_path)

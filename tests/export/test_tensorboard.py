"""Logs of TensorBoard: its own reader finds every point of every curve."""

import sys

import numpy as np
import pytest

from wganstudio.export import ExportError
from wganstudio.export.tensorboard import log_of, write_logs


def test_curves_truths_and_experiment_read_back(plane_record, tmp_path):
    pytest.importorskip("tensorboard")
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    (path,) = write_logs([plane_record], tmp_path / "new")
    reader = EventAccumulator(str(path.parent)).Reload()
    for name in plane_record.curve_names:
        steps, values = plane_record.curve(name)
        points = reader.Scalars(f"curves/{name}")
        assert [point.step for point in points] == list(steps)
        np.testing.assert_allclose([point.value for point in points], values, rtol=1e-6)
    truth = plane_record.truths["congested"]
    lower, upper = (reader.Scalars(f"truths/congested-{part}")[-1].value for part in ("lower", "upper"))
    assert (lower, upper) == (np.float32(truth.lower), np.float32(truth.upper))
    text = reader.Tensors("experiment")[0].tensor_proto.string_val[0].decode()
    assert "    [solver]" in text


def test_the_same_run_has_the_same_log(plane_record):
    pytest.importorskip("tensorboard")
    assert log_of(plane_record) == log_of(plane_record)


def test_a_missing_package_is_one_sentence_that_names_the_command(plane_record, monkeypatch):
    for name in [name for name in sys.modules if name.split(".")[0] == "tensorboard"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "tensorboard", None)
    with pytest.raises(ExportError, match=r"`pip install wganstudio\[tensorboard\]`\.$"):
        log_of(plane_record)

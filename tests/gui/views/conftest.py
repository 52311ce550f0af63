"""The records of tests/figures, and a canvas that needs no screen."""

import importlib.util
import os
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

_SPEC = importlib.util.spec_from_file_location(
    "records", Path(__file__).parents[2] / "figures" / "conftest.py"
)
records = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(records)
make_record, make_events = records.make_record, records.make_events
plane_record, line_record, space_record = records.plane_record, records.line_record, records.space_record
failed_record, make_making = records.failed_record, records.make_making
make_atomic, make_mapped = records.make_atomic, records.make_mapped


@pytest.fixture
def shown(qtbot):
    """Makes a view of a record, on a screen."""

    def make(cls, record, size=(800, 600)):
        view = cls()
        qtbot.addWidget(view)
        view.resize(*size)
        view.show()
        qtbot.waitExposed(view)
        view.set_record(record)
        return view

    return make

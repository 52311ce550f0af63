"""The records of tests/figures."""

import importlib.util
from pathlib import Path

_SPEC = importlib.util.spec_from_file_location(
    "records", Path(__file__).parents[1] / "figures" / "conftest.py"
)
records = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(records)
make_record, make_events = records.make_record, records.make_events
plane_record, line_record, space_record = records.plane_record, records.line_record, records.space_record
failed_record, make_making = records.failed_record, records.make_making
make_atomic, make_mapped = records.make_atomic, records.make_mapped

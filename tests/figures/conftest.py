"""The records of `figure_records`."""

from figure_records.fixtures import (
    failed_record,
    line_record,
    make_atomic,
    make_events,
    make_making,
    make_mapped,
    make_record,
    plane_record,
    space_record,
)

__all__ = [
    "failed_record",
    "line_record",
    "make_atomic",
    "make_events",
    "make_making",
    "make_mapped",
    "make_record",
    "plane_record",
    "space_record",
]

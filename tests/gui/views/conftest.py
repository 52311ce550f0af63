"""The records of `figure_records`, and a canvas that needs no screen."""

import pytest

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


@pytest.fixture
def shown(qtbot):
    """Makes a view of a record, on a screen."""

    def make(cls, record, size=(800, 600)):
        view = cls()
        qtbot.addWidget(view)
        view.resize(*size)
        view.show()
        qtbot.waitExposed(view)
        view.set_records([record])
        return view

    return make

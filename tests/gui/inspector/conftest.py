"""The records of `figure_records`, and an inspector on a screen."""

import pytest

from figure_records.fixtures import failed_record, make_making, make_record, plane_record
from wganstudio.gui.inspector.inspector import Inspector

__all__ = ["failed_record", "make_making", "make_record", "plane_record"]


@pytest.fixture
def inspector(qtbot):
    inspector = Inspector()
    qtbot.addWidget(inspector)
    inspector.resize(300, 800)
    inspector.show()
    qtbot.waitExposed(inspector)
    return inspector

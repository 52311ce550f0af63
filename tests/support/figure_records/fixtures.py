"""The records as fixtures, which conftest modules import."""

import pytest

from figure_records.gaussians import events, gaussian_record
from figure_records.solver_records import atomic_record, generator_record, map_record
from wganstudio.experiment import read
from wganstudio.session import RunRecord
from wganstudio.training.events import Failed


@pytest.fixture(scope="session")
def make_record():
    """Makes a record: make_record(dim, until=..., ended=..., ...)."""
    return gaussian_record


@pytest.fixture(scope="session")
def make_events():
    return events


@pytest.fixture
def failed_record():
    failed = RunRecord(3, read({"pair": {"kind": "gaussians"}}))
    failed.apply(Failed(message="The loss is not a number at step 1."))
    return failed


@pytest.fixture(scope="session")
def make_making():
    """Makes the record of a run with a generator: make_making(dim, image=(channels, height, width))."""
    return generator_record


@pytest.fixture(scope="session")
def make_atomic():
    """Makes the record of a semi-discrete run: make_atomic(atoms, q, epsilon=..., ...)."""
    return atomic_record


@pytest.fixture(scope="session")
def plane_record():
    return gaussian_record(2)


@pytest.fixture(scope="session")
def line_record():
    return gaussian_record(1)


@pytest.fixture(scope="session")
def space_record():
    return gaussian_record(8)


@pytest.fixture(scope="session")
def make_mapped():
    """Makes the record of a run with maps: make_mapped(dim, converged=..., ...)."""
    return map_record

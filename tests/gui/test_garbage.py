"""Garbage with Qt objects is collected in the window's thread, whichever thread makes garbage."""

import gc
import threading

import pytest

from wganstudio.gui import garbage


class Cycle:
    """An object that only the garbage collector can free; it notes the thread that does."""

    freed_in: int | None = None

    def __init__(self):
        self.itself = self

    def __del__(self):
        Cycle.freed_in = threading.get_ident()


def make_garbage():
    for _ in range(50):
        cells = [[] for _ in range(2000)]
        for cell in cells:
            cell.append(cell)


def work_in_a_thread():
    """Drop a Cycle, then make garbage in a thread."""
    Cycle()
    thread = threading.Thread(target=make_garbage)
    thread.start()
    thread.join()


@pytest.fixture(autouse=True)
def nothing_is_due():
    gc.collect()
    Cycle.freed_in = None
    yield
    gc.enable()


def test_python_alone_collects_in_any_thread():
    work_in_a_thread()
    assert Cycle.freed_in not in (None, threading.get_ident())


def test_the_collector_leaves_it_to_the_thread_of_the_window(qtbot, monkeypatch):
    monkeypatch.setattr(garbage, "PERIOD_MS", 20)
    collector = garbage.GarbageCollector()
    try:
        work_in_a_thread()
        assert Cycle.freed_in is None
        qtbot.waitUntil(lambda: Cycle.freed_in is not None)
        assert Cycle.freed_in == threading.get_ident()
    finally:
        collector.close()
    assert gc.isenabled()

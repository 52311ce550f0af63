"""Messages of the window, of libraries and of Python's warnings reach the log panel."""

import logging
import threading
import warnings

import pytest

from wganstudio.gui.notifier import LogHandler, Notifier
from wganstudio.gui.widgets.banner import Banner
from wganstudio.gui.widgets.log import LogPanel


@pytest.fixture
def panel(qtbot):
    panel, handler = LogPanel(), LogHandler()
    qtbot.addWidget(panel)
    handler.record_logged.connect(panel.add)
    handler.install()
    yield panel
    handler.remove()


def test_messages_have_levels_and_errors_show_in_the_banner(panel, qtbot):
    banner = Banner()
    qtbot.addWidget(banner)
    notifier = Notifier(banner)
    notifier.log("Saved.", "the details")
    notifier.warn("No truth.")
    assert banner.isHidden()
    notifier.show_error("It failed.", "why")
    assert not banner.isHidden() and banner.label.text() == "It failed."
    assert [(entry.message, entry.level) for entry in panel.entries] == [
        ("Saved.", logging.INFO),
        ("No truth.", logging.WARNING),
        ("It failed.", logging.ERROR),
    ]
    assert panel.entries[0].detail == "the details" and "Warning: No truth." in panel.toPlainText()
    notifier.dismiss()
    assert banner.isHidden()


def test_records_of_other_loggers_and_threads_appear(panel, qtbot):
    def work():
        try:
            raise ValueError("deep inside")
        except ValueError:
            logging.getLogger("somebody.else").exception("It broke\nand more")

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: bool(panel.entries))
    (entry,) = panel.entries
    assert entry.message == "somebody.else: It broke" and entry.level == logging.ERROR
    assert "and more" in entry.detail and "deep inside" in entry.detail
    logging.getLogger("somebody.else").info("chatter")
    assert len(panel.entries) == 1, "of libraries only warnings and errors"


def test_python_warnings_appear(panel):
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(False)
        logging.captureWarnings(True)
        warnings.warn("this plugin is old", stacklevel=1)
        logging.captureWarnings(False)
    (entry,) = panel.entries
    assert entry.level == logging.WARNING and "this plugin is old" in entry.message


def test_after_removal_nothing_arrives(qtbot):
    panel, handler = LogPanel(), LogHandler()
    qtbot.addWidget(panel)
    handler.record_logged.connect(panel.add)
    handler.install()
    handler.remove()
    logging.getLogger("somebody.else").warning("too late")
    assert panel.entries == []

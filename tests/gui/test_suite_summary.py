"""The suites dialog says what a suite is, how large and how long, before it starts."""

import pytest
from PySide6.QtWidgets import QWidget

from wganstudio import resources
from wganstudio.gui.dialogs.suite_summary import SuiteFacts
from wganstudio.gui.dialogs.suites import SuitesDialog
from wganstudio.suites import read_suite


@pytest.fixture
def teaching():
    return read_suite(resources.path("suites", "teaching.toml"))


def test_the_facts_of_a_suite(teaching):
    facts = SuiteFacts.from_suite(teaching, lambda experiment: experiment.training.steps / 100)
    assert (facts.solvers, facts.pairs, facts.cells, facts.runs) == (5, 3, 15, 30)
    assert facts.seconds == pytest.approx(30 * 10.0) and facts.steps == (1000, 1000)
    assert "30 runs of 1,000 steps" in facts.text(1) and "About 5 minutes with 1 process." in facts.text(1)
    assert "About 2 minutes with 2 processes." in facts.text(2)
    slow = SuiteFacts.from_suite(teaching, lambda experiment: 3600.0)
    assert "About 15.0 hours with 2 processes." in slow.text(2)


def test_an_unknown_time_is_said_to_be_unknown(teaching):
    times = iter([5.0, None] * 15)
    facts = SuiteFacts.from_suite(teaching, lambda experiment: next(times))
    assert facts.seconds is None and "not known" in facts.text(1)


def test_the_dialog_shows_the_chosen_suite_and_where_it_writes(qtbot, tmp_path):
    parent = QWidget()
    qtbot.addWidget(parent)
    dialog = SuitesDialog(parent, lambda experiment: 60.0)
    dialog.show()
    dialog.file.setCurrentText("teaching")
    dialog.out.setText(str(tmp_path / "mine.wgs"))
    summary = dialog.summary
    qtbot.waitUntil(
        lambda: summary.facts is not None and summary.title.text() == "First lessons", timeout=20_000
    )
    assert "Five ways to constrain a critic" in summary.about.text() and "30 minutes" in summary.size_.text()
    assert summary.place.text() == f"It writes the new session {tmp_path / 'mine.wgs'}."
    (tmp_path / "mine.wgs").touch()
    dialog.file.setCurrentText("no-such-suite")
    qtbot.waitUntil(lambda: summary.facts is None, timeout=20_000)
    assert "There is no suite 'no-such-suite'" in summary.about.text() and summary.size_.text() == ""
    dialog.out.setText(str(tmp_path / "mine.wgs"))
    assert "continues the session" in summary.place.text()
    dialog.close()


OWN = """
title = "Judged"
about = "A network of one's own."

[shared]
critic.kind = "own"
critic.module = "asked_module:Critic"

[pairs]
"funnels" = { pair.kind = "ray-monotone" }

[budget]
steps = 10

[[matrix]]
solvers = ["lp", "gp"]
pairs = ["funnels"]
seeds = [0]
"""


def test_a_suite_that_runs_code_of_the_users_asks_first(qtbot, tmp_path):
    asked, requests = [], []

    def allows(names):
        asked.append(names)
        return len(asked) > 1

    parent = QWidget()
    qtbot.addWidget(parent)
    dialog = SuitesDialog(parent, allows_code=allows)
    dialog._runner.start = requests.append
    (tmp_path / "own.toml").write_text(OWN)
    dialog.file.setCurrentText(str(tmp_path / "own.toml"))
    dialog.out.setText(str(tmp_path / "own.wgs"))
    qtbot.waitUntil(lambda: dialog.summary.facts is not None, timeout=20_000)
    dialog.start()
    assert asked == [("asked_module",)] and not requests and "not started" in dialog.message.text()
    dialog.start()
    assert len(asked) == 2 and len(requests) == 1
    dialog.close()

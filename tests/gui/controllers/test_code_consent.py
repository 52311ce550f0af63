"""The question before code of the user's runs: once for each content, remembered, and safe by default."""

import pytest
from PySide6.QtWidgets import QMessageBox

from wganstudio.experiment import read, trusted_code
from wganstudio.gui.controllers import code_consent
from wganstudio.gui.controllers.code_consent import CodeConsent
from wganstudio.gui.settings import Settings

PROGRAM = "raise AssertionError('it was imported')\n"


@pytest.fixture
def module(tmp_path, monkeypatch):
    """The file of a module of the user's."""
    path = tmp_path / "asked_module.py"
    path.write_text(PROGRAM)
    monkeypatch.syspath_prepend(str(tmp_path))
    return path


@pytest.fixture
def asked(monkeypatch):
    """The names that were asked about, and the answer to give."""
    trusted_code.adopt({})
    questions = {"names": [], "answer": True}

    def ask(parent, name, files):
        questions["names"].append((name, files))
        return questions["answer"]

    monkeypatch.setattr(code_consent, "ask_to_run_code", ask)
    return questions


def experiment(module="asked_module:Critic"):
    return read({"critic": {"kind": "own", "module": module}})


def test_the_answer_is_remembered_until_the_code_changes(qtbot, parent, notifier, module, asked):
    consent = CodeConsent(Settings(), notifier, parent)
    assert consent.allows(read({})) and asked["names"] == []
    assert consent.allows(experiment()) and asked["names"] == [("asked_module", [str(module)])]
    trusted_code.require_consent("asked_module")
    trusted_code.adopt({})
    assert CodeConsent(Settings(), notifier, parent).allows(experiment()) and len(asked["names"]) == 1
    trusted_code.require_consent("asked_module")
    module.write_text(PROGRAM + "\n")
    assert consent.allows(experiment()) and len(asked["names"]) == 2


def test_no_is_not_remembered_and_allows_nothing(qtbot, parent, notifier, module, asked):
    asked["answer"] = False
    consent = CodeConsent(Settings(), notifier, parent)
    assert not consent.allows(experiment()) and not consent.allows(experiment())
    assert len(asked["names"]) == 2 and trusted_code.granted() == {}


def test_a_missing_module_is_told_without_a_question(qtbot, parent, notifier, asked):
    assert not CodeConsent(Settings(), notifier, parent).allows(experiment("no_such_module:Critic"))
    assert asked["names"] == [] and "there is no module no_such_module" in notifier.errors[0]


def test_enter_and_escape_cancel(qtbot, parent, monkeypatch):
    from wganstudio.gui.dialogs.questions import ask_to_run_code

    defaults = []

    def look(box):
        defaults.append((box.defaultButton().text(), box.escapeButton().text()))
        return 0

    monkeypatch.setattr(QMessageBox, "exec", look)
    assert not ask_to_run_code(parent, "asked_module", ["/a.py"])
    assert [tuple(text.replace("&", "") for text in one) for one in defaults] == [("Cancel", "Cancel")]

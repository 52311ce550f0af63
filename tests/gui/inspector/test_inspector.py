"""The inspector at work: it shows a run, filters, folds, and changes only what differs."""

from PySide6.QtCore import Qt

from wganstudio.experiment import override, preset, read
from wganstudio.gui.inspector import inspector as module
from wganstudio.session import RunRecord
from wganstudio.training.events import Metrics, Started

SETTINGS = preset("first-look").settings


def running(*changes):
    record = RunRecord(1, read(override(SETTINGS, changes)), "mine")
    record.apply(Started(experiment=record.experiment.settings(), environment={}, steps=record.steps))
    return record


def rows(inspector, section):
    box = inspector.boxes.get(section)
    if box is None or box.isHidden():
        return {}
    return {row.label.text(): row for row in box.rows if not row.isHidden()}


def test_without_a_run_it_says_what_it_is_for(inspector):
    assert inspector.text() == "" and inspector.empty.isVisible()
    inspector.show_record(running())
    assert not inspector.empty.isVisible() and inspector.title.text() == "mine"
    inspector.show_record(None)
    assert inspector.empty.isVisible()


def test_it_fits_300_pixels(inspector, plane_record, qtbot):
    inspector.show_record(plane_record)
    inspector.show_form(read(SETTINGS))
    qtbot.wait(50)
    assert inspector.width() == 300 and inspector.minimumSizeHint().width() <= 300
    shown = [row for box in inspector.boxes.values() if not box.folded for row in box.rows]
    for label in (label for row in shown for label in (row.label, row.value, row.notes) if label.isVisible()):
        right = label.mapTo(inspector, label.rect().topRight()).x()
        assert right < 300 and label.height() >= label.heightForWidth(label.width()) - 1, label.text()


def test_a_filter_finds_settings_by_title_and_by_path(inspector, qtbot):
    inspector.show_record(running())
    assert not rows(inspector, "settings-training")["Seed"].value.isHidden()
    qtbot.keyClicks(inspector.filter, "lambda")
    assert list(rows(inspector, "settings-solver")) == ["Penalty lambda"]
    assert rows(inspector, "settings-training") == {}
    inspector.filter.setText("evaluation.resol")
    assert list(rows(inspector, "settings-evaluation")) == ["Resolution"]
    assert not inspector.boxes["settings-evaluation"].folded, "what is found is shown"
    inspector.filter.setText("nonsense")
    assert inspector.nothing.isVisible()
    inspector.filter.clear()
    assert not inspector.nothing.isVisible() and inspector.boxes["settings-evaluation"].folded


def test_only_what_differs(inspector):
    inspector.show_record(running(("solver.penalty", 10)))
    inspector.only_differing.setChecked(True)
    assert list(rows(inspector, "settings-solver")) == ["Penalty lambda"]
    assert rows(inspector, "settings-solver")["Penalty lambda"].notes.text() == "≠ preset: 1"
    inspector.show_form(read(override(SETTINGS, [("training.seed", 9)])))
    assert list(rows(inspector, "settings-training")) == ["Seed"]


def test_a_section_stays_as_the_user_has_folded_it(inspector, qtbot):
    record = running()
    inspector.show_record(record)
    box = inspector.boxes["settings-solver"]
    qtbot.mouseClick(box.head, Qt.MouseButton.LeftButton)
    inspector.show_record(running(("solver.penalty", 10)))
    assert box.folded and not inspector.boxes["settings-pair"].folded


def test_a_training_run_updates_only_what_changed(inspector, qtbot, monkeypatch):
    record = running()
    inspector.show_record(record)
    contents, shown = [], []
    monkeypatch.setattr(module, "settings_sections", lambda *given: contents.append(given) or ())
    monkeypatch.setattr(module, "outcome_sections", lambda *given: shown.append(given) or ())
    for step in range(200):
        record.apply(Metrics(step=step, values={"gap": float(step)}))
        inspector.refresh()
    assert len(shown) == 1, "at most once in a quarter of a second"
    qtbot.waitUntil(lambda: len(shown) == 2)
    qtbot.wait(2 * module.REFRESH_MS + 50)
    assert len(shown) == 2 and contents == []
    inspector.hide()
    record.apply(Metrics(step=500, values={"gap": 1.0}))
    inspector.refresh()
    qtbot.wait(module.REFRESH_MS + 50)
    assert len(shown) == 2, "nothing is made out of sight"
    inspector.show()
    qtbot.waitUntil(lambda: len(shown) == 3)


def test_everything_is_copied(inspector, qtbot, clipboard):
    inspector.show_record(running(("solver.penalty", 10)))
    inspector.filter.setText("seed")
    qtbot.mouseClick(inspector.copy_button, Qt.MouseButton.LeftButton)
    text = clipboard.text()
    assert text == inspector.text() and "Penalty lambda: 10" in text and "mine" in text


def test_a_name_with_tags_is_shown_as_it_is(inspector):
    record = running()
    record.rename("<b>bold</b>")
    inspector.show_record(record)
    assert inspector.title.text() == "<b>bold</b>"
    assert inspector.title.textFormat() == Qt.TextFormat.PlainText

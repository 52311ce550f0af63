"""Names from files show as text in every widget: no tag in them is ever interpreted."""

import re
from pathlib import Path

import pytest
from PySide6.QtCore import QAbstractListModel, Qt, QThreadPool
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QComboBox,
    QGraphicsTextItem,
    QGraphicsView,
    QLabel,
    QMenu,
    QMessageBox,
    QTextBrowser,
    QWidget,
)

from figure_records.gaussians import events
from wganstudio.experiment import override, preset, read
from wganstudio.gui.dialogs import questions
from wganstudio.gui.dialogs.data.dialog import DataDialog
from wganstudio.gui.dialogs.export import ExportDialog
from wganstudio.gui.dialogs.export_choices import ExportChoices
from wganstudio.gui.dialogs.figure_previewer import FigurePreviewer
from wganstudio.gui.dialogs.suites import SuitesDialog
from wganstudio.gui.views.registry import registered_views
from wganstudio.gui.widgets.plain_text import Label, tooltip
from wganstudio.session import Document
from wganstudio.training.events import Failed, FlowMissing, Snapshot, TruthFound, TruthMissing

SOURCE = "hostile.png"
TAG = f'<img src="{SOURCE}"><a href="{SOURCE}">name</a>'


@pytest.fixture
def parent_window(qtbot):
    widget = QWidget()
    qtbot.addWidget(widget)
    return widget


def tainted(event):
    """Return an event whose texts contain a tag."""
    match event:
        case TruthFound():
            texts = {"method": TAG, "law": TAG}
            return event.model_copy(update={"truth": event.truth.model_copy(update=texts)})
        case TruthMissing() | FlowMissing() | Failed():
            return event.model_copy(update={"message": f"No {TAG}"})
        case Snapshot(topic="plane"):
            labels = tuple(f"{label} {TAG}" for label in event.attributes.labels)
            texts = {"labels": labels, "sigma_method": f"{event.attributes.sigma_method} {TAG}"}
            return event.model_copy(update={"attributes": event.attributes.model_copy(update=texts)})
    return event


@pytest.fixture
def hostile_session(tmp_path):
    """A session whose names, labels and messages all contain a tag."""
    path = tmp_path / f"{TAG.replace('/', '')}.wgs"
    document = Document.create(path)
    named = read(override(preset("first-look").settings, [("about.name", TAG), ("about.summary", TAG)]))
    for dim in (1, 2, 8):
        run = document.add_run(named, TAG)
        for event in events(dim, until=50):
            document.append(run, tainted(event))
    failed = document.add_run(named, TAG)
    for event in (TruthMissing(message=""), FlowMissing(message=""), Failed(message="", detail=TAG)):
        document.append(failed, tainted(event))
    document.close()
    return path


def interpreted(root):
    """Return what widgets below `root` interpret as HTML with the tag of the tests."""
    found = []
    for widget in [root, *root.findChildren(QWidget)]:
        name = f"{type(widget).__name__} {widget.objectName()}"
        tips = [widget.toolTip(), widget.statusTip(), *(action.toolTip() for action in widget.actions())]
        if isinstance(widget, QLabel) and widget.textFormat() != Qt.TextFormat.PlainText:
            found += [name] if is_raw(widget.text()) else []
        if isinstance(widget, QTextBrowser) and is_raw(widget.toHtml()):
            found.append(name)
        if isinstance(widget, QGraphicsView) and widget.scene():
            items = widget.scene().items()
            tips += [item.toolTip() for item in items]
            htmls = [item.toHtml() for item in items if isinstance(item, QGraphicsTextItem)]
            found += [f"{name}: {html}" for html in htmls if is_raw(html)]
        if isinstance(widget, QAbstractItemView | QComboBox) and widget.model():
            tips += item_tips(widget.model())
        found += [f"tooltip of {name}: {tip}" for tip in tips if is_raw(tip)]
    return found


def is_raw(html):
    """Tell if HTML contains the tag itself, not its escaped form."""
    return re.search(rf"<\w[^<>]*(?:src|href)=[\"']?{SOURCE}", html) is not None


def item_tips(model):
    columns = range(1 if isinstance(model, QAbstractListModel) else model.columnCount())
    cells = [model.index(row, column) for row in range(model.rowCount()) for column in columns]
    return [str(model.data(cell, Qt.ItemDataRole.ToolTipRole) or "") for cell in cells]


def test_no_widget_of_the_window_interprets_names(window, hostile_session, tmp_path):
    window.file_actions.open_path(hostile_session)
    bad = tmp_path / f"{TAG.replace('/', '')}.toml"
    bad.write_text(f"[about]\nname = '{TAG}'\nsummary = '{TAG}'\n[pair]\ndim = '{TAG}'\n", encoding="utf-8")
    for path in (bad, Path(f"missing {TAG}.wgs"), Path(f"missing {TAG}.toml")):
        window.file_actions.open_path(path)
        assert SOURCE in window.banner.label.text() or path == bad
    for record in window.session.records():
        window.runs.choose(record.run)
        QApplication.processEvents()
        assert interpreted(window) == []
    assert TAG in window.log.toPlainText() and TAG in window.runs.texts()[0]
    window.file_actions.fill_recent(menu := QMenu(window))
    assert menu.actions() and interpreted(menu) == []


@pytest.mark.parametrize("view", registered_views(), ids=lambda view: view.name)
def test_no_view_interprets_labels_and_messages(view, qtbot, hostile_session):
    records = Document.open(hostile_session).records()
    shown = view()
    qtbot.addWidget(shown)
    shown.session_records = lambda: records
    shown.resize(800, 600)
    shown.show()
    qtbot.waitExposed(shown)
    for record in records:
        shown.set_records([record])
        shown.hover(0.5, 0.5)
        assert interpreted(shown) == []


def test_dialogs_show_names_as_text(qtbot, parent_window, monkeypatch, hostile_session):
    record = Document.open(hostile_session).records()[0]
    dialog = ExportDialog(parent_window, record, {}, ExportChoices(folder=TAG), FigurePreviewer())
    assert any(TAG in label.text() for label in dialog.findChildren(QLabel)) and interpreted(dialog) == []

    boxes = []
    monkeypatch.setattr(QMessageBox, "exec", lambda box: boxes.append((box.text(), box.textFormat())))
    questions.ask_about_runs(parent_window, [TAG], 0)
    questions.ask_about_session(parent_window, TAG)
    assert all(TAG in text and form == Qt.TextFormat.PlainText for text, form in boxes) and len(boxes) == 2

    suites = SuitesDialog(parent_window)
    suites.message.setText(TAG)
    assert interpreted(suites) == []


def test_the_data_dialog_shows_names_of_files_and_columns_as_text(qtbot, parent_window, tmp_path):
    name = f"<img src={SOURCE}>"
    path = tmp_path / f"{name}.csv"
    path.write_text(f"{name},{name} 2,text\n" + "1,2,a\n3,4,b\n" * 20, encoding="utf-8")
    pool = QThreadPool()
    dialog = DataDialog(parent_window, pool.start, {"kind": "data"})
    dialog.open()
    dialog.show_file(path)
    qtbot.waitUntil(lambda: not dialog.reading, timeout=20_000)
    assert not dialog.problem.isVisible(), dialog.problem.text()
    tree = dialog.columns.tree
    assert name in tree.topLevelItem(0).text(0) and interpreted(dialog) == []
    pool.waitForDone()
    dialog.reject()


@pytest.mark.parametrize("text", [TAG, "a <b>bold</b> name", "&lt;img src=x&gt;", "first\n<img src='x'>"])
def test_texts_with_tags_are_escaped_in_tooltips(text, qtbot):
    label = Label(text)
    qtbot.addWidget(label)
    assert label.text() == text and label.textFormat() == Qt.TextFormat.PlainText
    document = QTextDocument()
    document.setHtml(tooltip(text))
    assert document.toPlainText() == text
    assert tooltip("one\ntwo") == "one\ntwo"

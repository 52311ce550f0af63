"""Group: one group of the experiment form, built from the fields of an options class."""

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from pydantic.fields import FieldInfo
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from wganstudio.experiment import (
    AUTO,
    BadExperiment,
    Kind,
    Options,
    Problem,
    default_settings,
    extra,
    group_options,
    groups,
    kinds,
)
from wganstudio.glossary import definition
from wganstudio.gui.form.editors import Editor, ScrollSafeComboBox, as_text, make_editor
from wganstudio.gui.text_roles import set_role
from wganstudio.gui.theme import set_icon
from wganstudio.gui.widgets.buttons import icon_button
from wganstudio.gui.widgets.plain_text import Label, tooltip
from wganstudio.gui.widgets.themed_frame import ThemedFrame

CHANGED_MARK = "\u2022"
"""Stands behind the label of a field whose value differs from the loaded one."""
LABEL_CHARACTERS = 19
"""Width of the labels of every group, so that the editors stand in one column."""


class FieldRow(QWidget):
    """One field: label, editor and the message of its problem."""

    changed = Signal()

    def __init__(self, path: str, info: FieldInfo) -> None:
        super().__init__()
        self.path = path
        name = path.split(".")[1]
        self.advanced = bool(extra(info, "advanced"))
        self.supplies: tuple[str, ...] = extra(info, "supplies") or ()
        self.baseline: Any = None
        self.title = info.title or name
        self.label = Label(self.title)
        self.label.setWordWrap(True)
        self.label.setFixedWidth(self.fontMetrics().averageCharWidth() * LABEL_CHARACTERS)
        self.editor: Editor = make_editor(name, info)
        self.editor.setObjectName(path)
        self.label.setBuddy(self.editor.inner)
        self.editor.set_name(info.title or name)
        self.message = message_label()
        for widget in (self.label, self.editor):
            widget.setToolTip(_tip(path, info))
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.label)
        row.addWidget(self.editor, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(row)
        column.addWidget(self.message)
        self.message.setContentsMargins(self.label.width() + 8, 0, 0, 2)
        self.editor.changed.connect(self._edited)

    def set_baseline(self, value: Any) -> None:
        """Show a value and make it the one that a reset returns to."""
        self.editor.set_value(value)
        self.baseline = self.editor.value()
        self._mark()

    def fill(self, value: Any) -> None:
        """Show a value as if the user had typed it."""
        self.editor.set_value(value)
        self._mark()

    def restore(self, content: Any) -> None:
        """Show again what the editor showed before."""
        if self.editor.content() != content:
            self.editor.restore(content)
            self._mark()

    @property
    def modified(self) -> bool:
        """True if the value differs from the one loaded."""
        return bool(self.editor.value() != self.baseline)

    def show_problem(self, message: str) -> None:
        """Show a problem under the field, or none."""
        self.message.setText(message)
        self.message.setVisible(bool(message))
        self.editor.set_state("wrong", bool(message))

    @Slot()
    def _edited(self) -> None:
        self._mark()
        self.changed.emit()

    def _mark(self) -> None:
        modified = self.modified
        self.label.setText(f"{self.title} {CHANGED_MARK}" if modified else self.title)
        set_role(self.label, "changed" if modified else "")
        self.editor.inner.setAccessibleDescription("changed" if modified else "")


class Group(QWidget):
    """A group of settings: its kind chooser, if it has kinds, and its fields."""

    changed = Signal(str)
    """The path of the field that was edited, or of the group."""

    def __init__(self, name: str, folded: bool = False) -> None:
        super().__init__()
        self.name = name
        self.rows: dict[str, FieldRow] = {}
        self._kind_shown = self._loaded_kind = ""  # the kind whose fields are there
        self._baseline: dict[str, Any] = default_settings(name)

        self.fold = QToolButton()
        self.fold.setAutoRaise(True)
        self.fold.setText(name.capitalize())
        self.fold.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        set_role(self.fold, "title")
        self.fold.setToolTip("\n".join(filter(None, (definition(name), "Fold or unfold this group"))))
        self.fold.clicked.connect(self._toggle_fold)
        self.reset_button = icon_button(
            "reset", f"Restore the loaded settings of {name}", self._reset_clicked
        )
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 0, 0)
        head.addWidget(self.fold)
        head.addStretch(1)
        head.addWidget(self.reset_button)

        self.kind: ScrollSafeComboBox | None = None
        self.message = message_label()
        self.body = QWidget()
        self._body = QVBoxLayout(self.body)
        self._body.setContentsMargins(6, 0, 6, 6)
        self._body.setSpacing(5)
        self._body.addWidget(self.message)
        if name in groups():
            self._add_kinds()
        self._fields = QVBoxLayout()
        self._fields.setSpacing(5)
        self._body.addLayout(self._fields)
        self.more = QToolButton()
        self.more.setAutoRaise(True)
        self.more.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.more.clicked.connect(self._toggle_more)
        self._more_shown = False
        self._body.addWidget(self.more)

        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        column.addWidget(ThemedFrame("rule"))
        column.addLayout(head)
        column.addWidget(self.body)
        self.load(self._baseline)
        self.set_folded(folded)

    @property
    def options(self) -> type[Options]:
        """The options class of the chosen kind."""
        return group_options(self.name, self.kind.currentData() if self.kind else None)

    def settings(self) -> dict[str, Any]:
        """Return the group as plain values, without fields at their default."""
        values = {name: row.editor.value() for name, row in self.rows.items()}
        kind = {"kind": self.kind.currentData()} if self.kind else {}
        return kind | {name: value for name, value in values.items() if value is not None}

    def load(self, settings: dict[str, Any]) -> None:
        """Show settings, to which a reset returns; other fields have their default."""
        self._baseline = dict(settings)
        self._show_kind(settings.get("kind"))
        self._loaded_kind = self._kind_shown
        self._show_baselines()
        self.show_problems([])

    def fill(self, settings: dict[str, Any]) -> None:
        """Show settings as if the user had typed them; a reset still returns to the loaded ones."""
        self._change_kind(settings.get("kind", self._kind_shown))
        for name, row in self.rows.items():
            row.fill(settings.get(name))
        self.changed.emit(self.name)

    def content(self) -> dict[str, Any]:
        """Return what the kind chooser and the editors show."""
        kind = {"kind": self._kind_shown} if self.kind else {}
        return kind | {name: row.editor.content() for name, row in self.rows.items()}

    def restore(self, content: Mapping[str, Any]) -> None:
        """Show again what `content` returned."""
        self._change_kind(content.get("kind", self._kind_shown))
        for name, row in self.rows.items():
            row.restore(content[name])

    def reset(self) -> None:
        """Return to the loaded settings."""
        self.load(self._baseline)

    @property
    def modified(self) -> bool:
        """True if a setting differs from the loaded ones."""
        loaded = self._baseline.get("kind", self._loaded_kind)
        other_kind = self.kind is not None and self._kind_shown != loaded
        return other_kind or any(row.modified for row in self.rows.values())

    def show_problems(self, problems: Iterable[Problem]) -> None:
        """Show each problem under its field, or at the head of the group."""
        by_field = {problem.path.partition(".")[2]: problem.message for problem in problems}
        for name, row in self.rows.items():
            row.show_problem(by_field.pop(name, ""))
        self.message.setText("\n".join(by_field.values()))
        self.message.setVisible(bool(by_field))

    def focus(self, field: str) -> QWidget:
        """Unfold the field, give it the focus, and return the widget to scroll to."""
        self.set_folded(False)
        if field in self.rows:
            row = self.rows[field]
            if row.advanced:
                self._show_advanced(True)
            row.editor.setFocus(Qt.FocusReason.OtherFocusReason)
            return row
        if self.kind:
            self.kind.setFocus(Qt.FocusReason.OtherFocusReason)
        return self.fold

    @property
    def folded(self) -> bool:
        """True if only the head is shown."""
        return self.body.isHidden()

    def set_folded(self, folded: bool) -> None:
        """Fold or unfold the group."""
        self.body.setVisible(not folded)
        set_icon(self.fold, "folded" if folded else "unfolded")

    def _add_kinds(self) -> None:
        self.kind = ScrollSafeComboBox()
        self.kind.setObjectName(f"{self.name}.kind")
        self.kind.setAccessibleName(f"Kind of {self.name}")
        for name, cls in kinds(self.name).items():
            self.kind.addItem(cls.title, name)
            self.kind.setItemData(self.kind.count() - 1, cls.summary, Qt.ItemDataRole.ToolTipRole)
        self.kind.activated.connect(self._kind_chosen)
        self.summary = Label()
        self.summary.setWordWrap(True)
        set_role(self.summary, "dim")
        self._body.addWidget(self.kind)
        self._body.addWidget(self.summary)

    def _show_kind(self, kind: object) -> None:
        if self.kind:
            try:
                shown = group_options(self.name, kind)
            except BadExperiment:
                shown = group_options(self.name)  # a kind that is not installed here
            assert issubclass(shown, Kind)
            if not shown.offered:
                self._show_kind(None)
                return
            self.kind.setCurrentIndex(self.kind.findData(shown.name()))
            self.summary.setText(shown.summary)
            self.summary.setToolTip(tooltip(shown.source))
            if shown.name() == self._kind_shown:
                return
            self._kind_shown = shown.name()
        elif self.rows:
            return
        for row in self.rows.values():
            self._fields.removeWidget(row)
            row.hide()
            row.deleteLater()
        fields = {name: info for name, info in self.options.model_fields.items() if name != "kind"}
        self.rows = {name: FieldRow(f"{self.name}.{name}", info) for name, info in fields.items()}
        for row in sorted(self.rows.values(), key=lambda row: row.advanced):
            if row.supplies:
                row.changed.connect(self._discard_supplied)
            row.changed.connect(self._row_edited)
            self._fields.addWidget(row)
        self.more.setVisible(any(row.advanced for row in self.rows.values()))
        self._show_advanced(self._more_shown)

    @Slot()
    def _kind_chosen(self) -> None:
        assert self.kind is not None
        kind = self.kind.currentData()
        if kind != self._kind_shown:
            self._change_kind(kind)
            self.changed.emit(f"{self.name}.kind")

    def _change_kind(self, kind: str) -> None:
        """Show another kind: the loaded one with the loaded settings, any other with its defaults."""
        if kind != self._kind_shown:
            self._show_kind(kind)
            self._show_baselines()

    def _show_baselines(self) -> None:
        kind = self._kind_shown
        loaded = self._baseline if kind == self._loaded_kind else {}
        defaults = default_settings(self.name, kind or None)
        for name, row in self.rows.items():
            row.set_baseline(loaded.get(name, defaults.get(name)))

    @Slot()
    def _discard_supplied(self) -> None:
        """Empty the fields whose values come from the one that was edited."""
        row = self.sender()
        assert isinstance(row, FieldRow)
        if row.editor.value() not in (None, AUTO):
            for name in row.supplies:
                self.rows[name].fill(None)

    @Slot()
    def _toggle_more(self) -> None:
        self._show_advanced(not self._more_shown)

    def _show_advanced(self, shown: bool) -> None:
        self._more_shown = shown
        for row in self.rows.values():
            row.setVisible(shown or not row.advanced)
        self.more.setText("Fewer" if shown else f"{sum(row.advanced for row in self.rows.values())} more")
        set_icon(self.more, "unfolded" if shown else "folded")

    @Slot()
    def _toggle_fold(self) -> None:
        self.set_folded(not self.folded)

    @Slot()
    def _reset_clicked(self) -> None:
        self.reset()
        self.changed.emit(self.name)

    @Slot()
    def _row_edited(self) -> None:
        row = self.sender()
        assert isinstance(row, FieldRow)
        self.changed.emit(row.path)


def message_label() -> Label:
    """Return a hidden label for the problem of a field."""
    label = Label()
    label.setWordWrap(True)
    set_role(label, "problem")
    label.hide()
    return label


def _tip(path: str, info: FieldInfo) -> str:
    default = f"auto: {extra(info, 'auto')}" if info.default is None else as_text(info.default)
    lines = [f"<b>{escape(info.title or path)}</b>", escape(info.description or "")]
    if meaning := definition(extra(info, "term")):
        lines.append(escape(meaning))
    lines.append(f"Default: {escape(default or 'empty')} {escape(extra(info, 'unit'))}")
    if source := extra(info, "source"):
        lines.append(f"Source: {escape(source)}")
    lines.append(f"<i>{path}</i>")
    return "<qt>" + "<br>".join(lines) + "</qt>"

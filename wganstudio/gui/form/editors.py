"""Editors: one small widget for each type of field; none depends on a particular field or kind.

An editor holds a plain TOML value, or None where the field is left to its default.
"""

from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo
from PySide6.QtCore import QLocale, QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QWidget,
)

from wganstudio.experiment import AUTO, extra, parse_text
from wganstudio.gui.text_roles import set_role
from wganstudio.gui.widgets.buttons import icon_button
from wganstudio.gui.widgets.plain_text import Label
from wganstudio.gui.widgets.themed_frame import paint_mark


def as_text(value: object) -> str:
    """Return a plain value as it is typed in TOML; strings without quotes."""
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case str():
            return value
        case list() | tuple():
            inner = (f'"{item}"' if isinstance(item, str) else as_text(item) for item in value)
            return f"[{', '.join(inner)}]"
        case float() if value.is_integer() and abs(value) < 1e6:
            return str(int(value))
        case _:
            return repr(value)


def typed_value(info: FieldInfo, text: str) -> Any:
    """Return what a text means for a field; a number may have the decimal mark and digits of the locale."""
    if info.annotation in (str, str | None):
        return text  # quotes around the name of a column are part of it
    value = parse_text(info, text)
    if isinstance(value, str) and takes_number(info):
        locale = QLocale()
        locale.setNumberOptions(QLocale.NumberOption.RejectGroupSeparator)
        number, is_number = locale.toDouble(text)
        return number if is_number else value
    return value


def takes_number(info: FieldInfo) -> bool:
    """Return True if a field accepts a single number."""
    accepted = (info.annotation, *get_args(info.annotation))
    return float in accepted or int in accepted


class Editor(QWidget):
    """Base of the editors; `changed` is emitted when the user edits, not when a value is set."""

    changed = Signal()

    def value(self) -> Any:
        """The plain value, or None for the default."""
        raise NotImplementedError

    def set_value(self, value: Any) -> None:
        """Show a plain value; None shows the default."""
        raise NotImplementedError

    def content(self) -> Any:
        """Return what is shown, for `restore`; of a value that is typed, its text."""
        return self.value()

    def restore(self, content: Any) -> None:
        """Show again what `content` returned."""
        self.set_value(content)

    def set_auto_text(self, text: str) -> None:
        """Say what stands for the default, such as "guessed: comma", where the editor shows it."""

    def set_name(self, name: str) -> None:
        """Set the name that a screen reader speaks."""
        self.inner.setAccessibleName(name)

    def set_state(self, state: Literal["wrong", "doubtful"], on: bool) -> None:
        """Mark the value as invalid, or as one that could be wrong."""
        inner = self.inner
        if bool(inner.property(state)) != on:
            inner.setProperty(state, on)
            inner.update()

    def _build_layout(self, *widgets: QWidget) -> None:
        self.row = row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        for widget in widgets:
            row.addWidget(widget)
        self.inner = widgets[0]
        self.setFocusProxy(self.inner)


class UnitEditor(QLineEdit):
    """A line edit with the unit shown at its right end."""

    def __init__(self, unit: str) -> None:
        super().__init__()
        self._unit = Label(unit, parent=self)
        set_role(self._unit, "dim")
        self._unit.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setTextMargins(2, 0, self._unit.sizeHint().width() + 4 if unit else 0, 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the line, and the mark of a wrong value."""
        super().paintEvent(event)
        paint_mark(self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the unit at the right end."""
        super().resizeEvent(event)
        hint = self._unit.sizeHint()
        self._unit.setGeometry(self.width() - hint.width() - 7, 0, hint.width(), self.height())


class TextEditor(Editor):
    """A line for typed values: numbers in any notation, lists, `auto`, strings."""

    def __init__(self, info: FieldInfo, placeholder: str) -> None:
        super().__init__()
        self._info = info
        self.line = UnitEditor(extra(info, "unit"))
        self.line.setPlaceholderText(placeholder)
        self.line.setMinimumWidth(60)
        self.line.textEdited.connect(self._edited)
        self._build_layout(self.line)

    def value(self) -> Any:
        """Return what the typed text means for the field."""
        text = self.line.text().strip()
        return typed_value(self._info, text) if text else None

    def set_value(self, value: Any) -> None:
        """Show a value, scrolled to its start."""
        self.line.setText(as_text(value))
        self.line.setCursorPosition(0)

    def content(self) -> Any:
        """Return the text as it is typed."""
        return self.line.text()

    def restore(self, content: Any) -> None:
        """Show a text, scrolled to its start."""
        self.line.setText(content)
        self.line.setCursorPosition(0)

    def set_auto_text(self, text: str) -> None:
        """Show the text where nothing is typed."""
        self.line.setPlaceholderText(text)

    @Slot()
    def _edited(self) -> None:
        self.changed.emit()


class FileEditor(TextEditor):
    """The path of a file, typed or chosen."""

    def __init__(self, info: FieldInfo, placeholder: str) -> None:
        super().__init__(info, placeholder)
        self._title = info.title or "Choose a file"
        self.button = icon_button("folder", "Choose a file", self._browse)
        self.row.addWidget(self.button)

    @Slot()
    def _browse(self) -> None:
        start = str(Path(self.line.text()).parent) if self.line.text() else ""
        chosen, _ = QFileDialog.getOpenFileName(self, self._title, start)
        if chosen:
            self.set_value(chosen)
            self.changed.emit()


class ScrollSafeComboBox(QComboBox):
    """A combo box that ignores the mouse wheel unless it has the focus, so that the form can be scrolled."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(8)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the box, and the mark of a wrong value."""
        super().paintEvent(event)
        paint_mark(self)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Let the wheel scroll the form."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class ChoiceEditor(Editor):
    """One of a few values, with `auto` first where the field is optional."""

    def __init__(self, values: tuple[Any, ...], default: Any, optional: bool) -> None:
        super().__init__()
        self._default, self._optional = default, optional
        self.combo = ScrollSafeComboBox()
        if optional:
            self.combo.addItem(AUTO, None)
        for value in values:
            self.combo.addItem(as_text(value), value)
        self.combo.activated.connect(self._chosen)
        self._build_layout(self.combo)

    def value(self) -> Any:
        """The chosen value."""
        return self.combo.currentData()

    def set_value(self, value: Any) -> None:
        """Choose a value; an invalid one is shown too, to be corrected."""
        value = self._default if value is None else value
        index = self.combo.findData(value)
        if index < 0:
            self.combo.addItem(as_text(value), value)
            index = self.combo.count() - 1
        self.combo.setCurrentIndex(index)

    def set_auto_text(self, text: str) -> None:
        """Show the text for `auto`."""
        if self._optional:
            self.combo.setItemText(0, text)

    @Slot()
    def _chosen(self) -> None:
        self.changed.emit()


class BoolEditor(Editor):
    """True or false."""

    def __init__(self, default: bool) -> None:
        super().__init__()
        self._default = default
        self.box = QCheckBox()
        self.box.toggled.connect(self._toggled)
        self._build_layout(self.box)

    def value(self) -> Any:
        """Return True if the box is ticked."""
        return self.box.isChecked()

    def set_value(self, value: Any) -> None:
        """Tick or untick."""
        with QSignalBlocker(self.box):
            self.box.setChecked(self._default if value is None else bool(value))

    @Slot()
    def _toggled(self) -> None:
        self.changed.emit()


def make_editor(name: str, info: FieldInfo) -> Editor:
    """Return the editor for the type of a field."""
    union = get_origin(info.annotation) in (Union, UnionType)
    accepted = get_args(info.annotation) if union else (info.annotation,)
    optional = NoneType in accepted
    types = [type_ for type_ in accepted if type_ is not NoneType]
    placeholder = extra(info, "auto") if info.default is None else as_text(info.default)
    placeholder = f"{AUTO}: {placeholder}" if info.default is None and placeholder else placeholder
    if types == [bool]:
        return BoolEditor(bool(info.default))
    if all(get_origin(type_) is Literal for type_ in types):
        return ChoiceEditor(
            tuple(value for type_ in types for value in get_args(type_)), info.default, optional
        )
    if Path in types or (types == [str] and name.split("_")[-1] in ("file", "path")):
        return FileEditor(info, placeholder)
    return TextEditor(info, placeholder)

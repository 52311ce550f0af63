"""Columns of the table that the user chose, and the menu in which they are chosen."""

from collections.abc import Iterable, Sequence

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from wganstudio.comparison.columns import NOTE, TAGS, TIME, Column, column_of
from wganstudio.comparison.metrics import metric_names
from wganstudio.comparison.settings import all_settings
from wganstudio.experiment.differences import COMPARED_GROUPS
from wganstudio.gui.settings import Settings
from wganstudio.session.record import RunRecord
from wganstudio.truths.certificate import NAMES

AUTO = "differing"
"""The key that stands for the settings in which the runs differ."""
DEFAULT = (AUTO, "final:gap", "final:value", "time", "tags", "note")
DEFAULT_STEP = 1000
MEASURES = {"last": "Newest value", "best": "Best value", "at": "Value at step", "final": "Final estimate"}
FOLD, RESET, STEP = "@fold", "@reset", "@step"
"""Entries of the menu that are no columns."""


class ColumnChoice:
    """The keys of the chosen columns, remembered in the settings of the window."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        keys = settings.get("runs/columns", "\n".join(DEFAULT)).split("\n")
        self.keys = [key for key in keys if key]
        step = settings.get("runs/step", "")
        self.step = int(step) if step.isdecimal() else DEFAULT_STEP
        """The step of the columns "value at step"."""
        self.folded = settings.get("runs/folded", False)
        """Runs that differ only in the seed are one row."""

    def toggle(self, key: str) -> None:
        """Add a column, or take it away."""
        self.keys = [one for one in self.keys if one != key] if key in self.keys else [*self.keys, key]
        self.save()

    def reset(self) -> None:
        """Return to the default columns."""
        self.keys = list(DEFAULT)
        self.save()

    def save(self) -> None:
        """Remember the choice."""
        self._settings.put("runs/columns", "\n".join(self.keys))
        self._settings.put("runs/step", str(self.step))
        self._settings.put("runs/folded", self.folded)

    def columns(self, differing: Sequence[str]) -> list[Column]:
        """Return the columns, with the settings of these paths where the choice is automatic."""
        chosen = dict.fromkeys(self.keys)
        keys: list[str] = []
        for key in chosen:
            if key == AUTO:
                keys += (one for path in differing if (one := f"setting:{path}") not in chosen)
            else:
                keys.append(key)
        return [column for key in keys if (column := column_of(key, self.step)) is not None]


def fill_columns_menu(menu: QMenu, choice: ColumnChoice, records: Sequence[RunRecord]) -> None:
    """Fill the menu with every column that some run has something for."""
    menu.clear()
    _add(menu, AUTO, "Settings that &differ", choice)
    settings = menu.addMenu("&Settings")
    paths = _present_paths(records)
    for group in COMPARED_GROUPS:
        own = [path for path in all_settings() if path.startswith(f"{group}.") and path in paths]
        if own:
            submenu = settings.addMenu(group.capitalize())
            for path in own:
                _add(submenu, f"setting:{path}", all_settings()[path].title, choice)
    names = metric_names(records)
    for kind, title in MEASURES.items():
        submenu = menu.addMenu(f"{title} {choice.step:,}" if kind == "at" else title)
        submenu.setEnabled(bool(names))
        for name in names:
            _add(submenu, f"{kind}:{name}", name, choice)
    truths = menu.addMenu("&Truth")
    for quantity, title in NAMES.items():
        _add(truths, f"truth:{quantity}", title, choice)
    for column in (TIME, TAGS, NOTE):
        _add(menu, column.key, column.title, choice)
    menu.addSeparator()
    _entry(menu, FOLD, "&Fold seeds into one row", checked=choice.folded)
    _entry(menu, STEP, f"Step of \u201cvalue at step\u201d ({choice.step:,})\u2026")
    _entry(menu, RESET, "&Reset columns")


def _present_paths(records: Iterable[RunRecord]) -> set[str]:
    """Return the paths of the settings that some run has."""
    paths: set[str] = set()
    seen: set[type] = set()
    for record in records:
        for group in COMPARED_GROUPS:
            options = getattr(record.experiment, group)
            if type(options) not in seen:
                seen.add(type(options))
                paths |= {f"{group}.{name}" for name in type(options).model_fields}
    return paths


def _add(menu: QMenu, key: str, title: str, choice: ColumnChoice) -> None:
    _entry(menu, key, title, checked=key in choice.keys)


def _entry(menu: QMenu, key: str, title: str, *, checked: bool | None = None) -> None:
    action = QAction(title, menu)
    action.setData(key)
    if checked is not None:
        action.setCheckable(True)
        action.setChecked(checked)
    menu.addAction(action)

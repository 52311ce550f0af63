"""Entries of the command palette: everything that the window can do or show, and how they are ranked."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from wganstudio.gui.command_palette.fuzzy import fuzzy_score
from wganstudio.gui.settings import Settings

MAX_RECENT = 12
SHOWN = 60
"""Entries that the palette shows, at most."""
RECENT_BONUS = 3.0
KIND_BONUS = {"action": 4.0, "view": 4.0, "panel": 3.0, "preset": 2.0, "layout": 2.0}
"""Bonus of each kind: actions and views rank before presets and layouts."""


@dataclass(frozen=True)
class PaletteEntry:
    """One line of the palette."""

    key: str
    """Its name in the settings, where the recently used ones are kept."""
    title: str
    kind: str
    """Its kind, such as an action, a view or a preset."""
    run: Callable[[], object]
    shortcut: str = ""
    enabled: bool = True
    reason: str = ""
    """Why it is disabled."""


class RecentEntries:
    """The keys of the entries that were used last, newest first."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def keys(self) -> list[str]:
        """Return the keys, newest first."""
        return [key for key in self._settings.get("palette/recent", "").split("\n") if key]

    def add(self, key: str) -> None:
        """Put a key first."""
        others = [other for other in self.keys() if other != key]
        self._settings.put("palette/recent", "\n".join([key, *others][:MAX_RECENT]))


def ranked(entries: Iterable[PaletteEntry], query: str, recent: Sequence[str]) -> list[PaletteEntry]:
    """Return the entries that fit a query, best first; the recently used ones first without a query."""
    place = {key: number for number, key in enumerate(recent)}
    if not query.strip():
        return sorted(entries, key=lambda entry: place.get(entry.key, len(place)))[:SHOWN]
    scored = []
    for entry in entries:
        score = fuzzy_score(query, f"{entry.title} {entry.kind}")
        if score is not None:
            bonus = KIND_BONUS.get(entry.kind, 0.0) + RECENT_BONUS * (entry.key in place)
            scored.append((score + bonus, entry))
    scored.sort(key=lambda pair: -pair[0])
    return [entry for _, entry in scored[:SHOWN]]

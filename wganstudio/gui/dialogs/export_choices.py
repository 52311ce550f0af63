"""ExportChoices: the answers of the export dialog, which it shows again the next time."""

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Literal, Self, get_args

from wganstudio.experiment import Options, option
from wganstudio.export import FORMATS
from wganstudio.figures.print_style import (
    COLOR_MAPS,
    FAMILIES,
    JOURNALS,
    MAX_SIZE,
    MAX_WIDTH,
    MIN_SIZE,
    MIN_WIDTH,
    Columns,
    PrintStyle,
)
from wganstudio.gui.settings import Settings

Layout = Literal["separate", "views", "runs"]
LAYOUTS: dict[str, str] = {
    "separate": "A figure for each view",
    "views": "One figure, each view a panel",
    "runs": "One figure, each selected run a panel",
}
OWN, OTHER = "own", "other"
PAGES: dict[str, tuple[str, Columns] | None] = {
    OWN: None,
    **{
        f"{name}-{columns}": (name, columns)
        for name, journal in JOURNALS.items()
        for columns in get_args(Columns)
        if columns == "one" or journal.two is not None
    },
    OTHER: None,
}
"""The widths on offer: that which suits each figure, those of journals, and any other."""


class PrintOptions(Options):
    """Numbers of the print."""

    dpi: int = option(
        300,
        "Resolution",
        "Resolution of PNG files; journals ask for 300 to 600.",
        unit="dpi",
        ge=30,
        le=2400,
    )
    width: float = option(6.0, "Width", "Width of a figure on paper.", unit="in", ge=MIN_WIDTH, le=MAX_WIDTH)
    size: float = option(
        7.5,
        "Size of type",
        "Size of labels on paper; numbers are a point smaller.",
        unit="pt",
        ge=MIN_SIZE,
        le=MAX_SIZE,
    )


@dataclass(frozen=True)
class ExportChoices:
    """The choices of the export dialog, besides the views."""

    folder: str = ""
    formats: str = "png,pdf"
    dpi: int = 300
    page: str = OWN
    """A key of `PAGES`."""
    width: float = 6.0
    """Width in inches where the page is `OTHER`."""
    family: str = "sans"
    size: float = 7.5
    color_map: str = ""
    title: bool = True
    caption: bool = True
    caption_file: bool = False
    layout: str = "separate"
    """A key of `LAYOUTS`."""

    @classmethod
    def load(cls, settings: Settings) -> Self:
        """Return the remembered choices; the default where one is not valid."""
        default = cls(folder=str(Path.home() / "wgan-figures"))
        values = {
            field.name: _read(settings, field.name, getattr(default, field.name)) for field in fields(cls)
        }
        allowed = {"page": PAGES, "family": FAMILIES, "color_map": ("", *COLOR_MAPS), "layout": LAYOUTS}
        for name, choices in allowed.items():
            if values[name] not in choices:
                values[name] = getattr(default, name)
        formats = [name for name in str(values["formats"]).split(",") if name in FORMATS]
        values["formats"] = ",".join(formats) or default.formats
        return cls(**values)  # type: ignore[arg-type]

    def save(self, settings: Settings) -> None:
        """Remember the choices."""
        for field in fields(self):
            settings.put(f"export/{field.name}", str(getattr(self, field.name)))

    @property
    def style(self) -> PrintStyle:
        """The style of the print."""
        journal = PAGES[self.page]
        width = None if self.page == OWN else self.width
        if journal is not None:
            name, columns = journal
            width = JOURNALS[name].width(columns)
        return PrintStyle(width, self.family, self.size, self.color_map, self.title, self.caption)  # type: ignore[arg-type]


def page_title(page: str) -> str:
    """Return the title of a width on offer."""
    choice = PAGES[page]
    if choice is None:
        return "Suits each figure: 3.4 or 7 in" if page == OWN else "Another width"
    name, columns = choice
    journal = JOURNALS[name]
    extent = "text" if journal.two is None else f"{columns} column{'s' * (columns == 'two')}"
    return f"{journal.title}, {extent}: {journal.width(columns):g} in"


def _read(settings: Settings, name: str, default: object) -> object:
    text = settings.get(f"export/{name}", str(default))
    if isinstance(default, bool):
        return {"true": True, "false": False}.get(text.lower(), default)
    if isinstance(default, int | float):
        limits = {"dpi": (30, 2400), "width": (MIN_WIDTH, MAX_WIDTH), "size": (MIN_SIZE, MAX_SIZE)}
        try:
            value = type(default)(text)
        except ValueError:
            return default
        low, high = limits[name]
        return value if low <= value <= high else default
    return text

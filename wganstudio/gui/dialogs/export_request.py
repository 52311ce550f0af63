"""ExportRequest: figures to export, and how they are drawn and written."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from wganstudio.export import export, export_panels
from wganstudio.figures import Figure
from wganstudio.figures.print_style import PrintStyle
from wganstudio.session.record import RunRecord


@dataclass(frozen=True)
class ExportRequest:
    """Figures to export, and how."""

    figures: tuple[tuple[RunRecord, Figure], ...]
    """Figures with the runs that they show."""
    formats: tuple[str, ...]
    dpi: int
    folder: Path
    style: PrintStyle
    together: bool
    """True to print the figures as the panels of one."""
    caption_file: bool

    def write(self, progress: Callable[[int, int], None]) -> list[Path]:
        """Draw and write the figures; `progress` gets the figures written, and all."""
        if self.together:
            return export_panels(
                self.figures,
                self.folder,
                self.formats,
                dpi=self.dpi,
                style=self.style,
                caption_file=self.caption_file,
                progress=progress,
            )
        return export(
            self.figures[0][0],
            self.folder,
            self.formats,
            dpi=self.dpi,
            style=self.style,
            caption_file=self.caption_file,
            figures=[figure for _, figure in self.figures],
            progress=progress,
        )

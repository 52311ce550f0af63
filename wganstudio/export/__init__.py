"""Export: files with figures and tables, from session data alone."""

from wganstudio.export.files import (
    DEFAULT_FORMATS,
    FORMATS,
    ExportError,
    Print,
    as_panels,
    export,
    export_panels,
    file_stem,
    select_figures,
    write_heatmap,
)

__all__ = [
    "DEFAULT_FORMATS",
    "FORMATS",
    "ExportError",
    "Print",
    "as_panels",
    "export",
    "export_panels",
    "file_stem",
    "select_figures",
    "write_heatmap",
]

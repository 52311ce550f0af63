"""Export: files with figures and tables, from session data alone."""

from wganstudio.export.files import FORMATS, ExportError, export, file_stem, write_heatmap

__all__ = ["FORMATS", "ExportError", "export", "file_stem", "write_heatmap"]

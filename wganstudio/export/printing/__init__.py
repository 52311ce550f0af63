"""Figures for print with matplotlib, a module each; `page` puts them on a sheet with title and caption."""

from wganstudio.export.printing.page import rendered, sheet_of

__all__ = ["rendered", "sheet_of"]

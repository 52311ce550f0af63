"""Citations: the papers behind a run, as BibTeX, and a paragraph that says what was computed and how."""

from wganstudio.export.citations.bibliography import BibEntry, bibtex, entries_of
from wganstudio.export.citations.methods import methods_paragraph
from wganstudio.export.citations.sources import cited_entries, sources_of

__all__ = ["BibEntry", "bibtex", "cited_entries", "entries_of", "methods_paragraph", "sources_of"]

"""The shipped bibliography, `resources/references.bib`, and the entries that a source names."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import wganstudio
from wganstudio import resources
from wganstudio.experiment.text_tables import latex_text
from wganstudio.plain_text import one_line

FILE = "references.bib"
_ENTRY = re.compile(r"^@(\w+)\{([\w-]+),\n(.*?)^\}", re.MULTILINE | re.DOTALL)
_FIELD = re.compile(r"^\s*(\w+) = \{(.*)\},?$", re.MULTILINE)
_ARXIV = re.compile(r"arXiv[: ]+(\d{4}\.\d{4,5})")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_ACCENT = re.compile(r"\\(['\"`^~])\{?\\?(\w)\}?|\\c (\w)")
_COMBINING = {"'": "\u0301", '"': "\u0308", "`": "\u0300", "^": "\u0302", "~": "\u0303"}


@dataclass(frozen=True)
class BibEntry:
    """One entry of the bibliography."""

    key: str
    text: str
    """The entry as BibTeX."""
    authors: tuple[str, ...] = ()
    """Family names."""
    title: str = ""
    year: str = ""
    arxiv: str = ""

    @property
    def label(self) -> str:
        """Authors and year, for a text."""
        if len(self.authors) > 2:
            return f"{self.authors[0]} et al., {self.year}"
        return f"{' & '.join(self.authors)}, {self.year}"


@cache
def bibliography() -> dict[str, BibEntry]:
    """Return all entries of the shipped file by key."""
    text = resources.path(FILE).read_text(encoding="utf-8")
    entries = (_entry(match) for match in _ENTRY.finditer(text))
    return {entry.key: entry for entry in entries}


def software() -> BibEntry:
    """Return the entry of WGAN Studio itself."""
    fields = {
        "author": "{The WGAN Studio developers}",
        "title": "{WGAN Studio}: a laboratory for the critics of {Wasserstein GANs}",
        "note": f"Version {wganstudio.__version__}",
    }
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items()]
    key = "wganstudio"
    text = f"@misc{{{key},\n" + ",\n".join(lines) + "\n}\n"
    return BibEntry(key, text, ("WGAN Studio",), "WGAN Studio", wganstudio.__version__)


def entries_of(source: str) -> list[BibEntry]:
    """Return the entries of the papers that a source names, separated by semicolons.

    A paper that the shipped file lacks, such as that of a plugin, becomes an entry of its text alone.
    """
    parts = filter(None, map(str.strip, re.split(r";(?![^()]*\))", source)))
    return [_find(part) or _unknown(part) for part in parts]


def bibtex(entries: Iterable[BibEntry]) -> str:
    """Return a BibTeX file of these entries, each once, in the order of their keys."""
    texts = {entry.key: entry.text for entry in entries}
    return "\n".join(texts[key] for key in sorted(texts))


def is_shipped(entry: BibEntry) -> bool:
    """Return True for an entry of the shipped file."""
    return entry.key in bibliography()


def _find(part: str) -> BibEntry | None:
    arxiv, year = _ARXIV.search(part), _YEAR.search(part)
    for entry in bibliography().values():
        if arxiv is not None:
            if entry.arxiv == arxiv[1]:
                return entry
        elif year is not None and entry.year == year[0] and re.search(rf"\b{entry.authors[0]}\b", part):
            return entry
    return None


def _unknown(part: str) -> BibEntry:
    line = one_line(part)
    arxiv, named = _ARXIV.search(line), _YEAR.search(line)
    year = f"20{arxiv[1][:2]}" if arxiv else named[0] if named else "n.d."
    key = re.sub(r"[^a-z0-9]+", "-", line.lower()).strip("-")[:40] or "source"
    text = f"@misc{{{key},\n  note = {{{latex_text(line)}}}\n}}\n"
    return BibEntry(key, text, (line.partition(",")[0],), line, year)


def _entry(match: "re.Match[str]") -> BibEntry:
    fields = dict(_FIELD.findall(match[3]))
    authors = tuple(_plain(name.partition(",")[0]) for name in fields["author"].split(" and "))
    title, arxiv = _plain(fields["title"]), fields.get("eprint", "")
    return BibEntry(match[2], match[0] + "\n", authors, title, fields["year"], arxiv)


def _plain(text: str) -> str:
    """Return a BibTeX text without its braces and commands for accents."""

    def accented(match: "re.Match[str]") -> str:
        if match[3]:
            return unicodedata.normalize("NFC", match[3] + "\u0327")
        return unicodedata.normalize("NFC", match[2] + _COMBINING[match[1]])

    return _ACCENT.sub(accented, text).replace("{", "").replace("}", "").strip()

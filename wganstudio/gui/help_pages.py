"""Help pages: the texts of resources/help and of plugins by page and section, and the search in them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from wganstudio import resources
from wganstudio.experiment.registry import load_plugins

ORDER = (
    "first-steps",
    "reading-the-views",
    "truths",
    "congested",
    "generators",
    "regularized",
    "convex",
    "benchmark",
    "suites",
    "python",
    "frameworks",
    "plugins",
    "results",
    "glossary",
)
"""Pages in the order of the contents; others follow."""
AROUND = 70
"""Characters of a result on either side of what was found."""
MAX_RESULTS = 60


@dataclass(frozen=True)
class HelpSection:
    """A heading of a page with the text below it."""

    page: str
    level: int
    title: str
    text: str

    @property
    def link(self) -> str:
        """The address of the section: the page, and its anchor unless it is the beginning."""
        return self.page if self.level == 1 else f"{self.page}#{anchor(self.title)}"


@dataclass(frozen=True)
class HelpPage:
    """One page in Markdown."""

    file: Path
    markdown: str
    sections: tuple[HelpSection, ...]

    @property
    def name(self) -> str:
        """The name in addresses."""
        return self.file.stem

    @property
    def title(self) -> str:
        """The first heading."""
        return self.sections[0].title


@dataclass(frozen=True)
class SearchResult:
    """A section that holds what was searched for."""

    section: HelpSection
    excerpt: str


def anchor(title: str) -> str:
    """Return the anchor of a heading, as websites form it from Markdown."""
    return re.sub(r"[^\w]+", "-", title.casefold()).strip("-")


@cache
def help_pages() -> tuple[HelpPage, ...]:
    """Return all pages in the order of the contents."""
    load_plugins()
    place = {name: index for index, name in enumerate(ORDER)}
    files = sorted(resources.files("help"), key=lambda file: place.get(file.stem, len(ORDER)))
    return tuple(_read(file) for file in files)


def help_page(name: str) -> HelpPage:
    """Return a page by its name; KeyError if there is none."""
    return {page.name: page for page in help_pages()}[name]


def has_section(link: str) -> bool:
    """Return True if a page, or a section of a page, has this address."""
    return any(section.link == link for page in help_pages() for section in page.sections)


def search(query: str) -> Sequence[SearchResult]:
    """Return the sections that hold every word of a query, those with a word in their title first."""
    words = query.casefold().split()
    found: list[tuple[int, SearchResult]] = []
    for page in help_pages() if words else ():
        for section in page.sections:
            title, text = section.title.casefold(), section.text.casefold()
            if all(word in title or word in text for word in words):
                rank = -2 * sum(word in title for word in words)
                found.append((rank, SearchResult(section, _excerpt(section.text, words))))
    found.sort(key=lambda pair: pair[0])
    return [result for _, result in found[:MAX_RESULTS]]


def _read(file: Path) -> HelpPage:
    markdown = file.read_text(encoding="utf-8")
    parts = re.split(r"^(#{1,3}) +(.+)$", markdown, flags=re.MULTILINE)[1:]
    sections = [
        HelpSection(file.stem, len(parts[k]), _plain(parts[k + 1]), _plain(parts[k + 2]))
        for k in range(0, len(parts), 3)
    ]
    return HelpPage(file, markdown, tuple(sections))


def _plain(markdown: str) -> str:
    """Return Markdown without its signs."""
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", markdown)
    text = re.sub(r"[*`|]+", " ", text)
    return re.sub(r"\s+", " ", text).strip()


def _excerpt(text: str, words: Sequence[str]) -> str:
    """Return the text around the first word that it holds."""
    places = [place for word in words if (place := text.casefold().find(word)) >= 0]
    start = max(0, min(places, default=0) - AROUND)
    end = min(len(text), start + 2 * AROUND)
    return ("\u2026" if start else "") + text[start:end].strip() + ("\u2026" if end < len(text) else "")

"""The glossary: definitions of terms from the help page `glossary.md`.

Each entry of the page is a heading `## Term` and a first paragraph, the definition. Form and help show the
same sentences.
"""

import re
from functools import cache

from wganstudio import resources

_ENTRY = re.compile(r"^## (.+?)\s*\n+(.+?)(?=\n\s*\n|\n## |\Z)", re.MULTILINE | re.DOTALL)


@cache
def definitions() -> dict[str, str]:
    """Return the definition of each term, by the term in lower case."""
    page = resources.path("help", "glossary.md").read_text("utf-8")
    return {term.lower(): _plain(text) for term, text in _ENTRY.findall(page)}


def definition(term: str) -> str:
    """Return the definition of a term, as plain text; empty if the glossary lacks it."""
    return definitions().get(term.lower(), "")


def _plain(text: str) -> str:
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", " ".join(text.split()))
    return re.sub(r"[*`]", "", text)

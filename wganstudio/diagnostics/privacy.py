"""Removes from a text what tells who the user is: home folder, names of user and computer, and folders."""

import getpass
import json
import os
import platform
import re
import unicodedata
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

USER, COMPUTER = "USER", "COMPUTER"
_SEPARATOR = r"[\\/]+"
_PUBLIC_NAMES = {"", "localhost", "wganstudio"}
_CODE = re.compile(
    rf"(?:^|{_SEPARATOR})((?:site-packages|dist-packages|wganstudio|python3[.]\d+){_SEPARATOR}"
    r".+[.](?:py|so[.\d]*|pyd|dll|dylib))$"
)
"""The part of a path that is the same on every computer."""
_ROOT = (
    r"(?:file:[\\/]{1,4}(?:[A-Za-z]:)?|[A-Za-z]:[\\/]|\\\\(?:[?.]\\+[A-Za-z]:)?(?=[^\s])|~[\\/]"
    r"|/(?=[^/\s]+/))"
)
"""The beginning of an absolute path: of a URL, a drive, a share, the home folder or a POSIX path."""
_QUOTED_PATH = re.compile(rf"""(?P<quote>["'\u201c])(?P<path>{_ROOT}[^"'\u201d\n]*)(?=["'\u201d])""")
_PATH = re.compile(rf"""(?<![\w.\u2026~:/\\])(?P<path>{_ROOT}[^\s"'<>|:;,()\[\]{{}}]*)""")
_FILE_SETTING = re.compile(r'^(\w*(?:file|folder|path)\w* = )"(.*)"$', re.MULTILINE)


class Privacy:
    """Anonymizes texts for one user of one computer."""

    def __init__(self, homes: Iterable[str], users: Iterable[str], computers: Iterable[str] = ()) -> None:
        self._homes = [
            _home_pattern(home) for home in sorted(set(homes), key=len, reverse=True) if _is_own(home)
        ]
        self._names = [
            *((_name_pattern(name), USER) for name in _by_length(users)),
            *((_name_pattern(name), COMPUTER) for name in _by_length(computers)),
        ]

    @classmethod
    def of_this_user(cls) -> "Privacy":
        """Return what anonymizes the texts of the user who runs this process."""
        homes = [os.environ.get("HOME", ""), os.environ.get("USERPROFILE", "")]
        users = [os.environ.get(name, "") for name in ("USER", "USERNAME", "LOGNAME")]
        with suppress(Exception):  # there need be no home folder
            homes += [str(Path.home()), str(Path.home().resolve())]
            users.append(Path.home().name)
        with suppress(Exception):  # nor a name
            users.append(getpass.getuser())
        return cls(homes, users, [platform.node(), platform.node().partition(".")[0]])

    def clean(self, text: str) -> str:
        """Return a text with `~` for the home folder, without names, and with paths cut to their ends."""
        for home in self._homes:
            text = home.sub("~", text)
        for name, substitute in self._names:
            text = name.sub(substitute, text)
        text = _FILE_SETTING.sub(lambda match: f'{match[1]}"{_shortened(match[2])}"', text)
        text = _QUOTED_PATH.sub(lambda match: match["quote"] + _shortened(match["path"]), text)
        return _PATH.sub(lambda match: _shortened(match["path"]), text)


def _shortened(path: str) -> str:
    """Return the end of a path: of code the part that is the same everywhere, otherwise the name."""
    if code := _CODE.search(path):
        return f"\u2026/{code[1]}"
    *folders, name = re.split(_SEPARATOR, path.rstrip("/\\"))
    if not folders:
        return path
    home = "~/" if folders[0] == "~" else ""
    return home + (name if folders == ["~"] else f"\u2026/{name}")


def _home_pattern(home: str) -> re.Pattern[str]:
    """Return the pattern of a folder with any slashes, percent-encoded or escaped."""
    parts = [part for part in re.split(_SEPARATOR, home) if part]
    body = _SEPARATOR.join(f"(?:{'|'.join(map(re.escape, _spellings(part)))})" for part in parts)
    root = r"[\\/]*" if parts[0].endswith(":") else _SEPARATOR
    return re.compile(rf"(?:file:)?{root}{body}(?![\w%-])", re.IGNORECASE)


def _name_pattern(name: str) -> re.Pattern[str]:
    body = "|".join(map(re.escape, _spellings(name)))
    start = r"(?:(?<![^\W_])|(?<=\\[abfnrtv]))"  # after an escaped line break there is no word before it
    return re.compile(rf"{start}(?:{body})(?![^\W_])", re.IGNORECASE)


def _spellings(name: str) -> list[str]:
    """Return the ways in which a name stands in texts, URLs, TOML and JSON, the longest first."""
    forms = {unicodedata.normalize(form, name) for form in ("NFC", "NFD")} | {name}
    for spell in (json.dumps, ascii, quote):
        forms |= {spell(form).strip("\"'") for form in {*forms}}
    return sorted(forms, key=len, reverse=True)


def _by_length(names: Iterable[str]) -> list[str]:
    """Return the names that tell something, the longest first; a single letter can only be told in a path."""
    kept = {name for name in names if len(name) > 1 and name.lower() not in _PUBLIC_NAMES}
    return sorted(kept, key=len, reverse=True)


def _is_own(home: str) -> bool:
    """Return True for a folder that is not a root."""
    return len([part for part in re.split(_SEPARATOR, home) if part and not part.endswith(":")]) > 0

"""Brings pip into an environment whose Python has no ensurepip (Debian without python3-venv)."""

import hashlib
import html.parser
import os
import ssl
import subprocess
import urllib.parse
import urllib.request
from pathlib import Path

# One known release, so that what is run is what was tried, whatever the index says.
WHEEL = "pip-26.3-py3-none-any.whl"
SHA256 = "f3b60b20ffaadd4415ed7957212a38ac63fa4c5fa375bd0f4a797777940fad13"


class _Links(html.parser.HTMLParser):
    """The links of a page of a package index, by file name."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}

    def handle_starttag(self, tag, attrs):
        link = dict(attrs).get("href") if tag == "a" else None
        if link:
            self.found[urllib.parse.urlsplit(link).path.rpartition("/")[2]] = link


def link_to_wheel(page: str, address: str) -> str:
    """Where the wheel is, according to the index's page about pip; LookupError if it is not there."""
    links = _Links()
    links.feed(page)
    return urllib.parse.urljoin(address, links.found[WHEEL])


def download(address: str) -> bytes:
    """The content of an address, with the certificates pip itself would use."""
    trusted = ssl.create_default_context(cafile=os.environ.get("PIP_CERT"))
    with urllib.request.urlopen(address, timeout=60, context=trusted) as answer:
        return answer.read()


def bring(python: Path, folder: Path, get=download, run=subprocess.run) -> None:
    """Install pip for `python` from the package index; OSError or LookupError if that cannot be."""
    index = os.environ.get("PIP_INDEX_URL", "https://pypi.org/simple").rstrip("/") + "/pip/"
    content = get(link_to_wheel(get(index).decode(), index))
    if hashlib.sha256(content).hexdigest() != SHA256:
        raise LookupError(f"{WHEEL} from {index} is not the file it should be")
    wheel = folder / WHEEL
    wheel.write_bytes(content)
    # A wheel is a zip file that Python can run from.
    command = [str(python), str(wheel / "pip"), "install", "--quiet", "--no-index", str(wheel)]
    if run(command, capture_output=True).returncode != 0:
        raise OSError(f"{WHEEL} would not install itself")
    wheel.unlink()

"""Install pip for a Python without ensurepip (Debian without python3-venv)."""

import hashlib
import html.parser
import os
import ssl
import subprocess
import urllib.parse
import urllib.request
from pathlib import Path

# One release with a known checksum: the code that runs is the code that was tested.
WHEEL = "pip-26.3-py3-none-any.whl"
SHA256 = "f3b60b20ffaadd4415ed7957212a38ac63fa4c5fa375bd0f4a797777940fad13"


class _Links(html.parser.HTMLParser):
    """The links of a package index page, by file name."""

    def __init__(self) -> None:
        super().__init__()
        self.by_name: dict[str, str] = {}

    def handle_starttag(self, tag, attrs):
        link = dict(attrs).get("href") if tag == "a" else None
        if link:
            self.by_name[urllib.parse.urlsplit(link).path.rpartition("/")[2]] = link


def link_to_wheel(page: str, address: str) -> str:
    """Return the wheel's address from the index page about pip; raise LookupError if it is not listed."""
    links = _Links()
    links.feed(page)
    return urllib.parse.urljoin(address, links.by_name[WHEEL])


def download(address: str) -> bytes:
    """Return the content of an address, verified with the certificates that pip itself would use."""
    trusted = ssl.create_default_context(cafile=os.environ.get("PIP_CERT"))
    with urllib.request.urlopen(address, timeout=60, context=trusted) as response:
        return response.read()


def install_pip(python: Path, folder: Path, get=download, run=subprocess.run) -> None:
    """Install pip for `python` from the package index; raise OSError or LookupError on failure."""
    index = os.environ.get("PIP_INDEX_URL", "https://pypi.org/simple").rstrip("/") + "/pip/"
    content = get(link_to_wheel(get(index).decode(), index))
    if hashlib.sha256(content).hexdigest() != SHA256:
        raise LookupError(f"{WHEEL} from {index} does not have the expected checksum")
    wheel = folder / WHEEL
    wheel.write_bytes(content)
    # A wheel is a zip file that Python can run from.
    command = [str(python), str(wheel / "pip"), "install", "--quiet", "--no-index", str(wheel)]
    if run(command, capture_output=True).returncode != 0:
        raise OSError(f"{WHEEL} failed to install itself")
    wheel.unlink()

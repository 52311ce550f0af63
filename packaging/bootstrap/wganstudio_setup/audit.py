"""Known vulnerabilities of the pinned versions, as the database of OSV lists them.

https://google.github.io/osv.dev/post-v1-querybatch describes the questions and the answers.
"""

import http.client
import json
import re
import urllib.error
import urllib.request
from pathlib import Path

from .console import Problem, report

SERVICE = "https://api.osv.dev/v1/querybatch"
TIMEOUT = 60
PAGES = 20  # answers to one audit; pins that need more have thousands of advisories
PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;#]+)", re.MULTILINE)


def audit(constraints: Path) -> int:
    """Print the advisories that apply to the pinned versions; return 1 if there are any."""
    pins = PIN.findall(constraints.read_text(encoding="utf-8"))
    vulnerable = [
        (name, version, ids) for (name, version), ids in zip(pins, advisories(pins), strict=True) if ids
    ]
    for name, version, ids in vulnerable:
        report(f"{name} {version}: " + ", ".join(f"https://osv.dev/{id}" for id in ids))
    report(f"{len(vulnerable)} of {len(pins)} pinned versions have known vulnerabilities.")
    return int(bool(vulnerable))


def advisories(pins: list[tuple[str, str]]) -> list[list[str]]:
    """Return the numbers of the advisories for each name and version; Problem without a complete answer."""
    found: list[list[str]] = [[] for _ in pins]
    queries = {number: query(*pin) for number, pin in enumerate(pins)}
    for _ in range(PAGES):
        try:
            following = {}
            for number, result in zip(queries, ask(list(queries.values())), strict=True):
                found[number] += [entry["id"] for entry in result.get("vulns", [])]
                if token := result.get("next_page_token"):  # this may come without any advisory yet
                    following[number] = {**queries[number], "page_token": token}
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise Problem(
                f"{SERVICE} gave an answer that is not understood.",
                "Something between this machine and the internet may answer in its place: check the proxy.",
            ) from error
        queries = following
        if not queries:
            return found
    raise Problem(f"{SERVICE} gave no complete answer.", "Repeat the command later.")


def query(name: str, version: str) -> dict:
    """Return the question about one version; the database knows packages by their normalized names."""
    normalized = re.sub(r"[-_.]+", "-", name).lower()
    return {"package": {"name": normalized, "ecosystem": "PyPI"}, "version": version}


def ask(queries: list[dict]) -> list[dict]:
    """Return the answers to the questions, in their order; Problem if the database does not answer."""
    body = json.dumps({"queries": queries}).encode()
    request = urllib.request.Request(SERVICE, body, {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:
            return json.load(answer)["results"]
    except urllib.error.HTTPError as error:
        error.close()
        raise Problem(
            f"{SERVICE} refused the question: {error.code} {error.reason}.", "Repeat the command later."
        ) from error
    except (OSError, http.client.HTTPException) as error:
        raise Problem(
            f"The database at {SERVICE} gave no answer: {getattr(error, 'reason', error)}.",
            "Connect to the internet and repeat the command.",
        ) from error

"""Known vulnerabilities of the pinned versions, as the database of OSV lists them."""

import json
import re
import urllib.request
from pathlib import Path

from .console import Problem, report

SERVICE = "https://api.osv.dev/v1/querybatch"
TIMEOUT = 60
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
    """Return the numbers of the advisories for each name and version; Problem without an answer."""
    queries = [{"package": {"name": name, "ecosystem": "PyPI"}, "version": version} for name, version in pins]
    body = json.dumps({"queries": queries}).encode()
    request = urllib.request.Request(SERVICE, body, {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:
            results = json.load(answer)["results"]
        return [
            [entry["id"] for entry in result.get("vulns", [])]
            for _, result in zip(pins, results, strict=True)
        ]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise Problem(
            f"The database of vulnerabilities at {SERVICE} gave no answer: {error}.",
            "Connect to the internet and repeat the command.",
        ) from error

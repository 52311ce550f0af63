"""The help page of the Python interface, from its docstrings.

python tests/api_page.py          writes resources/help/python.md anew
"""

import inspect
import re
from pathlib import Path
from typing import Any

from wganstudio import api
from wganstudio.figures import figure_classes
from wganstudio.figures.request import figure_options

PAGE = Path(__file__).parents[1] / "resources" / "help" / "python.md"
INTRODUCTION = """\
# Python

Everything that a run computes is at hand in scripts and notebooks. \
`import wganstudio as ws` takes a few hundredths of a second; PyTorch is loaded once something is trained \
or computed.

```python
import wganstudio as ws

result = ws.run("first-look", steps=400)
print(result.estimates["gap"], "+-", result.estimates["gap_se"])
print(result.truths["w1"].lower, "<= W1 <=", result.truths["w1"].upper)
result.figure("landscape").savefig("landscape.png")
```

`ws.truth_of` computes the same reference costs for samples of your own, as arrays or tensors; `ws.suite` \
runs many experiments in processes of this machine and returns their tables; `ws.compare` sets runs beside \
one another.

```python
costs = ws.truth_of(x, y, cost="squared")  # samples [n, D] and [m, D]
table = ws.suite("teaching", session="teaching.wgs").tables["w1"].to_latex()
ws.compare([result, ws.run("first-look", steps=800)]).figure("landscape").savefig("both.pdf")
```

`ws.Probe` records the critic of a training loop of your own beside bounds of W1. Three lines are added, and \
the loop computes the same bits as without them:

```python
probe = ws.Probe(critic, real=real, fake=lambda n: generator(noise(n)), penalty=10.0, session="loop.wgs")
for step in range(1, steps + 1):
    ...  # a step of the loop
    probe.step(step)
probe.close()
```

`probe.show()` opens the window, which follows the session while the loop writes it; \
`wganstudio follow loop.wgs` does so from a terminal. [Lightning, Ignite and the Hugging Face \
Trainer](frameworks.md) need a callback of a few lines.

In a view of the window, **Copy Python code** gives the lines that read the session and draw this very \
figure. This page is made from the docstrings, whose examples are run by the tests.

`wganstudio notebook` writes a notebook, `congested.ipynb`, that reproduces in ten cells what the critic of \
WGAN-GP computes: its gap and value against W₁ and both congested truths as λ changes, and its gradient \
norm against the sampling density. Solvers, pairs and figures of your own come by [plugins](plugins.md).
"""
ORDER = (
    ("run", "truth", "truth_of", "open_session", "suite", "compare", "Probe", "allow_code"),
    ("Result", "SessionRun", "RecordedRun", "Session", "Runs", "FinishedSuite", "Comparison"),
    ("PrintableFigure", "PrintableDrawing", "DataTable", "MetricTable", "Truths"),
    ("RunFailed",),
)
"""Names of the interface: functions, what they return, what they raise."""
SECTION = re.compile(r"^([A-Z][a-z]+)\n-+$\n", re.MULTILINE)


def page() -> str:
    """Return the page in Markdown."""
    names = [name for group in ORDER for name in group]
    assert sorted(names) == sorted(api.__all__)
    entries = (_entry(name, getattr(api, name)) for name in names)
    return "\n".join([INTRODUCTION, *entries, _figures()])


def _figures() -> str:
    """Return the figures and their options as a table."""
    scopes = {"step": "one step", "run": "a run", "session": "runs of a session"}
    rows = [
        f"| `{name}` | {scopes[cls.scope]} | {', '.join(f'`{one}`' for one in figure_options(name))} |"
        for name, cls in figure_classes().items()
    ]
    head = ["## Figures", "", "| name | of | options |", "|---|---|---|"]
    return "\n".join([*head, *rows]) + "\n"


def _entry(name: str, described: Any) -> str:
    text = inspect.getdoc(described) or ""
    if inspect.isfunction(described):
        return f"## {name}\n\n`ws.{name}({_arguments(described)})`\n\n{_markdown(text)}"
    base = next((cls for cls in described.__mro__[1:] if cls.__name__ in api.__all__), None)
    inherited = "" if base is None else f"Also everything of [{base.__name__}](#{base.__name__.lower()}).\n\n"
    return f"## {name}\n\n{_markdown(text)}\n{inherited}{_members(described)}"


def _members(cls: type) -> str:
    lines = []
    for name, member in vars(cls).items():
        text = inspect.getdoc(member)
        if name.startswith("_") or not text:
            continue
        if inspect.isfunction(member):
            arguments = _arguments(member).removeprefix("self").removeprefix(", ")
            lines.append(f"- `{name}({arguments})`: {_inline(SECTION.split(text)[0])}")
        else:
            lines.append(f"- `{name}`: {_inline(text)}")
    return "\n".join(lines) + "\n" if lines else ""


def _arguments(function: Any) -> str:
    """Return the arguments of a function without their types."""
    parameters = inspect.signature(function).parameters.values()
    plain = [one.replace(annotation=inspect.Parameter.empty) for one in parameters]
    return str(inspect.Signature(plain))[1:-1]


def _markdown(docstring: str) -> str:
    """Return a docstring of numpydoc in Markdown."""
    head, *rest = SECTION.split(docstring)
    parts = [_paragraphs(head)]
    for title, body in zip(rest[::2], rest[1::2], strict=True):
        parts.append(_example(body) if title == "Examples" else f"**{title}**\n\n{_definitions(body)}\n")
    return "\n".join(parts)


def _paragraphs(text: str) -> str:
    return "\n\n".join(_inline(part) for part in text.strip().split("\n\n")) + "\n"


def _definitions(body: str) -> str:
    """Return a list of terms with their descriptions."""
    lines: list[str] = []
    for line in body.strip("\n").split("\n"):
        if line and not line.startswith(" "):
            term, _, kind = line.partition(" : ")
            lines.append(f"- `{term}`" + (f" ({kind})" if kind else ""))
        elif line.strip():
            joint = " " if lines[-1].endswith(":") or ": " in lines[-1] else ": "
            lines[-1] += joint + _inline(line.strip())
    return "\n".join(lines)


def _example(body: str) -> str:
    """Return the examples of a docstring as code, with what they show as comments."""
    code: list[str] = []
    parts: list[str] = []

    def end_code() -> None:
        if code:
            parts.append("```python\n" + "\n".join(code) + "\n```\n")
            code.clear()

    for line in body.strip().split("\n"):
        if line.startswith((">>> ", "... ")):
            if code and code[-1].startswith("import ") and not line.startswith(">>> import "):
                code.append("")
            code.append(line[4:])
        elif code and line.strip():
            code.append(f"# {line}")
        elif line.strip():
            end_code()
            parts.append(f"{_inline(line)}\n")
    end_code()
    return "\n".join(parts)


def _inline(text: str) -> str:
    return re.sub(r"\s*\n\s*", " ", text.strip()).replace("``", "`")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")

"""An example of every figure in print, and the structure of its files.

`python tests/support/printed_figures.py` renews `tests/data/printed.json`, with which
`tests/figures/test_printed.py` compares.
"""

import json
import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np

from figure_records.descents import descent_record
from figure_records.gaussians import gaussian_record
from figure_records.solver_records import atomic_record, generator_record, map_record
from wganstudio.experiment import override, read
from wganstudio.figures import Figure, figure_classes
from wganstudio.figures.mpl import render_files
from wganstudio.figures.panels import FigurePanel
from wganstudio.figures.print_style import JOURNALS, PrintStyle, journal_style
from wganstudio.session import RunRecord
from wganstudio.training.events import Ended, Metrics, Snapshot, Started, TruthFound, as_float32
from wganstudio.truths import Truth

GOLDEN = Path(__file__).parents[1] / "data" / "printed.json"
SVG = "{http://www.w3.org/2000/svg}"
EXAMPLES = 2
"""Examples of one figure, of different data."""
W1, COST = 1.25331, 2.81820


def _truth(quantity: str, value: float) -> TruthFound:
    bounds = {"lower": value - 1e-3, "upper": value + 1e-3}
    truth = Truth(
        quantity=quantity, value=value, method="closed form", law="the laws themselves", seconds=0.0, **bounds
    )
    return TruthFound(truth=truth)


def swept_records(suite: str = "") -> tuple[RunRecord, ...]:
    """The runs of a sweep over lambda."""
    runs = ((1, 0.1, "lp"), (2, 1.0, "lp"), (3, 10.0, "lp"), (4, 1.0, "gp"))
    return tuple(_swept_record(*one, suite) for one in runs)


def _swept_record(run: int, penalty: float, kind: str, suite: str) -> RunRecord:
    """A run that has reached the congested cost."""
    changes = {"solver.kind": kind, "solver.penalty": penalty, "training.steps": 100, "about.suite": suite}
    record = RunRecord(run, read(override({"pair": {"kind": "gaussians"}}, changes.items())))
    record.apply(Started(experiment=record.experiment.settings(), environment={}, steps=100))
    cost = W1 + COST / (4 * penalty)
    record.apply(_truth("w1", W1))
    record.apply(_truth("congested", cost))
    estimates = {"gap": 3.0, "gap_se": 0.01, "value": cost * 1.01, "value_se": 0.01}
    record.apply(Ended(step=100, reason="done", seconds=1.0, estimates=estimates, gradient={}))
    return record


def _checked_record() -> RunRecord:
    """A run of regularized transport with its accuracy and the checks of its theory."""
    record = RunRecord(1, read({"pair": {"kind": "gaussians"}, "solver": {"kind": "regularized"}}))
    for step in (1, 10, 100):
        record.apply(
            Metrics(step=step, values={"marginal": 2.0 / step, "dual_gap": 0.1, "grad2": 3.0 / step})
        )
    accuracies, epsilons = np.geomspace(1e-6, 1e-2, 20), np.geomspace(1e-3, 10, 9)
    arrays = {
        "accuracies": accuracies,
        "certified": 3 * accuracies,
        "errors": np.sqrt(accuracies),
        "bounds": 4 * np.sqrt(accuracies),
        "epsilons": epsilons,
        "lower": 1 + np.sqrt(epsilons),
        "upper": 1.01 + np.sqrt(epsilons),
        "excess": 4.6 * epsilons,
        "sizes": [8, 16, 32],
        "values": [1.5, 1.25, 1.2],
        "value_errors": [0.1, 0.05, 0.02],
    }
    attributes = {"regularizer": "entropy", "epsilon": 0.1, "exact": 1.0, "slope": 0.5}
    arrays = {name: as_float32(np.asarray(array)) for name, array in arrays.items()}
    record.apply(
        Snapshot(topic="theory-checks", step=100, recorded=True, arrays=arrays, attributes=attributes)
    )
    return record


@cache
def _sessions() -> tuple[tuple[RunRecord, ...], ...]:
    """Sessions of records; the examples are figures of the first record of each."""
    rng = np.random.default_rng(0)
    line_atoms = atomic_record([[-1.0], [0.5]], rng.normal(size=(30, 1)))
    atoms = atomic_record([[-1.0, 0.0], [1.0, 0.5], [0.0, -0.5]], rng.normal(size=(30, 2)))
    return (
        (gaussian_record(2), gaussian_record(2, until=500, ended=False)),
        (gaussian_record(1),),
        (generator_record(8, (1, 2, 4)),),
        (atoms,),
        (line_atoms,),
        (generator_record(2),),
        (map_record(2),),
        (map_record(1),),
        (_checked_record(),),
        swept_records(),
        (descent_record(),),
        (descent_record(1),),
    )


def examples() -> dict[str, Figure]:
    """Return figures by name and number of the session: one or two of every registered figure."""
    figures: dict[str, Figure] = {}
    for number, records in enumerate(_sessions()):
        for name, kind in figure_classes().items():
            if sum(isinstance(one, kind) for one in figures.values()) == EXAMPLES:
                continue
            figure = kind.from_record(records[0], None, records)
            if figure is None and len(records) > 1:
                figure = kind.from_records(records, None, records)
            if figure is not None:
                figures[f"{name}-{number}"] = figure
    return figures


def journal_styles() -> dict[str, PrintStyle]:
    """Return the style of every journal and width."""
    styles = {f"{name}-one": journal_style(name) for name in JOURNALS}
    wide = {f"{name}-two": journal_style(name, "two") for name, one in JOURNALS.items() if one.two}
    return styles | wide


def structure(figure: Figure, style: PrintStyle) -> dict[str, Any]:
    """Return what a figure's files contain, without coordinates."""
    files = render_files([FigurePanel(figure)], ("svg", "pdf"), "figure", style=style)
    root = ElementTree.fromstring(files["figure.svg"])
    names = [one.tag.removeprefix(SVG) for one in root.iter()]
    pdf = files["figure.pdf"].decode("latin-1")
    box = re.search(r"/MediaBox \[ 0 0 ([\d.]+) ([\d.]+) \]", pdf)
    assert box is not None
    return {
        "texts": [_text(one) for one in root.iter(f"{SVG}text")],
        "legend": [_text(one) for one in _legend_texts(root)],
        "paths": names.count("path") + names.count("use"),
        "images": names.count("image"),
        "page": [round(float(side) / 72, 2) for side in box.groups()],
        "fonts": sorted(set(re.findall(r"/BaseFont /(?:[A-Z]{6}\+)?([\w-]+)", pdf))),
    }


def _text(element: ElementTree.Element) -> str:
    """Return a text; the letters of a formula stand in the order of their fonts."""
    return "".join(part.strip("\n ") for part in element.itertext()).replace("\xa0", " ")


def _legend_texts(root: ElementTree.Element) -> Iterator[ElementTree.Element]:
    for group in root.iter(f"{SVG}g"):
        if group.get("id", "").startswith("legend"):
            yield from group.iter(f"{SVG}text")


def structures(names: Sequence[str] = ()) -> dict[str, dict[str, Any]]:
    """Return the structure of every example, or of some, in one column of ICML."""
    style = journal_style("icml")
    return {name: structure(one, style) for name, one in examples().items() if not names or name in names}


if __name__ == "__main__":
    GOLDEN.write_text(json.dumps(structures(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{GOLDEN} is renewed. Open the figures, too: wganstudio export --journal icml --formats pdf")

"""A figure that is registered appears everywhere; nothing else is edited."""

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np
import pytest

from wganstudio.cli import export as command
from wganstudio.cli import main
from wganstudio.export import export
from wganstudio.figures import (
    RunFigure,
    figure_classes,
    figure_names,
    figure_of,
    register_figure,
    register_plot,
    unregister_figure,
)
from wganstudio.figures.registry import plot_of
from wganstudio.session import RunRecord

ORDER = (
    "landscape",
    "gradient",
    "congestion_theorem",
    "momentum",
    "gradient_norms",
    "samples",
    "cells",
    "plan",
    "transport_map",
    "critic_descent",
    "theory_checks",
    "costs",
    "accuracy",
    "sweep",
    "field_sweep",
    "systems",
)


@dataclass(frozen=True, eq=False)
class Dummy(RunFigure):
    name: ClassVar[str] = "dummy_figure"
    position: ClassVar[int] = 15

    @classmethod
    def from_record(
        cls, record: RunRecord, step: int | None = None, among: Sequence[RunRecord] = ()
    ) -> Self | None:
        return cls(title="Dummy", caption=record.name)

    def tables(self):
        return {"": {"x": np.arange(3)}}


@pytest.fixture
def dummy():
    register_figure(Dummy)

    @register_plot(Dummy, lambda figure, width: 0.5 * width)
    def draw(mpl_figure, figure):
        mpl_figure.add_subplot().set(xlabel="dummy axis")

    yield Dummy
    unregister_figure(Dummy)


def test_the_figures_have_a_stable_order_and_each_has_a_plot():
    assert figure_names() == ORDER
    for cls in figure_classes().values():
        assert plot_of(cls).draw.__module__ == f"wganstudio.figures.{cls.name}.plot"


def test_former_names_are_understood(plane_record):
    for former, name in (("law", "congestion_theorem"), ("slope", "gradient_norms")):
        assert figure_of(plane_record, former).name == name


def test_a_registered_figure_is_exported(dummy, line_record, tmp_path):
    assert figure_names()[:3] == ("landscape", "dummy_figure", "gradient")
    names = [file.name for file in export(line_record, tmp_path, ["svg", "csv"])]
    assert any(name.endswith("-dummy-figure.svg") for name in names)
    assert any(name.endswith("-dummy-figure.csv") for name in names)
    assert "dummy axis" in next(tmp_path.glob("*-dummy-figure.svg")).read_text(encoding="utf-8")


def test_a_registered_figure_is_exported_by_the_terminal(dummy, line_record, tmp_path, monkeypatch, capsys):
    class Session:
        def close(self):
            pass

        def records(self):
            return [line_record]

    monkeypatch.setattr(command.Document, "open", lambda path, progress: Session())
    assert main(["export", "a.wgs", "--to", str(tmp_path), "--formats", "csv"]) == 0
    assert "-dummy-figure.csv" in capsys.readouterr().out


def test_a_name_is_registered_once(dummy):
    @dataclass(frozen=True, eq=False)
    class Other(Dummy):
        pass

    with pytest.raises(ValueError, match="already registered"):
        register_figure(Other)


def test_figures_import_neither_matplotlib_nor_torch_nor_qt():
    code = (
        "import sys; from wganstudio.figures import figure_names; figure_names(); "
        "print([m for m in ('matplotlib', 'torch', 'PySide6') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"

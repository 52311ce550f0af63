"""The arguments of the commands that write what others are to read or use."""

import argparse
from pathlib import Path

from wganstudio.cli.whole_numbers import whole


def add_publishing(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the commands to the parser."""
    _add_report(commands)
    _add_cite(commands)
    _add_table(commands)
    _add_animate(commands)
    _add_export_model(commands)
    _add_tensorboard(commands)
    _add_notebook(commands)


def add_allow_code(command: argparse.ArgumentParser) -> None:
    """Add the argument that allows code of the user's."""
    command.add_argument(
        "--allow-code",
        action="append",
        default=[],
        metavar="MODULE|FILE",
        help="import this module, or run this TorchScript file, where a network of kind `own` names it; "
        "repeatable; give it only for code that you trust",
    )


def _add_report(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    report = commands.add_parser(
        "report", help="write one HTML file about a run, a comparison of runs, or a suite"
    )
    _add_runs(report, "the suite of the session, else the newest run")
    report.add_argument(
        "--out", type=Path, metavar="FILE.html", help="the file (default: named as the session, beside it)"
    )
    report.set_defaults(command=_report)


def _add_cite(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    cite = commands.add_parser("cite", help="print a methods paragraph and BibTeX entries for runs")
    _add_runs(cite, "the newest run")
    cite.add_argument("--latex", action="store_true", help="print the paragraph in LaTeX, with \\cite")
    cite.add_argument("--bibtex", action="store_true", help="print the BibTeX entries alone")
    cite.set_defaults(command=_cite)


def _add_table(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    table = commands.add_parser("table", help="print a table of runs: settings that differ, metrics, truths")
    _add_runs(table, "all runs")
    table.add_argument("--format", choices=("text", "csv", "latex", "markdown"), default="text")
    table.add_argument(
        "--columns",
        metavar="KEY,...",
        help="columns such as setting:solver.penalty,final:gap,best:cos,last:value,truth:w1,name,step,time "
        "(default: what differs, and what was measured)",
    )
    table.add_argument("--groups", action="store_true", help="add the means of runs that differ only in seed")
    table.set_defaults(command=_table)


def _add_animate(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    animate = commands.add_parser(
        "animate", help="write a figure as GIF or MP4: over the steps of a run, or over several runs"
    )
    animate.add_argument("figure", metavar="FIGURE", help="such as landscape, gradient, samples")
    _add_runs(animate, "the newest run; several are the frames, in the order of their settings")
    animate.add_argument("--out", type=Path, required=True, metavar="FILE.gif|FILE.mp4")
    animate.add_argument("--fps", type=whole, default=10, help="frames per second (default: 10)")
    animate.add_argument("--width", type=whole, default=720, help="width in pixels (default: 720)")
    animate.add_argument("--frames", type=whole, default=120, help="most frames (default: 120)")
    animate.add_argument("--once", action="store_true", help="let a GIF stop at its end")
    animate.set_defaults(command=_animate)


def _add_export_model(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    export = commands.add_parser(
        "export-model", help="write the trained networks of a run as safetensors and ONNX"
    )
    _add_runs(export, "the newest run")
    export.add_argument("--to", type=Path, required=True, metavar="DIR", help="output folder")
    export.add_argument(
        "--networks",
        default="critic,generator,map",
        help="comma-separated list (default: all there are)",
    )
    export.add_argument("--formats", default="safetensors,onnx", help="comma-separated list (default: both)")
    add_allow_code(export)
    export.set_defaults(command=_export_model)


def _add_tensorboard(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    logs = commands.add_parser("tensorboard", help="write the curves of runs as logs of TensorBoard")
    _add_runs(logs, "all runs")
    logs.add_argument("--to", type=Path, required=True, metavar="DIR", help="output folder")
    logs.set_defaults(command=_tensorboard)


def _add_notebook(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    notebook = commands.add_parser(
        "notebook", help="write a notebook that reproduces what the critic of WGAN-GP computes"
    )
    notebook.add_argument(
        "--out",
        type=Path,
        default=Path("congested.ipynb"),
        metavar="FILE.ipynb",
        help="the file, which must not exist (default: congested.ipynb)",
    )
    notebook.set_defaults(command=_notebook)


def _add_runs(command: argparse.ArgumentParser, default: str) -> None:
    command.add_argument("session", type=Path, metavar="FILE.wgs")
    command.add_argument(
        "--run",
        type=whole,
        nargs="+",
        action="extend",
        default=[],
        metavar="N",
        help=f"numbers of runs (default: {default})",
    )


def _report(options: argparse.Namespace) -> int:
    from wganstudio.cli.publishing import report

    return report(options)


def _cite(options: argparse.Namespace) -> int:
    from wganstudio.cli.publishing import cite

    return cite(options)


def _table(options: argparse.Namespace) -> int:
    from wganstudio.cli.publishing import table

    return table(options)


def _animate(options: argparse.Namespace) -> int:
    from wganstudio.cli.publishing_files import animate

    return animate(options)


def _export_model(options: argparse.Namespace) -> int:
    from wganstudio.cli.publishing_files import export_model

    return export_model(options)


def _tensorboard(options: argparse.Namespace) -> int:
    from wganstudio.cli.publishing_files import tensorboard

    return tensorboard(options)


def _notebook(options: argparse.Namespace) -> int:
    from wganstudio.cli.notebook import notebook

    return notebook(options)

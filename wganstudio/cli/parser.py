"""The command line's words."""

import argparse
from pathlib import Path

import wganstudio

COMMANDS = ("run", "truth", "presets", "export", "suite")
FORMATS = ("png", "svg", "pdf", "csv")


def parser() -> argparse.ArgumentParser:
    """The parser of all commands; each sets `act`, the function that does it."""
    top = argparse.ArgumentParser(
        prog="wganstudio",
        description="See what the critic of a Wasserstein GAN really computes. Without a command: the window "
        "(wganstudio [--preset NAME] [--run] [FILE.wgs|FILE.toml]).",
    )
    top.add_argument("--version", action="version", version=f"WGAN Studio {wganstudio.__version__}")
    commands = top.add_subparsers(metavar="COMMAND", required=True)

    run = commands.add_parser("run", help="train a critic and compare it with the truth")
    _add_experiment(run)
    run.add_argument("--session", type=Path, metavar="FILE.wgs", help="record the run in this document")
    run.set_defaults(act=_run)

    truth = commands.add_parser("truth", help="compute the reference costs of a pair")
    _add_experiment(truth)
    truth.set_defaults(act=_truth)

    presets = commands.add_parser("presets", help="list the shipped experiments")
    presets.add_argument("--json", action="store_true", help="as one JSON array on stdout")
    presets.set_defaults(act=_presets)

    export = commands.add_parser("export", help="write figures and tables from a session")
    export.add_argument("session", type=Path, metavar="FILE.wgs")
    export.add_argument("--to", type=Path, required=True, metavar="DIR", help="the folder to write to")
    export.add_argument(
        "--formats", default=",".join(FORMATS), help="any of png,svg,pdf,csv, separated by commas"
    )
    export.add_argument("--dpi", type=int, default=300, help="dots per inch of PNG files")
    export.set_defaults(act=_export)

    _add_suite(commands)
    return top


def _add_suite(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    from wganstudio.training.metric_registry import metrics  # here: the window starts without it

    suite = commands.add_parser("suite", help="run solvers x pairs x seeds, and print their table")
    acts = suite.add_subparsers(metavar="ACT", required=True)

    run = acts.add_parser("run", help="run a suite, or the rest of it")
    run.add_argument("suite", metavar="NAME|FILE.toml", help="a shipped suite's name or a suite's file")
    run.add_argument("--out", type=Path, metavar="FILE.wgs", help="record here (default: the suite's name)")
    run.add_argument("--resume", action="store_true", help="go on with the session where it stopped")
    run.add_argument("--workers", type=_count, metavar="N", help="processes here (default: one a core)")
    run.add_argument(
        "--cluster",
        metavar="ADDRESS",
        help="a Dask scheduler, tcp://HOST:PORT, whose workers run the suite; it must be trusted, as it can "
        "run any code here and there",
    )
    run.add_argument(
        "--pairs",
        type=Path,
        metavar="FOLDER",
        help="where the published pair files are (or WGANSTUDIO_PAIRS; default: beside the suite's file)",
    )
    run.set_defaults(act=_suite_run)

    show = acts.add_parser("show", help="print the table of a suite's session, finished or not")
    show.add_argument("session", type=Path, metavar="FILE.wgs")
    show.add_argument("--table", choices=tuple(metrics()), default="cos")
    show.add_argument("--format", choices=("text", "csv", "latex", "json"), default="text")
    show.add_argument(
        "--published",
        type=Path,
        metavar="FOLDER",
        help="published tables to compare with, dim_D_funnels_N.csv (or WGANSTUDIO_PUBLISHED)",
    )
    show.add_argument("--figure", type=Path, metavar="FILE", help="also draw a heat map: .pdf, .svg or .png")
    show.set_defaults(act=_suite_show)


def _count(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 1024:
        raise argparse.ArgumentTypeError(f"{text!r} will not do; give a whole number from 1 to 1024")
    return int(text)


def _add_experiment(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "experiment", metavar="NAME|FILE.toml", help="a preset's name or an experiment's file"
    )
    command.add_argument(
        "--set",
        dest="changes",
        action="append",
        default=[],
        metavar="GROUP.FIELD=VALUE",
        help="change one setting; the value is a TOML literal or a plain text",
    )
    command.add_argument("--steps", help="training.steps")
    command.add_argument("--seed", help="training.seed")
    command.add_argument("--json", action="store_true", help="one JSON value on stdout")


def _run(options: argparse.Namespace) -> int:
    from wganstudio.cli.run import run

    return run(options)


def _truth(options: argparse.Namespace) -> int:
    from wganstudio.cli.truth import truth

    return truth(options)


def _presets(options: argparse.Namespace) -> int:
    from wganstudio.cli.presets import presets

    return presets(options)


def _export(options: argparse.Namespace) -> int:
    from wganstudio.cli.export import export

    return export(options)


def _suite_run(options: argparse.Namespace) -> int:
    from wganstudio.cli.suite import run

    return run(options)


def _suite_show(options: argparse.Namespace) -> int:
    from wganstudio.cli.suite import show

    return show(options)

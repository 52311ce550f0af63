"""The parser of the command line."""

import argparse
from pathlib import Path

import wganstudio
from wganstudio.cli.publishing_parser import add_allow_code, add_publishing
from wganstudio.cli.whole_numbers import whole as _whole

COMMANDS = (
    *("run", "resume", "truth", "presets", "data", "export", "suite", "diagnostics"),
    *("report", "cite", "table", "animate", "export-model", "tensorboard", "notebook", "follow"),
)


def parser(command: str) -> argparse.ArgumentParser:
    """Return the parser of all commands; each sets `command`, the function that runs it.

    The arguments of `export` are there if `command` names it: their choices are those of the figures, whose
    modules take longer to import than other commands take.
    """
    top = argparse.ArgumentParser(
        prog="wganstudio",
        description="See what the critic of a Wasserstein GAN computes, next to certified reference values. "
        "Without a command, the window opens: wganstudio [--preset NAME] [--run] [FILE.wgs|FILE.toml].",
    )
    top.add_argument("--version", action="version", version=f"WGAN Studio {wganstudio.__version__}")
    commands = top.add_subparsers(metavar="COMMAND", required=True)

    run = commands.add_parser("run", help="train a critic and compare it with the reference costs")
    _add_experiment(run)
    run.add_argument("--session", type=Path, metavar="FILE.wgs", help="record the run in this session")
    _add_ignore_memory(run)
    add_allow_code(run)
    run.set_defaults(command=_run, stops_in_order=True)

    _add_resume(commands)

    truth = commands.add_parser("truth", help="compute the certified reference costs of a pair")
    _add_experiment(truth)
    truth.set_defaults(command=_truth)

    presets = commands.add_parser("presets", help="list the presets")
    presets.add_argument("--json", action="store_true", help="print one JSON array")
    presets.set_defaults(command=_presets)

    _add_data(commands)
    export = commands.add_parser("export", help="export figures and tables from a session")
    if command == "export":
        _add_export(export)
    _add_suite(commands)
    _add_follow(commands)
    _add_diagnostics(commands)
    add_publishing(commands)
    return top


def _add_resume(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    resume = commands.add_parser("resume", help="continue a stopped, crashed or finished run of a session")
    resume.add_argument("session", type=Path, metavar="FILE.wgs")
    resume.add_argument("--run", type=_whole, metavar="N", help="number of the run (default: the newest)")
    resume.add_argument(
        "--steps", type=_whole, metavar="M", help="train to this step (default: as planned for the run)"
    )
    resume.add_argument(
        "--device",
        choices=("auto", "cpu", "cuda", "mps"),
        help="continue on another device, such as cpu where the GPU of the run is gone",
    )
    _add_ignore_memory(resume)
    add_allow_code(resume)
    resume.add_argument("--json", action="store_true", help="print one JSON object, as `run --json` does")
    resume.set_defaults(command=_resume, stops_in_order=True)


def _add_data(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    data = commands.add_parser("data", help="show how a file of data is read, and what it contains")
    data.add_argument("file", type=Path, metavar="FILE", help="a table, or images as a file or a folder")
    data.add_argument(
        "--set",
        dest="changes",
        action="append",
        default=[],
        metavar="pair.FIELD=VALUE",
        help="change how the file is read, such as pair.delimiter=semicolon; repeatable",
    )
    data.add_argument("--json", action="store_true", help="print one JSON object")
    data.set_defaults(command=_data)


def _add_export(export: argparse.ArgumentParser) -> None:
    from wganstudio.export import DEFAULT_FORMATS, FORMATS
    from wganstudio.figures.print_style import COLOR_MAPS, COLUMNS, FAMILIES, JOURNALS

    export.add_argument("session", type=Path, metavar="FILE.wgs")
    export.add_argument("--to", type=Path, required=True, metavar="DIR", help="output folder")
    export.add_argument(
        "--formats",
        default=",".join(DEFAULT_FORMATS),
        help=f"comma-separated list of {', '.join(FORMATS)} (default: all but pgf)",
    )
    export.add_argument(
        "--dpi", type=int, default=300, help="resolution of PNG files in dots per inch (default: 300)"
    )
    export.add_argument("--figures", metavar="NAMES", help="comma-separated names of figures (default: all)")
    export.add_argument("--runs", metavar="NUMBERS", help="comma-separated numbers of runs (default: all)")
    export.add_argument("--step", type=_whole, metavar="N", help="a recorded step (default: the newest)")
    export.add_argument(
        "--panels",
        action="store_true",
        help="print all the figures as one, with the letters (a), (b), ...",
    )
    export.add_argument(
        "--journal",
        choices=tuple(JOURNALS),
        help="width and fonts of a journal, without title and caption; options below change single settings",
    )
    export.add_argument(
        "--columns",
        choices=COLUMNS,
        default="one",
        help="width of one column of the journal or of both (default: one)",
    )
    export.add_argument("--width", type=float, metavar="INCHES", help="width of a figure")
    export.add_argument("--font", choices=FAMILIES, help="font (default: sans)")
    export.add_argument("--font-size", type=float, metavar="POINTS", help="size of labels (default: 7.5)")
    export.add_argument("--color-map", choices=COLOR_MAPS, help="color map of all maps")
    export.add_argument("--title", action=argparse.BooleanOptionalAction, help="print a title above")
    export.add_argument("--caption", action=argparse.BooleanOptionalAction, help="print the caption below")
    export.add_argument(
        "--caption-tex", action="store_true", help="write the caption of each figure as a .tex file beside it"
    )
    export.set_defaults(command=_export)


def _add_suite(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    suite = commands.add_parser("suite", help="run a matrix of solvers, pairs and seeds, and print its table")
    actions = suite.add_subparsers(metavar="ACTION", required=True)

    run = actions.add_parser("run", help="run a suite")
    run.add_argument("suite", metavar="NAME|FILE.toml", help="name of a shipped suite, or a TOML file")
    run.add_argument(
        "--out", type=Path, metavar="FILE.wgs", help="session to record in (default: named as the suite)"
    )
    run.add_argument("--resume", action="store_true", help="continue a session without repeating runs")
    run.add_argument("--workers", type=_count, metavar="N", help="local processes (default: one per core)")
    run.add_argument(
        "--cluster",
        metavar="ADDRESS",
        help="run on the workers of the Dask scheduler at tcp://HOST:PORT; connect only to a scheduler that "
        "you trust: it can run any code on this machine",
    )
    run.add_argument(
        "--pairs",
        type=Path,
        metavar="FOLDER",
        help="folder of the published pair files (or WGANSTUDIO_PAIRS; default: that of the suite)",
    )
    _add_ignore_memory(run)
    add_allow_code(run)
    run.set_defaults(command=_suite_run, stops_in_order=True)

    show = actions.add_parser("show", help="print a table of a suite's session")
    show.add_argument("session", type=Path, metavar="FILE.wgs")
    show.add_argument(
        "--table",
        metavar="NAME",
        help="one of the tables that the session has numbers for (default: the first)",
    )
    show.add_argument("--format", choices=("text", "csv", "latex", "markdown", "json"), default="text")
    show.add_argument(
        "--published",
        type=Path,
        metavar="FOLDER",
        help="folder of published tables to compare with, dim_D_funnels_N.csv (or WGANSTUDIO_PUBLISHED)",
    )
    show.add_argument("--figure", type=Path, metavar="FILE", help="also write a heat map: .pdf, .svg or .png")
    show.set_defaults(command=_suite_show)


def _add_ignore_memory(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--ignore-memory",
        action="store_true",
        help="start even if more memory is needed than available, as far as can be estimated",
    )


def _add_follow(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    follow = commands.add_parser(
        "follow", help="open the window with a session that another program writes, and keep up with it"
    )
    follow.add_argument("session", type=Path, metavar="FILE.wgs")


def _add_diagnostics(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    diagnostics = commands.add_parser(
        "diagnostics",
        help="print versions and the last log lines for a bug report, without personal names and folders",
    )
    diagnostics.add_argument(
        "session",
        type=Path,
        nargs="?",
        metavar="FILE.wgs",
        help="add experiment and error of the newest run of this session",
    )
    diagnostics.set_defaults(command=_diagnostics)


def _count(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 1024:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1 to 1,024")
    return int(text)


def _add_experiment(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "experiment", metavar="NAME|FILE.toml", help="name of a preset, or a TOML file of an experiment"
    )
    command.add_argument(
        "--set",
        dest="changes",
        action="append",
        default=[],
        metavar="GROUP.FIELD=VALUE",
        help="change one setting; a list stands in [ ], separated by commas; repeatable, the last wins",
    )
    command.add_argument("--steps", help="number of steps (training.steps)")
    command.add_argument("--seed", help="random seed (training.seed)")
    command.add_argument("--json", action="store_true", help="print one JSON object")


def _run(options: argparse.Namespace) -> int:
    from wganstudio.cli.run import run

    return run(options)


def _resume(options: argparse.Namespace) -> int:
    from wganstudio.cli.resume import resume

    return resume(options)


def _truth(options: argparse.Namespace) -> int:
    from wganstudio.cli.truth import truth

    return truth(options)


def _presets(options: argparse.Namespace) -> int:
    from wganstudio.cli.presets import presets

    return presets(options)


def _data(options: argparse.Namespace) -> int:
    from wganstudio.cli.data import data

    return data(options)


def _export(options: argparse.Namespace) -> int:
    from wganstudio.cli.export import export

    return export(options)


def _suite_run(options: argparse.Namespace) -> int:
    from wganstudio.cli.suite import run

    return run(options)


def _suite_show(options: argparse.Namespace) -> int:
    from wganstudio.cli.suite import show

    return show(options)


def _diagnostics(options: argparse.Namespace) -> int:
    from wganstudio.cli.diagnostics import diagnostics

    return diagnostics(options)

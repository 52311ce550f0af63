"""The command line's words."""

import argparse
from pathlib import Path

import wganstudio

COMMANDS = ("run", "truth", "presets", "export")
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
    return top


def _add_experiment(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "experiment", metavar="NAME|FILE.toml", help="a preset's name or an experiment's file"
    )
    command.add_argument(
        "--set", dest="changes", action="append", default=[], metavar="GROUP.FIELD=VALUE",
        help="change one setting; the value is a TOML literal or a plain text",
    )  # fmt: skip
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

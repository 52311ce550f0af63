"""Files that the killed processes work on, made once by processes that end undisturbed."""

import shutil
from multiprocessing.process import BaseProcess
from pathlib import Path
from time import monotonic, sleep

import numpy as np

from killing.activities import ERRORS, EXPERIMENT, FIGURES, HOT, OLD, SESSION, SUITE, TARGET, Order, serve
from killing.moments import NEVER, Moment
from killing.notes import Reader
from killing.starter import Starter
from killing.victims import children, kill_all
from wganstudio.session import Document
from wganstudio.training.events import Checkpoint

PATIENCE = 180.0
EVALUATION = "evaluation = {interval = 50, samples = 64, final_samples = 1024, resolution = 8}\n"
ENDLESS = "endless"
EXPERIMENTS = {
    ENDLESS: """
pair = {kind = "ray-monotone", dim = 3}
critic = {width = 64}
solver = {kind = "gp"}
training = {batch = 64, seed = 5, steps = 1000000}
""",
    "small": """
pair = {kind = "ray-monotone", dim = 3}
critic = {width = 8}
solver = {kind = "lp"}
training = {batch = 16, seed = 2, steps = 800}
""",
    "wide": """
pair = {kind = "ray-monotone", dim = 3}
critic = {width = 192, depth = 3}
solver = {kind = "gp"}
training = {batch = 16, seed = 3, steps = 400}
""",
    "generator": """
pair = {kind = "classics", p = "eight-gaussians", q = "gaussian"}
critic = {width = 16}
solver = {kind = "lp"}
generator = {kind = "affine", critic_steps = 2}
training = {batch = 32, seed = 4, steps = 400}
""",
}
SUITE_TEXT = """
title = "Killed"
keep = "pictures"
[budget]
steps = 80
[shared]
training = {batch = 32}
critic = {width = 8}
truth = {kind = "best"}
evaluation = {samples = 64, final_samples = 1024, resolution = 8}
[pairs.funnels]
pair = {kind = "ray-monotone", dim = 3}
[[matrix]]
solvers = ["wc", "lp"]
pairs = ["funnels"]
seeds = [0, 1]
"""
OLD_SESSIONS = Path(__file__).parents[2] / "data" / "version4"
LARGE = 2_000_000
"""Numbers in the session with a journal, whose recovery takes a moment."""


class Materials:
    """A folder of finished, interrupted and older sessions; what is there is not made again."""

    def __init__(self, folder: Path, starter: Starter) -> None:
        self._folder = folder.resolve()
        self._starter = starter

    def put(self, kind: str, experiment: str, folder: Path, *, over_hot: bool) -> None:
        """Copy what a kind of activity needs into its folder."""
        (folder / EXPERIMENT).write_text(EXPERIMENTS[experiment] + EVALUATION)
        (folder / SUITE).write_text(SUITE_TEXT)
        if kind in ("save", "export", "window"):
            ends = "small" if experiment == ENDLESS else experiment
            shutil.copy(self.finished(ends) / SESSION, folder)
        if kind == "resume":
            _copy(self.interrupted(experiment), folder, SESSION)
        if kind == "recover":
            _copy(self.hot(), folder, HOT)
        if over_hot:
            _copy(self.hot(), folder, HOT, TARGET)
        if kind == "migrate":
            shutil.copy(OLD_SESSIONS / "lp.wgs", folder / OLD)

    def finished(self, experiment: str) -> Path:
        """Return the folder of a run that was never interrupted: its session and its result."""
        folder = self._folder / f"finished-{experiment}"
        if not folder.exists():
            self._make(folder, experiment, "run")
        return folder

    def interrupted(self, experiment: str) -> Path:
        """Return the folder of a session whose writer was killed amid a run."""
        folder = self._folder / f"interrupted-{experiment}"
        if not folder.exists():
            self._make(folder, experiment, "run", Moment("state", 3), state_seconds=0.2)
        return folder

    def hot(self) -> Path:
        """Return the folder of a large session with a journal that must be rolled back."""
        folder = self._folder / "hot"
        if not folder.exists():
            source = self.finished("small") / SESSION
            self._make(folder, "small", "make hot", Moment("commit"), source=source, small_cache=True)
        return folder

    def figures(self, experiment: str) -> Path:
        """Return the folder of the figures of a finished run."""
        folder = self._folder / f"figures-{experiment}"
        if not folder.exists():
            self._make(folder, experiment, "export once", source=self.finished(experiment) / SESSION)
        return folder / FIGURES

    def _make(
        self,
        folder: Path,
        experiment: str,
        kind: str,
        moment: Moment = NEVER,
        *,
        source: Path | None = None,
        small_cache: bool = False,
        state_seconds: float = 4.0,
    ) -> None:
        draft = folder.with_name(f"{folder.name}-draft")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(parents=True)
        self.put("", experiment, draft, over_hot=False)
        if source is not None:
            shutil.copy(source, draft / SESSION)
            if kind == "make hot":
                shutil.copy(source, draft / HOT)
                _enlarge(draft / HOT)
        order = Order(kind, draft, moment, small_cache, state_seconds)
        process = self._starter.start(serve, order)
        if moment.name:
            _wait_for_moment(process, draft)
            kill_all(process, children(Reader(draft)))
        process.join(PATIENCE)
        if not moment.name and process.exitcode != 0:
            raise RuntimeError(f"{kind} ended with {process.exitcode}: {(draft / ERRORS).read_text()}")
        draft.rename(folder)


def _wait_for_moment(process: BaseProcess, folder: Path) -> None:
    reader, deadline = Reader(folder), monotonic() + PATIENCE
    while process.is_alive() and monotonic() < deadline:
        reader.update()
        if reader.has("moment"):
            return
        sleep(0.01)
    raise RuntimeError(f"the moment never came: {(folder / ERRORS).read_text()}")


def _copy(source: Path, folder: Path, name: str, copy: str = "") -> None:
    """Copy a session with the journal that its writer left beside it."""
    for suffix in ("", "-journal"):
        if (file := source / f"{name}{suffix}").exists():
            shutil.copy(file, folder / f"{copy or name}{suffix}")


def _enlarge(session: Path) -> None:
    document = Document.open(session, read_only=False)
    experiment = document.records()[0].experiment
    run = document.add_run(experiment)
    numbers = np.random.default_rng(0).normal(size=LARGE).astype(np.float32)
    document.append(run, Checkpoint(step=1, arrays={"numbers": numbers}))
    document.close()

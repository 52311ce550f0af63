"""The suite of five solvers on one pair."""

from wganstudio import resources
from wganstudio.experiment import Experiment, load
from wganstudio.suites.plan import suite_of

SUITE = "five-systems"


def five_systems(experiment: Experiment) -> list[Experiment]:
    """Return the experiments of the shipped suite on the pair of an experiment, with its seed.

    BadExperiment or SuiteError, with one sentence, if one of them is impossible.
    """
    path = resources.path("suites", f"{SUITE}.toml")
    settings = dict(load(path))
    groups = ("pair", "perturbation", "truth")
    own = {group: getattr(experiment, group).settings() for group in groups}
    settings["pairs"] = {"this": own | {"evaluation": _plane(experiment)}}
    (block,) = settings["matrix"]
    settings["matrix"] = [block | {"pairs": ["this"], "seeds": [experiment.training.seed]}]
    experiments = suite_of(settings, path.parent).experiments
    return [
        run.model_copy(update={"about": run.about.model_copy(update={"name": cell.solver})})
        for cell, run in experiments.items()
    ]


def _plane(experiment: Experiment) -> dict[str, object]:
    """Return the settings of the plane that the views show; all five solvers share it."""
    evaluation = experiment.evaluation.settings()
    return {
        name: evaluation[name] for name in ("resolution", "plane", "axes", "points") if name in evaluation
    }

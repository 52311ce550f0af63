"""The five systems on one pair: what each of them computes there."""

from wganstudio import resources
from wganstudio.experiment import Experiment, load
from wganstudio.suites.plan import suite_of

SUITE = "five-systems"


def systems(experiment: Experiment) -> list[Experiment]:
    """The experiments of the shipped suite, on this one's pair and from its seed.

    BadExperiment or SuiteError, in one sentence, where one of them cannot be.
    """
    path = resources.path("suites", f"{SUITE}.toml")
    settings = dict(load(path))
    groups = ("pair", "perturbation", "truth")
    here = {group: getattr(experiment, group).settings() for group in groups}
    settings["pairs"] = {"this": here | {"evaluation": _shown(experiment)}}
    (block,) = settings["matrix"]
    settings["matrix"] = [block | {"pairs": ["this"], "seeds": [experiment.training.seed]}]
    made = suite_of(settings, path.parent).experiments
    return [
        one.model_copy(update={"about": one.about.model_copy(update={"name": cell.solver})})
        for cell, one in made.items()
    ]


def _shown(experiment: Experiment) -> dict[str, object]:
    """The plane that is shown, which all of them share."""
    evaluation = experiment.evaluation.settings()
    return {
        name: evaluation[name] for name in ("resolution", "plane", "axes", "points") if name in evaluation
    }

"""The experiment: the typed description of one run, and the options of every kind.

Form, TOML, session and command line are views of it. Imports neither torch nor POT.
"""

from wganstudio.experiment import (  # built-in kinds
    critics,
    data,
    generators,
    images,
    pairs,
    perturbations,
    regularised,
    semi_discrete,
    sigmas,
    solvers,
    truths,
)
from wganstudio.experiment.experiment import About, Evaluation, Experiment, Training
from wganstudio.experiment.ground import Ground
from wganstudio.experiment.options import (
    AUTO,
    CriticOptions,
    GeneratorOptions,
    Kind,
    Options,
    PairOptions,
    PerturbationOptions,
    SigmaOptions,
    SolverOptions,
    TruthOptions,
    extra,
    option,
)
from wganstudio.experiment.presets import Preset, preset, presets
from wganstudio.experiment.reading import (
    BadExperiment,
    Problem,
    checked,
    default_settings,
    group_options,
    load,
    override,
    read,
    to_toml,
)
from wganstudio.experiment.registry import forget, groups, kinds, register

__all__ = [
    "AUTO",
    "About",
    "BadExperiment",
    "CriticOptions",
    "Evaluation",
    "Experiment",
    "GeneratorOptions",
    "Ground",
    "Kind",
    "Options",
    "PairOptions",
    "PerturbationOptions",
    "Preset",
    "Problem",
    "SigmaOptions",
    "SolverOptions",
    "Training",
    "TruthOptions",
    "checked",
    "critics",
    "data",
    "default_settings",
    "extra",
    "forget",
    "generators",
    "group_options",
    "groups",
    "images",
    "kinds",
    "load",
    "option",
    "override",
    "pairs",
    "perturbations",
    "preset",
    "presets",
    "read",
    "register",
    "regularised",
    "semi_discrete",
    "sigmas",
    "solvers",
    "to_toml",
    "truths",
]

"""The experiment: the typed description of one run, and the options of every kind.

Form, TOML, session and command line are views of it. Imports neither torch nor POT.
"""

from wganstudio.experiment import (  # built-in kinds
    convex,
    critics,
    data,
    external,
    generators,
    images,
    pairs,
    perturbations,
    regularized,
    semi_discrete,
    sigmas,
    solvers,
    truths,
)
from wganstudio.experiment.differences import (
    ABSENT,
    ComparedField,
    apply_differences,
    compare,
    differing_fields,
)
from wganstudio.experiment.experiment import AboutOptions, EvaluationOptions, Experiment, TrainingOptions
from wganstudio.experiment.ground import GroundCost
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
from wganstudio.experiment.parsing import (
    checked,
    default_settings,
    group_options,
    load,
    override,
    read,
    to_toml,
)
from wganstudio.experiment.presets import Preset, preset, preset_of, presets
from wganstudio.experiment.problem import BadExperiment, Problem
from wganstudio.experiment.registry import forget, groups, kinds, register
from wganstudio.experiment.typed_text import override_texts, parse_text

__all__ = [
    "ABSENT",
    "AUTO",
    "AboutOptions",
    "BadExperiment",
    "ComparedField",
    "CriticOptions",
    "EvaluationOptions",
    "Experiment",
    "GeneratorOptions",
    "GroundCost",
    "Kind",
    "Options",
    "PairOptions",
    "PerturbationOptions",
    "Preset",
    "Problem",
    "SigmaOptions",
    "SolverOptions",
    "TrainingOptions",
    "TruthOptions",
    "apply_differences",
    "checked",
    "compare",
    "convex",
    "critics",
    "data",
    "default_settings",
    "differing_fields",
    "external",
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
    "override_texts",
    "pairs",
    "parse_text",
    "perturbations",
    "preset",
    "preset_of",
    "presets",
    "read",
    "register",
    "regularized",
    "semi_discrete",
    "sigmas",
    "solvers",
    "to_toml",
    "truths",
]

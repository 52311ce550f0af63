"""Module constants under which a run computes what it shows besides its training coarsely."""

import importlib

SIGMA = {"wganstudio.fields.sigma.SAMPLES": 1 << 15}
REFERENCES = {
    "wganstudio.truths.known_plans._MAX_SAMPLES": 1 << 16,
    "wganstudio.training.flow.CELLS": 64,
}
THEORY_CHECKS = {
    "wganstudio.training.regularization_checks.POINTS": 12,
    "wganstudio.training.regularization_checks.SIZES": (8, 16),
    "wganstudio.training.regularization_checks.IN_ALL": 32,
}
DESCENT = {"wganstudio.training.critic_descent.DRAWS": 2}


def apply() -> None:
    """Set the constants for good, in a process that forks the workers, those of sigma excepted."""
    for name, value in (REFERENCES | THEORY_CHECKS | DESCENT).items():
        module, _, constant = name.rpartition(".")
        setattr(importlib.import_module(module), constant, value)

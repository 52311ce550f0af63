"""Options of networks that were made elsewhere: a TorchScript file, or a class of the user with weights."""

import json
import os
import re
from collections.abc import Mapping
from typing import Any, ClassVar, Literal, Self

from pydantic import field_validator, model_validator

from wganstudio.experiment.files import user_path
from wganstudio.experiment.generators import LatentGeneratorOptions
from wganstudio.experiment.options import CriticOptions, Options, option
from wganstudio.experiment.registry import register
from wganstudio.experiment.sizes import NetworkSize, perceptron
from wganstudio.experiment.toml import parse_toml
from wganstudio.experiment.trusted_code import file_name

_CLASS = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*:[^\W\d]\w*(\.[^\W\d]\w*)*")
_IMPLEMENTATION = "wganstudio.critics.own.network"


class OwnNetworkOptions(Options):
    """Options of every network that was made elsewhere."""

    script_file: str | None = option(
        None,
        "TorchScript file",
        "A network saved by torch.jit.save. It is a program: choose only files that you trust.",
        auto="none: the class below",
        min_length=1,
        max_length=4096,
        term="torchscript",
    )
    module: str | None = option(
        None,
        "Class",
        "A subclass of torch.nn.Module as module:Class, such as my_package.critics:Critic. The module must "
        "be importable; it is imported once you have confirmed it.",
        auto="none: the file above",
        min_length=1,
        max_length=1000,
    )
    arguments: str | None = option(
        None,
        "Arguments",
        'Arguments by name of the class, as a JSON object or a TOML table: {"width": 64}.',
        auto="none",
        max_length=10_000,
    )
    weights_file: str | None = option(
        None,
        "Weights",
        "A safetensors file with the state dict of the class.",
        auto="none: as the class initializes itself",
        min_length=1,
        max_length=4096,
    )

    @field_validator("arguments", mode="before")
    @classmethod
    def _table(cls, value: Any) -> Any:
        return json.dumps(value, default=str) if isinstance(value, Mapping) else value

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.script_file is not None and self.module is not None:
            raise ValueError("module and script_file are two networks; remove one of them")
        if self.module is not None and not _CLASS.fullmatch(self.module):
            raise ValueError("module must be written as module:Class, such as my_package.critics:Critic")
        for name in ("weights_file", "arguments"):
            if getattr(self, name) is not None and self.module is None:
                raise ValueError(f"{name} needs module, the class that it is for")
        self.keyword_arguments()
        return self

    @property
    def code(self) -> tuple[str, ...]:
        """The file or the module, whose code builds the network."""
        if self.script_file is not None:
            return (file_name(self.script_file),)
        return () if self.module is None else (self.module.partition(":")[0],)

    def keyword_arguments(self) -> dict[str, Any]:
        """Return the arguments of the class; ValueError where the text is no table."""
        if self.arguments is None:
            return {}
        for parse in (json.loads, _toml_value):
            try:
                value = parse(self.arguments)
            except (ValueError, RecursionError):
                continue
            if isinstance(value, dict):
                return value
        raise ValueError('arguments must be a JSON object or a TOML table, such as {"width": 64}')

    def stored_weights(self) -> int | None:
        """Return the numbers in the file of the network at most; None without a file."""
        path = self.weights_file or self.script_file
        try:
            return None if path is None else os.path.getsize(user_path(path)) // 4
        except (OSError, ValueError):
            return None


def _toml_value(text: str) -> Any:
    return parse_toml(f"value = {text}")["value"]


@register
class OwnCriticOptions(OwnNetworkOptions, CriticOptions):
    """u: R^D -> R of the user, differentiable in the points."""

    title: ClassVar[str] = "Your own network"
    summary: ClassVar[str] = (
        "A TorchScript file, or a class of yours with its weights: judged as it is with 0 steps, or trained."
    )
    implementation: ClassVar[str] = f"{_IMPLEMENTATION}:OwnCritic"
    size_fields: ClassVar[tuple[str, ...]] = ()

    kind: Literal["own"] = "own"

    def size(self, dim: int) -> NetworkSize:
        """Return the size of the network: its weights by the size of its file, its units by a guess."""
        guess = super().size(dim)
        weights = self.stored_weights()
        return guess if weights is None else NetworkSize(weights, guess.units)


@register
class OwnGeneratorOptions(OwnNetworkOptions, LatentGeneratorOptions):
    """A map of the user from the latent space to R^D."""

    title: ClassVar[str] = "Your own network"
    summary: ClassVar[str] = (
        "A TorchScript file, or a class of yours with its weights: judged as it is with 0 steps, or trained."
    )
    implementation: ClassVar[str] = f"{_IMPLEMENTATION}:OwnGenerator"

    kind: Literal["own"] = "own"

    def size(self, dim: int) -> NetworkSize:
        """Return the size of the network: its weights by the size of its file, its units by a guess."""
        guess = perceptron(self.latent_size(dim), 128, 128, dim)
        weights = self.stored_weights()
        return guess if weights is None else NetworkSize(weights, guess.units)

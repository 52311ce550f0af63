"""What an option is: a typed field that carries all that a form, a help page or an error needs of it."""

from collections.abc import Mapping
from types import NoneType
from typing import Any, ClassVar, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator, model_validator
from pydantic.fields import FieldInfo

from wganstudio.experiment.ground import GroundCost

AUTO = "auto"  # how a field whose value is None is written and shown


def option(
    default: Any,
    title: str,
    help: str,
    *,
    unit: str = "",
    source: str = "",
    auto: str = "",
    advanced: bool = False,
    formerly: str = "",
    **limits: Any,
) -> Any:
    """A field of an options class.

    `unit` is what the number counts, `source` the paper and equation, `auto` says in words what None
    stands for, `advanced` moves the field out of a beginner's sight, `formerly` is the name under which
    older files have it; `limits` are pydantic's (ge, gt, le, lt, min_length, ...).
    """
    extra: dict[str, str | bool] = {
        "unit": unit,
        "source": source,
        "auto": auto,
        "advanced": advanced,
        "formerly": formerly,
    }
    return Field(default, title=title, description=help, json_schema_extra={**extra}, **limits)


class Options(BaseModel):
    """A group of options: immutable, closed to unknown names, every default checked."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, validate_default=True)

    @model_validator(mode="before")
    @classmethod
    def _current_names(cls, values: Any) -> Any:
        return cls.renamed(values) if isinstance(values, Mapping) else values

    @classmethod
    def renamed(cls, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return the settings with former names of fields and kinds replaced by today's."""
        names = {old: name for name, info in cls.model_fields.items() if (old := extra(info, "formerly"))}
        # Where both names are given, the former one is left for validation to refuse.
        return {
            field if names.get(field, field) in values else names[field]: value
            for field, value in values.items()
        }

    @field_validator("*", mode="before")
    @classmethod
    def _auto(cls, value: Any, info: ValidationInfo) -> Any:
        annotation = cls.model_fields[info.field_name or ""].annotation
        accepted = (annotation, *get_args(annotation))
        if isinstance(value, bool) and bool not in accepted:
            raise ValueError("true and false are no numbers")
        return None if value == AUTO and NoneType in accepted else value

    def settings(self) -> dict[str, Any]:
        """The group as plain TOML values, the kind first; what is left to `auto` is left out."""
        values = self.model_dump(mode="json", exclude_none=True)
        return {"kind": values.pop("kind"), **values} if "kind" in values else values


class Kind(Options):
    """The options of one kind of pair, critic, solver or truth.

    A subclass declares `kind: Literal["name"] = "name"`, a `title`, a one-sentence `summary`, and names
    its `implementation` as "module:Class", imported only where it runs: the form needs no torch.
    """

    group: ClassVar[str]
    title: ClassVar[str]
    summary: ClassVar[str]
    source: ClassVar[str] = ""
    implementation: ClassVar[str]
    formerly: ClassVar[str] = ""
    """The kind's name in older files."""

    @classmethod
    def renamed(cls, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return the settings with former names of fields and kinds replaced by today's."""
        renamed = super().renamed(values)
        if cls.formerly and renamed.get("kind") == cls.formerly:
            renamed["kind"] = cls.name()
        return renamed

    @classmethod
    def name(cls) -> str:
        """The kind's name, as it stands in TOML."""
        return str(cls.model_fields["kind"].default)

    def build(self, *args: Any, **kwargs: Any) -> Any:
        """Import the implementation and make one with these options."""
        from importlib import import_module

        module, _, attribute = self.implementation.partition(":")
        return getattr(import_module(module), attribute)(self, *args, **kwargs)


class PairOptions(Kind):
    """Options of a pair (P, Q). Implementation: `wganstudio.pairs.base.Pair`."""

    group: ClassVar[str] = "pair"


class CriticOptions(Kind):
    """Options of a critic. Implementation: `wganstudio.critics.base.Critic`."""

    group: ClassVar[str] = "critic"
    layered: ClassVar[bool] = False
    """Whether it is a chain of linear maps and activations, whose weights a solver may constrain."""
    convolutional: ClassVar[bool] = False
    """Whether those maps are convolutions, and its points square images."""
    lipschitz: ClassVar[bool] = False
    """Whether the architecture holds it 1-Lipschitz, so that its gap alone may be climbed."""
    convex: ClassVar[bool] = False
    """Whether it is u(x) = |x|^2 - 2 f(x) for a convex f that can be asked for."""
    in_class: ClassVar[bool] = False
    """Whether the benchmark's true potentials are among the functions it can be."""


class SolverOptions(Kind):
    """Options of a solver. Implementation: `wganstudio.solvers.base.Solver`."""

    group: ClassVar[str] = "solver"
    published_steps: ClassVar[int] = 10_000
    """Steps taken where training.steps is left to auto; 0 for one that takes no steps, whatever is asked."""
    critic_defaults: ClassVar[Mapping[str, Any]] = {}
    """What the critic's fields that are left to auto become under this solver, by name."""

    @property
    def uses_critic(self) -> bool:
        """Whether it trains the critic's network: one that takes no steps has no use for it."""
        return self.published_steps > 0

    @property
    def gradient_penalty(self) -> float | None:
        """Coefficient lambda of the gradient penalty; None for a solver without one."""
        return None

    @property
    def ground(self) -> GroundCost | None:
        """What its cost is a cost of, where that is not W1."""
        return None

    @property
    def maps(self) -> bool:
        """Whether it knows where it moves points of Q (`wganstudio.solvers.base.Solver.to_p`)."""
        return self.ground is not None and self.ground.maps

    def objection(self, critic: CriticOptions) -> str:
        """Why it cannot train such a critic, in one sentence; empty where it can."""
        return ""


class GeneratorOptions(Kind):
    """Options of what makes Q. Implementation: `wganstudio.critics.generators.Generator`,
    `wganstudio.critics.composite.Composite`, or None."""

    group: ClassVar[str] = "generator"
    moves: ClassVar[bool] = True
    """Whether Q is moved, and does not stay the pair's own."""

    def objection(self, solver: SolverOptions) -> str:
        """Why such a solver cannot train it, in one sentence; empty where it can."""
        return ""

    def solver_steps(self, steps: int) -> int:
        """For how many steps of a run of so many one solver is trained."""
        return steps


class SigmaOptions(Kind):
    """Options of where a penalty looks. Implementation: `wganstudio.pairs.base.Sigma`, made for a pair."""

    group: ClassVar[str] = "sigma"

    def objection(self, solver: SolverOptions) -> str:
        """Why it does not go with such a solver, in one sentence; empty where it does."""
        return ""


class PerturbationOptions(Kind):
    """Options of how the P that is trained on differs from P. Implementation: a function from the options and
    the clean `wganstudio.pairs.base.Pair` to the pair that is trained on."""

    group: ClassVar[str] = "perturbation"


class TruthOptions(Kind):
    """Options of a reference cost. Implementation: `wganstudio.truths.base.Reference`."""

    group: ClassVar[str] = "truth"


def extra(field: FieldInfo, key: str) -> Any:
    """One of the extras of `option`: unit, source, auto or advanced."""
    schema = field.json_schema_extra
    return schema.get(key, "") if isinstance(schema, dict) else ""


Vector = float | tuple[float, ...]
"""A number for all coordinates, or one for each."""

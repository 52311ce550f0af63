"""Options: typed fields that carry the texts of form, help and error messages."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType, NoneType
from typing import Any, ClassVar, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator, model_validator
from pydantic.fields import FieldInfo

from wganstudio.experiment.ground import GroundCost
from wganstudio.experiment.sizes import CHUNK, NetworkSize, PairSize, Workload, perceptron

AUTO = "auto"
"""The text for None in files and in the form."""


def option(
    default: Any,
    title: str,
    help: str,
    *,
    unit: str = "",
    symbol: str = "",
    source: str = "",
    auto: str = "",
    advanced: bool = False,
    formerly: str = "",
    term: str = "",
    supplies: tuple[str, ...] = (),
    **limits: Any,
) -> Any:
    """Declare a field of an options class.

    Parameters
    ----------
    default
        The default value; None is shown as "auto".
    title
        The label in the form.
    help
        One or two sentences for tooltip and help page.
    unit
        The unit of the number.
    symbol
        The sign of the field in formulas, such as "λ".
    source
        Paper and equation.
    auto
        The meaning of None, in words.
    advanced
        Hide the field in the form until "more" is clicked.
    formerly
        The name of the field in older files.
    term
        The glossary entry that explains the field; its definition is appended to the tooltip.
    supplies
        Other fields of the group whose values this one brings: setting it discards theirs.
    limits
        Limits of pydantic: ge, gt, le, lt, min_length, ...
    """
    extra: dict[str, Any] = {
        "unit": unit,
        "symbol": symbol,
        "source": source,
        "auto": auto,
        "advanced": advanced,
        "formerly": formerly,
        "term": term,
        "supplies": supplies,
    }
    return Field(default, title=title, description=help, json_schema_extra=extra, **limits)


class Options(BaseModel):
    """A group of options: immutable, without unknown names, every default validated."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, validate_default=True)

    @model_validator(mode="before")
    @classmethod
    def _current_names(cls, values: Any) -> Any:
        return cls.renamed(values) if isinstance(values, Mapping) else values

    @classmethod
    def renamed(cls, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return the settings with former names of fields and kinds replaced by the current ones."""
        names = cls.former_names()
        # Where both names are given, the former one stays, so that validation refuses it.
        return {
            field if names.get(field, field) in values else names[field]: value
            for field, value in values.items()
        }

    @classmethod
    def former_names(cls) -> Mapping[str, str]:
        """Return the current name of each field that was renamed, by its former name."""
        return _former_names(cls)

    @field_validator("*", mode="before")
    @classmethod
    def _auto(cls, value: Any, info: ValidationInfo) -> Any:
        if value == AUTO and NoneType in _accepted(cls, info.field_name or ""):
            return None
        if isinstance(value, bool) and bool not in _accepted(cls, info.field_name or ""):
            raise ValueError("true and false are not numbers")
        return value

    def settings(self) -> dict[str, Any]:
        """Return the group as plain TOML values, the kind first, without the fields left at `auto`."""
        values = self.model_dump(mode="json", exclude_none=True)
        return {"kind": values.pop("kind"), **values} if "kind" in values else values


# A session of many runs reads thousands of experiments, so that each class is examined once.


@cache
def _former_names(options: type[Options]) -> Mapping[str, str]:
    fields = options.model_fields
    names = {extra(info, "formerly"): name for name, info in fields.items()}
    return MappingProxyType({old: name for old, name in names.items() if old and old not in fields})


@cache
def _accepted(options: type[Options], field: str) -> tuple[Any, ...]:
    """Return the types that a field's annotation names."""
    annotation = options.model_fields[field].annotation
    return (annotation, *get_args(annotation))


class Kind(Options):
    """The options of one kind of pair, critic, solver, generator, sigma, perturbation or truth.

    A subclass declares `kind: Literal["name"] = "name"`, a `title`, a one-sentence `summary`, and names
    its `implementation` as "module:Class". The implementation is imported only when it is built, so that the
    form needs no torch.
    """

    group: ClassVar[str]
    title: ClassVar[str]
    summary: ClassVar[str]
    source: ClassVar[str] = ""
    implementation: ClassVar[str]
    formerly: ClassVar[str] = ""
    """The name of the kind in older files. Subclasses do not inherit it."""
    offered: ClassVar[bool] = True
    """False for a kind that only describes recorded runs, and cannot be chosen."""

    @property
    def code(self) -> tuple[str, ...]:
        """The modules and files of the user whose code the implementation runs (`trusted_code`)."""
        return ()

    @classmethod
    def renamed(cls, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return the settings with former names of fields and kinds replaced by the current ones."""
        renamed = super().renamed(values)
        if cls.has_name(renamed.get("kind")):
            renamed["kind"] = cls.name()
        return renamed

    @classmethod
    def has_name(cls, name: object) -> bool:
        """Tell if this is the current or the former name of the kind."""
        return bool(name) and name in (cls.name(), vars(cls).get("formerly"))

    @classmethod
    def name(cls) -> str:
        """Return the name of the kind in files."""
        return str(cls.model_fields["kind"].default)

    def build(self, *args: Any, **kwargs: Any) -> Any:
        """Import the implementation and build it with these options."""
        from importlib import import_module

        module, _, attribute = self.implementation.partition(":")
        return getattr(import_module(module), attribute)(self, *args, **kwargs)


class PairOptions(Kind):
    """Options of a pair (P, Q). Implementation: `wganstudio.pairs.base.Pair`."""

    group: ClassVar[str] = "pair"
    known_solution: ClassVar[bool] = False
    """True if the gradient or the map of the optimum is known, with which solvers are compared."""

    @property
    def has_point_masses(self) -> bool:
        """True if mass of P or Q lies at points, so that no flow of finite congested cost is known."""
        return False

    def size(self) -> PairSize | None:
        """Return the size of the pair; None where only its files tell."""
        dim = getattr(self, "dim", 2)
        return PairSize(dim) if isinstance(dim, int) else None


class CriticOptions(Kind):
    """Options of a critic. Implementation: `wganstudio.critics.base.Critic`."""

    group: ClassVar[str] = "critic"
    layered: ClassVar[bool] = False
    """True for a chain of linear maps and activations, whose weights a solver can constrain."""
    convolutional: ClassVar[bool] = False
    """True if the linear maps are convolutions and the points square images."""
    lipschitz: ClassVar[bool] = False
    """True if the architecture is 1-Lipschitz, so that the gap can be maximized without a penalty."""
    convex: ClassVar[bool] = False
    """True if the critic is u(x) = |x|^2 - 2 f(x) and exposes its convex potential f."""
    in_class: ClassVar[bool] = False
    """True if the class of functions contains the true potentials of the benchmark."""
    size_fields: ClassVar[tuple[str, ...]] = ("width",)
    """The fields to lower where the network needs too much memory."""

    def size(self, dim: int) -> NetworkSize:
        """Return the size of the network for points [n, D].

        The default is that of the default perceptron, for kinds that do not tell theirs.
        """
        width = max(2 * dim, 128)
        return perceptron(dim, width, width, 1)


class SolverOptions(Kind):
    """Options of a solver. Implementation: `wganstudio.solvers.base.Solver`."""

    group: ClassVar[str] = "solver"
    published_steps: ClassVar[int] = 10_000
    """Steps if training.steps is auto; 0 for a solver that takes no steps at all."""
    critic_defaults: ClassVar[Mapping[str, Any]] = {}
    """Values, by name, of the fields of the critic that are left at auto."""

    @property
    def uses_critic(self) -> bool:
        """True if the solver trains the network of the critic."""
        return self.published_steps > 0

    @property
    def has_schedule(self) -> bool:
        """True if the learning rate depends on the number of all steps."""
        return False

    @property
    def gradient_penalty(self) -> float | None:
        """Coefficient lambda of a gradient penalty whose optimum is congested transport; None without one."""
        return None

    @property
    def samples_sigma(self) -> bool:
        """True if the objective has a term at points of sigma, such as a gradient penalty."""
        return self.gradient_penalty is not None

    @property
    def gap_bounded_by_w1(self) -> bool:
        """True if the gap of a trained critic is meant not to exceed W1."""
        return self.gradient_penalty is None

    @property
    def ground(self) -> GroundCost | None:
        """The ground cost of this solver; None for W1."""
        return None

    @property
    def maps(self) -> bool:
        """True if the solver has a transport map from Q to P (`wganstudio.solvers.base.Solver.to_p`)."""
        return self.ground is not None and self.ground.has_map

    def objection(self, critic: CriticOptions) -> str:
        """Return a sentence that says why the solver cannot train such a critic; empty if it can."""
        return ""

    @property
    def over_atoms(self) -> bool:
        """True if the critic is the c-transform of a dual over points of P, which have cells and a plan."""
        return False

    size_fields: ClassVar[tuple[str, ...]] = ()
    """The fields to lower where a step of the solver needs too much memory, beside batch and critic."""

    def networks(self, load: Workload) -> tuple[NetworkSize, ...]:
        """Return the sizes of the networks that the solver trains. The default is the critic alone."""
        return (load.critic,) if self.uses_critic else ()

    def step_size(self, load: Workload) -> int:
        """Return the largest number of float32 numbers that a step holds at once, without weights.

        The default is that of the gap of one batch with a gradient penalty, the largest of the usual
        objectives.
        """
        return load.critic.passes(load.batch, 8)

    def final_size(self, load: Workload) -> int:
        """Return the largest number of float32 numbers that the final estimates hold at once.

        The default is that of estimates from a few thousand samples at a time.
        """
        return load.critic.passes(min(load.final_samples, CHUNK), 4)


class GeneratorOptions(Kind):
    """Options of a generator of Q. Implementation: `wganstudio.critics.generators.Generator`,
    `wganstudio.critics.composite.Composite`, or None."""

    group: ClassVar[str] = "generator"
    moves: ClassVar[bool] = True
    """True if Q is generated; False if Q stays that of the pair."""

    def objection(self, solver: SolverOptions) -> str:
        """Return a sentence that says why such a solver cannot train the generator; empty if it can."""
        return ""

    def stage_length(self, steps: int) -> int | None:
        """Return the steps of a stage in a run of `steps` steps; None for a generator without stages."""
        return None

    def solver_steps(self, steps: int) -> int:
        """Return the number of steps that one solver trains for in a run of `steps` steps."""
        return steps

    size_fields: ClassVar[tuple[str, ...]] = ()
    """The fields to lower where the generator needs too much memory."""

    def size(self, dim: int) -> NetworkSize:
        """Return the size of the generator for points [n, D]. The default is that of a perceptron."""
        return perceptron(min(dim, 100), 128, 128, dim) if self.moves else NetworkSize(0, 0)


class SigmaOptions(Kind):
    """Options of sigma, the distribution on which a penalty acts.

    Implementation: `wganstudio.pairs.base.Sigma`, built for a pair.
    """

    group: ClassVar[str] = "sigma"

    def objection(self, solver: SolverOptions) -> str:
        """Return a sentence that says why such a solver cannot use this sigma; empty if it can."""
        return ""


class PerturbationOptions(Kind):
    """Options of the perturbation of P in training. Implementation: a function of the options and the clean
    `wganstudio.pairs.base.Pair` that returns the training pair."""

    group: ClassVar[str] = "perturbation"


class TruthOptions(Kind):
    """Options of a reference cost. Implementation: `wganstudio.truths.base.Reference`."""

    group: ClassVar[str] = "truth"
    size_fields: ClassVar[tuple[str, ...]] = ()
    """The fields to lower where the computation needs too much memory."""

    def size(self, pair: PairSize) -> int:
        """Return the largest number of float32 numbers that the computation holds at once."""
        return 0


def extra(field: FieldInfo, key: str) -> Any:
    """Return one of the extras of `option`: unit, symbol, source, auto, advanced, formerly, ..."""
    schema = field.json_schema_extra
    return schema.get(key, "") if isinstance(schema, dict) else ""


Vector = float | tuple[float, ...]
"""One number for all coordinates, or one for each."""

"""Parts of captions: the settings of a run in words."""

from wganstudio.experiment import Kind
from wganstudio.experiment.value_texts import lower_title, value_text
from wganstudio.figures.families import steps_text
from wganstudio.session import RunRecord


def settings_text(record: RunRecord) -> str:
    """Return the pair, the solver and the settings that affect a run, for a caption."""
    experiment, training = record.experiment, record.experiment.training
    parts = [f"Pair: {describe_kind(experiment.pair)}.", f"Solver: {describe_kind(experiment.solver)}."]
    if experiment.perturbation.name() != "none":
        parts.insert(1, f"Perturbation of P in training: {describe_kind(experiment.perturbation)}.")
    if experiment.solver.uses_critic:
        parts.append(f"Critic: {describe_kind(experiment.critic)}.")
    if experiment.generator.moves:
        parts.append(f"Generator: {describe_kind(experiment.generator)}.")
    batch = f"batch {training.batch:,}" if experiment.steps else ""
    run = ", ".join(filter(None, (steps_text(record), batch, f"seed {training.seed}")))
    return " ".join([*parts, f"{run[0].upper()}{run[1:]}."])


def describe_kind(kind: Kind) -> str:
    """Return the title of a kind with its settings."""
    settings = []
    for name, field in type(kind).model_fields.items():
        value = getattr(kind, name)
        if name == "kind" or value is None or (isinstance(value, tuple) and len(value) > 4):
            continue
        title = lower_title(field.title or name).replace("lambda", "λ")
        settings.append(f"{title} = {value_text(value)}")
    return f"{kind.title} ({', '.join(settings)})" if settings else kind.title

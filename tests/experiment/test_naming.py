"""Names of runs say what differs, are never those of other settings, and are short."""

from hypothesis import given, settings
from hypothesis import strategies as st

from wganstudio.experiment import Experiment, override, preset, preset_of, presets, read
from wganstudio.experiment.naming import as_variant, default_name, is_same, named, names_among, run_name

SETTINGS = preset("first-look").settings
FIRST = read(SETTINGS)


def changed(*changes: tuple[str, object]) -> Experiment:
    return read(override(SETTINGS, changes))


def name_of(*changes: tuple[str, object]) -> str:
    return run_name(changed(*changes), FIRST)


def test_a_name_says_what_differs_from_the_preset() -> None:
    assert name_of(("solver.penalty", 10)) == "λ = 10"
    assert name_of(("critic.width", 256), ("solver.penalty", 10), ("solver.kind", "gp")) == (
        "GP, λ = 10, width 256"
    )
    assert name_of(("training.steps", 5000), ("training.seed", 3)) == "5,000 steps, seed 3"
    assert name_of(("perturbation.kind", "outliers"), ("critic.kind", "sll")) == (
        "perturbation outliers, critic SLL"
    )
    assert name_of(("solver.kind", "convex"), ("critic.kind", "icnn")).startswith("W2: convex potential")
    assert name_of(("generator.kind", "mlp"), ("generator.learning_rate", 0.5)) == (
        "generator perceptron, generator learning rate 0.5"
    )


def test_the_preset_itself_has_its_own_name() -> None:
    assert name_of() == FIRST.about.name
    assert run_name(read({}), None) == "Gaussians, LP" == default_name(read({}))


def test_defaults_of_another_kind_are_not_mentioned() -> None:
    assert name_of(("solver.kind", "semi-discrete")) == "Semi-discrete transport"
    assert name_of(("solver.kind", "semi-discrete"), ("solver.epsilon", 0.5)) == (
        "Semi-discrete transport, ε = 0.5"
    )


def test_what_changes_no_result_is_mentioned_only_alone() -> None:
    assert name_of(("evaluation.resolution", 20), ("solver.penalty", 2)) == "λ = 2"
    assert name_of(("evaluation.resolution", 20)) == "resolution 20"


def test_a_long_name_counts_the_rest() -> None:
    many = [("critic.width", 7), ("critic.depth", 1), ("training.seed", 1), ("training.batch", 2)]
    assert name_of(("solver.penalty", 2), *many) == "λ = 2, width 7, depth 1, batch 2, 1 more"


def test_another_run_of_that_name_makes_it_say_more() -> None:
    other = changed(("solver.penalty", 10), ("critic.width", 64))
    taken = [("λ = 10", other)]
    own = changed(("solver.penalty", 10))
    assert run_name(own, FIRST, taken) == "width 128, λ = 10"
    assert run_name(other, FIRST, [("λ = 10", other)]) == "λ = 10, width 64"
    assert run_name(own, FIRST, [("λ = 10", own)]) == "λ = 10", "the same settings may have the same name"


def test_among_runs_of_several_presets_a_name_begins_with_its_preset() -> None:
    taken = [("moons", read(preset("moons").settings))]
    assert run_name(changed(("solver.penalty", 10)), FIRST, taken) == "First look, λ = 10"


def test_a_sweep_is_named_by_what_is_swept() -> None:
    swept = [changed(("solver.penalty", p), ("training.seed", s)) for p in (1, 10) for s in (0, 1)]
    assert names_among(swept) == ["λ = 1, seed 0", "λ = 1, seed 1", "λ = 10, seed 0", "λ = 10, seed 1"]
    kinds = [changed(("solver.kind", kind)) for kind in ("lp", "wc")]
    assert names_among(kinds) == ["LP, λ = 10", "WC, clip 0.04"]


CHANGES = st.lists(
    st.tuples(st.just("solver.penalty"), st.sampled_from([1, 2, 10]))
    | st.tuples(st.just("critic.width"), st.sampled_from([64, 128]))
    | st.tuples(st.just("solver.kind"), st.sampled_from(["lp", "gp"]))
    | st.tuples(st.just("training.seed"), st.integers(0, 2)),
    max_size=4,
)


@settings(max_examples=40, deadline=None)
@given(st.lists(CHANGES, min_size=1, max_size=6))
def test_runs_of_a_session_share_a_name_only_with_their_like(several: list[list[tuple[str, object]]]) -> None:
    taken: list[tuple[str, Experiment]] = []
    for changes in several:
        experiment = changed(*changes)
        name = run_name(experiment, FIRST, taken)
        assert all(is_same(experiment, other) for known, other in taken if known == name)
        taken.append((name, experiment))


def test_a_variant_is_not_described_as_its_preset() -> None:
    variant = as_variant(FIRST, "x" * 300)
    assert len(variant.about.name) == 100 and variant.about.expected == "" == variant.about.summary
    assert variant.about.preset == "first-look" and named(variant, "Mine").about.name == "Mine"


def test_the_preset_of_an_experiment_is_known_after_changes_and_in_old_sessions() -> None:
    assert all(preset_of(read(one.settings)) is one for one in presets().values())
    assert preset_of(changed(("solver.penalty", 3))) is presets()["first-look"]
    about = {name: value for name, value in SETTINGS["about"].items() if name != "preset"}
    assert preset_of(read(SETTINGS | {"about": about})) is presets()["first-look"]
    assert preset_of(read({})) is None

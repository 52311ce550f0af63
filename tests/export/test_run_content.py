"""The content of the inspector: outcome with errors, truths with certificates, settings with differences."""

import numpy as np

from wganstudio.experiment import override, preset, read
from wganstudio.export.run_content import as_text, outcome_sections, state_text
from wganstudio.gui.inspector.settings_content import settings_sections
from wganstudio.session import RunRecord
from wganstudio.training.events import Ended, Failed, Metrics, Progress, Started, TruthMissing

SETTINGS = preset("first-look").settings
HERE = {"device": "cpu", "device_name": "x86_64", "threads": 1, "cores": 2, "torch": "2.13.0"}


def record(*changes, environment=HERE):
    run_record = RunRecord(1, read(override(SETTINGS, changes)), "mine")
    filled = run_record.experiment.settings()
    filled["critic"]["width"] = filled["critic"].get("width", 128)
    run_record.apply(Started(experiment=filled, environment=environment, steps=run_record.steps))
    return run_record


def ended(**changes):
    numbers = {"gap": 2.662, "gap_se": 0.003, "value": 1.9, "value_se": 0.02}
    event = Ended(
        step=3000,
        reason="done",
        seconds=60.0,
        processor_seconds=58.0,
        memory_peak=412_000_000,
        estimates=numbers,
        gradient={"cos": 0.99},
    )
    return event.model_copy(update=changes)


def entries(sections, name):
    (found,) = [section for section in sections if section.name == name]
    return {entry.label: entry for entry in found.entries}


def test_a_finished_run_shows_its_estimates_with_their_errors_and_what_it_took():
    run_record = record()
    run_record.apply(ended())
    sections = outcome_sections(run_record)
    outcome = {label: entry.value for label, entry in entries(sections, "outcome").items()}
    assert outcome["Gap"] == "2.662 ± 0.003" and outcome["Value"] == "1.90 ± 0.02"
    assert outcome["Cosine with the true gradient"] == "0.99" and "Gap se" not in outcome
    took = {label: entry.value for label, entry in entries(sections, "resources").items()}
    assert took == {"Time": "1 min 0 s", "CPU time": "58 s", "Speed": "50 steps/s", "Memory peak": "410 MB"}
    machine = {label: entry.value for label, entry in entries(sections, "machine").items()}
    assert machine["Device"] == "cpu (x86_64)" and machine["PyTorch"] == "2.13.0" and machine["Seed"] == "0"
    assert state_text(run_record).startswith(
        "Finished, 3,000 of 3,000 steps. Started from the preset “First look"
    )


def test_a_running_run_shows_the_newest_points_and_says_so():
    run_record = record()
    assert "outcome" not in [section.name for section in outcome_sections(run_record)]
    run_record.apply(Metrics(step=50, values={"gap": 1.5, "gap_se": 0.1}))
    run_record.apply(Progress(step=60, steps=3000, rate=200.0, eta=15.0))
    sections = outcome_sections(run_record)
    outcome = entries(sections, "outcome")
    assert outcome["Gap"].value == "1.50 ± 0.10" and "not final estimates" in outcome[""].value
    assert entries(sections, "resources")["Speed"].value == "200 steps/s"
    assert state_text(run_record).startswith("Training, 60 of 3,000 steps.")


def test_warnings_and_failures_are_sentences():
    run_record = record()
    run_record.apply(ended(estimates={"gap": -1.0, "gap_se": 0.01}))
    run_record.apply(TruthMissing(message="The grid is too large.", failed=True))
    warnings = [entry.value for entry in outcome_sections(run_record)[1].entries]
    assert warnings[0].startswith("The gap is negative") and warnings[1] == "The grid is too large."
    failed = record()
    failed.apply(Failed(step=7, message="The critic is no longer finite.", cause="numbers"))
    first = entries(outcome_sections(failed), "outcome")[""]
    assert (first.value, first.kind) == ("The critic is no longer finite.", "problem")
    assert state_text(failed).startswith("Failed")


def test_truths_have_bounds_and_method(plane_record):
    truths = entries(outcome_sections(plane_record), "truths")
    for truth in plane_record.truths.values():
        assert any(truth.method in entry.notes[0] for entry in truths.values())
    assert any("in [" in entry.value for entry in truths.values())


def test_the_generator_of_a_run_has_its_metrics(make_making):
    titles = entries(outcome_sections(make_making(2)), "outcome")
    assert titles and not any("_" in title for title in titles)


def test_settings_are_marked_with_the_values_of_form_and_preset():
    run_record = record(("solver.penalty", 10))
    form = read(override(SETTINGS, [("solver.penalty", 3), ("training.seed", 4)]))
    sections = settings_sections(run_record, form)
    penalty = entries(sections, "settings-solver")["Penalty lambda"]
    assert (penalty.value, penalty.kind) == ("10", "changed")
    assert penalty.notes == ("≠ form: 3", "≠ preset: 1") and penalty.tip == "solver.penalty = 10"
    seed = entries(sections, "settings-training")["Seed"]
    assert seed.notes == ("≠ form: 4",)
    assert entries(sections, "settings-solver")["Learning rate"].kind == ""
    titles = [section.title for section in sections]
    assert "Solver – 1 differs" in titles and "Pair" in titles


def test_what_was_left_at_auto_equals_auto_and_its_value():
    run_record = RunRecord(1, read(override(SETTINGS, [("critic.width", "auto")])))
    filled = run_record.experiment.settings() | {
        "critic": run_record.experiment.critic.settings() | {"width": 128}
    }
    run_record.apply(Started(experiment=filled, environment={}, steps=run_record.steps))
    for width in ("auto", 128):
        form = read(override(SETTINGS, [("critic.width", width)]))
        assert entries(settings_sections(run_record, form), "settings-critic")["Width"].notes == ()
    form = read(override(SETTINGS, [("critic.width", 64)]))
    entry = entries(settings_sections(run_record, form), "settings-critic")["Width"]
    assert entry.value == "128 units (auto)" and entry.notes[0] == "≠ form: 64 units"


def test_a_form_of_another_kind_is_told_at_each_field():
    run_record = record()
    form = read(override(SETTINGS, [("solver.kind", "wc")]))
    solver = entries(settings_sections(run_record, form), "settings-solver")
    assert solver["Kind"].notes == ("≠ form: WC: weight clipping",)
    assert solver["Penalty lambda"].notes == ("≠ form: not in its kind",)


def test_everything_is_copied_as_text():
    run_record = record(("solver.penalty", 10))
    run_record.apply(ended())
    sections = (*outcome_sections(run_record), *settings_sections(run_record, None))
    text = as_text(run_record.name, state_text(run_record), sections)
    assert text.startswith("mine\nFinished") and "  Gap: 2.662 ± 0.003\n" in text
    assert "  Penalty lambda: 10 (≠ preset: 1)\n" in text
    assert np.all([section.title in text for section in sections])

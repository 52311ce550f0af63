"""The runs that a figure of several runs compares, and the texts on incomplete ones."""

import pytest

from wganstudio.experiment import read
from wganstudio.figures.captions import settings_text
from wganstudio.figures.families import is_complete, progress_text, steps_text
from wganstudio.session import RunRecord
from wganstudio.training.events import Ended, Failed, Metrics, Paused, Started


def record(*events, steps=3000):
    made = RunRecord(1, read({"pair": {"kind": "gaussians"}, "training": {"steps": steps}}))
    made.apply(Started(experiment=made.experiment.settings(), environment={}, steps=steps))
    for event in events:
        made.apply(event)
    return made


def ended(step, reason):
    return Ended(step=step, reason=reason, seconds=1.0, estimates={}, gradient={})


@pytest.mark.parametrize(
    ("events", "complete", "progress", "steps"),
    [
        ([ended(3000, "done")], True, "", "3,000 steps"),
        ([ended(1200, "plateau")], True, "", "1,200 of at most 3,000 steps"),
        ([ended(900, "truth")], True, "", "900 of at most 3,000 steps"),
        ([ended(1200, "stopped")], False, *["stopped at step 1,200 of 3,000"] * 2),
        ([Failed(step=7, message="Not a number.")], False, *["failed at step 7 of 3,000"] * 2),
        ([Metrics(step=50, values={"gap": 1.0})], False, "running", "step 50 of 3,000 so far"),
        (
            [Metrics(step=50, values={"gap": 1.0}), Paused(step=60)],
            False,
            "paused",
            "step 60 of 3,000 so far",
        ),
    ],
)
def test_captions_give_the_steps_that_were_taken(events, complete, progress, steps):
    made = record(*events)
    assert (is_complete(made), progress_text(made), steps_text(made)) == (complete, progress, steps)
    caption = settings_text(made)
    assert f". {steps[0].upper()}{steps[1:]}, batch 1,024, seed 0." in caption


def test_a_run_without_steps_has_none():
    made = RunRecord(1, read({"solver": {"kind": "dot"}}))
    assert steps_text(made) == ""

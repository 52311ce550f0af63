"""Every preset has what the gallery shows: a question, a picture, a duration and views."""

import pytest

from wganstudio import resources
from wganstudio.experiment import preset, presets, read
from wganstudio.experiment.presets import duration_text, presets_by_question
from wganstudio.figures import figure_classes
from wganstudio.figures.preset_picture import PresetPicture

QUESTIONS = resources.path("presets", "questions.txt").read_text(encoding="utf-8").splitlines()
COMPARING = {"sweep", "systems"}
"""Figures that need several runs, which a preset may bring to the front before they are there."""


@pytest.mark.parametrize("name", presets())
def test_every_preset_has_a_question_a_duration_and_a_picture(name: str) -> None:
    one = preset(name)
    assert one.about.question in QUESTIONS
    assert one.seconds is not None and 1 < one.seconds < 1800
    picture = PresetPicture.load(one.picture)
    assert picture.frames > 1
    assert picture.images.size or (len(picture.p) and picture.critic.max() == 255)


@pytest.mark.parametrize("name", presets())
def test_every_preset_names_views_that_its_run_has(name: str) -> None:
    experiment = read(preset(name).settings)
    classes = figure_classes()
    assert experiment.about.views
    for view in experiment.about.views:
        assert view in COMPARING or classes[view].applies_to(experiment)


def test_the_questions_are_in_their_order_and_lose_no_preset() -> None:
    groups = presets_by_question()
    assert list(groups) == QUESTIONS
    assert sorted(one.name for group in groups.values() for one in group) == sorted(presets())
    assert groups[QUESTIONS[0]][0].name == "first-look"


def test_the_pictures_are_small() -> None:
    assert sum(one.picture.stat().st_size for one in presets().values()) < 1_000_000


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(3, "a few seconds"), (12, "about 10 s"), (44, "about 40 s"), (51, "about 1 min"), (130, "about 2 min")],
)
def test_durations_in_words(seconds: float, text: str) -> None:
    assert duration_text(seconds) == text

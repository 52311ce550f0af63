"""The form is the options classes to look at: what they say it shows, what it shows they accept."""

from html import unescape

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit

from keyboard import retype
from wganstudio.experiment import Experiment, checked, extra, groups, kinds, presets, read
from wganstudio.gui.form import form as form_module
from wganstudio.gui.form.editors import as_text, typed_value
from wganstudio.gui.form.form import ExperimentForm
from wganstudio.gui.text_roles import WARNING


@pytest.fixture
def form(qtbot):
    form = ExperimentForm()
    qtbot.addWidget(form)
    form.resize(360, 900)
    form.show()
    return form


def type_into(qtbot, form, path, text):
    group, field = path.split(".")
    form.groups[group].focus(field)
    line = form.groups[group].rows[field].editor.inner
    assert isinstance(line, QLineEdit)
    retype(qtbot, line, text)


def choose_kind(form, group, kind):
    combo = form.groups[group].kind
    combo.setCurrentIndex(combo.findData(kind))
    combo.activated.emit(combo.currentIndex())


def message(form, path):
    group, field = path.split(".")
    label = form.groups[group].rows[field].message
    return label.text() if not label.isHidden() else ""


@pytest.mark.parametrize("name", presets())
def test_a_preset_in_the_form_is_the_preset(form, name):
    form.load_preset(name)
    assert form.experiment() == read(presets()[name].settings)
    assert not form.modified


def test_every_field_of_every_kind_has_title_unit_tooltip_and_a_working_default(form):
    form.load({})
    for group in groups():
        for kind, options in kinds(group).items():
            choose_kind(form, group, kind)
            assert form.settings()[group]["kind"] == kind
            for name, info in options.model_fields.items():
                if name == "kind":
                    continue
                row = form.groups[group].rows[name]
                assert row.label.text() == info.title
                tip = unescape(row.label.toolTip())
                assert info.description in tip and extra(info, "source") in tip
            assert checked(group, options, form.settings()[group]) == options()


def test_widgets_fit_the_types(form):
    rows = form.groups["solver"].rows
    assert isinstance(rows["schedule"].editor.inner, QComboBox)
    assert isinstance(rows["learning_rate"].editor.inner, QLineEdit)
    assert not any(isinstance(row.editor.inner, QCheckBox) for row in rows.values())
    choose_kind(form, "pair", "ray-monotone")
    assert hasattr(form.groups["pair"].rows["file"].editor, "button")


def test_auto_is_explained_where_nothing_stands(form):
    form.load({})
    width = form.groups["critic"].rows["width"].editor.inner
    assert width.text() == "" and "the larger of 2 D and 128" in width.placeholderText()


@pytest.mark.parametrize(
    ("path", "text", "value"),
    [
        ("solver.learning_rate", "1e-3", 1e-3),
        ("pair.mean_p", "[1, -2.5]", (1.0, -2.5)),
        ("pair.dim", "auto", None),
        ("training.steps", "", None),
        ("training.batch", "1_024", 1024),
    ],
)
def test_anything_toml_can_be_typed(qtbot, form, path, text, value):
    type_into(qtbot, form, path, text)
    group, field = path.split(".")
    assert getattr(getattr(form.experiment(), group), field) == value


@pytest.fixture
def locale():
    """Set the locale of the window; English again afterwards."""
    before = QLocale()
    yield lambda name: QLocale.setDefault(QLocale(name))
    QLocale.setDefault(before)


@pytest.mark.parametrize(
    ("name", "texts"),
    [
        ("en_US", ["0.5", ".5", "5e-1", "0.50"]),
        ("de_DE", ["0.5", "0,5", "5e-1", "5,0e-1", "0,50"]),
        ("ar_EG", ["0.5", "5e-1", "\u0660\u066b\u0665"]),
        ("fr_FR", ["0.5", "0,5"]),
        ("de_CH", ["0.5"]),
    ],
)
def test_a_number_may_be_typed_as_the_locale_writes_it(qtbot, form, locale, name, texts):
    locale(name)
    for text in texts:
        type_into(qtbot, form, "solver.penalty", text)
        assert form.experiment().solver.settings()["penalty"] == 0.5, text
        assert message(form, "solver.penalty") == ""


@pytest.mark.parametrize(
    ("name", "text"),
    [("en_US", "0,5"), ("de_DE", "1.000,5"), ("en_US", "1,000"), ("ar_EG", "0,5"), ("de_CH", "1\u2019000")],
)
def test_a_number_that_could_mean_two_is_refused(qtbot, form, locale, name, text):
    locale(name)
    type_into(qtbot, form, "solver.penalty", text)
    qtbot.waitUntil(lambda: "is not a number" in message(form, "solver.penalty"))


@pytest.mark.parametrize("name", ["en_US", "de_DE", "ar_EG"])
def test_every_default_typed_as_text_is_read_back(name, locale):
    locale(name)
    for group in groups():
        for options in kinds(group).values():
            for field, info in options.model_fields.items():
                default = options().model_dump(mode="json")[field]
                if field != "kind" and default not in (None, ""):
                    value = typed_value(info, as_text(default))
                    assert options.model_validate({field: value}) == options(), f"{options.__name__}.{field}"


def test_a_pair_file_brings_dimension_and_funnels(qtbot, form, tmp_path):
    form.load_preset("best-w1")
    type_into(qtbot, form, "pair.file", "dim_2_funnels_4.pt")
    assert form.settings()["pair"] == {
        "kind": "ray-monotone",
        "power": 8,
        "file": "dim_2_funnels_4.pt",
        "seed": 0,
    }
    type_into(qtbot, form, "pair.dim", "2")
    assert form.settings()["pair"]["dim"] == 2


@pytest.mark.parametrize("path", ["solver.penalty", "pair.dim", "training.seed", "evaluation.points"])
def test_what_is_wrong_is_reported_under_the_field_in_the_words_of_reading(qtbot, form, path):
    type_into(qtbot, form, path, "nonsense")
    qtbot.waitUntil(lambda: message(form, path) != "")
    (problem,) = form.problems()
    assert problem.path == path and message(form, path) == problem.message
    assert form.summary.isVisible()
    type_into(qtbot, form, path, "3" if path != "evaluation.points" else "auto")
    qtbot.waitUntil(lambda: message(form, path) == "" and not form.summary.isVisible())


def test_a_contradiction_between_fields_stands_at_one_of_them(qtbot, form):
    type_into(qtbot, form, "pair.dim", "3")
    type_into(qtbot, form, "pair.mean_p", "[0, 1]")
    qtbot.waitUntil(lambda: "dim is 3" in message(form, "pair.dim"))


def test_run_with_a_problem_out_of_sight_unfolds_and_focuses_it(qtbot, form):
    type_into(qtbot, form, "solver.beta1", "2")
    form.groups["solver"].set_folded(True)
    assert form.focus_problem().path == "solver.beta1"
    row = form.groups["solver"].rows["beta1"]
    assert not form.groups["solver"].folded and row.isVisible()


def test_a_changed_preset_loses_its_expected_results(qtbot, form):
    assert form.settings()["about"]["expected"]
    type_into(qtbot, form, "training.seed", "5")
    assert form.modified and "expected" not in form.settings()["about"]
    assert "may no longer apply" in form.expected.text()


def test_reset_goes_back_group_by_group_and_whole(qtbot, form):
    before = form.settings()
    type_into(qtbot, form, "training.seed", "5")
    choose_kind(form, "solver", "wc")
    qtbot.mouseClick(form.groups["solver"].reset_button, Qt.MouseButton.LeftButton)
    assert form.settings()["solver"] == before["solver"] and form.modified
    qtbot.mouseClick(form.reset_button, Qt.MouseButton.LeftButton)
    assert form.settings() == before


def test_the_wheel_over_a_combo_box_scrolls_the_form(qtbot, form):
    combo = form.groups["solver"].kind
    assert combo.focusPolicy() == Qt.FocusPolicy.StrongFocus


def test_every_group_but_about_is_there(form):
    assert ["about", *form.groups] == list(Experiment.model_fields)


def test_the_form_tells_what_memory_the_run_needs(qtbot, form, monkeypatch):
    assert form.memory.isVisible() and form.memory.text().startswith("Memory: about ")
    assert form.memory.foregroundRole() == QPalette.ColorRole.PlaceholderText
    type_into(qtbot, form, "training.batch", "1048576")
    qtbot.waitUntil(lambda: form.memory.text() == "Memory: about 14 GB")
    monkeypatch.setattr(form_module, "available_memory", lambda: 3 * 10**9)
    type_into(qtbot, form, "training.batch", "1048575")
    qtbot.waitUntil(lambda: form.memory.text() == "Memory: about 14 GB, 3.0 GB free")
    assert form.memory.foregroundRole() == WARNING
    type_into(qtbot, form, "training.batch", "-1")
    qtbot.waitUntil(form.memory.isHidden)

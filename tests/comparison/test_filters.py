"""Filters: what a line means, and one sentence where it means nothing."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wganstudio.comparison.filters import FilterError, parse_filter
from wganstudio.comparison.settings import all_settings
from wganstudio.experiment import override, preset, read
from wganstudio.session import RunLabels, RunRecord
from wganstudio.training.events import Ended, Metrics, Started


def make_run(number, penalty, name="", tags=(), note="", starred=False, gap=None):
    settings = override(
        preset("first-look").settings, [("solver.penalty", penalty), ("training.seed", number)]
    )
    record = RunRecord(number, read(settings), name, RunLabels(tags=tags, note=note, starred=starred))
    if gap is not None:
        for step in (10, 20):
            record.apply(Metrics(step=step, values={"gap": gap / step * 20, "cos": step / 100}))
    return record


@pytest.fixture
def runs():
    runs = [
        make_run(1, 1.0, "baseline", tags=("paper",), gap=4.0),
        make_run(2, 10.0, "Two words", note="looks wrong", gap=2.0),
        make_run(3, 100.0, "last", starred=True),
    ]
    runs[0].apply(Ended(step=20, reason="done", seconds=90, estimates={"gap": 3.5}, gradient={}))
    runs[1].apply(Started(experiment=runs[1].experiment.settings(), environment={}, steps=100))
    return runs


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("", [1, 2, 3]),
        ("lambda>5", [2, 3]),
        ("λ >= 10 λ<100", [2]),
        ("lambda=1", [1]),
        ("lambda!=1", [2, 3]),
        ("solver.penalty<=10", [1, 2]),
        ("penalty:10", [2]),
        ("tag:paper", [1]),
        ("tag:pap -is:starred", [1]),
        ("-tag:paper", [2, 3]),
        ("state:ended", [1]),
        ("is:running", [2]),
        ("is:starred", [3]),
        ("IS:Over", [1]),
        ("baseline", [1]),
        ('"two words"', [2]),
        ("two words", [2]),
        ("note:wrong", [2]),
        ("wrong", [2]),
        ("seed=2", [2]),
        ("seed>1", [2, 3]),
        ("gap>3", [1]),
        ("gap=3.5", [1]),
        ("last.gap=4", [1]),
        ("final.gap>0", [1]),
        ("best.cos>=0.2", [1, 2]),
        ("time>60", [1]),
        ("step>=20", [1, 2]),
        ("solver:lp", [1, 2, 3]),
        ("solver=gp", []),
        ("name:last", [3]),
    ],
)
def test_a_line_chooses_runs(runs, line, expected):
    chosen = parse_filter(line, lambda: ["gap", "cos"])
    assert [run.run for run in runs if chosen.matches(run)] == expected


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("lamda>5", "did you mean “lambda”"),
        ("lambda>many", "“lambda>” needs a number, and “many” is none."),
        ("lambda>nan", "needs a number"),
        ("lambda>", "a value is missing"),
        ('"open', "A quotation mark is not closed."),
        ("is:good", "after “is:” comes"),
        (">5", "there is no name of a column"),
        ("zzqqxx:1", "There is no column “zzqqxx”"),
    ],
)
def test_a_line_without_a_meaning_gets_one_sentence(line, sentence):
    with pytest.raises(FilterError) as caught:
        parse_filter(line)
    assert sentence in str(caught.value) and str(caught.value).endswith((".", "?"))
    assert "\n" not in str(caught.value)


@given(st.text(string.ascii_letters + string.digits + " \"'-:<>=!.λ", max_size=30))
def test_any_line_is_a_filter_or_one_sentence(line):
    record = make_run(1, 1.0)
    try:
        chosen = parse_filter(line, lambda: ["gap"])
    except FilterError as error:
        assert str(error)
    else:
        assert chosen.matches(record) in (True, False)
        assert parse_filter(str(chosen), lambda: ["gap"]) == chosen


TEXTS = st.text(string.ascii_letters + " -<>=!:", min_size=1, max_size=12)
NUMBERS = st.floats(-1e9, 1e9).map(repr)
TERMS = st.one_of(
    st.tuples(
        st.sampled_from(("lambda", "seed", "gap", "step")), st.sampled_from(("<", "<=", ">", ">=", "="))
    ).flatmap(lambda pair: NUMBERS.map(lambda number: (*pair, number))),
    st.tuples(st.sampled_from(("tag", "name", "note", "state")), st.sampled_from((":", "=", "!=")), TEXTS),
    st.tuples(st.just(""), st.just(""), TEXTS),
)


@given(st.lists(st.tuples(st.booleans(), TERMS), max_size=4))
def test_terms_read_back_as_they_were_written(terms):
    line = " ".join(f"{'-' * negated}{key}{sign}" + f'"{value}"' for negated, (key, sign, value) in terms)
    chosen = parse_filter(line, lambda: ["gap"])
    assert [(t.negated, (t.key, t.operator, t.value)) for t in chosen.terms] == terms
    assert parse_filter(str(chosen), lambda: ["gap"]) == chosen


def test_every_setting_can_be_named_by_its_path():
    for path in all_settings():
        parse_filter(f"{path}:1")

"""Ticks are round, differ from one another, and fit beside each other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wganstudio.figures.ticks import decade_ticks, linear_ticks


def fits_in(room):
    return lambda texts: sum(map(len, texts)) + 2 * len(texts) <= room


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e7), st.integers(8, 120))
def test_labels_fit_and_differ(low, span, room):
    ticks = linear_ticks(low, low + span, fits_in(room))
    texts = [text for _, text in ticks]
    assert len(set(texts)) == len(texts)
    assert fits_in(room)(texts) or len(texts) <= 1
    for value, text in ticks:
        assert low - 1e-6 * span <= value <= low + 1.000001 * span
        assert float(text.replace(",", "")) == pytest.approx(value, rel=1e-6, abs=1e-6 * span)


def test_nearly_flat_data_have_labels_that_tell_them_apart():
    ticks = linear_ticks(1.9999990, 2.0000010, fits_in(80))
    assert len(ticks) >= 3 and ticks[0][1] == "1.9999990"


def test_zero_has_no_sign():
    assert [text for _, text in linear_ticks(-0.4, 0.4, fits_in(60))].count("0.0") == 1


def test_nothing_is_labeled_on_an_empty_axis():
    assert linear_ticks(1.0, 1.0, fits_in(50)) == [] == linear_ticks(float("nan"), 1.0, fits_in(50))


@pytest.mark.parametrize(
    ("low", "high", "room", "texts"),
    [
        (0, 3, 4, ["1", "10", "100", "1,000"]),
        (0, 1, 5, ["1", "2", "5", "10"]),
        (-1, 5, 3, ["1", "100", "10,000"]),
    ],
)
def test_decades(low, high, room, texts):
    assert [text for _, text in decade_ticks(low, high, room)] == texts

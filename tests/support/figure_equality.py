"""Equality of the data of two figures, array by array."""

from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np


def assert_same_data(one: Any, other: Any, where: str = "figure") -> None:
    """Fail where two figures, or parts of them, differ."""
    assert type(one) is type(other), where
    if is_dataclass(one):
        for field in fields(one):
            assert_same_data(getattr(one, field.name), getattr(other, field.name), f"{where}.{field.name}")
    elif isinstance(one, np.ndarray):
        np.testing.assert_array_equal(one, other, err_msg=where)
    elif isinstance(one, dict):
        assert one.keys() == other.keys(), where
        for key in one:
            assert_same_data(one[key], other[key], f"{where}[{key!r}]")
    elif isinstance(one, list | tuple):
        assert len(one) == len(other), where
        for index, (mine, theirs) in enumerate(zip(one, other, strict=True)):
            assert_same_data(mine, theirs, f"{where}[{index}]")
    elif isinstance(one, float) and np.isnan(one):
        assert np.isnan(other), where
    else:
        assert one == other, where

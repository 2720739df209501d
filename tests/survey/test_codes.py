"""Cells and codes meet whatever the file format made of them."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emotion_models.survey.codes import as_identifier, as_number, canonical, show


@pytest.mark.parametrize(
    "cell", [3, 3.0, "3", " 3 ", "3.0", "+3", np.int8(3), np.float32(3), "3e0", "３"]
)
def test_three_is_three(cell: object) -> None:
    assert canonical(cell) == 3.0


@pytest.mark.parametrize("cell", [None, "", "  ", math.nan, np.nan, "\u00a0"])
def test_empty(cell: object) -> None:
    assert canonical(cell) == ""


@pytest.mark.parametrize(
    "text", ["nan", "inf", "-inf", "1_000", "0x10", "²", "1,5", "--3", "1e9999"]
)
def test_not_numbers(text: str) -> None:
    assert as_number(text) is None


@pytest.mark.parametrize(
    "cell", [pd.Timestamp("2026-05-01"), np.datetime64("2026-05-01T00:00:00", "ns")]
)
def test_a_date_is_no_number(cell: object) -> None:
    assert as_number(cell) is None


def test_decimal_comma() -> None:
    assert canonical("1,5", decimal_comma=True) == 1.5
    assert canonical("1.234,5", decimal_comma=True) == "1.234,5"


def test_text_ignores_case_and_form() -> None:
    assert canonical("Très  bien ") == canonical("tre\u0300s BIEN")


@given(st.one_of(st.text(max_size=20), st.integers(), st.floats(), st.booleans(), st.none()))
def test_any_cell_has_a_key(cell: object) -> None:
    key = canonical(cell)
    assert isinstance(key, (float, str))
    assert canonical(key) == key or key == math.inf or key == -math.inf
    assert "\n" not in show(cell)
    assert len(show(cell)) <= 300


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (1, "1"),
        (1.0, "1"),
        ("007", "007"),
        ("12.0", "12"),
        ("1.0.0", "1.0.0"),
        (" a ", "a"),
        (12345678901234567890, "12345678901234567890"),
        (math.nan, ""),
        (None, ""),
        (pd.NA, ""),
        (pd.NaT, ""),
        (np.int64(5), "5"),
        (1.5, "1.5"),
    ],
)
def test_identifiers(cell: object, text: str) -> None:
    assert as_identifier(cell) == text

"""Lifetime value: the published sum, its limits, and what follows from its shape."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emotion_models.science.equations.lifetime import retained_periods, retention_of_event

CHANCE = st.floats(0, 1)


def periods(r: float, horizon: int, discount: float) -> float:
    return float(retained_periods(np.array([r]), horizon, discount)[0])


@given(CHANCE, st.integers(1, 40), st.floats(0, 1))
def test_it_is_the_published_sum(r: float, horizon: int, discount: float) -> None:
    expected = sum(r**t / (1 + discount) ** t for t in range(1, horizon + 1))
    assert periods(r, horizon, discount) == pytest.approx(expected)


@given(CHANCE)
def test_one_period_is_the_probability(r: float) -> None:
    assert periods(r, 1, 0.0) == r


def test_without_end_it_is_the_margin_multiple() -> None:
    """r / (1 + d - r): 2.67 years of margin at 80% retention and 10% discount."""
    assert periods(0.8, 2000, 0.1) == pytest.approx(0.8 / (1.1 - 0.8))


def test_sure_customers_without_discount_stay_for_all_periods() -> None:
    assert periods(1.0, 7, 0.0) == 7
    assert periods(0.0, 7, 0.0) == 0


@given(st.lists(CHANCE, min_size=2, max_size=6), st.integers(2, 10))
def test_the_mean_of_customers_is_worth_no_more_than_their_worths(r: list[float], h: int) -> None:
    each = np.array(r)
    mean = retained_periods(each.mean(keepdims=True), h, 0.05)[0]
    assert retained_periods(each, h, 0.05).mean() >= mean - 1e-12


def test_the_input_stays_as_it_was() -> None:
    given_chances = np.array([0.2, 0.6], dtype=np.float32)
    found = retained_periods(given_chances, 4, 0.1)
    assert found.dtype == np.float32
    assert given_chances.tolist() == np.array([0.2, 0.6], dtype=np.float32).tolist()


@given(CHANCE, st.integers(1, 36))
def test_surviving_every_period_is_surviving_them_all(f: float, n: int) -> None:
    each = float(retention_of_event(np.array([f]), n)[0])
    assert each**n == pytest.approx(1 - f, abs=1e-9)

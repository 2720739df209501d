"""The best order: against all orders, and what theory says of its shape."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emotion_models.science.equations import memory
from emotion_models.science.equations.sequence import (
    Moments,
    at_most,
    best_order,
    improved_order,
    keeps,
    position_weights,
    possible_orders,
    shape,
)

SCORES = st.lists(st.floats(-1, 1), min_size=2, max_size=5, unique=True)
WEIGHT = st.floats(0, 1)


@st.composite
def journeys(draw: st.DrawFn) -> tuple[Moments, list[tuple[int, int]], list[int]]:
    """Moments with patterns of visits, and conditions that the order 0, 1, ... meets."""
    n, p = draw(st.integers(2, 5)), draw(st.integers(1, 3))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    visited = rng.random((p, n)) < 0.8
    visited[:, rng.integers(n)] = True
    share = rng.dirichlet(np.ones(p))
    moments = Moments(*rng.normal(size=(3, p, n)), visited, share)
    pairs = [(a, b) for a in range(n) for b in range(a + 1, n) if rng.random() < 0.2]
    return moments, pairs, [m for m in range(n) if rng.random() < 0.15]


@settings(max_examples=60, deadline=None)
@given(journeys())
def test_the_best_of_all_orders(case: tuple[Moments, list[tuple[int, int]], list[int]]) -> None:
    moments, before, fixed = case
    n = moments.visited.shape[1]
    every = [
        order
        for order in itertools.permutations(range(n))
        if keeps(order, before) and all(order[m] == m for m in fixed)
    ]
    order, worth = best_order(moments, before, fixed)
    assert order in every
    assert worth == pytest.approx(max(moments.worth(one) for one in every))
    assert moments.worth(order) == pytest.approx(worth)
    assert sorted(possible_orders(n, before, fixed)) == every
    assert at_most(moments) >= worth - 1e-9
    start = tuple(range(n))
    found, reached = improved_order(moments, start, before, fixed)
    assert found in every
    assert moments.worth(start) - 1e-12 <= reached <= worth + 1e-12


@settings(max_examples=40, deadline=None)
@given(SCORES, WEIGHT, WEIGHT, WEIGHT)
def test_larger_feelings_get_the_heavier_places(
    scores: list[float], first: float, end: float, trend: float
) -> None:
    """The rearrangement inequality."""
    weights = position_weights(len(scores), first=first, end=end, trend=trend)
    moments = Moments.for_all(np.array(scores), first=first, end=end, trend=trend)
    _, worth = best_order(moments)
    assert worth == pytest.approx(float(np.sort(weights) @ np.sort(scores)), abs=1e-9)


@settings(max_examples=40, deadline=None)
@given(SCORES, WEIGHT, WEIGHT, WEIGHT)
def test_worth_is_what_memory_keeps(
    scores: list[float], first: float, end: float, trend: float
) -> None:
    """The same features by the equations that are fitted."""
    score = np.array(scores)[:, None, None]
    there = np.ones(score.shape, dtype=bool)
    kept: Any = memory.moments(score, there, np.arange(len(scores))[:, None])
    expected = first * kept["first"] + end * kept["end"] + trend * kept["trend"]
    moments = Moments.for_all(np.array(scores), first=first, end=end, trend=trend)
    assert moments.worth(range(len(scores))) == pytest.approx(float(expected[0, 0]), abs=1e-9)


def in_best_order(scores: np.ndarray, **weights: float) -> list[float]:
    order, _ = best_order(Moments.for_all(scores, **weights))
    return [float(scores[moment]) for moment in order]


@pytest.mark.parametrize("n", [3, 4, 5, 8])
def test_with_weight_on_the_end_the_journey_rises(n: int) -> None:
    scores = np.random.default_rng(n).permutation(np.linspace(0.1, 0.9, n))
    lived = in_best_order(scores, first=0.0, end=0.6, trend=0.4)
    assert shape(lived) == "crescendo"
    assert lived[-1] == scores.max()


def test_with_weight_on_first_and_end_a_long_journey_is_u_shaped_and_a_short_one_rises() -> None:
    """The same weights: what a step of the trend is worth falls with the length."""
    weights = {"first": 0.06, "end": 0.49, "trend": 0.45}
    short, long = (
        in_best_order(np.random.default_rng(n).permutation(np.linspace(0.1, 0.9, n)), **weights)
        for n in (3, 12)
    )
    assert shape(short) == "crescendo"
    assert shape(long) == "U-shaped"
    assert sorted(long)[-2:] == sorted([long[0], long[-1]])


def test_what_need_not_move_does_not() -> None:
    moments = Moments.for_all(np.array([0.2, 0.9, 0.4, 0.5]), first=0.0, end=1.0, trend=0.0)
    assert best_order(moments)[0] == (0, 2, 3, 1)  # one to the end, the others as they were


def test_impossible_conditions() -> None:
    moments = Moments.for_all(np.arange(3.0), first=1.0, end=1.0, trend=0.0)
    with pytest.raises(ValueError, match="no order meets all conditions"):
        best_order(moments, [(0, 1), (1, 0)])
    with pytest.raises(ValueError, match="too many"):
        best_order(Moments.for_all(np.arange(15.0), first=1.0, end=0.0, trend=0.0))


@pytest.mark.parametrize(
    ("scores", "name"),
    [
        ([1, 1, 1], "flat"),
        ([1, 2, 2], "crescendo"),
        ([2, 1, 1], "decrescendo"),
        ([2, 1, 0, 3], "U-shaped"),
        ([1, 3, 2], "peak inside"),
        ([1, 2, 1, 2], "mixed"),
    ],
)
def test_shapes(scores: list[float], name: str) -> None:
    assert shape(scores) == name

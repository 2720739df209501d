"""Careless answers: every flag against a plain loop on hostile answers, and leaving them out."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray

import emotion_models as em
from emotion_models.errors import InputProblems
from emotion_models.survey import Audit, Survey
from emotion_models.survey.careless_flags import longest_runs, repeats, straight_lines
from emotion_models.survey.flagged import same_within_moments, variability_of
from tests.models import builders

ANSWERS = arrays.arrays(np.int8, (5, 7), elements=st.integers(-1, 3))


@given(ANSWERS)
@settings(max_examples=60, deadline=None)
def test_lines_and_runs_against_loops(rating: NDArray[np.int8]) -> None:
    for row, line, run in zip(rating, straight_lines(rating), longest_runs(rating), strict=True):
        answers = [int(a) for a in row if a >= 0]
        runs = [len(list(group)) for _, group in itertools.groupby(answers)]
        assert run == max(runs, default=0)
        if answers:
            assert line == (len(set(answers)) == 1)


@given(arrays.arrays(np.float64, (6, 2), elements=st.sampled_from([0.0, -0.0, 1.0, np.nan])))
@settings(max_examples=60, deadline=None)
def test_repeats_against_a_loop(values: NDArray[np.float64]) -> None:
    """Nothing is equal to nothing, and minus zero is zero; the first of equals stays."""
    data = {k: v.to_numpy() for k, v in builders.survey(builders.book(), n=6).data.items()}
    for name in ("rating", "recall", "remembered", "relationship", "behaviour_value"):
        data[name] = np.zeros_like(data[name])
    data["lever_value"] = np.zeros_like(data["lever_value"])
    data["duration"] = values[:, :1].repeat(3, axis=1)
    data["behaviour_value"][:, 0] = values[:, 1]
    seen: list[list[str]] = []
    for row, repeat in zip(values, repeats(data), strict=True):
        key = [str(v + 0.0) for v in row]
        assert repeat == (key in seen)
        seen.append(key)


def survey(rating: list[list[list[int]]]) -> Survey:
    book = builders.book(careless={"minimum_answers": 2})
    data = builders.dataset(book, n=len(rating)).copy(deep=True)
    values = np.array(rating, dtype=np.int8)
    return Survey(book, data.assign(rating=(data["rating"].dims, values)), Audit("made up"))


FLAT = [[2, 2, 2], [1, 1, 1], [3, 3, 3]]
NOTHING = [[0, 0, 0], [0, 0, 0], [0, 0, 0]]
ONCE = [[2, 2, 2], [-1, 1, 1], [-1, -1, -1]]
TOLD = [[2, 2, 2], [1, 1, 1], [3, 0, 3]]


def test_emotions_not_told_apart() -> None:
    found = same_within_moments(survey([FLAT, NOTHING, ONCE, TOLD]))
    # Nothing felt anywhere is an answer; one moment is not enough; one difference clears.
    assert found.tolist() == [True, False, False, False]


def test_variability_by_hand() -> None:
    lonely = [[2, -1, -1], [-1, -1, -1], [-1, -1, -1]]
    found = variability_of(survey([FLAT, NOTHING, TOLD, lonely]))
    expected = [np.std(np.ravel(x) / 3) for x in (FLAT, NOTHING, TOLD)]
    assert found[:3] == pytest.approx(expected)
    assert np.isnan(found[3])


def test_table_counts() -> None:
    made = survey([FLAT, TOLD, NOTHING, TOLD])
    made = Survey(made.codebook, with_flag(made, "too_fast", [0, 1]), made.audit)
    table = em.careless(made).table().set_index("flag")
    assert table.loc["same_within_moments", "count"] == 1
    assert table.loc["too_fast", ["count", "only"]].tolist() == [2, 1]
    limit = em.careless(made, minimum_variability=0.2).table().set_index("flag")
    assert limit.loc["low_variability", "count"] == 1
    assert "2 of 4 journeys" in em.careless(made).summary()
    assert em.careless(made).table()["count"].sum() == 3


def with_flag(made: Survey, name: str, rows: list[int]) -> xr.Dataset:
    flags = made.data["careless"].copy(deep=True)
    flags = flags.copy(data=np.zeros(flags.shape, dtype=bool))
    flags.loc[{"careless_flag": name}] = np.isin(np.arange(made.n_journeys), rows)
    return made.data.assign(careless=flags)


def test_left_out_and_said_so() -> None:
    made = survey([FLAT, TOLD, TOLD, TOLD])
    made = Survey(made.codebook, with_flag(made, "too_fast", [0, 2]), made.audit)
    rest = em.without_flagged(made)
    assert rest.n_journeys == 2
    assert rest.data["journey_id"].to_numpy().tolist() == ["1", "3"]
    assert rest.data["respondent"].to_numpy().tolist() == [0, 1]
    assert rest.audit.count("excluded") == 2  # each journey is counted once
    assert "too fast, left out on request: 2" in str(rest.audit)
    assert made.n_journeys == 4
    assert em.without_flagged(made, flags=["duplicates"]) == made
    model = em.JourneyModel.for_survey(rest)
    assert model == em.JourneyModel.for_survey(made)


def test_refused() -> None:
    made = survey([FLAT, FLAT])
    with pytest.raises(InputProblems, match=r"flag 'too_slow'.*'too_fast'"):
        em.without_flagged(made, flags=["too_slow", "duplicates"])
    with pytest.raises(InputProblems, match="every journey is flagged"):
        em.without_flagged(made, flags=["same_within_moments"])
    with pytest.raises(InputProblems, match="is 5"):
        em.careless(made, minimum_variability=5)

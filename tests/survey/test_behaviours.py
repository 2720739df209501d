"""Behaviours of every family as the file writes them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from emotion_models.errors import InputProblems
from emotion_models.survey import Codebook, read_survey
from tests.survey.builders import book, frame, toml

NUMBER = '\n[[behaviours]]\nname = "balance"\nfamily = "number"\n'
DURATION = (
    '\n[[behaviours]]\nname = "churn"\nfamily = "duration"\ncolumn = "months"\n'
    'event = "left"\nhorizon = 6\n'
)


def data(months: list[object], left: list[object]) -> pd.DataFrame:
    return frame().assign(months=months, left=left, balance=np.arange(8) - 3.5)


def test_number_and_duration() -> None:
    given = data([1, 2, 3, 6, 9, 9, "", 4], ["yes", "no", 1, 0, "yes", "no", "yes", ""])
    survey = read_survey(given, codebook=book(add=NUMBER + DURATION))
    value = survey.data["behaviour_value"]
    assert value.sel(behaviour="balance").values.tolist() == [-3.5 + k for k in range(8)]
    lasted = value.sel(behaviour="churn").values
    # Left in month 1; there after 2; ...; beyond the horizon: there after 6.
    assert lasted[:6].tolist() == [1, 2.5, 3, 6.5, 6.5, 6.5]
    assert np.isnan(lasted[6:]).all()
    assert survey.data["behaviour_status"].sel(behaviour="churn").values[6:].tolist() == [1, 1]


def test_own_words_for_yes_and_no() -> None:
    words = DURATION + 'categories = ["stays", "gone"]\n'
    given = data([1] * 8, ["gone", "stays"] * 4)
    survey = read_survey(given, codebook=book(add=words))
    lasted = survey.data["behaviour_value"].sel(behaviour="churn").values
    assert lasted.tolist() == [1, 1.5] * 4


def test_all_faults_of_a_duration_at_once() -> None:
    given = data([0, 2.5, "x", 1, 1, 1, 1, 1], ["perhaps", *["no"] * 7])
    with pytest.raises(InputProblems) as caught:
        read_survey(given, codebook=book(add=DURATION))
    text = str(caught.value)
    for what in ("0 is less than 1", "2.5 is not a whole number", "'x' is not a number", "perhaps"):
        assert what in text, what


@pytest.mark.parametrize(
    ("add", "what"),
    [
        (DURATION.replace('event = "left"\n', ""), "needs 'event'"),
        (DURATION.replace("horizon = 6\n", ""), "needs 'event'"),
        (DURATION.replace("6", "1"), "horizon"),
        (NUMBER + "horizon = 6\n", "'horizon' is for family 'duration' only"),
        (NUMBER + 'event = "left"\n', "'event' is for family 'duration' only"),
        (DURATION.replace('"left"', '"spend"'), "already the column"),
    ],
)
def test_contradictions_are_refused(add: str, what: str) -> None:
    with pytest.raises(InputProblems, match=what):
        Codebook.from_toml(toml(add=add))


def test_round_trip_and_hash() -> None:
    once = Codebook.from_toml(toml(add=NUMBER + DURATION))
    assert Codebook.from_toml(once.to_toml()) == once
    given = data([1, 2, 3, 6, 4, 4, 5, 4], ["yes", "no"] * 4)
    first = read_survey(given, codebook=once)
    renamed = book(add=NUMBER + DURATION.replace('"left"', '"gone"'))
    again = read_survey(given.rename(columns={"left": "gone"}), codebook=renamed)
    assert again.hash == first.hash  # where it stood is not what it means
    longer = read_survey(given, codebook=book(add=NUMBER + DURATION.replace("6", "7")))
    assert longer.hash != first.hash

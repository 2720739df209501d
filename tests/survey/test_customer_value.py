"""Customer value: read, audited, part of the hash, and nothing where a codebook has none."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from emotion_models.errors import InputProblems
from emotion_models.survey import Survey, data_hash, read_survey
from emotion_models.survey.codebook import Codebook
from tests.survey.builders import book, frame

VALUE = '\n[customer_value]\ncolumn = "revenue"\nunit = "EUR a year"\n'


def revenue(*values: object, n: int = 8) -> pd.DataFrame:
    column = [values[i % len(values)] for i in range(n)]
    return frame(n).assign(revenue=column)


def read(table: pd.DataFrame, add: str = VALUE) -> Survey:
    return read_survey(table, codebook=book(add=add))


def test_values_are_read_in_the_order_of_the_journeys() -> None:
    survey = read(revenue(*range(10, 90, 10)))
    assert survey.data["customer_value"].to_numpy().tolist() == [10, 20, 30, 40, 50, 60, 70, 80]
    assert "customer value" not in str(survey.audit)
    assert survey.codebook.customer_value is not None
    assert survey.codebook.customer_value.unit == "EUR a year"
    assert Codebook.from_toml(survey.codebook.to_toml()) == survey.codebook


def test_unknown_values_are_allowed_and_counted() -> None:
    add = VALUE + "missing = { refused = [-1] }\n"
    survey = read(revenue(100, None, -1, 50), add)
    known = np.isfinite(survey.data["customer_value"].to_numpy())
    assert known.tolist() == [True, False, False, True] * 2
    assert "note: visit of unknown customer value: 4" in str(survey.audit)


@pytest.mark.parametrize("values", [(7,), (None,), (7, None)])
def test_a_value_that_does_not_vary_is_noticed(values: tuple[object, ...]) -> None:
    assert "warning: customer value never varies" in str(read(revenue(*values)).audit)


@pytest.mark.parametrize(("wrong", "words"), [(-5, "-5"), ("much", "'much' is not a number")])
def test_impossible_values_are_refused(wrong: object, words: str) -> None:
    with pytest.raises(InputProblems, match=r"column 'revenue'") as caught:
        read(revenue(wrong, 10))
    assert words in str(caught.value)


def test_the_column_must_be_there() -> None:
    with pytest.raises(InputProblems, match=r"column 'revenue': is missing"):
        read(frame())


def test_it_is_part_of_the_hash() -> None:
    one, two = read(revenue(1, 2, 3)), read(revenue(1, 2, 4))
    assert one.hash != two.hash
    assert one.hash != read_survey(frame(), codebook=book()).hash
    renamed = revenue(1, 2, 3).rename(columns={"revenue": "worth"})
    assert read(renamed, VALUE.replace("revenue", "worth")).hash == one.hash


def test_without_it_the_hash_is_as_it_was_before_there_was_such_a_role() -> None:
    survey = read_survey(frame(), codebook=book())
    assert np.isnan(survey.data["customer_value"].to_numpy()).all()
    old = survey.data.drop_vars("customer_value")
    assert data_hash(survey.codebook, old) == survey.hash

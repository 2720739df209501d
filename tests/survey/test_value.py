"""The codebook's ``[value]``: read, written, held against the behaviours."""

from __future__ import annotations

from pathlib import Path

import pytest

import emotion_models as em
import emotion_models.survey
from emotion_models.errors import InputProblems
from emotion_models.survey import Codebook

EXAMPLE = Path(emotion_models.survey.__file__).with_name("example_codebook.toml")
TEXT = EXAMPLE.read_text("utf-8")
TABLE = """
[value]
currency = "EUR"
period = "year"
horizon = 3
discount = 0.08
journeys = 12000
retention = "return"
recurring = ["spend"]
"""


def book(table: str = TABLE) -> Codebook:
    return Codebook.from_toml(TEXT + table)


def test_it_is_read_and_written() -> None:
    assert book().value is not None
    assert Codebook.from_toml(book().to_toml()) == book()
    assert Codebook.from_toml(TEXT).value is None


def test_the_commented_example_is_one() -> None:
    lines = TEXT.splitlines()
    first = lines.index("# [value]")
    last = next(i for i in range(first, len(lines)) if not lines[i].strip())
    own = [line.removeprefix("# ").removeprefix("#") for line in lines[first:last]]
    value = book("\n" + "\n".join(own)).value
    assert value is not None
    assert value.margin == 180


def test_the_demo_has_values() -> None:
    value = em.load_dataset("hotel-stays").codebook.value
    assert value is not None
    assert (value.horizon, value.retention) == (3, "return")


def test_money_is_not_what_people_answered() -> None:
    survey = em.load_dataset("hotel-stays")
    without = Codebook.model_validate(survey.codebook.model_dump(exclude={"value"}))
    assert without.value is None
    assert type(survey)(without, survey.data, survey.audit).hash == survey.hash


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('retention = "return"', 'retention = "retrun"', "did you mean 'return'?"),
        ('retention = "return"', 'retention = "spend"', "is of family 'amount'"),
        ('retention = "return"', 'retention = "complain"', "give 'margin'"),
        ('retention = "return"', "", "needs 'retention'"),
        ('["spend"]', '["sped"]', "did you mean 'spend'?"),
        ('["spend"]', '["recommend"]', "has no value"),
        ('["spend"]', '["return"]', "is the retention itself"),
        ("horizon = 3", "horizon = 0", "horizon"),
        ("discount = 0.08", "discount = -1", "discount"),
        ("horizon = 3", 'margin = "customer_value"', "has no [customer_value]"),
        ("horizon = 3", "horizn = 3", "did you mean 'horizon'?"),
    ],
)
def test_mistakes(old: str, new: str, said: str) -> None:
    with pytest.raises(InputProblems) as caught:
        book(TABLE.replace(old, new))
    assert said in str(caught.value)
    assert "[value]" in str(caught.value)

from __future__ import annotations

import csv
import io
import json
import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import emotion_models as em
from emotion_models.reporting.anonymity import enough, hidden_groups
from emotion_models.reporting.dependencies import depends_on
from emotion_models.reporting.findings import Finding, uncertainty, withhold
from emotion_models.reporting.numbers import digits_for, interval, number, percent, signed
from emotion_models.reporting.sections.methods import _settings
from emotion_models.reporting.table_writers import (
    markdown_text,
    to_csv,
    to_data,
    to_html,
    to_markdown,
)
from emotion_models.reporting.tables import Column, Table

HOSTILE = [
    "=HYPERLINK(1)", "+1", "-1+2", "@SUM(A1)", "\t=1", "  =1", "|cmd", "<script>alert(1)</script>",
    "*bold* _x_ `c` [a](b) | $y$", "#set page()", "\\input{x}", "１＝", "a\nb", "=\u200b1",
]  # fmt: skip


def table(*cells: str) -> Table:
    columns = (Column("name", "Name <b>"), Column("value", "Value", "signed"))
    return Table("Caption & more", columns, tuple((cell, 1.5) for cell in cells))


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (1234.5, "1,234"),
        (3.14159, "3.1"),
        (-0.5, "−0.50"),
        (-0.0001, "0.00"),
        (math.nan, "not available"),
    ],
)
def test_numbers(value: float, shown: str) -> None:
    assert number(value) == shown


def test_number_words() -> None:
    assert signed(0.0) == "0.00"
    assert signed(2.0) == "+2.00"
    assert interval(-1.234, 5.678) == "−1.2 to 5.7"
    assert percent(0.999) == "more than 99%"
    assert percent(1.0) == "100%"
    assert [digits_for(d) for d in (3.1, 0.12, 0.02, 31.0, 0.0)] == [0, 2, 3, 0, 1]


def test_table_rejects_ragged_rows() -> None:
    with pytest.raises(ValueError, match="row 1"):
        Table("c", (Column("a", "A"),), ((1,), (1, 2)))


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_only_text(text: str) -> None:
    made = table(text)
    cell = next(iter(list(csv.reader(io.StringIO(to_csv(made))))[1:]))[0]
    assert not cell.lstrip().startswith(("=", "+", "-", "@", "|", "\t"))
    assert "<script" not in to_html(made)
    lines = to_markdown(made).splitlines()
    assert len(lines) == 5
    assert json.loads(json.dumps(to_data(made)))["rows"][0][0] == text


def test_negative_numbers_stay_numbers_in_csv() -> None:
    made = Table("c", (Column("a", "A", "number"),), ((-1.5,),))
    assert to_csv(made) == "a\n-1.5\n"


def test_nan_is_none_in_data_and_words_in_print() -> None:
    made = Table("c", (Column("a", "A", "number"),), ((math.nan,),))
    assert to_data(made)["rows"] == [[None]]
    assert made.shown() == [["not available"]]


def test_markdown_never_starts_a_list() -> None:
    assert markdown_text("1. joy") == "1\\. joy"
    assert markdown_text("- joy") == "\\- joy"


class Check:
    def __init__(self, name: str, status: str) -> None:
        self.name, self.status, self.advice = name, status, "run longer"


def finding() -> Finding:
    return Finding("Joy helps.", 1.0, 0.5, 1.5, 0.97, "adjusted", topic="what joy does",
                   depends_on=("R-hat",))  # fmt: skip


def test_failed_check_withholds_claim_and_numbers() -> None:
    kept = withhold(finding(), [Check("R-hat", "FAIL"), Check("other", "FAIL")])
    assert kept.withheld
    assert "Joy helps" not in kept.claim
    assert "'R-hat' failed" in kept.claim
    assert "'other'" not in kept.claim
    assert "run longer" in kept.claim
    assert kept.estimate is kept.lower is kept.upper is kept.probability is None
    assert uncertainty(kept) == ""


def test_other_checks_leave_the_claim_alone() -> None:
    assert withhold(finding(), [Check("other", "FAIL")]) == finding()
    review = withhold(finding(), [Check("R-hat", "REVIEW")])
    assert not review.withheld
    assert "R-hat" in review.caveats[0]


def test_dependencies_fail_closed() -> None:
    names = ["R-hat", "Pareto k", "posterior predictive: return", "posterior predictive: trust_1",
             "a check of tomorrow", "posterior predictive: nobody knows"]  # fmt: skip
    owner = {"return": "return", "trust": "trust", "trust_1": "trust"}
    always = {"R-hat", "a check of tomorrow", "posterior predictive: nobody knows"}
    effects = depends_on("effects", names, owner=owner, outcome="return")
    assert set(effects) == always | {"posterior predictive: return"}
    effects = depends_on("effects", names, owner=owner, outcome="trust")
    assert set(effects) == always | {"posterior predictive: trust_1"}
    assert set(depends_on("memory", names, owner=owner)) == always
    assert depends_on("comparison", names, owner=owner) == tuple(names)
    assert depends_on("journey", names, owner=owner) == ()


def test_points_that_few_people_rated_are_dropped() -> None:
    curve = pd.DataFrame({"emotion": ["joy", "joy"], "touchpoint": ["a", "b"], "n": [10, 9]})
    assert list(enough(curve, curve)["touchpoint"]) == ["a"]


def test_small_groups_and_the_one_that_would_reveal_them() -> None:
    assert hidden_groups({"a": 500, "b": 60}) == frozenset()
    assert hidden_groups({"a": 500, "b": 60, "c": 9}) == {"b", "c"}
    assert hidden_groups({"a": 500, "b": 8, "c": 9}) == {"b", "c"}
    assert hidden_groups({"a": 500, "b": 0}) == {"b"}
    assert hidden_groups({"a": 500, "b": 60, "c": 2, "d": 3}) == {"b", "c", "d"}
    assert hidden_groups({"a": 500, "b": 5, "c": 0}) == {"a", "b", "c"}


@given(
    st.dictionaries(st.sampled_from("abcdefg"), st.integers(0, 40), max_size=7), st.integers(1, 30)
)
def test_nothing_small_can_be_worked_out(counts: dict[str, int], threshold: int) -> None:
    """The total less all that is shown is nobody, or enough people of at least two groups."""
    hidden = hidden_groups(counts, threshold)
    shown = counts.keys() - hidden
    assert all(counts[name] >= threshold for name in shown)
    left = [counts[name] for name in hidden if counts[name] > 0]
    assert not left or not shown or (len(left) > 1 and sum(left) >= threshold)
    # No more is hidden than that needs: one large group at most.
    assert sum(counts[name] >= threshold for name in hidden) <= 1


def test_methods_name_every_option_of_the_model() -> None:
    """Every field of the model is said, or said where it is not as usual."""
    changed = {
        "peak": "moment", "fading": True, "segments": True, "memory_by_segment": True,
        "by_touchpoint": True, "levers_by_segment": True, "moderator": "value", "weighted": True,
        "invariance": "segment", "overrides": {"positivity": em.Prior.normal(0, 1)},
    }  # fmt: skip
    usual = dict(_settings(em.JourneyModel()))
    said = dict(_settings(em.JourneyModel().with_options(changed)))
    assert len(said) == len(usual) + len(changed) - 1  # segments are always said
    assert said["Priors set by name"] == "positivity"
    assert dict(_settings(em.JourneyModel(scoring="monotonic")))["Steps between answer categories"]

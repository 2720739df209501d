"""Which touchpoints were visited, in which order, and files that contradict themselves."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from emotion_models.errors import InputProblems
from emotion_models.survey import Codebook, Survey, read_survey

WIDE = """
[study]
name = "s"
[layout]
form = "wide"
journey = "id"
{layout}
[missing]
not_visited = [-8]
refused = [-9]
[scales.felt]
values = [0, 1, 2]
[[touchpoints]]
name = "a"
[[touchpoints]]
name = "b"
[[touchpoints]]
name = "c"
[[emotions]]
name = "joy"
scale = "felt"
[[emotions]]
name = "anger"
scale = "felt"
{more}
"""
ORDER = '[order]\ncolumn = "{touchpoint}_pos"'
VISITED = 'visited = "{touchpoint}_was"'
_ = None


def read(rows: list[dict[str, Any]], layout: str = "", more: str = "") -> Survey:
    book = Codebook.from_toml(WIDE.replace("{layout}", layout).replace("{more}", more))
    columns = [f"{t}_{e}" for t in "abc" for e in ("joy", "anger")]
    data = pd.DataFrame(rows).reindex(
        columns=["id", *columns, *sorted({k for r in rows for k in r} - {"id", *columns})]
    )
    return read_survey(data.astype(object), codebook=book)


def row(*ratings: Any, **more: Any) -> dict[str, Any]:
    columns = [f"{t}_{e}" for t in "abc" for e in ("joy", "anger")]
    return {"id": more.pop("id", "j"), **dict(zip(columns, ratings, strict=True)), **more}


def problem(*args: Any, **options: Any) -> list[str]:
    with pytest.raises(InputProblems) as caught:
        read(*args, **options)
    return [str(item) for item in caught.value.problems]


def test_codes_blank_and_refused_are_three_things() -> None:
    data = read([row(1, 2, -8, _, _, -9)]).data
    assert data["visited"].values.tolist() == [[True, False, True]]
    assert data["rating_status"].values.tolist() == [[[0, 0], [2, 2], [1, 3]]]
    assert data["rating"].values.tolist() == [[[1, 2], [-1, -1], [-1, -1]]]
    assert data["position"].values.tolist() == [[0, -1, 1]]


def test_all_blank_means_what_the_codebook_says() -> None:
    rows = [row(1, 2, _, _, -9, _)]
    assert read(rows).data["visited"].values.tolist() == [[True, True, True]]
    told = read(rows, layout='all_blank = "not_visited"').data
    assert told["visited"].values.tolist() == [[True, False, True]]


def test_visited_columns() -> None:
    marks = {"a_was": "yes", "b_was": 1, "c_was": "no"}
    data = read([row(1, 1, _, _, _, _, **marks)], layout=VISITED).data
    assert data["visited"].values.tolist() == [[True, True, False]]
    wrong = {"a_was": 1, "b_was": 0, "c_was": 1}
    assert problem([row(1, 1, 2, 2, 1, 1, **wrong)], layout=VISITED) == [
        "row 1, touchpoint 'b': is rated and marked as not visited; correct one"
    ]


def test_positions_give_the_order() -> None:
    data = read([row(1, 1, 1, 1, 1, 1, a_pos=30, b_pos=10, c_pos=20)], more=ORDER).data
    assert data["position"].values.tolist() == [[2, 0, 1]]
    data = read([row(1, 1, _, _, _, _, a_pos=2, b_pos=_, c_pos=1)], more=ORDER).data
    assert data["visited"].values.tolist() == [[True, False, True]]
    assert data["position"].values.tolist() == [[1, -1, 0]]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            row(1, 1, 1, 1, 1, 1, a_pos=1, b_pos=3, c_pos=3),
            "row 1, touchpoints 'b' and 'c': both have position 3; "
            "each visited touchpoint needs its own",
        ),
        (
            row(1, 1, -8, -8, 1, 1, a_pos=1, b_pos=2, c_pos=3),
            "row 1, touchpoint 'b': has a position and is marked as not visited; correct one",
        ),
        (
            row(1, 1, 1, 1, 1, 1, a_pos=1, b_pos=_, c_pos=3),
            "row 1, touchpoint 'b': was visited but has no position; correct one",
        ),
        (
            row(1, -8, 1, 1, 1, 1, a_pos=1, b_pos=2, c_pos=3),
            "row 1, touchpoint 'a': is rated and marked as not visited; correct one",
        ),
        (
            row(1, 1, 1, 1, 1, 1, a_pos="x", b_pos=2, c_pos=3),
            "row 1, column 'a_pos': 'x' is not a number",
        ),
    ],
)
def test_contradictions(given: dict[str, Any], message: str) -> None:
    assert message in problem([given], more=ORDER)


def test_no_positions_at_all_means_the_usual_order() -> None:
    data = read([row(1, 1, 1, 1, -8, _, a_pos=_, b_pos=_, c_pos=_)], more=ORDER).data
    assert data["position"].values.tolist() == [[0, 1, -1]]


def test_a_journey_without_visits_is_dropped_and_told() -> None:
    survey = read([row(1, 1, 1, 1, 1, 1), row(*[-8] * 6, id="k")])
    assert survey.n_journeys == 1
    assert "dropped: journey without any visited touchpoint: 1" in str(survey.audit)


def test_long_form_order() -> None:
    text = WIDE.replace('form = "wide"', 'form = "long"\ntouchpoint = "at"\norder = "pos"')
    book = Codebook.from_toml(text.replace("{layout}", "").replace("{more}", ""))
    rows = pd.DataFrame(
        {
            "id": [1, 1, 2],
            "at": ["C", "a", "b"],
            "pos": [1, 2, 1],
            "joy": [0, 1, 2],
            "anger": [1, 0, 1],
        }
    )
    data = read_survey(rows, codebook=book).data
    assert data["position"].values.tolist() == [[1, -1, 0], [-1, 0, -1]]
    assert data["rating"].values[0].tolist() == [[1, 0], [-1, -1], [0, 1]]
    assert data["rating_status"].values[1].tolist() == [[2, 2], [0, 0], [2, 2]]
    with pytest.raises(InputProblems, match="touchpoints 'a' and 'c': both have position 1"):
        read_survey(rows.assign(pos=1), codebook=book)

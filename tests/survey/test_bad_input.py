"""Every fault of a file is reported, at once, with row, column, value and what to do."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from emotion_models.errors import InputProblems
from emotion_models.survey import read_survey
from tests.survey.builders import book, csv_text, frame, long_book, put, to_long, toml, write_csv

GOLDEN = Path(__file__).with_name("golden")


def problems(source: Any, **options: Any) -> list[str]:
    options.setdefault("codebook", book())
    with pytest.raises(InputProblems) as caught:
        read_survey(source, **options)
    return [str(problem) for problem in caught.value.problems]


def csv_of(tmp_path: Path, data: pd.DataFrame) -> Path:
    return write_csv(tmp_path / "stays.csv", data)


CELLS: list[tuple[str, Any, str]] = [
    (
        "room_joy",
        9,
        "row 3, column 'room_joy': 9 is not on the scale 'felt' (0, 1, 2, 3)",
    ),
    (
        "room_joy",
        "verry",
        "row 3, column 'room_joy': 'verry' is not on the scale 'felt' (0, 1, 2, 3); "
        "did you mean 'very'?",
    ),
    (
        "room_joy",
        "NA",
        "row 3, column 'room_joy': 'NA' is not on the scale 'felt' (0, 1, 2, 3); "
        "if it means no answer, add it to missing.blank of the codebook",
    ),
    (
        "room_joy",
        -7,
        "row 3, column 'room_joy': -7 is not on the scale 'felt' (0, 1, 2, 3); "
        "if it means no answer, add it to [missing] of the codebook",
    ),
    ("room_joy", 1.5, "row 3, column 'room_joy': 1.5 is not on the scale 'felt' (0, 1, 2, 3)"),
    ("wait", 61, "row 3, column 'wait': 61 is outside 0 to 60"),
    ("wait", "soon", "row 3, column 'wait': 'soon' is not a number"),
    ("wait", "inf", "row 3, column 'wait': 'inf' is not a number"),
    ("wait", "5,5", "row 3, column 'wait': '5,5' is not a number; write 5.5"),
    ("spend", 10**400, "row 3, column 'spend': inf is not a finite number"),
    (
        "spend",
        -1,
        "row 3, column 'spend': -1 is less than 0; "
        "if it means no answer, add it to [missing] of the codebook",
    ),
    ("visits", 1.5, "row 3, column 'visits': 1.5 is not a whole number"),
    ("return", 2, "row 3, column 'return': 2 is neither no nor yes (0, 1)"),
    (
        "channel",
        "dask",
        "row 3, column 'channel': 'dask' is not on the categories of 'channel' ('desk', 'app'); "
        "did you mean 'desk'?",
    ),
    ("group", "", "row 3, column 'group': has no segment; add a category for unknown"),
    ("weight", "", "row 3, column 'weight': has no weight; fill it in"),
    ("person", " ", "row 3, column 'person': the respondent identifier is empty; fill it in"),
    ("visit", "", "row 3, column 'visit': the journey identifier is empty; fill it in"),
    (
        "day",
        "31.5.26",
        "row 3, column 'day': '31.5.26' is not a date in the format ISO 8601, e.g. 2026-05-31",
    ),
    (
        "visit",
        "v0",
        "rows 2 and 3, column 'visit': visit 'v0' of respondent 'p0' stands more than once; "
        "keep one row for each, or give them different identifiers",
    ),
]


@pytest.mark.parametrize(("column", "value", "message"), CELLS)
def test_one_bad_cell(tmp_path: Path, column: str, value: Any, message: str) -> None:
    if value == 10**400:
        assert problems(put(frame(), 3, column, math.inf)) == [message.replace("row 3", "row 2")]
        return
    assert problems(csv_of(tmp_path, put(frame(), 3, column, value))) == [message]


def test_everything_at_once(tmp_path: Path) -> None:
    data = frame(20)
    for row, column, value in (
        (2, "check-in_joy", 7),
        (5, "check-in_joy", 7),
        (6, "check-in_joy", "cross"),
        (3, "wait", 999),
        (9, "spend", "lots"),
        (11, "return", "perhaps"),
    ):
        data = put(data, row, column, value)
    data.loc[5:15, "trust_1"] = 6
    data = data.rename(columns={"room_anger": "room_angr", "overall": "x"})
    text = toml(('kind = "numeric"\nat', 'kind = "numbr"\nat'), add='\n[weigth]\ncolumn = "w"\n')
    (tmp_path / "book.toml").write_text(text)
    with pytest.raises(InputProblems) as caught:
        read_survey(csv_of(tmp_path, data), codebook=tmp_path / "book.toml")
    golden = (GOLDEN / "everything.txt").read_text("utf-8")
    assert str(caught.value) == golden.rstrip("\n")


def test_missing_columns(tmp_path: Path) -> None:
    data = frame().rename(columns={"check-in_joy": "chekin_joy"}).drop(columns="spend")
    assert problems(csv_of(tmp_path, data)) == [
        "column 'check-in_joy': is missing; did you mean 'chekin_joy'?",
        "column 'spend': is missing; check the header row and the column pattern of the codebook",
    ]


def test_doubled_column(tmp_path: Path) -> None:
    path = tmp_path / "stays.csv"
    path.write_text(csv_text(frame()).replace("room_joy", "check-in_joy", 1))
    assert problems(path)[0] == "column 'check-in_joy': stands twice; rename one of them"


FILES: list[tuple[str, bytes, str]] = [
    ("a.csv", b"", "file: is empty; it needs a header row and one row per record"),
    ("a.csv", b" \n", "file: is empty; it needs a header row and one row per record"),
    ("a.csv", b"visit,person\n", "file: has a header but no rows; it needs one row per record"),
    ("a.csv", b"visit\n\x81\x8d", "line 2: byte 0x81 cannot be decoded; tried UTF-8, UTF-16 and"),
    ("a.csv", b"\x89PNG\r\n\x1a\n\x00\x00ab", "file: is not text; give a CSV, Excel, SPSS or"),
    ("a.pdf", b"%PDF-1.7", "file: the type '.pdf' is not known; give a CSV, Excel, SPSS or"),
    ("a.sav", b"visit,person\n1,2\n", "file: its content is not that of a .sav file"),
    ("a.xlsx", b"PK\x03\x04 rubbish", "file: cannot be read as Excel"),
    ("a.sav", b"$FL2 rubbish", "file: cannot be read as SPSS"),
    ("a.parquet", b"PAR1 rubbish", "file: cannot be read as Parquet"),
    ("a.csv", b"a,b\n1,2\n1,2,3\n", "row 3, whole row: 3 cells where the header has 2"),
]


@pytest.mark.parametrize(("name", "content", "message"), FILES)
def test_bad_file(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert problems(path)[0].startswith(message)


def test_no_file(tmp_path: Path) -> None:
    path = tmp_path / "stays.csv"
    assert problems(path) == [
        f"file: '{str(path)[:40]}…' cannot be read (No such file or directory); check the path"
    ]
    assert "Is a directory" in problems(tmp_path)[0]


def test_not_a_source() -> None:
    assert problems([1, 2])[0].startswith("source: a list cannot be read; give a CSV")
    assert problems(frame().head(0)) == ["data frame: has no rows; it needs one per record"]
    assert "a int is no codebook" in problems(frame(), codebook=3)[0]


def test_codebook_and_file_faults_together(tmp_path: Path) -> None:
    found = problems(tmp_path / "none.csv", codebook=tmp_path / "none.toml")
    assert len(found) == 2
    (tmp_path / "bad.toml").write_text("[study\n")
    found = problems(tmp_path / "none.csv", codebook=tmp_path / "bad.toml")
    assert found[0].startswith("codebook, line 1")
    assert found[1].startswith("file: ")


def test_emotion_without_answers() -> None:
    data = frame()
    data[["check-in_anger", "room_anger"]] = None
    assert problems(data) == [
        "emotion 'anger': no answer in any journey; "
        "check its columns, or take it out of the codebook"
    ]


def test_weights_all_zero() -> None:
    assert problems(frame().assign(weight=0)) == ["column 'weight': all weights are 0"]


def test_journeys_with_wide_form() -> None:
    assert problems(frame(), journeys=frame()) == [
        "journeys: is for the long form only; leave it out"
    ]


LONG: list[tuple[Callable[[pd.DataFrame], pd.DataFrame], str]] = [
    (
        lambda rows: put(rows, 2, "touchpoint", "chekin"),
        "data frame, row 1, touchpoint 'chekin': not in the codebook; did you mean 'check-in'?",
    ),
    (
        lambda rows: put(rows, 3, "touchpoint", "check-in"),
        "data frame, rows 1 and 2, touchpoint 'check-in': stands twice for visit 'v0'; keep one",
    ),
    (
        lambda rows: put(rows, 2, "visit", "v99"),
        "data frame, row 1, column 'visit': 'v99' is not in the journeys file",
    ),
    (
        lambda rows: put(rows, 2, "touchpoint", None),
        "data frame, row 1, touchpoint '': not in the codebook; valid names: 'check-in', 'room'",
    ),
]


@pytest.mark.parametrize(("change", "message"), LONG)
def test_bad_touchpoint_rows(change: Callable[[pd.DataFrame], pd.DataFrame], message: str) -> None:
    visits, journeys = to_long(frame())
    found = problems(change(visits), codebook=long_book(), journeys=journeys)
    assert found == [message]


def test_many_rows_are_counted_not_listed() -> None:
    found = problems(frame(200).assign(overall=9))
    assert found == [
        "rows 1, 2, 3, 4, 5 and 195 more, column 'overall': "
        "9 is not on the scale 'agree' (1, 2, 3, 4, 5)"
    ]


def test_works_with_little(tmp_path: Path) -> None:
    one = read_survey(frame(1), codebook=book())
    assert (one.n_journeys, one.n_respondents) == (1, 1)
    constant = frame().assign(**{"check-in_joy": 1, "room_joy": 1, "room_anger": 1})
    read = read_survey(constant, codebook=book())
    assert "warning: emotion 'joy' never varies" in str(read.audit)
    assert read.codebook.scales["felt"].n_categories == 4
    tiny = toml(('\n[[touchpoints]]\nname = "room"\n', ""))
    (tmp_path / "book.toml").write_text(tiny)
    single = read_survey(frame(), codebook=tmp_path / "book.toml")
    assert single.data["rating"].shape == (8, 1, 2)
    assert np.all(single.data["visited"])


def test_the_source_is_left_alone() -> None:
    data = frame()
    before = data.copy(deep=True)
    survey = read_survey(data, codebook=book())
    data.loc[:, "check-in_joy"] = 0
    assert survey == read_survey(before, codebook=book())


def test_parquet_with_names_that_are_no_text(tmp_path: Path) -> None:
    path = tmp_path / "damaged.parquet"
    pd.DataFrame({"room_joy": [1, 2]}).to_parquet(path)
    path.write_bytes(path.read_bytes().replace(b"room_joy", b"r\xb7om_joy"))
    with pytest.raises(InputProblems, match="cannot be read as Parquet"):
        read_survey(path, codebook=book())

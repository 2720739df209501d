"""Odd names, odd cells and odd files end in a survey or in `InputProblems`, never otherwise."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import polars as pl
import pytest
import tomli_w
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from emotion_models.errors import InputProblems
from emotion_models.survey import Codebook, draft_codebook, read_survey
from tests.survey.builders import book, csv_text, frame, write_csv

PLACES = [
    "{emotion}",
    "{touchpoint}",
    "a,b;c",
    "\u202eRTL",
    "שלום עולם",
    "😀 check 🏨",
    "x" * 40,
    "<b>&\"'",
    "'; DROP TABLE",
    "../..",
    "a\u0301bc",
    "100%",
    "\\n",
    "[x]",
    "0",
]
FEELINGS = ["joy", "{touchpoint}", "$%{}", "怒り", "e" * 40]


def hostile() -> tuple[Codebook, pd.DataFrame]:
    document = {
        "study": {"name": "<img src=x>"},
        "layout": {"form": "wide", "journey": "id"},
        "scales": {"s.c ale": {"values": [0, 1, 2]}},
        "touchpoints": [{"name": name} for name in PLACES],
        "emotions": [{"name": name, "scale": "s.c ale"} for name in FEELINGS],
    }
    rng = np.random.default_rng(0)
    cells = {f"{t}_{e}": rng.integers(0, 3, 5) for t in PLACES for e in FEELINGS}
    ids = [2**63 - 1 - i for i in range(5)]
    return Codebook.from_toml(tomli_w.dumps(document)), pd.DataFrame({"id": ids, **cells})


def test_hostile_names_in_every_format(tmp_path: Path) -> None:
    codebook, data = hostile()
    assert Codebook.from_toml(codebook.to_toml()) == codebook
    survey = read_survey(data, codebook=codebook)
    assert read_survey(write_csv(tmp_path / "h.csv", data), codebook=codebook) == survey
    data.to_parquet(tmp_path / "h.parquet")
    assert read_survey(tmp_path / "h.parquet", codebook=codebook) == survey
    assert read_survey(pl.DataFrame(data.to_dict("list")), codebook=codebook) == survey
    data.astype({"id": str}).to_excel(tmp_path / "h.xlsx", index=False)
    assert read_survey(tmp_path / "h.xlsx", codebook=codebook) == survey
    assert "<img" not in survey._repr_html_()
    Codebook.from_toml(draft_codebook(tmp_path / "h.csv"))


def outcome(data: pd.DataFrame) -> str:
    """Message of the problems, or nothing when it is read."""
    try:
        read_survey(data, codebook=book())
    except InputProblems as error:
        return str(error)
    return ""


CELLS: list[Any] = [
    2**200,
    -(2**70),
    1e308,
    float("nan"),
    float("inf"),
    -0.0,
    True,
    [1],
    {"a": 1},
    b"x",
    dt.date(2020, 1, 1),
    "\u202e1",
    "1\x00",
    "1\n2",
    "x" * 5000,
    pd.NA,
    pd.NaT,
    np.datetime64("2020-01-01"),
    1 + 2j,
    object(),
]


@pytest.mark.parametrize("cell", CELLS, ids=range(len(CELLS)))
def test_odd_cells(cell: Any) -> None:
    for column in ("check-in_joy", "wait", "return", "visit", "person", "day", "group", "spend"):
        data = frame().astype({column: object})
        data.at[1, column] = cell
        message = outcome(data)
        assert message == "" or "row 2" in message
        assert "\u202e" not in message


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=200))
def test_any_bytes(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_bytes(content)
    with pytest.raises(InputProblems):
        read_survey(path, codebook=book())


@settings(max_examples=40, deadline=None)
@given(st.recursive(st.integers() | st.text(max_size=5), lambda x: st.lists(x, max_size=3)))
def test_any_codebook_value(value: Any) -> None:
    for key in ("study", "layout", "scales", "touchpoints", "emotions", "segments", "careless"):
        with pytest.raises(InputProblems):
            Codebook.from_toml(tomli_w.dumps({key: value}))


@pytest.mark.parametrize(
    "change",
    [
        lambda text: "\n\n" + text,
        lambda text: text + "\n\n" + "," * 21 + "\n",
        lambda text: text.replace("\n", ",\n"),
        lambda text: "sep=,\n" + text,
        lambda text: text.replace("visit,", " visit ,", 1),
    ],
)
def test_untidy_csv(tmp_path: Path, change: Any) -> None:
    path = tmp_path / "a.csv"
    path.write_text(change(csv_text(frame())))
    assert read_survey(path, codebook=book()) == read_survey(frame(), codebook=book())


def test_blank_rows_are_told(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(csv_text(frame()) + "\n" + "," * 21 + "\n")
    audit = read_survey(path, codebook=book()).audit
    assert audit.count("read") == 10
    assert "dropped: rows without any cell filled in: 2" in str(audit)


def test_row_numbers_below_blank_lines(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("\n\n" + csv_text(frame()).replace("v1,p0,1", "v1,p0,9"))
    with pytest.raises(InputProblems, match="row 5, column 'check-in_joy': 9"):
        read_survey(path, codebook=book())


def test_stray_quote_and_huge_line(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('visit,person\n"a,b\n' * 3)
    with pytest.raises(InputProblems, match="stray separator or quote"):
        read_survey(path, codebook=book())
    path.write_text("a" * 2_000_000)
    with pytest.raises(InputProblems):
        read_survey(path, codebook=book())


def test_excel_errors_are_told(tmp_path: Path) -> None:
    data = frame()
    data.to_excel(tmp_path / "a.xlsx", index=False)
    workbook = openpyxl.load_workbook(tmp_path / "a.xlsx")
    workbook.active["C4"] = "#N/A"
    workbook.save(tmp_path / "a.xlsx")
    audit = read_survey(tmp_path / "a.xlsx", codebook=book()).audit
    assert "Excel error (such as #N/A) were read as empty" in str(audit)


@pytest.mark.parametrize("path", ["a\x00b", "x" * 5000, "[study]\nname = 1", ""])
def test_odd_paths(path: str) -> None:
    with pytest.raises(InputProblems, match="cannot be read"):
        read_survey(path, codebook=book())
    with pytest.raises(InputProblems, match="cannot be read"):
        read_survey(frame(), codebook=path)


def test_frames_with_odd_columns() -> None:
    doubled = pd.concat([frame(), frame()[["wait"]]], axis=1)
    with pytest.raises(InputProblems, match="column 'wait': stands twice"):
        read_survey(doubled, codebook=book())
    with pytest.raises(InputProblems, match="'check-in_joy': is missing"):
        read_survey(frame().rename(columns={"check-in_joy": 0}), codebook=book())

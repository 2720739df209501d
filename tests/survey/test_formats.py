"""One survey, one hash, in every file format and row order."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pyreadstat
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from emotion_models.errors import InputProblems
from emotion_models.survey import Survey, read_survey
from tests.survey.builders import book, csv_text, frame, long_book, to_long, write_csv

LABELS = {0: "not", 1: "a bit", 2: "fairly", 3: "very"}


@pytest.fixture(scope="module")
def survey() -> Survey:
    return read_survey(frame(), codebook=book())


def write_sav(path: Path, data: pd.DataFrame) -> Path:
    rated = [c for c in data.columns if c.endswith(("_joy", "_anger"))]
    plain = data.rename(columns=lambda name: name.replace("-", "_"))
    pyreadstat.write_sav(
        plain,
        str(path),
        variable_value_labels={c.replace("-", "_"): LABELS for c in rated},
        missing_ranges={c.replace("-", "_"): [-8, -9] for c in rated},
    )
    return path


def test_values(survey: Survey) -> None:
    data = survey.data
    assert data["rating"].dtype == np.int8
    assert data["rating"].sel(touchpoint="check-in", emotion="joy").values[:4].tolist() == [
        0,
        1,
        2,
        3,
    ]
    assert data["rating_status"].sel(touchpoint="room", emotion="joy").values[:3].tolist() == [
        0,
        0,
        2,
    ]
    assert data["visited"].sel(touchpoint="room").values[:3].tolist() == [True, True, False]
    assert data["position"].values[:3].tolist() == [[0, 1], [0, 1], [0, -1]]
    assert data["relationship"].values[0].tolist() == [1, 1]  # 2 on 1-5; 4 turned is 2
    assert data["lever_value"].sel(lever="wait", touchpoint="check-in").values[:2].tolist() == [
        0,
        5,
    ]
    assert np.isnan(data["lever_value"].sel(lever="wait", touchpoint="room")).all()
    assert data["respondent"].values.tolist() == [0, 0, 1, 1, 2, 2, 3, 3]
    assert data["membership"].values[0].tolist() == [1, 0]
    assert data["behaviour_value"].values[3].tolist() == [1, 1, 3, 7.5]
    assert float(data["date"].values[0]) == dt.datetime(2026, 5, 1, tzinfo=dt.UTC).timestamp()
    assert data["recall_status"].sel(touchpoint="room").values[2] == 2


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_csv_encodings(tmp_path: Path, survey: Survey, encoding: str) -> None:
    data = frame().assign(note="Zürich")
    path = tmp_path / "stays.csv"
    path.write_bytes(csv_text(data).encode(encoding))
    assert read_survey(path, codebook=book()) == survey


@pytest.mark.parametrize(
    ("separator", "decimal"), [(",", "."), (";", ","), (";", "."), ("\t", ".")]
)
def test_csv_separators(tmp_path: Path, survey: Survey, separator: str, decimal: str) -> None:
    path = tmp_path / "stays.csv"
    path.write_text(csv_text(frame(), separator, decimal))
    assert read_survey(path, codebook=book()) == survey


@pytest.mark.parametrize("ending", ["\r\n", "\r"])
def test_csv_line_ends(tmp_path: Path, survey: Survey, ending: str) -> None:
    path = tmp_path / "stays.csv"
    path.write_bytes(csv_text(frame()).replace("\n", ending).encode())
    assert read_survey(path, codebook=book()) == survey


def test_excel(tmp_path: Path, survey: Survey) -> None:
    path = tmp_path / "stays.xlsx"
    data = frame()
    data["day"] = pd.to_datetime(data["day"])
    data.to_excel(path, index=False, sheet_name="Antworten")
    read = read_survey(path, codebook=book())
    assert read == survey
    assert "Antworten" in str(read.audit)


def test_excel_sheet(tmp_path: Path, survey: Survey) -> None:
    path = tmp_path / "stays.xlsx"
    with pd.ExcelWriter(path) as writer:
        pd.DataFrame({"x": [1]}).to_excel(writer, sheet_name="Read me", index=False)
        frame().to_excel(writer, sheet_name="Data", index=False)
    sheet = ('form = "wide"', 'form = "wide"\nsheet = "Data"')
    assert read_survey(path, codebook=book(sheet)) == survey
    with pytest.raises(InputProblems, match="no sheet 'Dta'; did you mean 'Data'"):
        read_survey(path, codebook=book((sheet[0], 'form = "wide"\nsheet = "Dta"')))


def test_spss_with_user_missing(tmp_path: Path, survey: Survey) -> None:
    path = write_sav(tmp_path / "stays.sav", frame())
    code = ('name = "check-in"', 'name = "check-in"\ncode = "check_in"')
    read = read_survey(path, codebook=book(code))
    xr.testing.assert_identical(read.without_identifiers(), survey.without_identifiers())
    assert read.hash == survey.hash


def test_spss_value_labels_decide(tmp_path: Path) -> None:
    data = frame()[["visit", "person", "check-in_joy"]].rename(
        columns=lambda c: c.replace("-", "_")
    )
    path = tmp_path / "stays.sav"
    pyreadstat.write_sav(
        data,
        str(path),
        variable_value_labels={"check_in_joy": {0: " NOT ", 1: "A bit", 2: "Fairly", 3: "Very"}},
    )
    text = """
[study]
name = "s"
[layout]
form = "wide"
journey = "visit"
[scales.felt]
values = ["not", "a bit", "fairly", "very"]
[[touchpoints]]
name = "check_in"
[[emotions]]
name = "joy"
scale = "felt"
"""
    from emotion_models.survey import Codebook

    read = read_survey(path, codebook=Codebook.from_toml(text))
    assert read.data["rating"].values.ravel().tolist() == [0, 1, 2, 3, 0, 1, 2, 3]
    shifted = Codebook.from_toml(
        text.replace(
            '["not", "a bit", "fairly", "very"]',
            "[1, 2, 3, 4]\nlabels=['not','a bit','fairly','very']",
        )
    )
    with pytest.raises(InputProblems, match="1 is labelled 'A bit' in the file"):
        read_survey(path, codebook=shifted)


def test_spss_user_missing_without_meaning(tmp_path: Path) -> None:
    path = write_sav(tmp_path / "stays.sav", frame())
    code = ('name = "check-in"', 'name = "check-in"\ncode = "check_in"')
    with pytest.raises(InputProblems, match="-8 is user-missing in the SPSS file"):
        read_survey(path, codebook=book(code, ("not_visited = [-8]", "")))


def test_parquet_pandas_polars_arrow(tmp_path: Path, survey: Survey) -> None:
    data = frame()
    data.to_parquet(tmp_path / "stays.parquet")
    assert read_survey(tmp_path / "stays.parquet", codebook=book()) == survey
    assert read_survey(pl.DataFrame(data.to_dict("list")), codebook=book()) == survey
    assert read_survey(pl.LazyFrame(data.to_dict("list")), codebook=book()) == survey
    assert read_survey(data.convert_dtypes(), codebook=book()) == survey
    assert read_survey(data.astype({"channel": "category"}), codebook=book()) == survey
    dated = data.assign(day=pd.to_datetime(data["day"]))
    assert read_survey(dated, codebook=book()) == survey
    assert read_survey(data.set_index("visit", drop=False), codebook=book()) == survey


def test_labels_instead_of_codes(survey: Survey) -> None:
    data = frame()
    for column in ("check-in_joy", "check-in_anger"):
        data[column] = data[column].map({k: f" {v.upper()} " for k, v in LABELS.items()})
    data["return"] = data["return"].map({0: "No", 1: "YES"})
    assert read_survey(data, codebook=book()) == survey


def test_long_form_is_the_same_survey(tmp_path: Path, survey: Survey) -> None:
    visits, journeys = to_long(frame())
    assert read_survey(visits, codebook=long_book(), journeys=journeys) == survey
    write_csv(tmp_path / "journeys.csv", journeys)
    write_csv(tmp_path / "visits.csv", visits)
    toml = long_book().to_toml()
    toml = toml.replace('form = "long"', 'form = "long"\njourneys_file = "journeys.csv"')
    (tmp_path / "book.toml").write_text(toml)
    assert read_survey(tmp_path / "visits.csv", codebook=tmp_path / "book.toml") == survey


def test_long_form_with_repeated_answers(survey: Survey) -> None:
    visits, journeys = to_long(frame())
    together = visits.merge(journeys, on=["visit", "person"])
    assert read_survey(together, codebook=long_book()) == survey
    together = together.astype({"spend": float})
    together.loc[0, "spend"] = 99.0
    with pytest.raises(InputProblems, match="'spend': differs between rows of one journey"):
        read_survey(together, codebook=long_book())


@settings(max_examples=15, deadline=None)
@given(st.permutations(range(8)))
def test_row_order_does_not_matter(order: list[int]) -> None:
    shuffled = frame().iloc[list(order)].reset_index(drop=True)
    assert read_survey(shuffled, codebook=book()) == read_survey(frame(), codebook=book())


def test_hash_sees_data_and_meaning(survey: Survey) -> None:
    data = frame()
    data.loc[0, "check-in_joy"] = 3
    assert read_survey(data, codebook=book()) != survey
    other = book(('labels = ["not",', 'labels = ["never",'))
    assert read_survey(frame(), codebook=other) != survey
    missing = book(("refused = [-9]", "refused = [-9, -7]"))
    assert read_survey(frame(), codebook=missing) == survey


def test_qualtrics(tmp_path: Path, survey: Survey) -> None:
    data = frame().assign(Status="IP Address", Finished="True")
    data = pd.concat([data, data.iloc[[0]].assign(visit="x", Status="Survey Preview")])
    names = list(data.columns)
    texts = [f'"Question, of\n{name}"' for name in names]
    ids = ['"{""ImportId"":""' + name + '""}"' for name in names]
    body = csv_text(data).split("\n", 1)[1]
    path = tmp_path / "export.csv"
    path.write_text("\n".join([",".join(names), ",".join(texts), ",".join(ids), body]))
    read = read_survey(path, codebook=book())
    assert read == survey
    assert "dropped: Qualtrics previews: 1" in str(read.audit)
    path.write_text(path.read_text().replace("p1,2,", "p1,7,", 1))
    with pytest.raises(InputProblems, match="row 6, column 'check-in_joy': 7 is not on"):
        read_survey(path, codebook=book())

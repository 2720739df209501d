"""A small survey in every form, for the tests of the readers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from emotion_models.survey.codebook import Codebook

BOOK = """
[study]
name = "clinic"
journey_word = "visit"

[layout]
form = "wide"
journey = "visit"
respondent = "person"

[missing]
not_visited = [-8]
refused = [-9]

[scales.felt]
values = [0, 1, 2, 3]
labels = ["not", "a bit", "fairly", "very"]

[scales.yes_no]
values = [0, 1]
labels = ["no", "yes"]

[scales.agree]
values = [1, 2, 3, 4, 5]

[[touchpoints]]
name = "check-in"

[[touchpoints]]
name = "room"

[[emotions]]
name = "joy"
scale = "felt"

[[emotions]]
name = "anger"
scale = "felt"

[[levers]]
name = "wait"
kind = "numeric"
at = ["check-in"]
minimum = 0
maximum = 60

[[levers]]
name = "channel"
kind = "categorical"
at = ["check-in"]
categories = ["desk", "app"]
column = "channel"

[recall]
scale = "yes_no"

[[remembered]]
name = "overall"
scale = "agree"

[[relationship]]
name = "trust"

[[relationship.items]]
name = "trust_1"
scale = "agree"

[[relationship.items]]
name = "trust_2"
scale = "agree"
reversed = true

[[behaviours]]
name = "return"
family = "bernoulli"

[[behaviours]]
name = "recommend"
family = "ordinal"
scale = "agree"

[[behaviours]]
name = "visits"
family = "count"

[[behaviours]]
name = "spend"
family = "amount"

[[controls]]
name = "age"
kind = "numeric"
minimum = 0
maximum = 100

[segments]
column = "group"
categories = ["new", "old"]

[weights]
column = "weight"
meaning = "all visits"

[delay]
column = "days"

[date]
column = "day"
"""


def book(*changes: tuple[str, str], add: str = "") -> Codebook:
    """The small codebook, with texts replaced and tables added."""
    return Codebook.from_toml(toml(*changes, add=add))


def toml(*changes: tuple[str, str], add: str = "") -> str:
    text = BOOK
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return text + add


def frame(n: int = 8) -> pd.DataFrame:
    """Answers of n visits, two by each person; touchpoint 'room' is not visited by every third."""
    index = np.arange(n)
    skip = index % 3 == 2
    data: dict[str, Any] = {
        "visit": [f"v{i}" for i in index],
        "person": [f"p{i // 2}" for i in index],
        "check-in_joy": index % 4,
        "check-in_anger": (3 * index + 1) % 4,
        "room_joy": np.where(skip, -8, (index + 2) % 4),
        "room_anger": np.where(skip, -8, (index + 1) % 4),
        "check-in_recall": index % 2,
        "room_recall": np.where(skip, -8, (index + 1) % 2),
        "wait": 5 * (index % 12),
        "channel": np.where(index % 2 == 0, "desk", "app"),
        "overall": 1 + index % 5,
        "trust_1": 1 + (index + 1) % 5,
        "trust_2": 1 + (index + 3) % 5,
        "return": index % 2,
        "recommend": 1 + (2 * index) % 5,
        "visits": index % 7,
        "spend": index * 2.5,
        "age": 20 + index % 60,
        "group": np.where(index % 2 == 0, "new", "old"),
        "weight": 1 + (index % 4) / 8,
        "days": index % 30,
        "day": [f"2026-05-{1 + i % 28:02d}" for i in index],
    }
    return pd.DataFrame(data)


def csv_text(data: pd.DataFrame, separator: str = ",", decimal: str = ".") -> str:
    return data.to_csv(index=False, sep=separator, decimal=decimal, lineterminator="\n")


def write_csv(path: Path, data: pd.DataFrame) -> Path:
    path.write_text(csv_text(data), encoding="utf-8")
    return path


def put(data: pd.DataFrame, row: int, column: str, value: Any) -> pd.DataFrame:
    """Change one cell; `row` is the number in a CSV file (the first record is row 2)."""
    changed = data.astype({column: object})
    changed.loc[row - 2, column] = value
    return changed


def to_long(data: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The same answers as touchpoint rows and journey rows."""
    rows = []
    for record in data.to_dict("records"):
        for place in ("check-in", "room"):
            if record[f"{place}_joy"] == -8:
                continue
            rows.append(
                {
                    "visit": record["visit"],
                    "person": record["person"],
                    "touchpoint": place,
                    "joy": record[f"{place}_joy"],
                    "anger": record[f"{place}_anger"],
                    "recall": record[f"{place}_recall"],
                }
            )
    per_visit = [c for c in data.columns if "_joy" not in c and "_anger" not in c]
    return pd.DataFrame(rows), data[[c for c in per_visit if "_recall" not in c]]


def long_book(*changes: tuple[str, str]) -> Codebook:
    form = ('form = "wide"', 'form = "long"\ntouchpoint = "touchpoint"')
    return book(form, *changes)

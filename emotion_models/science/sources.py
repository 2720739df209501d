"""Where the facts in this package come from, and how sure they are (``sources.csv``)."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from importlib import resources
from typing import Final, Literal

Mark = Literal["V", "S", "M"]
MARKS: Final[dict[Mark, str]] = {
    "V": "verified in the paper's own abstract or data",
    "S": "read in a secondary source",
    "M": "general knowledge, not checked",
}


@dataclass(frozen=True)
class Source:
    """One published source and what it supports here.

    Parameters
    ----------
    key : str
        Short name used in text, e.g. ``"Soscia 2007"``.
    authors, title : str
        The title is empty where only the identifier was read.
    year : int
    doi : str
        Empty where none was read.
    supports : str
        The claim this package takes from it.
    mark : {"V", "S", "M"}
        How it was checked, see `MARKS`.
    """

    key: str
    authors: str
    year: int
    title: str
    doi: str
    supports: str
    mark: Mark


def _read() -> dict[str, Source]:
    text = resources.files(__package__).joinpath("sources.csv").read_text(encoding="utf-8")
    marks: dict[str, Mark] = {mark: mark for mark in MARKS}
    found = {}
    for row in csv.DictReader(text.splitlines()):
        key = row["key"]
        found[key] = Source(
            key=key,
            authors=row["authors"],
            year=int(row["year"]),
            title=row["title"],
            doi=row["doi"],
            supports=row["supports"],
            mark=marks[row["mark"]],
        )
    return found


SOURCES: Final[dict[str, Source]] = _read()
"""Every source by its key."""

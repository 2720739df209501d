"""`read_survey`: a file or frame and its codebook to one `Survey`, or every problem at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from emotion_models.errors import InputProblems, Problem
from emotion_models.survey.assemble import Source, fill_journeys, fill_sites
from emotion_models.survey.audit import Audit, AuditEntry, AuditKind
from emotion_models.survey.base import Missing
from emotion_models.survey.codebook import Codebook
from emotion_models.survey.codes import show
from emotion_models.survey.columns import expected_columns, journey_columns
from emotion_models.survey.decode import Reader
from emotion_models.survey.faults import Faults
from emotion_models.survey.keys import (
    Keys,
    collapse,
    journey_keys,
    long_sites,
    row_keys,
    wide_sites,
)
from emotion_models.survey.open_codebook import open_codebook
from emotion_models.survey.open_table import open_table
from emotion_models.survey.scales import fill_blanks
from emotion_models.survey.schema import Arrays, empty_arrays
from emotion_models.survey.survey import Survey
from emotion_models.survey.table import Table
from emotion_models.survey.trail import finish
from emotion_models.survey.visits import clear_unvisited, visits


def read_survey(source: Any, *, codebook: Codebook | str | Path, journeys: Any = None) -> Survey:
    """Read a survey.

    Parameters
    ----------
    source : str, Path or data frame
        CSV, Excel, SPSS (.sav) or Parquet file, or a pandas, polars or pyarrow frame. Wide form:
        one row per journey. Long form: one row per journey and touchpoint.
    codebook : Codebook, str or Path
        What the columns mean, or the TOML file that says so.
    journeys : str, Path or data frame, optional
        Long form: one row per journey. Default: ``layout.journeys_file`` of the codebook,
        relative to it; without either, the touchpoint rows repeat the journey's answers.

    Returns
    -------
    Survey
        Frozen, with its own copy of the data; journeys sorted by respondent and identifier.

    Raises
    ------
    InputProblems
        Once, with every problem of codebook and files. Rows are numbered as in the file (the
        header of a CSV or Excel file is row 1); those of SPSS, Parquet and frames from 1.
    """
    book, problems = open_codebook(codebook)
    work = _Work(_source_name(source), problems)
    journeys_source = _journeys_source(book, codebook, source, journeys)
    if book is not None and book.layout.form == "wide" and journeys is not None:
        problems.append(Problem("journeys", "is for the long form only", "leave it out"))
    opened = _open(work, book, source, journeys_source)
    if book is None or opened is None:
        raise InputProblems(work.name, problems)
    place, keys = opened
    arrays = empty_arrays(book, len(keys.journey))
    evidence = fill_sites(place, arrays)
    fill_journeys(place, arrays)
    arrays["visited"], arrays["position"] = visits(evidence, book, place.touchpoints.faults)
    seconds = _seconds(place.journeys, book)
    cleared = clear_unvisited(arrays, arrays["visited"])
    told = fill_blanks(book, arrays)
    _all_missing(place, arrays)
    if problems:
        raise InputProblems(work.name, problems)
    work.count("dropped", "recall or duration at touchpoints not visited, set aside", cleared)
    work.count("recoded", "empty cells that stand for an answer of their scale", told)
    work.count("note", "columns not in the codebook", _unread(place))
    audit = Audit(work.name, tuple(work.entries))
    return finish(book, arrays, keys, seconds, audit)


@dataclass
class _Work:
    """What comes together while reading: problems and audit entries."""

    name: str
    problems: list[Problem]
    entries: list[AuditEntry] = field(default_factory=list)

    def faults(self, file: str = "") -> Faults:
        """Give a collector of the faults of one file that adds to the common list."""
        faults = Faults(file)
        faults.problems = self.problems
        return faults

    def count(self, kind: AuditKind, what: str, count: int) -> None:
        """Note something that happened, if it did."""
        if count:
            self.entries.append(AuditEntry(kind, what, count))

    def read(self, table: Table, what: str) -> None:
        """Note that a table was read."""
        left_out = sum(count for _, count in table.dropped)
        self.entries.append(AuditEntry("read", f"{what} of {table.name}", len(table) + left_out))
        self.entries += [AuditEntry("dropped", why, count) for why, count in table.dropped]
        self.entries += [AuditEntry("note", note) for note in table.notes if note != table.name]


def _open(
    work: _Work, book: Codebook | None, source: Any, journeys: Any
) -> tuple[Source, Keys] | None:
    """Open the tables and say which row belongs to which journey."""
    expected = expected_columns(book) if book else []
    sheet = book.layout.sheet if book else None
    two = journeys is not None and (book is None or book.layout.form == "long")
    faults = work.faults(_source_name(source) if two else "")
    table = open_table(source, faults, expected=expected, sheet=sheet)
    more = None
    if two:
        other = work.faults(_source_name(journeys, "journeys frame"))
        more = open_table(journeys, other, expected=expected)
    if table is None or book is None or (two and more is None):
        return None
    reader = Reader(table, faults, expected)
    work.read(table, "rows")
    word = book.study.journey_word
    if book.layout.form == "wide":
        sites = wide_sites(table, book)
        return Source(book, reader, reader, sites), journey_keys(reader, book, word)
    own = row_keys(reader, book)
    if more is not None:
        work.read(more, "rows")
        whole = Reader(more, other, expected)
        keys = journey_keys(whole, book, word)
    else:
        whole = Reader(collapse(reader, own, _repeated(book)), faults, expected)
        keys = _first_of_each(own)
    sites = long_sites(reader, book, keys, own)
    return Source(book, reader, whole, sites), keys


def _repeated(book: Codebook) -> list[str]:
    levers = [book.column(lever.column, lever=lever.name) for lever in book.levers]
    return [column for column in journey_columns(book) if column not in levers]


def _first_of_each(own: Keys) -> Keys:
    pairs = list(dict.fromkeys(own.pairs()))
    respondent, journey = np.empty(len(pairs), object), np.empty(len(pairs), object)
    respondent[:], journey[:] = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    return Keys(respondent, journey)


def _journeys_source(
    book: Codebook | None, codebook: object, source: object, journeys: object
) -> object:
    if journeys is not None or book is None or book.layout.journeys_file is None:
        return journeys
    beside = codebook if isinstance(codebook, (str, Path)) else source
    folder = Path(beside).parent if isinstance(beside, (str, Path)) else Path()
    return folder / book.layout.journeys_file


def _source_name(source: object, frame: str = "data frame") -> str:
    return Path(source).name if isinstance(source, (str, Path)) else frame


def _seconds(reader: Reader, book: Codebook) -> np.ndarray:
    if book.careless.seconds is None:
        return np.full(len(reader.table), np.nan)
    return reader.numbers(book.careless.seconds, Missing(), low=0).value


def _all_missing(place: Source, arrays: Arrays) -> None:
    """An emotion, or an item of one, that nobody answered cannot be modelled."""
    broken: Sequence[str] = sorted(place.touchpoints.broken)
    for q, item in enumerate(place.book.emotion_items):
        columns = {place.book.rating_column(item, name) for name, _, _ in place.sites}
        if not (arrays["rating"][:, :, q] >= 0).any() and not columns.intersection(broken):
            what = "no answer in any journey"
            fix = "check its columns, or take it out of the codebook"
            asked = "item" if place.book.emotions[item.emotion].items else "emotion"
            place.touchpoints.faults.add(f"{asked} {show(item.name)}", what, fix)


def _unread(place: Source) -> int:
    layout = place.book.layout
    used = place.touchpoints.used | place.journeys.used | {layout.journey, layout.respondent}
    names = set(place.touchpoints.table.columns) | set(place.journeys.table.columns)
    return len(names - used)

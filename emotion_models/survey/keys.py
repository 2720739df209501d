"""Who made which journey: identifiers of the rows, and where each touchpoint row belongs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from emotion_models.errors import did_you_mean
from emotion_models.survey.codebook import Codebook
from emotion_models.survey.codes import Key, canonical, show
from emotion_models.survey.decode import Reader
from emotion_models.survey.table import Table

Ids = NDArray[np.object_]


@dataclass(frozen=True)
class Keys:
    """Identifiers of rows: `respondent` and `journey`, text of shape (n_rows,)."""

    respondent: Ids
    journey: Ids

    def pairs(self) -> list[tuple[str, str]]:
        """(respondent, journey) of each row."""
        return list(zip(self.respondent.tolist(), self.journey.tolist(), strict=True))


@dataclass(frozen=True)
class Sites:
    """Where the rows of a table stand among journeys and touchpoints.

    Parameters
    ----------
    rows : ndarray of int, shape (n_journeys, n_touchpoints)
        Row number of each visit for messages; 0 where there is no row.
    parts : tuple of (touchpoint name, row index, journey index, touchpoint index)
        Wide form: one part per touchpoint, long form: one part for the whole table.
    """

    rows: NDArray[np.int64]
    parts: tuple[tuple[str, Any, Any, Any], ...]

    def __iter__(self) -> Iterator[tuple[str, Any, Any]]:
        """(touchpoint name, index into the table's rows, index into journey x touchpoint)."""
        for name, rows, journeys, touchpoints in self.parts:
            yield name, rows, (journeys, touchpoints)


def journey_keys(reader: Reader, book: Codebook, word: str) -> Keys:
    """Identifiers of the journeys table; empty and doubled ones are faults."""
    keys = row_keys(reader, book)
    first: dict[tuple[str, str], int] = {}
    doubled: dict[tuple[str, str], list[int]] = {}
    for place, pair in enumerate(keys.pairs()):
        if not pair[1]:
            continue
        if pair in first:
            doubled.setdefault(pair, [first[pair]]).append(place)
        else:
            first[pair] = place
    for (respondent, journey), places in doubled.items():
        whose = f" of respondent {show(respondent)}" if book.layout.respondent else ""
        what = f"{word} {show(journey)}{whose} stands more than once"
        rows = reader.table.rows[places]
        fix = "keep one row for each, or give them different identifiers"
        reader.faults.at(rows, f"column {show(book.layout.journey)}", what, fix)
    return keys


def row_keys(reader: Reader, book: Codebook) -> Keys:
    """Identifiers of each row; an empty one is a fault."""
    layout = book.layout
    journey = _filled(reader, layout.journey, "journey")
    if layout.respondent is None:
        return Keys(journey, journey)
    if layout.respondent == layout.journey:
        return Keys(journey, journey)
    return Keys(_filled(reader, layout.respondent, "respondent"), journey)


def wide_sites(table: Table, book: Codebook) -> Sites:
    """One row per journey: its touchpoints stand side by side."""
    everything = np.arange(len(table))
    count = len(book.touchpoints)
    rows = np.repeat(table.rows[:, None], count, axis=1)
    parts = [(name, everything, everything, t) for t, name in enumerate(book.touchpoint_names)]
    return Sites(rows, tuple(parts))


def long_sites(reader: Reader, book: Codebook, keys: Keys, own: Keys) -> Sites:
    """One row per visit: find its journey and its touchpoint.

    Parameters
    ----------
    reader : Reader
        Of the touchpoint rows.
    book : Codebook
    keys : Keys
        Of the journeys, in the order of the result.
    own : Keys
        Of the touchpoint rows.
    """
    journeys = _journey_index(reader, book, keys, own)
    touchpoints = _touchpoint_index(reader, book)
    rows = np.zeros((len(keys.journey), len(book.touchpoints)), dtype=np.int64)
    keep: list[int] = []
    for place, (j, t) in enumerate(zip(journeys.tolist(), touchpoints.tolist(), strict=True)):
        if j < 0 or t < 0:
            continue
        number = int(reader.table.rows[place])
        if rows[j, t]:
            name, journey = book.touchpoint_names[t], own.journey[place]
            what = f"stands twice for {book.study.journey_word} {show(journey)}"
            reader.faults.at([rows[j, t], number], f"touchpoint {show(name)}", what, "keep one")
            continue
        rows[j, t] = number
        keep.append(place)
    kept = np.array(keep, dtype=np.int64)
    return Sites(rows, (("", kept, journeys[kept], touchpoints[kept]),))


def collapse(reader: Reader, keys: Keys, columns: list[str]) -> Table:
    """Make a journeys table from touchpoint rows that repeat the journey's answers.

    An answer that differs between rows of one journey is a fault.
    """
    pairs = keys.pairs()
    numbers: dict[tuple[str, str], int] = {}
    index = np.array([numbers.setdefault(pair, len(numbers)) for pair in pairs], dtype=np.int64)
    _, first = np.unique(index, return_index=True)
    table = reader.table
    kept: dict[str, Any] = {}
    for column in columns:
        if column not in table.columns:
            continue
        encoded = table.encoded(column)
        empty = np.array([*(table.key(cell) == "" for cell in encoded.distinct), True])
        cells = np.where(empty[encoded.index], -1, encoded.index)
        place = first.copy()
        filled = np.flatnonzero(cells >= 0)[::-1]
        place[index[filled]] = filled
        kept[column] = table.columns[column][place]
        wrong = (cells >= 0) & (cells != cells[place][index])
        if wrong.any():
            what = "differs between rows of one journey"
            reader.faults.at(table.rows[wrong], f"column {show(column)}", what, "make it the same")
    return replace(table, columns=kept, rows=table.rows[first])


def _filled(reader: Reader, column: str, role: str) -> Ids:
    ids = reader.identifiers(column)
    empty = ids == ""
    if empty.any() and column in reader.table.columns:
        what = f"the {role} identifier is empty"
        reader.faults.at(reader.table.rows[empty], f"column {show(column)}", what, "fill it in")
    return ids


def _journey_index(reader: Reader, book: Codebook, keys: Keys, own: Keys) -> NDArray[np.int64]:
    index = {pair: place for place, pair in enumerate(keys.pairs())}
    found = np.array([index.get(pair, -1) for pair in own.pairs()], dtype=np.int64)
    lost: dict[str, list[int]] = {}
    for place in np.flatnonzero((found < 0) & (own.journey != "")):
        lost.setdefault(own.journey[place], []).append(int(reader.table.rows[place]))
    for journey, rows in lost.items():
        what = f"{show(journey)} is not in the journeys file"
        reader.faults.at(rows, f"column {show(book.layout.journey)}", what)
    return found


def _touchpoint_index(reader: Reader, book: Codebook) -> NDArray[np.int64]:
    column = book.layout.touchpoint or ""
    if not reader.has(column):
        return np.full(len(reader.table), -1, dtype=np.int64)
    known: dict[Key, int] = {}
    for t, touchpoint in enumerate(book.touchpoints):
        for word in (touchpoint.label, touchpoint.name):
            known.setdefault(canonical(word), t)
    known |= {canonical(touchpoint.code): t for t, touchpoint in enumerate(book.touchpoints)}
    encoded = reader.table.encoded(column)
    named: Mapping[Any, str] = reader.table.value_labels.get(column, {})
    found = np.full(len(encoded.distinct) + 1, -1, dtype=np.int64)
    for place, cell in enumerate(encoded.distinct):
        key = canonical(cell)
        found[place] = known.get(key, known.get(canonical(named.get(key, "")), -1))
    for place in [*np.flatnonzero(found[:-1] < 0), -1]:
        rows = reader.table.rows[encoded.index == place]
        if len(rows):
            cell = encoded.distinct[place] if place >= 0 else ""
            fix = did_you_mean(str(cell), [str(touchpoint.code) for touchpoint in book.touchpoints])
            reader.faults.at(rows, f"touchpoint {show(cell)}", "not in the codebook", fix)
    index: NDArray[np.int64] = found[encoded.index]
    return index

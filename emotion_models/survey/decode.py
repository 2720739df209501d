"""Turns the cells of one column into answers, and says which cells it cannot understand."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from emotion_models.survey.base import Missing
from emotion_models.survey.codes import Key, as_identifier, as_number, canonical, listed, show
from emotion_models.survey.faults import Faults
from emotion_models.survey.moments import as_moment
from emotion_models.survey.survey import ANSWERED, BLANK, NOT_VISITED, REFUSED
from emotion_models.survey.table import Table

_NO_YES: tuple[tuple[object, ...], tuple[object, ...]] = (
    (0, "no", "false", "n"),
    (1, "yes", "true", "y"),
)
_LIKE_BLANK = frozenset({"na", "n/a", "nan", "none", "null", "-", ".", "?", "missing"})


@dataclass(frozen=True)
class Decoded:
    """Answers of a column: `value` (NaN without answer) and `status`, both of shape (n_rows,)."""

    value: NDArray[np.float64]
    status: NDArray[np.int8]


@dataclass(frozen=True)
class _Fault:
    """Why a cell cannot be understood, and what to do."""

    what: str
    fix: str = ""


_Reading = tuple[float, int] | _Fault


class Reader:
    """Decodes columns of one table; every cell it cannot understand goes to `faults`.

    Parameters
    ----------
    table : Table
    faults : Faults
    expected : collection of str
        Column names of the codebook, never suggested for one another.
    """

    def __init__(self, table: Table, faults: Faults, expected: Sequence[str] = ()) -> None:
        self.table = table
        self.faults = faults
        self.broken: set[str] = set()
        self.used: set[str] = set()
        taken = set(expected)
        self._spare = [name for name in table.columns if name not in taken]

    def has(self, column: str) -> bool:
        """Whether the column exists; if not, or if twice, that is a fault (reported once)."""
        if column in self.table.columns:
            if column in self.table.doubled and column not in self.used:
                self.faults.add(f"column {show(column)}", "stands twice", "rename one of them")
            self.used.add(column)
            return True
        if column not in self.broken:
            self.broken.add(column)
            self.faults.add(f"column {show(column)}", "is missing", self._near(column))
        return False

    def choices(
        self,
        column: str,
        codes: Sequence[object],
        labels: Sequence[str],
        missing: Missing,
        *,
        of: str,
    ) -> Decoded:
        """Decode answers to index into `codes`; cells may hold codes or labels.

        Parameters
        ----------
        column : str
        codes, labels : sequences of equal length
        missing : Missing
        of : str
            What the codes are, for messages, e.g. ``"the scale 'intensity'"``.
        """
        by_label = {canonical(label): i for i, label in enumerate(labels)}
        by_code = {self.table.key(code): i for i, code in enumerate(codes)}
        named = self._value_labels(column)

        def read(cell: object, key: Key) -> _Reading:
            code = by_code.get(key)
            text = named.get(key)
            label = by_label.get(canonical(text)) if text is not None else by_label.get(key)
            if code is not None and text is not None and label not in (None, code):
                fix = f"the codebook gives that label to {show(codes[label or 0])}; make them agree"
                return _Fault(f"{show(cell)} is labelled {show(text)} in the file", fix)
            found = code if code is not None else label
            if found is not None:
                return float(found), ANSWERED
            near = difflib.get_close_matches(str(cell), [*map(str, labels)], n=1)
            fix = f"did you mean {show(near[0])}?" if near else ""
            return _Fault(f"{show(cell)} is not on {of} ({listed(codes)})", fix)

        return self._decode(column, missing, read, answers=frozenset(by_code))

    def yes_no(self, column: str, categories: Sequence[object], missing: Missing) -> Decoded:
        """Decode no/yes to 0/1: by `categories` = (no, yes), else 0/1, no/yes, false/true."""
        words: list[tuple[object, ...]] = [(code,) for code in categories] or list(_NO_YES)
        keys = {self.table.key(word): i for i, group in enumerate(words) for word in group}
        named = self._value_labels(column)

        def read(cell: object, key: Key) -> _Reading:
            label = keys.get(canonical(named.get(key, "")))
            found = keys.get(key) if label is None else label
            if found is not None:
                return float(found), ANSWERED
            return _Fault(f"{show(cell)} is neither no nor yes ({listed([g[0] for g in words])})")

        return self._decode(column, missing, read, answers=frozenset(keys))

    def numbers(
        self,
        column: str,
        missing: Missing,
        *,
        low: float | None = None,
        high: float | None = None,
        whole: bool = False,
    ) -> Decoded:
        """Decode numbers, within `low` to `high` where given."""

        def read(cell: object, key: Key) -> _Reading:
            if isinstance(key, str):
                comma = as_number(str(cell), decimal_comma=True)
                fix = f"write {comma:g}" if comma is not None else ""
                return _Fault(f"{show(cell)} is not a number", fix)
            if not np.isfinite(key):
                return _Fault(f"{show(cell)} is not a finite number")
            if (low is not None and key < low) or (high is not None and key > high):
                span = f"less than {show(low)}" if high is None else _outside(low, high)
                return _Fault(f"{show(cell)} is {span}")
            if whole and not key.is_integer():
                return _Fault(f"{show(cell)} is not a whole number")
            return key, ANSWERED

        return self._decode(column, missing, read)

    def moments(self, column: str, missing: Missing, form: str | None) -> Decoded:
        """Decode dates and times to seconds since 1970."""

        def read(cell: object, key: Key) -> _Reading:
            moment = as_moment(cell, form)
            wanted = form or "ISO 8601, e.g. 2026-05-31"
            if moment is None:
                return _Fault(f"{show(cell)} is not a date in the format {wanted}")
            return moment, ANSWERED

        return self._decode(column, missing, read)

    def identifiers(self, column: str) -> NDArray[np.object_]:
        """Read a column as identifiers, the same text whatever the file format; '' if empty."""
        if not self.has(column):
            return np.full(len(self.table), "", dtype=object)
        encoded = self.table.encoded(column)
        texts = np.empty(len(encoded.distinct) + 1, dtype=object)
        texts[:] = [*(as_identifier(cell) for cell in encoded.distinct), ""]
        chosen: NDArray[np.object_] = texts[encoded.index]
        return chosen

    def _decode(
        self,
        column: str,
        missing: Missing,
        read: Callable[[object, Key], _Reading],
        *,
        answers: frozenset[Key] = frozenset(),
    ) -> Decoded:
        n = len(self.table)
        if not self.has(column):
            return Decoded(np.full(n, np.nan), np.full(n, BLANK, dtype=np.int8))
        encoded = self.table.encoded(column)
        codes = self._missing_codes(missing)
        named = self._value_labels(column)
        user_missing = {self.table.key(cell) for cell in self.table.user_missing.get(column, ())}
        size = len(encoded.distinct)
        value, status = np.full(size + 1, np.nan), np.full(size + 1, BLANK, dtype=np.int8)
        bad: list[tuple[int, _Fault]] = []
        for place, cell in enumerate(encoded.distinct):
            key = self.table.key(cell)
            absent = codes.get(key, codes.get(canonical(named[key])) if key in named else None)
            if absent is not None:
                status[place] = absent
            elif key in user_missing:
                bad.append((place, _user_missing(cell, key in answers)))
            else:
                reading = read(cell, key)
                if isinstance(reading, _Fault):
                    bad.append((place, _hinted(reading, key)))
                else:
                    value[place], status[place] = reading
        self._report(column, encoded.index, bad)
        return Decoded(value[encoded.index], status[encoded.index])

    def _report(self, column: str, index: NDArray[np.int64], bad: list[tuple[int, _Fault]]) -> None:
        if not bad:
            return
        order = np.argsort(index, kind="stable")
        ordered = index[order]
        for place, fault in bad:
            first, last = np.searchsorted(ordered, [place, place + 1])
            rows = self.table.rows[order[first:last]]
            if not len(rows):
                continue
            self.broken.add(column)
            self.faults.at(rows, f"column {show(column)}", fault.what, fault.fix)

    def _missing_codes(self, missing: Missing) -> dict[Key, int]:
        codes: dict[Key, int] = {"": BLANK}
        for status, group in (
            (BLANK, missing.blank),
            (NOT_VISITED, missing.not_visited),
            (REFUSED, missing.refused),
        ):
            codes |= {self.table.key(code): status for code in group}
        return codes

    def _value_labels(self, column: str) -> Mapping[Any, str]:
        return self.table.value_labels.get(column, {})

    def _near(self, column: str) -> str:
        close = difflib.get_close_matches(column, self._spare, n=1, cutoff=0.6)
        if close:
            return f"did you mean {show(close[0])}?"
        return "check the header row and the column pattern of the codebook"


def _outside(low: float | None, high: float | None) -> str:
    if low is None:
        return f"more than {show(high)}"
    return f"outside {show(low)} to {show(high)}"


def _user_missing(cell: object, is_answer: bool) -> _Fault:
    if is_answer:
        what = f"{show(cell)} is user-missing in the SPSS file but an answer in the codebook"
        return _Fault(what, "correct one of them")
    what = f"{show(cell)} is user-missing in the SPSS file; the codebook does not say what it means"
    return _Fault(what, "add it to missing.not_visited, missing.refused or missing.blank")


def _hinted(fault: _Fault, key: Key) -> _Fault:
    if key in _LIKE_BLANK and not fault.fix:
        return _Fault(fault.what, "if it means no answer, add it to missing.blank of the codebook")
    if isinstance(key, float) and key < 0 and not fault.fix:
        return _Fault(fault.what, "if it means no answer, add it to [missing] of the codebook")
    return fault

"""`Survey`: one clean, labelled, frozen set of journeys."""

from __future__ import annotations

import hashlib
import html
import json
from collections.abc import Iterable
from dataclasses import replace
from numbers import Integral
from typing import Any, Final

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from emotion_models.errors import InputProblems, Problem, expected
from emotion_models.survey.audit import Audit, AuditEntry
from emotion_models.survey.codebook import Codebook
from emotion_models.survey.schema import VARIABLES

ANSWERED: Final = 0
BLANK: Final = 1
NOT_VISITED: Final = 2
REFUSED: Final = 3
STATUS_WORDS: Final = ("answered", "blank", "not visited", "refused")
IDENTIFIERS: Final = ("journey_id", "respondent_id")
_WHERE_KEYS: Final = frozenset({"layout", "missing", "column", "columns", "code", "event"})
_SCALE_KEYS: Final = ("minimum", "maximum", "bins", "blank")
_OPTIONAL: Final = ("customer_value",)
"""Roles that came later: where a codebook lacks one, the hash of its survey is as it was."""


class Survey:
    """A frozen set of journeys with the codebook that explains it and its audit trail.

    Parameters
    ----------
    codebook : Codebook
    data : xr.Dataset
        Copied; see ``emotion_models/survey/schema.py`` for variables and dimensions.
    audit : Audit

    Notes
    -----
    `data` hands out a new Dataset over the same read-only arrays each time, so that nothing done
    to it reaches the survey. Two surveys are equal when their hashes are.
    """

    __slots__ = ("_audit", "_codebook", "_data", "_hash")

    def __init__(self, codebook: Codebook, data: xr.Dataset, audit: Audit) -> None:
        self._codebook = codebook
        self._data = _read_only(data)
        self._audit = audit
        self._hash = data_hash(codebook, self._data)

    @property
    def codebook(self) -> Codebook:
        """What the data mean."""
        return self._codebook

    @property
    def data(self) -> xr.Dataset:
        """The data, over read-only arrays."""
        return self._data.copy(deep=False)

    @property
    def audit(self) -> Audit:
        """What was read, dropped, recoded and flagged."""
        return self._audit

    @property
    def hash(self) -> str:
        """SHA-256 over codebook and data; independent of file format and row order."""
        return self._hash

    @property
    def n_journeys(self) -> int:
        """Number of journeys J."""
        return int(self._data.sizes["journey"])

    @property
    def n_respondents(self) -> int:
        """Number of respondents I."""
        return len(np.unique(self._data["respondent"].values))

    def sample(self, respondents: int, *, seed: int) -> Survey:
        """Take respondents at random, with all their journeys: a part that stands for the whole.

        Every respondent is as likely to be taken, without replacement; weights stay as they are.
        The posterior of a part is exact, and wider: of n of N respondents, standard deviations
        are about ``sqrt(N / n)`` times those of all.

        Parameters
        ----------
        respondents : int
        seed : int
            Same seed and survey: same respondents.

        Returns
        -------
        Survey
            Its audit says which part it is; itself where there are no more respondents.

        Raises
        ------
        InputProblems
            If `respondents` is not a whole number from 1.
        """
        n = self.n_respondents
        expected("sample", "respondents", respondents, Integral, "use a whole number")
        if respondents < 1:
            fix = f"give a whole number from 1 to {n:,}"
            raise InputProblems("sample", [Problem(f"respondents {respondents!r}", "unfit", fix)])
        if respondents >= n:
            return self
        chosen = np.random.default_rng(seed).choice(n, respondents, replace=False)
        people = np.unique(self._data["respondent"].to_numpy(), return_inverse=True)[1]
        what = f"respondents taken at random of {n:,} (seed {seed})"
        return self.only(np.isin(people, chosen), [AuditEntry("note", what, respondents)])

    def only(self, keep: NDArray[np.bool_], entries: Iterable[AuditEntry]) -> Survey:
        """Keep some journeys, respondents numbered anew; `entries` say why, for the audit."""
        data = self.data.isel(journey=np.flatnonzero(keep))
        people = np.unique(data["respondent"].to_numpy(), return_inverse=True)[1].astype(np.int64)
        data = data.assign(respondent=("journey", people, data["respondent"].attrs))
        audit = replace(self.audit, entries=(*self.audit.entries, *entries))
        return Survey(self.codebook, data, audit)

    def without_identifiers(self) -> xr.Dataset:
        """Data without journey and respondent identifiers, for storing."""
        return self._data.drop_vars(list(IDENTIFIERS), errors="ignore")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Survey) and other.hash == self.hash

    def __hash__(self) -> int:
        return hash(self._hash)

    def __repr__(self) -> str:
        rows = _facts(self)
        width = max(len(key) for key, _ in rows)
        return "\n".join([_title(self), *(f"  {key:<{width}}  {value}" for key, value in rows)])

    def _repr_html_(self) -> str:
        rows = "".join(
            f'<tr><th scope="row" style="text-align:left">{html.escape(key)}</th>'
            f'<td style="text-align:left">{html.escape(value)}</td></tr>'
            for key, value in _facts(self)
        )
        return f"<table><caption>{html.escape(_title(self))}</caption><tbody>{rows}</tbody></table>"


def data_hash(codebook: Codebook, data: xr.Dataset) -> str:
    """SHA-256 over what the data mean and what they are.

    Where answers stood in the file (layout, columns, missing codes) and identifiers are left out,
    so that the same survey has one hash in every file format; and so is ``[value]``, which is
    about decisions and not about answers.

    Parameters
    ----------
    codebook : Codebook
    data : xr.Dataset
        With or without identifiers.

    Returns
    -------
    str
        64 hexadecimal digits.
    """
    digest = hashlib.sha256()
    absent = {role for role in _OPTIONAL if getattr(codebook, role) is None}
    meaning = codebook.model_dump(mode="json", exclude={*absent, "value"})
    meaning = _without_places(_without_unused(meaning))
    digest.update(json.dumps(meaning, sort_keys=True, ensure_ascii=True).encode())
    for name in sorted(str(key) for key in data.variables if key not in absent.union(IDENTIFIERS)):
        variable = VARIABLES.get(name)
        values = np.asarray(data[name].values)
        if variable is not None:
            values = values.astype(variable.dtype, copy=False)
        digest.update(f"|{name}|{data[name].dims}|{values.shape}|".encode())
        digest.update(_as_bytes(values))
    return digest.hexdigest()


def _as_bytes(values: np.ndarray[Any, Any]) -> bytes:
    if values.dtype.kind in "OUT":
        return json.dumps([str(item) for item in values.ravel()]).encode()
    if values.dtype.kind == "f":
        values = np.where(np.isnan(values), np.nan, values) + 0.0
        return np.ascontiguousarray(values, dtype="<f8").tobytes()
    return values.astype(values.dtype.newbyteorder("<"), copy=False).tobytes()


def _without_unused(book: Any) -> Any:
    """Leave out keys that codebooks had not always, where they say nothing: hashes stay."""
    parts: list[tuple[Any, tuple[str, ...]]]
    parts = [(scale, _SCALE_KEYS) for scale in book["scales"].values()]
    parts += [(emotion, ("items",)) for emotion in book["emotions"]]
    parts += [(behaviour, ("horizon",)) for behaviour in book["behaviours"]]
    parts += [(book["segments"], ("context",))] if book["segments"] else []
    for part, keys in parts:
        for key in keys:
            if part.get(key) in (None, []):
                part.pop(key, None)
    return book


def _without_places(node: Any) -> Any:
    if isinstance(node, dict):
        return {k: _without_places(v) for k, v in node.items() if k not in _WHERE_KEYS}
    return [_without_places(item) for item in node] if isinstance(node, list) else node


def _read_only(data: xr.Dataset) -> xr.Dataset:
    own = data.copy(deep=True)
    for variable in own.variables.values():
        array = variable.values
        if isinstance(array, np.ndarray):
            array.flags.writeable = False
    return own


def _title(survey: Survey) -> str:
    study = survey.codebook.study
    journeys, people = survey.n_journeys, survey.n_respondents
    return (
        f"Survey '{study.label}': {journeys:,} {study.journey_word}{'s' if journeys != 1 else ''} "
        f"of {people:,} respondent{'s' if people != 1 else ''}"
    )


def _facts(survey: Survey) -> list[tuple[str, str]]:
    book = survey.codebook
    status = survey.data["rating_status"].values
    shares = [
        f"{np.mean(status == code):.1%} {word}"
        for code, word in enumerate(STATUS_WORDS)
        if (status == code).any()
    ]
    rows = [
        ("touchpoints", _names(book.touchpoint_names)),
        ("emotions", _names(book.emotion_names)),
        ("rating items", _names([i.name for i in book.emotion_items] * book.several_items)),
        ("ratings", f"{status.size:,}: " + ", ".join(shares)),
        ("levers", _names(book.lever_names)),
        ("remembered", _names(book.remembered_names)),
        ("relationship", _names(book.construct_names)),
        ("behaviours", _names(book.behaviour_names)),
        ("controls", _names(book.control_names)),
        ("segments", _names(book.segment_names if book.segments else [])),
    ]
    rows = [row for row in rows if row[1]]
    rows += [
        (entry.kind, entry.what + ("" if entry.count is None else f": {entry.count:,}"))
        for entry in survey.audit.entries
    ]
    return [*rows, ("hash", survey.hash[:12])]


def _names(names: list[str]) -> str:
    if not names:
        return ""
    shown = names if len(names) <= 12 else [*names[:11], f"... {names[-1]}"]
    return f"{len(names)}: " + ", ".join(shown)

"""The last steps of reading: drop, sort, flag, number the respondents, write the audit."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from emotion_models.errors import InputProblems, Problem
from emotion_models.survey.audit import Audit, AuditEntry
from emotion_models.survey.careless_flags import flag_careless
from emotion_models.survey.codebook import Codebook
from emotion_models.survey.keys import Keys
from emotion_models.survey.roles import CARELESS_FLAGS
from emotion_models.survey.schema import Arrays, select, to_dataset
from emotion_models.survey.survey import BLANK, REFUSED, Survey


def finish(
    book: Codebook, arrays: Arrays, keys: Keys, seconds: NDArray[np.float64], audit: Audit
) -> Survey:
    """Sort and clean the journeys and make a `Survey` of them.

    Parameters
    ----------
    book : Codebook
    arrays : dict of variable to ndarray
        In the order of the file.
    keys : Keys
    seconds : ndarray, shape (n_journeys,)
    audit : Audit
        What happened so far.

    Raises
    ------
    InputProblems
        When no journey is left.
    """
    word, entries = book.study.journey_word, list(audit.entries)
    order = np.lexsort([keys.journey.astype(str), keys.respondent.astype(str)])
    passed = arrays["visited"].any(axis=1)
    if not passed.all():
        what = f"{word} without any visited touchpoint"
        entries.append(AuditEntry("dropped", what, int((~passed).sum())))
    order = order[passed[order]]
    arrays = select(arrays, order)
    arrays["careless"] = flag_careless(book, arrays, seconds[order])
    keep = _keep(book, arrays, entries)
    if not keep.any():
        raise InputProblems(audit.source, [Problem("file", f"no {word} is left", "see [careless]")])
    arrays, order = select(arrays, np.flatnonzero(keep)), order[keep]
    people = keys.respondent[order].astype(str)
    arrays["respondent"] = np.unique(people, return_inverse=True)[1].astype(np.int64)
    entries += _noticed(book, arrays)
    data = to_dataset(book, arrays, keys.journey[order], people)
    return Survey(book, data, replace(audit, entries=tuple(entries)))


def _keep(book: Codebook, arrays: Arrays, entries: list[AuditEntry]) -> NDArray[np.bool_]:
    """Note the careless flags and apply the rule of the codebook."""
    keep = np.ones(len(arrays["rating"]), dtype=bool)
    for k, flag in enumerate(CARELESS_FLAGS):
        flagged = arrays["careless"][:, k]
        words = flag.replace("_", " ")
        if flag == "too_fast" and book.careless.seconds is None:
            continue
        entries.append(AuditEntry("flagged", f"careless, {words}", int(flagged.sum())))
        if flag in book.careless.exclude and (flagged & keep).any():
            what = f"{words}, by the rule careless.exclude"
            entries.append(AuditEntry("excluded", what, int((flagged & keep).sum())))
            keep &= ~flagged
    return keep


def _noticed(book: Codebook, arrays: Arrays) -> list[AuditEntry]:
    """What is worth knowing of the data, without being an error."""
    entries = []
    items = [item.name for item in book.relationship_items if item.reversed]
    items += [item.name for item in book.remembered if item.reversed]
    items += [item.name for item in book.emotion_items if item.reversed]
    if items:
        entries.append(
            AuditEntry("recoded", f"reversed items turned ({', '.join(items)})", len(items))
        )
    status, visited = arrays["rating_status"], arrays["visited"]
    blank = ((status == BLANK) | (status == REFUSED)) & visited[:, :, None]
    if blank.any():
        what = "ratings not given at visited touchpoints"
        entries.append(AuditEntry("note", what, int(blank.sum())))
        whole = int((blank.all(axis=2)).sum())
        if whole:
            entries.append(AuditEntry("note", "visits without any rating", whole))
    entries += [
        AuditEntry("warning", f"{kind} {name!r} never varies")
        for kind, name, values in _columns(book, arrays)
        if _constant(values)
    ]
    entries += [
        AuditEntry("warning", f"{kind} {name!r} has no answer in any {book.study.journey_word}")
        for kind, name, values in _columns(book, arrays)
        if not np.any(values >= 0)
    ]
    entries += [
        AuditEntry("warning", f"emotions {one!r} and {two!r} are always answered alike")
        for one, two in _twins(book, arrays["rating"])
    ]
    entries += [
        AuditEntry("note", f"construct {part.name!r} has one item: no reliability can be estimated")
        for part in book.relationship
        if len(part.items) == 1
    ]
    entries += _customer_value(book, arrays["customer_value"])
    never = [book.touchpoint_names[t] for t in np.flatnonzero(~visited.any(axis=0))]
    entries += [AuditEntry("warning", f"touchpoint {name!r} is never visited") for name in never]
    return entries


def _columns(book: Codebook, arrays: Arrays) -> list[tuple[str, str, NDArray[Any]]]:
    """(kind, name, values) of everything that should vary."""
    groups = (
        ("emotion", [item.name for item in book.emotion_items], "rating"),
        ("lever", book.lever_names, "lever_value"),
        ("remembered item", book.remembered_names, "remembered"),
        ("relationship item", book.relationship_names, "relationship"),
        ("behaviour", book.behaviour_names, "behaviour_value"),
        ("control", book.control_names, "control_value"),
    )
    return [
        (kind, name, arrays[variable][..., k])
        for kind, names, variable in groups
        for k, name in enumerate(names)
    ]


def _customer_value(book: Codebook, value: NDArray[np.float64]) -> list[AuditEntry]:
    if book.customer_value is None:
        return []
    unknown = int(np.isnan(value).sum())
    what = f"{book.study.journey_word} of unknown customer value"
    entries = [AuditEntry("note", what, unknown)] if unknown else []
    if _constant(value) or unknown == len(value):
        entries.append(AuditEntry("warning", "customer value never varies"))
    return entries


def _twins(book: Codebook, rating: NDArray[Any]) -> list[tuple[str, str]]:
    """Pairs of emotions that vary and have the same answer wherever both are answered."""
    found = []
    for one, two in itertools.combinations(range(len(book.emotions)), 2):
        first, second = rating[:, :, one], rating[:, :, two]
        both = (first >= 0) & (second >= 0)
        same = bool((first == second)[both].all()) and not _constant(first[both])
        if same and both.sum() > 1 and _as_long(book, one, two):
            found.append((book.emotions[one].name, book.emotions[two].name))
    return found


def _as_long(book: Codebook, one: int, two: int) -> bool:
    lengths = [book.scale_of(book.emotions[e]).n_categories for e in (one, two)]
    return lengths[0] == lengths[1]


def _constant(values: NDArray[Any]) -> bool:
    given = values[~np.isnan(values)] if values.dtype.kind == "f" else values[values >= 0]
    return len(given) > 1 and bool((given == given[0]).all())

"""Which touchpoints a journey visited, in which order, and whether the file agrees with itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from emotion_models.survey.codebook import Codebook
from emotion_models.survey.codes import show
from emotion_models.survey.faults import Faults
from emotion_models.survey.survey import ANSWERED, NOT_VISITED, REFUSED

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Evidence:
    """What the file says about each visit; all arrays of shape (n_journeys, n_touchpoints).

    Parameters
    ----------
    row : ndarray of int
        Row number, 0 where a long file has no row.
    rating_status : ndarray of int8, shape (n_journeys, n_touchpoints, n_emotions)
        With "not visited" where a cell holds such a code.
    mark : ndarray of float
        1 yes, 0 no, NaN nothing, from the column that says whether it was visited.
    place : ndarray of float
        Position as given, NaN where empty.
    ordered : bool
        Whether the file has positions at all.
    """

    row: NDArray[np.int64]
    rating_status: NDArray[np.int8]
    mark: NDArray[np.float64]
    place: NDArray[np.float64]
    ordered: bool


def visits(evidence: Evidence, book: Codebook, faults: Faults) -> tuple[Flags, NDArray[np.int16]]:
    """Decide which touchpoints were visited, and their rank in the order experienced.

    Returns
    -------
    visited : ndarray of bool, shape (n_journeys, n_touchpoints)
    position : ndarray of int16, shape (n_journeys, n_touchpoints)
        0-based rank, -1 where not visited.
    """
    status, row = evidence.rating_status, evidence.row
    answered = (status == ANSWERED).any(axis=2)
    denied = (status == NOT_VISITED).any(axis=2) | (evidence.mark == 0)
    placed = np.isfinite(evidence.place)
    _report(denied & answered, row, book, faults, "is rated and marked as not visited")
    _report(
        denied & placed & ~answered,
        row,
        book,
        faults,
        "has a position and is marked as not visited",
    )
    visited = (answered | placed | (evidence.mark == 1)) & ~denied
    open_question = ~visited & ~denied & (row > 0)
    refused = (status == REFUSED).any(axis=2)
    journey_placed = placed.any(axis=1, keepdims=True)
    if book.layout.form == "long":
        visited |= open_question
    else:
        by_position = evidence.ordered & journey_placed
        blank_is_visit = refused | np.full(refused.shape, book.layout.all_blank == "missing")
        visited |= open_question & blank_is_visit & ~by_position
    lacking = visited & ~placed & journey_placed
    _report(lacking, row, book, faults, "was visited but has no position")
    return visited, _ranks(evidence, visited, book, faults)


def _ranks(evidence: Evidence, visited: Flags, book: Codebook, faults: Faults) -> NDArray[np.int16]:
    usual = np.broadcast_to(np.arange(visited.shape[1], dtype=float), visited.shape)
    placed = np.isfinite(evidence.place)
    given = placed.any(axis=1, keepdims=True)
    key = np.where(visited, np.where(given, evidence.place, usual), np.inf)
    order = np.argsort(key, axis=1, kind="stable")
    ordered = np.take_along_axis(key, order, axis=1)
    tied = np.isfinite(ordered[:, 1:]) & (ordered[:, 1:] == ordered[:, :-1])
    names = book.touchpoint_names
    for j, k in np.argwhere(tied):
        first, second = sorted((int(order[j, k]), int(order[j, k + 1])))
        rows = sorted({int(evidence.row[j, first]), int(evidence.row[j, second])})
        where = f"touchpoints {show(names[first])} and {show(names[second])}"
        what = f"both have position {show(float(ordered[j, k]))}"
        faults.at(rows, where, what, "each visited touchpoint needs its own")
    ranks = np.argsort(order, axis=1, kind="stable")
    return np.where(visited, ranks, -1).astype(np.int16)


def _report(
    wrong: Flags, row: NDArray[np.int64], book: Codebook, faults: Faults, what: str
) -> None:
    for t in np.flatnonzero(wrong.any(axis=0)):
        name = book.touchpoint_names[int(t)]
        faults.at(np.sort(row[wrong[:, t], t]), f"touchpoint {show(name)}", what, "correct one")


def clear_unvisited(arrays: dict[str, NDArray[Any]], visited: Flags) -> int:
    """Take away what stands at touchpoints that were not visited.

    Returns
    -------
    int
        Number of answers other than ratings that were taken away.
    """
    away = ~visited
    count = int(np.count_nonzero(arrays["recall"][away] >= 0))
    count += int(np.count_nonzero(np.isfinite(arrays["duration"][away])))
    arrays["rating"][away] = -1
    arrays["rating_status"][away] = NOT_VISITED
    if "rating_score" in arrays:
        arrays["rating_score"][away] = np.nan
    arrays["recall"][away] = -1
    arrays["recall_status"][away] = NOT_VISITED
    arrays["duration"][away] = np.nan
    arrays["lever_value"][away] = np.nan
    return count

"""Journeys a block at a time, all of a respondent in one; the memory that a block works in."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numba.extending import register_jitable

from emotion_models.models.integrated import rows

SIZE: Final = 64
"""Journeys, as many as stay in fast memory with all that is known of their ratings."""
WORK: Final = 12


@register_jitable
def capacity_for(owner: Any) -> int:
    """Journeys that a block may have."""
    largest, first = 1, 0
    for j in range(1, owner.size + 1):
        if j == owner.size or owner[j] != owner[first]:
            largest = max(largest, j - first)
            first = j
    return max(SIZE, largest)


@register_jitable
def end_of(owner: Any, first: int, capacity: int) -> int:
    """End of the block that begins with a journey, between two respondents."""
    last: int = min(first + capacity, owner.size)
    while last < owner.size and owner[last] == owner[last - 1]:
        last -= 1
    return last


@register_jitable
def place_for(n_touchpoints: int, n_items: int, capacity: int) -> Any:
    """Memory for `load`."""
    rated = (n_touchpoints, n_items, capacity)
    ratings = (np.empty(rated), np.empty(rated), np.empty(rated), np.empty(rated))
    return ratings, np.empty(capacity, dtype=np.int64)


@register_jitable
def load(given: Any, table: Any, first: int, last: int, place: Any) -> Any:
    """Copy what is known of a block of journeys.

    Returns the own part of the predictors and what the table says of the answers: upper and lower
    cutpoints and scale, all (T, Q, B); respondents of the journeys (B,), counted from the block's
    first; numbers of journeys and of respondents.
    """
    eta, _, lengths, answers, owner = given
    (own, upper, lower, scale), who = place
    n_people = 0
    for j in range(first, last):
        if j > first and owner[j] != owner[j - 1]:
            n_people += 1
        who[j - first] = n_people
    for t in range(answers.shape[0]):
        for q in range(answers.shape[1]):
            for j in range(first, last):
                row = table[q, rows.category(answers[t, q, j], lengths[q])]
                own[t, q, j - first] = eta[t, q, j]
                upper[t, q, j - first] = row[rows.UPPER]
                lower[t, q, j - first] = row[rows.LOWER]
                scale[t, q, j - first] = row[rows.SCALE]
    return (own, upper, lower, scale), who, last - first, n_people + 1


@register_jitable
def desk(capacity: int) -> Any:
    """Memory to work in.

    Lines for ``exp(-eta)``, the predictor, and its rounding, once more as integers; what people
    bring: style, mood and affect in units of the predictor; other rows.
    """
    lines, brought = np.empty((3, capacity)), np.empty((3, capacity))
    rounded = lines[2]
    return (
        (lines[0], lines[1], rounded, rounded.view(np.int64)),
        (brought[0], brought[1], brought[2]),
        np.empty((WORK, capacity)),
    )

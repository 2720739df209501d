"""Flags careless answers; leaves journeys out only where the codebook says so.

Straight-lining, long-string, response time and duplicates after Curran (2016), Methods for the
detection of carelessly invalid responses in survey data, J. Exp. Soc. Psychol. 66, 4-19.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from emotion_models.survey.codebook import Codebook
from emotion_models.survey.roles import CARELESS_FLAGS
from emotion_models.survey.schema import Arrays

Flags = NDArray[np.bool_]
_ANSWERS = (
    "rating",
    "recall",
    "remembered",
    "relationship",
    "behaviour_value",
    "lever_value",
    "duration",
)


def flag_careless(book: Codebook, arrays: Arrays, seconds: NDArray[np.float64]) -> Flags:
    """Flag journeys whose answers look careless.

    Parameters
    ----------
    book : Codebook
    arrays : dict of variable to ndarray
        Journeys sorted, so that of equal ones the first stays unflagged.
    seconds : ndarray, shape (n_journeys,)
        Time taken; NaN unknown.

    Returns
    -------
    ndarray of bool, shape (n_journeys, 4)
        In the order of ``CARELESS_FLAGS``.
    """
    options = book.careless
    rating = _as_ticked(book, arrays["rating"]).reshape(len(arrays["rating"]), -1)
    enough = (rating >= 0).sum(axis=1) >= options.minimum_answers
    limit = options.long_string or max(options.minimum_answers, rating.shape[1] // 2)
    too_fast = seconds < (options.minimum_seconds or 0.0)
    flags = {
        "straight_lining": straight_lines(rating) & enough,
        "long_string": (longest_runs(rating) >= limit) & enough,
        "too_fast": too_fast,
        "duplicates": repeats(arrays) & enough,
    }
    return np.stack([flags[name] for name in CARELESS_FLAGS], axis=1)


def _as_ticked(book: Codebook, rating: NDArray[np.int8]) -> NDArray[np.int8]:
    """Answers where they stood on the page: those to reversed items turned back."""
    ticked = rating.copy()
    for q, item in enumerate(book.emotion_items):
        if item.reversed:
            top, answer = book.scale_of(item).n_categories - 1, rating[:, :, q]
            ticked[:, :, q] = np.where(answer >= 0, top - answer, -1)
    return ticked


def straight_lines(rating: NDArray[np.int8]) -> Flags:
    """Whether all given answers of a row are the same; `rating` (n, items), -1 no answer."""
    high = rating.max(axis=1, initial=-1)
    low = np.where(rating >= 0, rating, 127).min(axis=1, initial=127)
    return np.asarray(high == low)


def longest_runs(rating: NDArray[np.int8]) -> NDArray[np.int64]:
    """Longest run of equal consecutive answers in each row; missing answers are skipped."""
    longest = np.zeros(len(rating), dtype=np.int64)
    run = np.zeros(len(rating), dtype=np.int64)
    last = np.full(len(rating), -1, dtype=rating.dtype)
    for answer in rating.T:
        given = answer >= 0
        run = np.where(given, np.where(answer == last, run + 1, 1), run)
        last = np.where(given, answer, last)
        longest = np.maximum(longest, run)
    return longest


def repeats(arrays: Arrays) -> Flags:
    """Whether a journey has exactly the answers of an earlier one."""
    n = len(arrays["rating"])
    answers = np.hstack([_bytes(arrays[name].reshape(n, -1)) for name in _ANSWERS])
    rows = np.ascontiguousarray(answers).view(f"V{answers.shape[1]}").ravel()
    first: dict[bytes, int] = {}
    return np.array([first.setdefault(row.tobytes(), j) != j for j, row in enumerate(rows)])


def _bytes(values: NDArray[Any]) -> NDArray[np.uint8]:
    """Answers of each row as bytes; all missing ones alike."""
    if values.dtype.kind == "f":
        values = np.where(np.isnan(values), np.nan, values) + 0.0
    own = np.ascontiguousarray(values)
    return own.view(np.uint8).reshape(len(own), own.shape[1] * own.itemsize)

"""From what stands in a column to categories and scores of its answer scale.

A slider is read twice. Its score is the position itself, on 0..1. For the ordinal likelihood it
is put into the category of the nearest of at most 11 equally spaced values, so that the edges
between categories are equally spaced too. Little is lost: the cumulative logit asks only for the
order of categories, whatever monotone transform of the felt intensity people express (McCullagh
1980), and beyond about 7 to 11 categories the reliability of ratings hardly grows (M: Preston &
Colman 2000).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from emotion_models.survey.codes import show
from emotion_models.survey.decode import Decoded, Reader
from emotion_models.survey.survey import ANSWERED, BLANK

if TYPE_CHECKING:
    from emotion_models.survey.base import Scale
    from emotion_models.survey.codebook import Codebook
    from emotion_models.survey.schema import Arrays

Floats = NDArray[np.float64]


def categories(scale: Scale, position: Floats) -> NDArray[np.int8]:
    """Category of positions on a scale.

    Parameters
    ----------
    scale : Scale
    position : array
        On 0..1; NaN without an answer.

    Returns
    -------
    int8 array
        The nearest category (the upper one in the middle between two), -1 for NaN.
    """
    nearest = np.floor(position * (scale.n_categories - 1) + 0.5)
    return np.where(np.isnan(position), -1, nearest).astype(np.int8)


def positions(reader: Reader, book: Codebook, column: str, part: Any) -> Decoded:
    """Decode a column that is answered on a scale, as positions on 0..1.

    Parameters
    ----------
    reader : Reader
    book : Codebook
    column : str
    part : Item, RatedItem, Recall or Behaviour
        With a scale.

    Returns
    -------
    Decoded
        A number off a slider, and a code off another scale, is a fault of the reader's.
    """
    scale, missing = book.scale_of(part), book.missing_of(part)
    if scale.kind == "slider":
        low, high = scale.span
        found = reader.numbers(column, missing, low=low, high=high)
        return Decoded((found.value - low) / (high - low), found.status)
    of = f"the scale {show(part.scale)}"
    found = reader.choices(column, scale.values, scale.labels, missing, of=of)
    return Decoded(found.value / (scale.n_categories - 1), found.status)


def scaled(reader: Reader, book: Codebook, column: str, part: Any) -> Decoded:
    """Decode a column of the journeys as categories; empty cells as the scale says.

    Parameters
    ----------
    reader, book, column, part
        See `positions`.

    Returns
    -------
    Decoded
    """
    scale, found = book.scale_of(part), positions(reader, book, column, part)
    category = categories(scale, found.value).astype(float)
    value, status = np.where(category < 0, np.nan, category), found.status.copy()
    if scale.blank_category is not None and column not in reader.broken:
        empty = status == BLANK
        value[empty], status[empty] = scale.blank_category, ANSWERED
    return Decoded(value, status)


def fill_blanks(book: Codebook, arrays: Arrays) -> int:
    """Answer empty cells at visited touchpoints where the scale says what they stand for.

    Parameters
    ----------
    book : Codebook
    arrays : dict of variable to ndarray
        Changed in place, after it is known what was visited.

    Returns
    -------
    int
        Number of cells.
    """
    asked: list[tuple[str, Any, Any]]
    asked = [("rating", (..., q), item) for q, item in enumerate(book.emotion_items)]
    asked += [("recall", ..., book.recall)] if book.recall else []
    count = 0
    for name, place, item in asked:
        scale = book.scale_of(item)
        if scale.blank_category is None:
            continue
        turned = getattr(item, "reversed", False)
        category = scale.n_categories - 1 - scale.blank_category if turned else scale.blank_category
        empty = (arrays[f"{name}_status"][place] == BLANK) & arrays["visited"]
        arrays[name][place][empty] = category
        arrays[f"{name}_status"][place][empty] = ANSWERED
        if name == "rating" and "rating_score" in arrays:
            arrays["rating_score"][place][empty] = category / (scale.n_categories - 1)
        count += int(empty.sum())
    return count

"""Fills the arrays of a survey from the columns of its tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from emotion_models.survey.behaviours import read_behaviour
from emotion_models.survey.codebook import Codebook
from emotion_models.survey.codes import show
from emotion_models.survey.decode import Decoded, Reader
from emotion_models.survey.keys import Sites
from emotion_models.survey.parts import Control, Item, Lever
from emotion_models.survey.roles import WEIGHT_TOLERANCE
from emotion_models.survey.scales import categories, positions, scaled
from emotion_models.survey.schema import Arrays
from emotion_models.survey.survey import ANSWERED, BLANK, NOT_VISITED
from emotion_models.survey.visits import Evidence


@dataclass(frozen=True)
class Source:
    """The tables of one survey.

    Parameters
    ----------
    book : Codebook
    touchpoints, journeys : Reader
        The same in wide form.
    sites : Sites
        Where the rows of `touchpoints` belong.
    """

    book: Codebook
    touchpoints: Reader
    journeys: Reader
    sites: Sites


def quantity(reader: Reader, book: Codebook, column: str, part: Lever | Control) -> Decoded:
    """Decode a lever or control."""
    missing = book.missing_of(part)
    if part.kind == "numeric":
        return reader.numbers(column, missing, low=part.minimum, high=part.maximum)
    if part.kind == "binary":
        return reader.yes_no(column, part.categories, missing)
    of = f"the categories of {show(part.name)}"
    return reader.choices(column, part.categories, part.labels, missing, of=of)


def fill_sites(source: Source, arrays: Arrays) -> Evidence:
    """Fill ratings, recall, duration and levers; collect what is said about visits."""
    book, reader = source.book, source.touchpoints
    shape = arrays["visited"].shape
    mark, place = np.full(shape, np.nan), np.full(shape, np.nan)
    for name, rows, at in source.sites:
        for q, item in enumerate(book.emotion_items):
            decoded = positions(reader, book, book.rating_column(item, name), item)
            score = 1 - decoded.value[rows] if item.reversed else decoded.value[rows]
            arrays["rating"][(*at, q)] = categories(book.scale_of(item), score)
            arrays["rating_status"][(*at, q)] = decoded.status[rows]
            if "rating_score" in arrays:
                arrays["rating_score"][(*at, q)] = score
        if book.recall:
            column = book.column(book.recall.column, touchpoint=name)
            decoded = positions(reader, book, column, book.recall)
            arrays["recall"][at] = categories(book.scale_of(book.recall), decoded.value[rows])
            arrays["recall_status"][at] = decoded.status[rows]
        if book.duration:
            column = book.column(book.duration.column, touchpoint=name)
            decoded = reader.numbers(column, book.missing, low=0)
            arrays["duration"][at] = decoded.value[rows]
        if book.layout.visited:
            column = book.column(book.layout.visited, touchpoint=name)
            decoded = reader.yes_no(column, (), book.missing)
            mark[at] = np.where(decoded.status == NOT_VISITED, 0.0, decoded.value)[rows]
        order = book.order.column if book.order else book.layout.order
        if order:
            decoded = reader.numbers(book.column(order, touchpoint=name), book.missing, low=0)
            place[at] = decoded.value[rows]
            mark[at] = np.where(decoded.status[rows] == NOT_VISITED, 0.0, mark[at])
    _fill_levers(source, arrays)
    ordered = book.order is not None or book.layout.order is not None
    return Evidence(source.sites.rows, arrays["rating_status"].copy(), mark, place, ordered)


def _fill_levers(source: Source, arrays: Arrays) -> None:
    book, decoded_once = source.book, dict[str, Decoded]()
    for k, lever in enumerate(book.levers):
        allowed = [book.touchpoint_names.index(name) for name in book.lever_sites(lever)]
        here = np.full(arrays["visited"].shape, np.nan)
        for name, rows, at in source.sites:
            if name and name not in book.lever_sites(lever):
                continue
            column = book.column(lever.column, touchpoint=name, lever=lever.name)
            per_visit = book.layout.form == "wide" or column in source.touchpoints.table.columns
            reader = source.touchpoints if per_visit else source.journeys
            key = f"{lever.name}\n{column}"
            if key not in decoded_once:
                decoded_once[key] = quantity(reader, book, column, lever)
            value = decoded_once[key].value
            if per_visit:
                here[at] = value[rows]
            else:
                here[:] = value[:, None]
        arrays["lever_value"][:, allowed, k] = here[:, allowed]


def fill_journeys(source: Source, arrays: Arrays) -> None:
    """Fill everything that has one value per journey."""
    book, reader = source.book, source.journeys
    for role, items in (
        ("remembered", book.remembered),
        ("relationship", book.relationship_items),
    ):
        _fill_items(reader, book, items, arrays[role], arrays[f"{role}_status"])
    for k, behaviour in enumerate(book.behaviours):
        if behaviour.family == "ordinal":
            decoded = scaled(reader, book, behaviour.column, behaviour)
        else:
            decoded = read_behaviour(reader, book, behaviour)
        arrays["behaviour_value"][:, k] = decoded.value
        arrays["behaviour_status"][:, k] = decoded.status
    for k, control in enumerate(book.controls):
        arrays["control_value"][:, k] = quantity(reader, book, control.column, control).value
    _fill_segments(reader, book, arrays)
    _fill_design(reader, book, arrays)


def _fill_items(
    reader: Reader,
    book: Codebook,
    items: Sequence[Item],
    answers: NDArray[Any],
    status: NDArray[Any],
) -> None:
    for q, item in enumerate(items):
        decoded = scaled(reader, book, item.column, item)
        index = _index(decoded.value)
        last = book.scale_of(item).n_categories - 1
        answers[:, q] = reverse(index, last) if item.reversed else index
        status[:, q] = decoded.status


def reverse(index: NDArray[np.int8], last: int) -> NDArray[np.int8]:
    """Turn answers round: 0 becomes `last`; -1 (no answer) stays. Its own inverse."""
    return np.where(index < 0, index, last - index).astype(np.int8)


def _fill_segments(reader: Reader, book: Codebook, arrays: Arrays) -> None:
    segments = book.segments
    if segments is None:
        arrays["membership"][:] = 1.0
        return
    missing = segments.missing or book.missing
    if segments.column is not None:
        of = "the segments"
        decoded = reader.choices(
            segments.column, segments.categories, segments.labels, missing, of=of
        )
        _need(reader, segments.column, decoded, "has no segment", "add a category for unknown")
        index = np.nan_to_num(decoded.value, nan=0.0).astype(np.int64)
        arrays["segment"][:] = index
        arrays["membership"][np.arange(len(index)), index] = 1.0
        return
    columns = [reader.numbers(column, missing, low=0, high=1) for column in segments.columns]
    weights = np.stack([np.nan_to_num(column.value) for column in columns], axis=1)
    total = weights.sum(axis=1)
    if not reader.broken.intersection(segments.columns):
        wrong = np.abs(total - 1) > WEIGHT_TOLERANCE + 1e-9  # of which sums in binary fall short
        if wrong.any():
            sums = [f"{value:.3g}" for value in (total[wrong].min(), total[wrong].max())]
            what = f"the weights sum to {' up to '.join(dict.fromkeys(sums))}"
            fix = f"they must sum to 1, within {WEIGHT_TOLERANCE}"
            where = f"columns {', '.join(show(column) for column in segments.columns)}"
            reader.faults.at(reader.table.rows[wrong], where, what, fix)
    arrays["membership"][:] = weights / np.where(total > 0, total, 1.0)[:, None]
    arrays["segment"][:] = arrays["membership"].argmax(axis=1)


def _fill_design(reader: Reader, book: Codebook, arrays: Arrays) -> None:
    if book.weights:
        decoded = reader.numbers(book.weights.column, book.missing, low=0)
        _need(reader, book.weights.column, decoded, "has no weight", "fill it in")
        arrays["weight"][:] = np.nan_to_num(decoded.value)
        if not reader.broken.intersection([book.weights.column]) and not arrays["weight"].any():
            reader.faults.add(f"column {show(book.weights.column)}", "all weights are 0")
    if book.customer_value:
        missing, column = book.missing_of(book.customer_value), book.customer_value.column
        arrays["customer_value"][:] = reader.numbers(column, missing, low=0).value
    if book.delay:
        arrays["delay"][:] = reader.numbers(book.delay.column, book.missing, low=0).value
    if book.date:
        decoded = reader.moments(book.date.column, book.missing, book.date.format)
        arrays["date"][:] = decoded.value
    if book.wave:
        wave = book.wave
        decoded = reader.choices(
            wave.column, wave.categories, wave.labels, book.missing, of="the waves"
        )
        _need(reader, wave.column, decoded, "has no wave", "fill it in")
        arrays["wave"][:] = np.nan_to_num(decoded.value).astype(np.int64)
    for role in ("cluster", "stratum"):
        group = getattr(book, role)
        if group is not None:
            ids = reader.identifiers(group.column)
            status = np.where(ids == "", BLANK, ANSWERED).astype(np.int8)
            decoded = Decoded(np.full(len(ids), np.nan), status)
            _need(reader, group.column, decoded, f"has no {role}", "fill it in")
            arrays[role][:] = np.unique(ids.astype(str), return_inverse=True)[1]


def _need(reader: Reader, column: str, decoded: Decoded, what: str, fix: str) -> None:
    """Report cells that must be filled in."""
    if column not in reader.table.columns:
        return
    empty = (decoded.status != ANSWERED) if column not in reader.broken else np.zeros(0, dtype=bool)
    if empty.any():
        reader.faults.at(reader.table.rows[empty], f"column {show(column)}", what, fix)


def _index(values: NDArray[np.float64]) -> NDArray[np.int8]:
    return np.where(np.isnan(values), -1, values).astype(np.int8)

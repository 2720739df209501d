"""Outcomes as rows (linear predictors) and the answers that inform them.

A construct is one row measured by several ordinal items; a hurdle-lognormal amount is two rows
(any at all, how much), which is exactly its likelihood: Bernoulli times lognormal.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import xarray as xr

    from emotion_models.survey import Codebook

Stage = Literal["remembered", "relationship", "behaviour"]
Likelihood = Literal["ordinal", "binary", "count", "amount"]


@dataclass(frozen=True)
class Row:
    """One linear predictor.

    Parameters
    ----------
    name : str
        Unique, e.g. ``"trust"`` or ``"spend: any"``.
    outcome : str
        Name in the codebook.
    stage : {"remembered", "relationship", "behaviour"}
    likelihood : {"ordinal", "binary", "count", "amount"}
    emotion : int
        For a remembered rating of one emotion: its index; else -1.
    """

    name: str
    outcome: str
    stage: Stage
    likelihood: Likelihood
    emotion: int = -1

    @property
    def pooled(self) -> bool:
        """Whether all emotions act on the row (effects with mu and tau)."""
        return self.emotion < 0


@dataclass(frozen=True)
class Items:
    """Answers, grouped by likelihood; each knows its row.

    Parameters
    ----------
    ordinal_names : tuple of str
    ordinal : int8 array, shape (J, Q)
        Category, -1 where there is no answer.
    exists : bool array, shape (Q, C)
        Which cutpoints each item has.
    ordinal_row : int array, shape (Q,)
    loaded : bool array, shape (Q,)
        Whether the item's loading is estimated (items of a construct) or 1.
    binary, count, amount : array, shape (J, number of such rows)
        NaN where there is no answer; `amount` is the logarithm of positive amounts, centred.
    binary_row, count_row, amount_row : int arrays
    log_centre : array
        Mean logarithm subtracted from each amount and count.
    """

    ordinal_names: tuple[str, ...]
    ordinal: NDArray[np.int8]
    exists: NDArray[np.bool_]
    ordinal_row: NDArray[np.int64]
    loaded: NDArray[np.bool_]
    binary: NDArray[np.float64]
    binary_row: NDArray[np.int64]
    count: NDArray[np.float64]
    count_row: NDArray[np.int64]
    count_centre: NDArray[np.float64]
    amount: NDArray[np.float64]
    amount_row: NDArray[np.int64]
    amount_centre: NDArray[np.float64]

    @property
    def anchors(self) -> NDArray[np.int64]:
        """First item of each construct: its loading is positive, which fixes the sign."""
        loaded = np.flatnonzero(self.loaded)
        first = np.unique(self.ordinal_row[loaded], return_index=True)[1]
        return loaded[first]

    @property
    def free(self) -> NDArray[np.int64]:
        """Further items of the constructs."""
        return np.setdiff1d(np.flatnonzero(self.loaded), self.anchors)


def rows_of(codebook: Codebook) -> tuple[Row, ...]:
    """List the rows of a codebook: pooled rows first, then ratings of single emotions.

    Parameters
    ----------
    codebook : Codebook

    Returns
    -------
    tuple of Row
    """
    emotions = [emotion.name for emotion in codebook.emotions]
    pooled = [
        Row(item.name, item.name, "remembered", "ordinal")
        for item in codebook.remembered
        if item.emotion is None
    ]
    pooled += [Row(c.name, c.name, "relationship", "ordinal") for c in codebook.relationship]
    for behaviour in codebook.behaviours:
        name = behaviour.name
        match behaviour.family:
            case "bernoulli":
                pooled.append(Row(name, name, "behaviour", "binary"))
            case "ordinal":
                pooled.append(Row(name, name, "behaviour", "ordinal"))
            case "count":
                pooled.append(Row(name, name, "behaviour", "count"))
            case "amount":
                pooled.append(Row(f"{name}: any", name, "behaviour", "binary"))
                pooled.append(Row(f"{name}: amount", name, "behaviour", "amount"))
    single = [
        Row(item.name, item.name, "remembered", "ordinal", emotions.index(item.emotion))
        for item in codebook.remembered
        if item.emotion is not None
    ]
    return (*pooled, *single)


def items_of(codebook: Codebook, data: xr.Dataset) -> Items:
    """Collect the answers of a survey by likelihood.

    Parameters
    ----------
    codebook : Codebook
    data : xarray.Dataset

    Returns
    -------
    Items
    """
    rows = rows_of(codebook)
    index = {row.name: position for position, row in enumerate(rows)}
    names, answers, n_categories, owner, loaded = _ordinal_answers(codebook, data, index)
    width = max(n_categories, default=2) - 1
    n_journeys = data.sizes["journey"]
    by_name = {
        str(name): data["behaviour_value"].sel(behaviour=name).to_numpy().astype(float)
        for name in data["behaviour_value"].coords["behaviour"].to_numpy()
    }
    binary, count, amount = (
        [row for row in rows if row.likelihood == kind] for kind in ("binary", "count", "amount")
    )
    amounts, amount_centre = _log_positive([by_name[row.outcome] for row in amount], n_journeys)
    counts = _columns([by_name[row.outcome] for row in count], n_journeys)
    level = np.log(np.maximum(np.nanmean(counts, axis=0), 0.1)) if count else np.zeros(0)
    return Items(
        ordinal_names=tuple(names),
        ordinal=_columns(answers, n_journeys).astype(np.int8),
        exists=np.arange(width) < (np.array(n_categories, dtype=int) - 1)[:, None],
        ordinal_row=np.array(owner, dtype=np.int64),
        loaded=np.array(loaded, dtype=bool),
        binary=_columns([_any(by_name[row.outcome]) for row in binary], n_journeys),
        binary_row=np.array([index[row.name] for row in binary], dtype=np.int64),
        count=counts,
        count_row=np.array([index[row.name] for row in count], dtype=np.int64),
        count_centre=level,
        amount=amounts,
        amount_row=np.array([index[row.name] for row in amount], dtype=np.int64),
        amount_centre=amount_centre,
    )


def _ordinal_answers(
    codebook: Codebook, data: xr.Dataset, index: dict[str, int]
) -> tuple[list[str], list[NDArray[np.float64]], list[int], list[int], list[bool]]:
    """Columns of ordinal answers with their scale, row, and whether a loading is estimated."""
    found = []
    for item in codebook.remembered:
        column = data["remembered"].sel(remembered_item=item.name)
        found.append((item.name, column, item.scale, index[item.name], False))
    for construct in codebook.relationship:
        for part in construct.items:
            column = data["relationship"].sel(relationship_item=part.name)
            found.append((part.name, column, part.scale, index[construct.name], True))
    for behaviour in codebook.behaviours:
        if behaviour.family == "ordinal":
            assert behaviour.scale is not None
            column = data["behaviour_value"].sel(behaviour=behaviour.name).fillna(-1)
            found.append((behaviour.name, column, behaviour.scale, index[behaviour.name], False))
    return (
        [name for name, *_ in found],
        [column.to_numpy().astype(float) for _, column, *_ in found],
        [codebook.scales[scale].n_categories for _, _, scale, _, _ in found],
        [row for *_, row, _ in found],
        [is_loaded for *_, is_loaded in found],
    )


def _any(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(np.isnan(values), np.nan, values > 0)


def _columns(columns: list[NDArray[np.float64]], n_journeys: int) -> NDArray[np.float64]:
    return np.column_stack(columns) if columns else np.zeros((n_journeys, 0))


def _log_positive(
    columns: list[NDArray[np.float64]], n_journeys: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Log of positive amounts, centred on their mean: the unit of money drops out of the priors."""
    values = _columns(columns, n_journeys)
    logs = np.log(np.where(values > 0, values, np.nan))
    known = np.isfinite(logs)
    centre = np.where(known, logs, 0.0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    return logs - centre, centre

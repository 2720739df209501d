"""Outcomes as rows (linear predictors) and the answers that inform them.

A construct is one row measured by several ordinal items; a behaviour makes the rows of its
family (`emotion_models.models.families`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from emotion_models.models.answers import Answers
from emotion_models.models.families import FAMILIES, LIKELIHOODS, Kind

if TYPE_CHECKING:
    import xarray as xr

    from emotion_models.survey import Codebook

Stage = Literal["remembered", "relationship", "behaviour"]


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
    likelihood : str
        A name in `emotion_models.models.families.LIKELIHOODS`.
    emotion : int
        For a remembered rating of one emotion: its index; else -1.
    """

    name: str
    outcome: str
    stage: Stage
    likelihood: Kind
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
    others : dict of str to Answers
        Answers that are not ticked on a scale, by likelihood; only those there are.
    """

    ordinal_names: tuple[str, ...]
    ordinal: NDArray[np.int8]
    exists: NDArray[np.bool_]
    ordinal_row: NDArray[np.int64]
    loaded: NDArray[np.bool_]
    others: dict[Kind, Answers]

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
    pooled += [
        Row(f"{behaviour.name}{suffix}", behaviour.name, "behaviour", likelihood)
        for behaviour in codebook.behaviours
        for suffix, likelihood in FAMILIES[behaviour.family].rows
    ]
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
    return Items(
        ordinal_names=tuple(names),
        ordinal=_columns(answers, n_journeys).astype(np.int8),
        exists=np.arange(width) < (np.array(n_categories, dtype=int) - 1)[:, None],
        ordinal_row=np.array(owner, dtype=np.int64),
        loaded=np.array(loaded, dtype=bool),
        others=_other_answers(codebook, rows, data),
    )


def _other_answers(
    codebook: Codebook, rows: tuple[Row, ...], data: xr.Dataset
) -> dict[Kind, Answers]:
    """Answers of every likelihood but the ordinal one, by the table of families."""
    found: dict[Kind, Answers] = {}
    horizon = {part.name: part.horizon or 0 for part in codebook.behaviours}
    for kind, likelihood in LIKELIHOODS.items():
        own = [position for position, row in enumerate(rows) if row.likelihood == kind]
        if likelihood.read is not None and own:
            names = [rows[position].outcome for position in own]
            value = data["behaviour_value"].sel(behaviour=names).transpose("journey", ...)
            last = np.array([horizon[name] for name in names])
            found[kind] = likelihood.read(value.to_numpy().astype(float), np.array(own), last)
    return found


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


def _columns(columns: list[NDArray[np.float64]], n_journeys: int) -> NDArray[np.float64]:
    return np.column_stack(columns) if columns else np.zeros((n_journeys, 0))

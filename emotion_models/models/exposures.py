"""Design levers as numbers: one column per numeric or binary lever, one per further category."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import xarray as xr

    from emotion_models.survey import Codebook
    from emotion_models.survey.parts import Lever


@dataclass(frozen=True)
class Exposure:
    """Levers at touchpoints.

    Parameters
    ----------
    columns : tuple of str
        Lever, or ``lever=category``.
    lever : tuple of str
        The lever each column belongs to.
    value : array, shape (T, J, L)
        In codebook steps from the centre; 0 where the lever does not apply or is unknown.
    pairs : int array, shape (N, 2)
        (touchpoint, column) where the codebook says the lever exists.
    several : bool array, shape (L,)
        Columns that exist at more than one touchpoint.
    unknown : int
        Lever values missing at visited touchpoints, set to the centre.
    """

    columns: tuple[str, ...]
    lever: tuple[str, ...]
    value: NDArray[np.float64]
    pairs: NDArray[np.int64]
    several: NDArray[np.bool_]
    unknown: int


def exposures(codebook: Codebook, data: xr.Dataset) -> Exposure:
    """Code every lever for the model.

    Parameters
    ----------
    codebook : Codebook
    data : xarray.Dataset
        With ``lever_value`` (journey, touchpoint, lever) and ``visited``.

    Returns
    -------
    Exposure
    """
    raw = data["lever_value"].transpose("lever", "touchpoint", "journey").to_numpy().astype(float)
    names = [touchpoint.name for touchpoint in codebook.touchpoints]
    visited = data["visited"].transpose("touchpoint", "journey").to_numpy()
    columns: list[str] = []
    owners: list[str] = []
    values: list[NDArray[np.float64]] = []
    pairs: list[tuple[int, int]] = []
    unknown = 0
    for lever, value in zip(codebook.levers, raw, strict=True):
        at = [names.index(name) for name in (lever.at or names)]
        applies = np.isin(np.arange(len(names)), at)[:, None] & visited
        unknown += int((applies & np.isnan(value)).sum())
        for column, coded in coded_columns(lever, value):
            pairs += [(t, len(columns)) for t in at]
            columns.append(column)
            owners.append(lever.name)
            values.append(np.where(applies & np.isfinite(coded), coded, 0.0))
    shape = (0, len(names), visited.shape[1])
    stacked = np.stack(values) if values else np.zeros(shape)
    pair_array = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    counts = np.bincount(pair_array[:, 1], minlength=len(columns))
    return Exposure(
        tuple(columns),
        tuple(owners),
        np.ascontiguousarray(np.moveaxis(stacked, 0, -1)),
        pair_array,
        counts > 1,
        unknown,
    )


def coded_columns(
    lever: Lever, value: NDArray[np.float64]
) -> list[tuple[str, NDArray[np.float64]]]:
    """Code one lever: numeric in steps from its centre, categorical against its first category.

    Parameters
    ----------
    lever : Lever
    value : array
        Raw value, 0/1, or category index.

    Returns
    -------
    list of (column name, array like `value`)
    """
    match lever.kind:
        case "numeric":
            centre, step = lever.centre, lever.step
            assert centre is not None
            assert step is not None
            return [(lever.name, (value - centre) / step)]
        case "binary":
            return [(lever.name, value)]
        case "categorical":
            return [
                (f"{lever.name}={category}", np.where(np.isnan(value), np.nan, value == index))
                for index, category in enumerate(lever.categories)
                if index > 0
            ]

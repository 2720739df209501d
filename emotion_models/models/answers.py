"""Answers that are not ticked on a scale, as the likelihoods take them.

Columns are brought to a scale on which one weak prior serves every survey: the unit of money
and the frequency of an event drop out, and are remembered to come back from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Answers:
    """The answers to all rows of one likelihood.

    Parameters
    ----------
    value : array, shape (J, n)
        NaN where there is no answer.
    row : int array, shape (n,)
        Row of each column.
    level : array, shape (n,)
        Known part of each row's intercept.
    centre : array, shape (n,)
        Was subtracted from `value`: ``value + centre`` has the predictor with `level`,
        ``value`` the predictor with ``level - centre``.
    unit : array, shape (n,)
        Of a mean, on the response scale.
    within : bool array, shape (n, periods)
        Periods that a duration is followed; no periods for other likelihoods.
    """

    value: Floats
    row: NDArray[np.int64]
    level: Floats
    centre: Floats
    unit: Floats
    within: NDArray[np.bool_]

    @property
    def shift(self) -> Floats:
        """What is added to the predictor of `value` beside the estimated intercept, (n,)."""
        return self.level - self.centre


def plain(
    value: Floats,
    row: NDArray[np.int64],
    *,
    level: Floats | None = None,
    centre: Floats | None = None,
    unit: Floats | None = None,
    within: NDArray[np.bool_] | None = None,
) -> Answers:
    """Answers without what is not given: level and centre 0, unit 1, no periods."""
    n_rows = value.shape[1]
    return Answers(
        value,
        row,
        level=np.zeros(n_rows) if level is None else level,
        centre=np.zeros(n_rows) if centre is None else centre,
        unit=np.ones(n_rows) if unit is None else unit,
        within=np.ones((n_rows, 0), dtype=bool) if within is None else within,
    )


def read_yes_no(value: Floats, row: NDArray[np.int64], horizon: NDArray[np.int64]) -> Answers:
    """Anything above 0 is a yes: a yes or no itself, or whether there is any amount.

    Parameters
    ----------
    value : array, shape (J, n)
        NaN where there is no answer; like this and the next two, in every reader.
    row : int array, shape (n,)
    horizon : int array, shape (n,)
        Periods followed, 0 where there are none.

    Returns
    -------
    Answers
    """
    return plain(np.where(np.isnan(value), np.nan, value > 0), row)


def read_counts(value: Floats, row: NDArray[np.int64], horizon: NDArray[np.int64]) -> Answers:
    """Counts as they are; the logarithm of their mean is the known part of the intercept."""
    return plain(value, row, level=np.log(np.maximum(_means(value), 0.1)))


def read_amounts(value: Floats, row: NDArray[np.int64], horizon: NDArray[np.int64]) -> Answers:
    """Logarithms of positive amounts, centred: the unit of money drops out of the priors."""
    logs = np.log(np.where(value > 0, value, np.nan))
    centre = _means(logs)
    return plain(logs - centre, row, level=centre, centre=centre)


def read_numbers(value: Floats, row: NDArray[np.int64], horizon: NDArray[np.int64]) -> Answers:
    """Numbers in typical deviations from their median: origin and unit drop out of the priors.

    Median and median absolute deviation (times 1.4826, as for a normal), which outliers hardly
    move; where half of the answers are equal, the standard deviation.
    """
    unit, middle = np.ones(value.shape[1]), np.zeros(value.shape[1])
    for k, column in enumerate(value.T):
        known = column[np.isfinite(column)]
        if known.size:
            middle[k] = np.median(known)
            typical = 1.4826 * np.median(np.abs(known - middle[k]))
            unit[k] = typical or known.std() or 1.0
    centre = middle / unit
    return plain(value / unit - centre, row, level=centre, centre=centre, unit=unit)


def read_durations(value: Floats, row: NDArray[np.int64], horizon: NDArray[np.int64]) -> Answers:
    """Durations up to the horizon; the overall log-odds of leaving is the known level."""
    value = np.minimum(value, horizon + 0.5)
    ended = np.nansum(value == np.floor(value), axis=0)
    at_risk = np.nansum(np.floor(value), axis=0)
    # Half an event more of each kind: finite where it never or always happens.
    level = np.log(ended + 0.5) - np.log(at_risk - ended + 0.5)
    periods = np.arange(horizon.max())
    return plain(value, row, level=level, within=periods < horizon[:, None])


def _means(value: Floats) -> Floats:
    """Mean of the answers of each column, 0 where there are none."""
    known = np.isfinite(value)
    mean: Floats = np.where(known, value, 0.0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    return mean

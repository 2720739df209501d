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
    """

    value: Floats
    row: NDArray[np.int64]
    level: Floats
    centre: Floats

    @property
    def shift(self) -> Floats:
        """What is added to the predictor of `value` beside the estimated intercept, (n,)."""
        return self.level - self.centre


def read_yes_no(value: Floats, row: NDArray[np.int64]) -> Answers:
    """Anything above 0 is a yes: a yes or no itself, or whether there is any amount.

    Parameters
    ----------
    value : array, shape (J, n)
    row : int array, shape (n,)

    Returns
    -------
    Answers
    """
    zero = np.zeros(value.shape[1])
    return Answers(np.where(np.isnan(value), np.nan, value > 0), row, zero, zero)


def read_counts(value: Floats, row: NDArray[np.int64]) -> Answers:
    """Counts as they are; the logarithm of their mean is the known part of the intercept.

    Parameters
    ----------
    value : array, shape (J, n)
    row : int array, shape (n,)

    Returns
    -------
    Answers
    """
    known = np.isfinite(value)
    mean = np.where(known, value, 0.0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    return Answers(value, row, np.log(np.maximum(mean, 0.1)), np.zeros(value.shape[1]))


def read_amounts(value: Floats, row: NDArray[np.int64]) -> Answers:
    """Logarithms of positive amounts, centred: the unit of money drops out of the priors.

    Parameters
    ----------
    value : array, shape (J, n)
    row : int array, shape (n,)

    Returns
    -------
    Answers
    """
    logs = np.log(np.where(value > 0, value, np.nan))
    known = np.isfinite(logs)
    centre = np.where(known, logs, 0.0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    return Answers(logs - centre, row, centre, centre)

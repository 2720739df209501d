"""Survey weights in a likelihood."""

from __future__ import annotations

from typing import Any


def kish_size(weight: Any) -> Any:
    """Effective sample size of weights, ``(sum w)^2 / sum w^2`` (Kish 1965).

    Parameters
    ----------
    weight : array, shape (J,)

    Returns
    -------
    float
        J where all weights are equal.
    """
    return weight.sum() ** 2 / (weight**2).sum()


def kish_scaled(weight: Any) -> Any:
    """Weights that sum to their effective size: exponents of a pseudo-likelihood.

    A pseudo-posterior raises each unit's likelihood to its weight (Savitsky & Toth 2016, doi
    10.1214/16-EJS1153, consistent for the population under informative sampling). Scaled to
    sum to the number of units it would be too sure of itself where weights vary; scaled to the
    effective size it is as wide as a sample of that size.

    Parameters
    ----------
    weight : array, shape (J,)

    Returns
    -------
    array, shape (J,)
    """
    return weight * kish_size(weight) / weight.sum()

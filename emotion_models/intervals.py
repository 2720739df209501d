"""The one place that says which interval this package reports.

ArviZ 1 defaults to an 89% equal-tailed interval; every call of ours states its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

PROBABILITY: Final[float] = 0.90
LOWER: Final[float] = (1 - PROBABILITY) / 2
UPPER: Final[float] = 1 - LOWER
WORDS: Final[str] = f"{PROBABILITY:.0%} equal-tailed credible interval"


@dataclass(frozen=True)
class Summary:
    """Posterior mean, sd, equal-tailed interval and P(> 0) of an array of draws.

    Every field has the shape of the draws without their first axis.
    """

    mean: NDArray[np.floating[Any]]
    sd: NDArray[np.floating[Any]]
    lower: NDArray[np.floating[Any]]
    upper: NDArray[np.floating[Any]]
    p_positive: NDArray[np.floating[Any]]


def summarise(draws: NDArray[np.floating[Any]]) -> Summary:
    """Summarise draws over their first axis.

    Parameters
    ----------
    draws : ndarray, shape (n_draws, ...)

    Returns
    -------
    Summary
    """
    lower, upper = np.quantile(draws, [LOWER, UPPER], axis=0)
    return Summary(
        mean=draws.mean(axis=0),
        sd=draws.std(axis=0, ddof=1) if draws.shape[0] > 1 else np.zeros(draws.shape[1:]),
        lower=lower,
        upper=upper,
        p_positive=(draws > 0).mean(axis=0),
    )

"""What a customer is worth who may come again: margins of later periods, discounted.

Gupta & Lehmann 2003 (doi 10.1002/dir.10045), their equation 2, with constant margin and constant
probability of coming again in each period:

    worth = m sum_{t=1..H} r^t / (1 + d)^t

m margin of a period with the customer, r probability to be retained from one period to the next,
d discount per period, H horizon. One that is lost stays lost (their "active or inactive", after
Dwyer). With H = 1 and d = 0 it is ``m r``; without end it is ``m r / (1 + d - r)``.

It is not linear in r: the mean over customers is not the worth at the mean r, so it is computed
for every journey and averaged afterwards.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]


def retained_periods(retention: Floats, horizon: int, discount: float) -> Floats:
    """Discounted number of later periods in which a customer is still there.

    ``sum_{t=1..H} q^t = q (1 - q^H) / (1 - q)`` with ``q = r / (1 + d)``.

    Parameters
    ----------
    retention : array
        Probability of coming again in the next period, 0..1.
    horizon : int
    discount : float

    Returns
    -------
    array, same shape
        Between 0 and the horizon.
    """
    kept = retention / np.asarray(1 + discount, dtype=retention.dtype)
    total = kept.copy()
    # Horner: sums of positive terms, exact at r = 0 and r = 1 where the closed form divides by 0.
    for _ in range(horizon - 1):
        total += 1
        total *= kept
    return total


def retention_of_event(probability: Floats, periods: int) -> Floats:
    """Probability to pass one period without an event, given that of the event within several.

    ``(1 - F)^(1 / n)``: the same hazard in every period.

    Parameters
    ----------
    probability : array
        F, that the event happens within so many periods.
    periods : int
        n

    Returns
    -------
    array, same shape
    """
    survived: Floats = np.clip(1 - probability, 0, 1) ** np.asarray(1 / periods, probability.dtype)
    return survived

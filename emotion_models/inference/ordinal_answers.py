"""Log-probability of the answers to an item in many draws, in one pass over them."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from emotion_models.science.equations.ordinal import edges

Floats = NDArray[np.floating[Any]]


def add_log_probability(
    total: Floats, answer: NDArray[np.integer[Any]], eta: Floats, kappa: Floats
) -> None:
    """Add what an item's answers tell of every journey to what is known already.

    The equation is `emotion_models.science.equations.ordinal.item_log_probability`; looking its
    tables up for whole arrays took two thirds of the time of leave-one-out.

    Parameters
    ----------
    total : array, shape (S, J)
        Changed in place.
    answer : int array, shape (J,)
        Category index; negative where there is no answer.
    eta : array, shape (S, J)
    kappa : array, shape (S, C)
        Cutpoints of the item, without padding.
    """
    n_draws, n_cutpoints = kappa.shape
    exists = np.ones((1, n_cutpoints), dtype=bool)
    upper, lower, width = (table[:, 0] for table in edges(kappa[:, None, :], exists))
    _add(total, answer, np.broadcast_to(eta, (n_draws, answer.size)), upper, lower, width)


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract"})
def _add(total: Any, answer: Any, eta: Any, upper: Any, lower: Any, width: Any) -> None:
    highest = upper.shape[1] - 1
    for s in range(eta.shape[0]):
        for j in range(eta.shape[1]):
            k = answer[j]
            if k >= 0:
                here = eta[s, j]
                shrunk = math.exp(-here)
                felt = math.log((1 + upper[s, k] * shrunk) * (1 + lower[s, k] * shrunk))
                total[s, j] += width[s, k] - felt - (here if k < highest else 0.0)

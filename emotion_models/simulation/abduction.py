"""Abduction: the latent intensity behind answers that were given."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


def abduct(
    rng: np.random.Generator,
    category: NDArray[np.int8],
    eta: Floats,
    kappa: Floats,
    exists: NDArray[np.bool_],
) -> Floats:
    """Draw the latent intensity behind every answer: logistic around eta, between its cutpoints.

    Parameters
    ----------
    rng : Generator
    category : int array, shape (J, Q)
        -1 where there is no answer: anything is possible.
    eta : array, shape (S, J, Q)
    kappa : array, shape (S, Q, cuts)
    exists : bool array, shape (Q, cuts)
        False where a cutpoint is padding.

    Returns
    -------
    array, shape (S, J, Q)
    """
    open_end = np.full((*kappa.shape[:2], 1), np.inf, dtype=kappa.dtype)
    padded = np.concatenate([-open_end, np.where(exists, kappa, np.inf), open_end], axis=2)
    item = np.arange(category.shape[1])
    lower = padded[:, item, np.maximum(category, 0)]
    upper = padded[:, item, np.maximum(category, 0) + 1]
    unknown = category < 0
    with np.errstate(over="ignore"):
        below = np.where(unknown, 0, 1 / (1 + np.exp(eta - lower)))
        above = np.where(unknown, 1, 1 / (1 + np.exp(eta - upper)))
    uniform = rng.random(eta.shape, dtype=np.float32)
    p = np.clip(below + uniform * (above - below), 1e-7, 1 - 1e-7)
    latent: Floats = (eta + np.log(p) - np.log1p(-p)).astype(np.float32)
    # Rounding must not push an answer over its own cutpoint.
    return np.where(unknown, latent, np.clip(latent, lower + 1e-5, upper - 1e-5))

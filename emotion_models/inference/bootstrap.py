"""The Bayesian bootstrap over respondents: what answers say without a model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from emotion_models.models.design import Design


def bootstrap_weights(
    design: Design, rng: np.random.Generator, replicates: int
) -> NDArray[np.floating[Any]]:
    """Draw weights of journeys: a random share for each respondent, times the survey's weights.

    Shares are uniform over all that sum to one (Rubin 1981).

    Parameters
    ----------
    design : Design
    rng : numpy.random.Generator
    replicates : int

    Returns
    -------
    array, shape (replicates, J)
    """
    shares = rng.dirichlet(np.ones(design.n_respondents), size=replicates)
    weight: NDArray[np.floating[Any]] = shares[:, design.respondent] * design.weight
    return weight

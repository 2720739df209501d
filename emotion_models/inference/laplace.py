"""Density of a journey's ratings, style, mood and affect integrated out by Laplace's method.

For every draw and journey the latents ``u = (style, mood, affect_1 .. affect_T)`` have a
log-concave posterior; its mode is found by Newton's method and

    log p(y_j) ~ log p(y_j | u) + log p(u) + (T + 2) / 2 log(2 pi) - 1/2 log det A,

with A the negative Hessian at the mode (Tierney & Kadane 1986). With F the logistic function
at the two cutpoints around an answer, d log P / d eta = F_upper + F_lower - 1, and minus the
second derivative is the sum of F (1 - F) over both.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from emotion_models.science.equations import ordinal

Floats = NDArray[np.floating[Any]]
STEPS: Final = 8
"""Newton steps from the draw itself, which lies near the mode."""


@dataclass(frozen=True)
class Rated:
    """Ratings of journeys and what they depend on, at S draws.

    Parameters
    ----------
    category : int array, shape (T, J, E)
        -1 without an answer.
    exists : bool array, shape (E, C)
    own : array, shape (S, T, J, E)
        Predictor without the latents.
    cutpoint : array, shape (S, E, C)
    response : array, shape (S, E, 3)
        How emotions respond to style, mood and affect.
    sd : array, shape (S, 2 + T)
        Of the latents; 0 for one that is not in the model.
    start : array, shape (S, J, 2 + T)
        Latents to start from.
    """

    category: NDArray[np.int8]
    exists: NDArray[np.bool_]
    own: Floats
    cutpoint: Floats
    response: Floats
    sd: Floats
    start: Floats


def log_density(rated: Rated) -> Floats:
    """Approximate log density of the ratings of each journey.

    Parameters
    ----------
    rated : Rated

    Returns
    -------
    array, shape (S, J)
    """
    there = rated.sd > 0
    # A latent that is not in the model stays at 0 with a unit prior, which integrates to 1.
    precision = 1 / np.where(there, rated.sd, 1.0)[:, None] ** 2
    latent = np.where(there[:, None], rated.start, 0.0)
    response = np.where(there[:, None, [0, 1, 2]], rated.response, 0.0)
    for _ in range(STEPS):
        _, slope, hessian = _expand(rated, response, latent)
        hessian += precision[..., None] * np.eye(latent.shape[-1])
        step = np.linalg.solve(hessian, (slope - precision * latent)[..., None])[..., 0]
        latent = latent + np.clip(step, -3, 3)
    value, _, hessian = _expand(rated, response, latent)
    hessian += precision[..., None] * np.eye(latent.shape[-1])
    prior = 0.5 * (np.log(precision) - precision * latent**2).sum(axis=-1)
    found: Floats = value + prior - 0.5 * np.linalg.slogdet(hessian)[1]
    return found


def _expand(rated: Rated, response: Floats, latent: Floats) -> tuple[Floats, Floats, Floats]:
    """Log-likelihood (S, J), its slope (S, J, 2 + T) and minus its Hessian in the latents."""
    shape = latent.shape
    value: Floats = np.zeros(shape[:2])
    slope: Floats = np.zeros(shape)
    hessian: Floats = np.zeros((*shape, shape[-1]))
    for t, category in enumerate(rated.category):
        place = [0, 1, 2 + t]
        eta = rated.own[:, t] + latent[..., place] @ response.swapaxes(-1, -2)
        each, first, second = _answers(rated, category, eta)
        value += each.sum(axis=-1)
        slope[..., place] += first @ response
        block = np.einsum("sje,sea,seb->sjab", second, response, response, optimize=True)
        hessian[..., np.array(place)[:, None], place] += block
    return value, slope, hessian


def _answers(
    rated: Rated, category: NDArray[np.int8], eta: Floats
) -> tuple[Floats, Floats, Floats]:
    """Log-probability of each answer, its slope and minus its curvature in the predictor."""
    answered = category >= 0
    top = rated.exists.sum(axis=1)
    item = np.arange(top.size)
    known = np.maximum(category, 0)
    upper = rated.cutpoint[:, item, np.minimum(known, top - 1)] - eta
    lower = rated.cutpoint[:, item, np.maximum(known - 1, 0)] - eta
    below = np.where(known < top, 1 / (1 + np.exp(-upper)), 1.0)
    under = np.where(known > 0, 1 / (1 + np.exp(-lower)), 0.0)
    each = ordinal.log_probability(category, eta, rated.cutpoint, rated.exists)
    first = np.where(answered, below + under - 1, 0.0)
    second = np.where(answered, below * (1 - below) + under * (1 - under), 0.0)
    return each, first, second

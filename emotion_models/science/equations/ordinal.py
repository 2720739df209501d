"""Ordinal answers: the cumulative logit.

``P(y <= k) = logistic(kappa_k - eta)`` (McCullagh 1980; Bürkner & Vuorre 2019,
doi 10.1177/2515245918823199).
"""

from __future__ import annotations

from typing import Any

import numpy as np


def cutpoints(probabilities: Any, xp: Any = np) -> Any:
    """Cutpoints at which an average person (eta = 0) answers with the given probabilities.

    With a Dirichlet prior on the probabilities this is the induced Dirichlet prior on
    cutpoints (Betancourt 2019): no category is impossible a priori, used or not.

    Parameters
    ----------
    probabilities : array, shape (..., categories)
    xp : module, optional
        ``numpy`` or ``pytensor.tensor``.

    Returns
    -------
    array, shape (..., categories - 1)
        ``kappa_k = logit(sum of the first k probabilities)``, increasing.
    """
    below = xp.cumsum(probabilities, axis=-1)[..., :-1]
    above = xp.cumsum(probabilities[..., ::-1], axis=-1)[..., ::-1][..., 1:]
    return xp.log(below) - xp.log(above)


def edges(kappa: Any, exists: Any, xp: Any = np) -> tuple[Any, Any, Any]:
    """Turn cutpoints into the three tables that `log_probability` looks answers up in.

    Parameters
    ----------
    kappa : array, shape (..., Q, C)
        Cutpoints of Q items; items with fewer than C are padded.
    exists : bool array, shape (Q, C)
        False where a cutpoint is padding.
    xp : module, optional

    Returns
    -------
    upper, lower, width : array, shape (..., Q, C + 1)
        By category: ``exp`` of the upper and of the lower cutpoint (0 at the open ends), and
        the part of the log-probability that depends on the cutpoints alone.
    """
    edge = xp.where(exists, xp.exp(kappa), 0.0)
    zero = xp.zeros_like(edge[..., :1])
    gap = xp.where(exists[:, 1:], kappa[..., 1:] - kappa[..., :-1], 1.0)
    inner = xp.where(exists[:, 1:], kappa[..., :-1] + xp.log(xp.expm1(gap)), 0.0)
    return (
        xp.concatenate([edge, zero], axis=-1),
        xp.concatenate([zero, edge], axis=-1),
        xp.concatenate([kappa[..., :1], inner, zero], axis=-1),
    )


def log_probability(answer: Any, eta: Any, kappa: Any, exists: Any, xp: Any = np) -> Any:
    """Log-probability of each ordinal answer.

    With ``a = exp(kappa_k - eta)`` and ``b = exp(kappa_{k-1} - eta)`` the category probability
    ``a/(1+a) - b/(1+b)`` equals ``(a - b) / ((1+a)(1+b))``: one exponential and one logarithm
    per answer and no difference of nearly equal numbers. Exact for ``|kappa - eta| < 350``.

    Parameters
    ----------
    answer : int array, shape (J, Q)
        Category index; negative where there is no answer.
    eta : array, shape (..., J, Q)
    kappa : array, shape (..., Q, C)
    exists : bool array, shape (Q, C)
    xp : module, optional

    Returns
    -------
    array, shape (..., J, Q)
        0 where there is no answer.
    """
    category = np.maximum(answer, 0)
    item = np.arange(exists.shape[0])
    upper, lower, width = (table[..., item, category] for table in edges(kappa, exists, xp))
    below_top = category < exists.sum(axis=1)
    shrink = xp.exp(-eta)
    reach = xp.where(below_top, eta, 0.0)
    felt = -reach - xp.log((1 + upper * shrink) * (1 + lower * shrink))
    return xp.where(answer >= 0, width + felt, 0.0)


def category_probabilities(eta: Any, kappa: Any) -> Any:
    """Probability of every category.

    Parameters
    ----------
    eta : array, shape (..., J)
    kappa : array, shape (..., C)
        Cutpoints of one item, without padding.

    Returns
    -------
    array, shape (..., J, C + 1)
    """
    below = 1 / (1 + np.exp(eta[..., None] - kappa[..., None, :]))
    ones = np.ones_like(below[..., :1])
    return np.diff(np.concatenate([0 * ones, below, ones], axis=-1), axis=-1)


def mean_category(eta: Any, kappa: Any) -> Any:
    """Expected category index: the sum over cutpoints of ``P(y > k)``.

    ``P(y > k) = 1 / (1 + exp(kappa_k) exp(-eta))``: one exponential per answer, not one per
    cutpoint. Exact for ``|kappa|, |eta| < 350`` (in single precision: 44).

    Parameters
    ----------
    eta : array, shape (..., J)
    kappa : array, shape (..., C)

    Returns
    -------
    array, shape (..., J)
        In the precision of `eta`.
    """
    bound = np.log(np.finfo(eta.dtype).max) / 2  # where the product cannot overflow
    shrink = np.exp(np.clip(-eta, -bound, bound))
    edge = np.exp(np.clip(kappa, -bound, bound)).astype(eta.dtype)
    shape = np.broadcast_shapes(eta.shape, (*kappa.shape[:-1], 1))
    total, term = np.zeros(shape, dtype=eta.dtype), np.empty(shape, dtype=eta.dtype)
    for k in range(kappa.shape[-1]):
        np.multiply(edge[..., k, None], shrink, out=term)
        term += 1
        np.reciprocal(term, out=term)
        total += term
    return total


def draw(rng: np.random.Generator, eta: Any, kappa: Any, exists: Any) -> Any:
    """Draw an answer for every predictor.

    Parameters
    ----------
    rng : Generator
    eta : array, shape (..., J, Q)
    kappa : array, shape (..., Q, C)
    exists : bool array, shape (Q, C)

    Returns
    -------
    int array, shape (..., J, Q)
    """
    uniform = rng.random(eta.shape)
    latent = eta + np.log(uniform) - np.log1p(-uniform)
    above = latent[..., None] > kappa[..., None, :, :]
    return (above & exists).sum(axis=-1)


def item_log_probability(answer: Any, eta: Any, kappa: Any, xp: Any = np) -> Any:
    """Log-probability of the answers to one item with all its cutpoints.

    Parameters
    ----------
    answer : int array, shape (J,)
        Category index; negative where there is no answer.
    eta : array, shape (..., J)
    kappa : array, shape (..., 1, C)
    xp : module, optional

    Returns
    -------
    array, shape (..., J)
        0 where there is no answer.
    """
    exists = np.ones((1, kappa.shape[-1]), dtype=bool)
    return log_probability(answer[:, None], eta[..., None], kappa, exists, xp)[..., 0]


def item_draw(rng: np.random.Generator, eta: Any, kappa: Any) -> Any:
    """Draw answers (..., J) to one item with cutpoints (..., 1, C)."""
    exists = np.ones((1, kappa.shape[-1]), dtype=bool)
    return draw(rng, eta[..., None], kappa, exists)[..., 0]


def item_mean(eta: Any, kappa: Any) -> Any:
    """Expected category (..., J) of one item with cutpoints (..., 1, C), see `mean_category`."""
    return mean_category(eta, kappa[..., 0, :])

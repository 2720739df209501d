"""Ordinal regression by maximum likelihood: the flat-prior rival, as textbooks have it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit, log_expit

from emotion_models.science.equations.ordinal import category_probabilities

Floats = NDArray[np.floating[Any]]
Whole = NDArray[np.integer[Any]]
RIDGE: Final = 1e-4
"""Keeps slopes finite where answers are separated; on anything else it has no visible effect."""


@dataclass(frozen=True)
class OrderedLogit:
    """A fitted cumulative logit (McCullagh 1980): ``P(y <= k) = logistic(kappa_k - x slope)``.

    Parameters
    ----------
    kappa : array, shape (C,)
        Cutpoints between the categories that were seen.
    slope : array, shape (P,)
    seen : int array, shape (C + 1,)
        Categories that were answered by anybody.
    n_categories : int
    """

    kappa: Floats
    slope: Floats
    seen: Whole
    n_categories: int

    def probabilities(self, x: Floats) -> Floats:
        """Probability (N, K) of every category, 0 for those that nobody had answered."""
        found = np.zeros((x.shape[0], self.n_categories))
        several = self.kappa.size > 0
        found[:, self.seen] = category_probabilities(x @ self.slope, self.kappa) if several else 1.0
        return found


def maximum_likelihood(x: Floats, answer: Whole, n_categories: int) -> OrderedLogit:
    """Fit cutpoints and slopes.

    Parameters
    ----------
    x : array, shape (N, P)
        Standardised columns, or none.
    answer : int array, shape (N,)
    n_categories : int

    Returns
    -------
    OrderedLogit
    """
    seen, y = np.unique(answer, return_inverse=True)
    if seen.size == 1:
        return OrderedLogit(np.zeros(0), np.zeros(x.shape[1]), seen, n_categories)
    below = np.cumsum(np.bincount(y))[:-1] / y.size
    kappa = np.log(below / (1 - below))
    start = np.concatenate([kappa[:1], np.log(np.diff(kappa)), np.zeros(x.shape[1])])
    best = minimize(_loss, start, args=(x, y, seen.size - 1), jac=True, method="BFGS")
    cut = seen.size - 1
    return OrderedLogit(_cutpoints(best.x[:cut]), best.x[cut:], seen, n_categories)


def _cutpoints(free: Floats) -> Floats:
    """Cutpoints from the first and the logarithms of the steps."""
    return np.cumsum(np.concatenate([free[:1], np.exp(free[1:])]))


def _loss(free: Floats, x: Floats, y: Whole, cut: int) -> tuple[float, Floats]:
    """Negative mean log-likelihood with its gradient.

    With u and l the borders of an answer's category less the predictor, the likelihood is
    ``F(u) - F(l) = F(u) F(-l) (1 - exp(l - u))`` and its logarithm falls with the predictor by
    ``1 - F(u) - F(l)``.
    """
    slope = free[cut:]
    border = np.concatenate([[-np.inf], _cutpoints(free[:cut]), [np.inf]])
    eta = x @ slope
    upper, lower = border[y + 1] - eta, border[y] - eta
    width = np.maximum(upper - lower, 1e-10)
    log_p = log_expit(upper) + log_expit(-lower) + np.log(-np.expm1(-width))
    to_upper, to_lower = (_density(edge, log_p) for edge in (upper, lower))
    by_cutpoint = np.bincount(y + 1, to_upper, cut + 2) - np.bincount(y, to_lower, cut + 2)
    to_border = by_cutpoint[1 : cut + 1]
    # A step moves its own cutpoint and all that follow.
    to_free = np.cumsum(to_border[::-1])[::-1]
    to_free[1:] *= np.exp(free[1:cut])
    to_slope = -x.T @ (1 - expit(upper) - expit(lower))
    gradient = -np.concatenate([to_free, to_slope]) / y.size
    gradient[cut:] += 2 * RIDGE * slope
    return float(-log_p.mean() + RIDGE * (slope**2).sum()), gradient


def _density(edge: Floats, log_p: Floats) -> Floats:
    """Logistic density at a border over the probability of the category; 0 at infinity."""
    there = np.where(np.isfinite(edge), edge, 0.0)
    found = np.exp(log_expit(there) + log_expit(-there) - log_p)
    return np.where(np.isfinite(edge), found, 0.0)

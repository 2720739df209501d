"""What it is worth to know more before one decides.

Decisions d have uncertain values V_d, given as draws of their joint posterior.

    EVPI  = E max_d V_d - max_d E V_d                         perfect information
    EVPPI = E max_d E[V_d | phi] - max_d E V_d                of parameters phi
    EVSI  = E max_d E[V_d | data] - max_d E V_d               of n further answers

``E[V_d | phi]`` is a regression of V_d on phi over the draws (Strong, Oakley & Brennan 2014, doi
10.1177/0272989X13505910). For data, ``E[V_d | phi]`` is drawn in towards its mean by
``sqrt(n / (n + n0))``, n0 being the answers that the posterior rests on: the Gaussian
approximation of Jalal & Alarid-Escudero 2018 (doi 10.1177/0272989X17715627), exact where values
are linear in parameters with a normal posterior.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]
PENALTIES: Final = np.logspace(-4, 4, 25)
SQUARED: Final = 3
"""Leading components whose squares enter the regression: values bend a little."""


def perfect(values: Floats) -> float:
    """Expected value of perfect information.

    Parameters
    ----------
    values : array, shape (S, D)
        Value of every decision in every draw; more is better.

    Returns
    -------
    float
        Not negative.
    """
    return float(values.max(axis=1).mean() - values.mean(axis=0).max())


def regret(values: Floats) -> Floats:
    """Expected loss of every decision against the best one in each draw.

    Parameters
    ----------
    values : array, shape (S, D)

    Returns
    -------
    array, shape (D,)
        The smallest is the expected value of perfect information.
    """
    lost: Floats = (values.max(axis=1, keepdims=True) - values).mean(axis=0)
    return lost


def chances_of_best(values: Floats) -> Floats:
    """Probability of every decision to be the best; those that tie share it.

    Parameters
    ----------
    values : array, shape (S, D)

    Returns
    -------
    array, shape (D,)
        Adds up to 1.
    """
    best = values == values.max(axis=1, keepdims=True)
    share: Floats = (best / best.sum(axis=1, keepdims=True)).mean(axis=0)
    return share


def explained_by(values: Floats, parameters: Floats) -> Floats:
    """Expected value of every decision given parameters, in every draw, by ridge regression.

    On the principal components of the standardised parameters and the squares of the leading
    ones. Every draw is predicted from the others, with the penalty that does it best, and the
    predictions are drawn in until they are neither too bold nor too timid: with many parameters
    and few draws, fitted values would explain what is only noise.

    Parameters
    ----------
    values : array, shape (S, D)
    parameters : array, shape (S, P)

    Returns
    -------
    array, shape (S, D)
        With the same means as `values`.
    """
    centre = values.mean(axis=0)
    # Draws that an approximation repeats are one: left out together, or they predict themselves.
    distinct, draw, times = np.unique(parameters, axis=0, return_inverse=True, return_counts=True)
    draw, share = draw.ravel(), times / len(values)
    basis, singular = _components(distinct, share)
    if not singular.size or len(distinct) < 3:
        return np.broadcast_to(centre, values.shape).copy()
    target = np.zeros((len(distinct), values.shape[1]))
    np.add.at(target, draw, values - centre)
    target *= np.sqrt(share)[:, None] / times[:, None]
    along = basis.T @ target
    best, least = np.zeros_like(target), ((target / (1 - share[:, None])) ** 2).sum()
    for penalty in PENALTIES * singular[0] ** 2:
        shrunk = singular**2 / (singular**2 + penalty)
        left = 1 - (basis**2) @ shrunk - share
        wrong = (target - basis @ (shrunk[:, None] * along)) / np.maximum(left, 1e-9)[:, None]
        error = (wrong**2).sum()
        if error < least:  # better at draws that were left out than the mean alone
            best, least = target - wrong, error
    size = (best**2).sum(axis=0)
    drawn_in = np.clip((best * target).sum(axis=0) / np.where(size > 0, size, 1), 0, 1)
    explained: Floats = (drawn_in * best / np.sqrt(share)[:, None])[draw]
    return explained - explained.mean(axis=0) + centre


def _components(parameters: Floats, share: Floats) -> tuple[Floats, Floats]:
    """Orthonormal columns (S, K) that span the regressors, times root shares; singular values."""
    root = np.sqrt(share)[:, None]
    centred = parameters - share @ parameters
    spread = np.sqrt(share @ centred**2)
    varies = spread > 1e-9 * np.maximum(1e-9, np.abs(parameters).max(axis=0, initial=0))
    if not varies.any():
        return np.zeros((len(parameters), 0)), np.zeros(0)
    standard = centred[:, varies] / spread[varies]
    left, singular, _ = np.linalg.svd(root * standard, full_matrices=False)
    leading = left[:, :SQUARED] / root
    squares = leading**2 - share @ leading**2
    both = np.concatenate([left * singular, root * squares * singular[:SQUARED]], axis=1)
    left, singular, _ = np.linalg.svd(both, full_matrices=False)
    known = singular > singular[0] * 1e-8
    return left[:, known], singular[known]


def sampled(explained: Floats, further: float, so_far: float) -> float:
    """Expected value of the information in further answers.

    Parameters
    ----------
    explained : array, shape (S, D)
        Expected values given the parameters that the answers inform, from `explained_by`; the
        values themselves where they inform all.
    further : float
        Number of further answers, n; may be infinite.
    so_far : float
        Number of answers that the posterior rests on, n0.

    Returns
    -------
    float
    """
    centre = explained.mean(axis=0)
    drawn_in = np.sqrt(1 / (1 + so_far / further)) if further > 0 else 0.0
    return perfect(centre + drawn_in * (explained - centre))

"""Durations: a hazard per period, logit link, with censoring.

Of those still there at the start of period s, a share ``h_s = logistic(baseline_s + eta)``
leaves in it: ``log P(left in T) = log h_T + sum_{s<T} log(1 - h_s)`` and ``log P(still there
after T) = sum_{s<=T} log(1 - h_s)``, the likelihood of one Bernoulli per period at risk
(Allison 1982, doi 10.2307/270718; Singer & Willett 1993, doi 10.3102/10769986018002155).

A duration is one number: T if it ended in period T, T + 1/2 if it had not ended after T.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from emotion_models.science.equations.families import softplus


def duration_log_probability(
    answer: Any, eta: Any, baseline: Any, within: Any, xp: Any = np
) -> Any:
    """Log-probability of a duration.

    One period at a time, so that no array has journeys, draws and periods.

    Parameters
    ----------
    answer : array
        Durations, see above; 0 is none.
    eta : array
        Shift of the log-odds of leaving, the same in every period.
    baseline : array, shape (..., periods)
        Log-odds of leaving in each period at ``eta = 0``; ``baseline[..., s]`` broadcasts
        against `eta`.
    within : bool array, shape (..., periods)
        Periods that are followed; no duration goes beyond.
    xp : module, optional

    Returns
    -------
    array
    """
    total = 0.0
    for s in range(within.shape[-1]):
        odds = eta + baseline[..., s]
        left = 1.0 * (answer == s + 1) if xp is np else 1.0 * xp.eq(answer, s + 1)
        total = total + left * odds - (answer >= s + 1) * softplus(odds, xp)
    return total


def duration_draw(rng: np.random.Generator, eta: Any, baseline: Any, within: Any) -> Any:
    """Draw durations, followed up to the last period that is `within`."""
    last = within.sum(axis=-1)
    drawn = np.broadcast_to(last + 0.5, np.shape(eta)).copy()
    for s in reversed(range(within.shape[-1])):
        odds = eta + baseline[..., s]
        leaves = (rng.random(odds.shape) < 1 / (1 + np.exp(-odds))) & within[..., s]
        drawn = np.where(leaves, s + 1.0, drawn)
    return drawn


def duration_mean(eta: Any, baseline: Any, within: Any) -> Any:
    """Probability of having left by the last period: ``1 - prod_s (1 - h_s)``.

    Parameters
    ----------
    eta : array
    baseline : array, shape (..., periods)
    within : bool array, shape (..., periods)

    Returns
    -------
    array
        Like every other mean it increases with `eta`.
    """
    stays: Any = 0.0
    for s in range(within.shape[-1]):
        stays = stays - within[..., s] * softplus(eta + baseline[..., s])
    return -np.expm1(stays)

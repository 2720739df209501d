"""The likelihoods, flattened: one node per kind whatever the number of items.

Each is a PyMC distribution over a whole matrix of answers with gaps, with a log-probability
for fitting and random draws for simulation.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pymc as pm
import pytensor.tensor as pt
from numpy.typing import NDArray

from emotion_models.science.equations import ordinal as equation


def ordinal(
    name: str, eta: Any, kappa: Any, exists: NDArray[np.bool_], observed: Any, dims: Any = None
) -> Any:
    """Add cumulative-logit answers.

    Parameters
    ----------
    name : str
    eta : tensor, shape (..., Q, J)
        People last: the longest axis is where the sampler is fast.
    kappa : tensor, shape (Q, C)
        Padded where `exists` is False.
    exists : bool array, shape (Q, C)
    observed : int tensor or None, shape (..., Q, J)
        Negative where there is no answer.
    dims : optional

    Returns
    -------
    TensorVariable
    """
    top = exists.sum(axis=1)[:, None]
    item = np.arange(exists.shape[0])[:, None]

    def logp(value: Any, eta: Any, kappa: Any) -> Any:
        # The part that depends on cutpoints alone is summed by counts of categories, not per
        # answer: five times faster than one table look-up with its gradient for each.
        upper, lower, width = equation.edges(kappa, exists, pt)
        known = pt.maximum(value, 0)
        answered = pt.ge(value, 0)
        each = equation.core(eta, upper[item, known], lower[item, known], pt.lt(known, top), pt)
        axes = (*range(eta.ndim - 2), eta.ndim - 1)
        counts = pt.stack([pt.eq(value, k).sum(axis=axes) for k in range(exists.shape[1] + 1)], -1)
        return pt.where(answered, each, 0.0).sum() + (counts * width).sum()

    def random(eta: Any, kappa: Any, rng: Any = None, size: Any = None) -> Any:
        drawn = equation.draw(rng, eta.swapaxes(-1, -2), kappa, exists)
        return drawn.swapaxes(-1, -2).astype("int64")

    cells = "a,q,b" if eta.ndim == 3 else "q,b"
    return pm.CustomDist(
        name,
        eta,
        kappa,
        logp=logp,
        random=random,
        signature=f"({cells}),(q,c)->({cells})",
        dtype="int64",
        class_name="OrdinalAnswers",
        observed=observed,
        dims=dims,
    )


def binary(name: str, eta: Any, observed: Any, dims: Any = None) -> Any:
    """Add Bernoulli answers with log-odds `eta`; negative where there is no answer."""
    return pm.CustomDist(
        name,
        eta,
        logp=_binary_logp,
        random=_binary_draw,
        signature="(a,b)->(a,b)",
        class_name="BinaryAnswers",
        observed=observed,
        dims=dims,
    )


def _binary_logp(value: Any, eta: Any) -> Any:
    each = value * eta - pt.softplus(eta)
    return pt.where(pt.ge(value, 0), each, 0.0).sum()


def _binary_draw(eta: Any, rng: Any = None, size: Any = None) -> Any:
    return (rng.random(eta.shape) < 1 / (1 + np.exp(-eta))).astype(float)


def count(name: str, eta: Any, dispersion: Any, observed: Any, dims: Any = None) -> Any:
    """Add negative-binomial counts with log-mean `eta` and dispersion ``phi``.

    Variance ``mu + mu^2 / phi``; negative where there is no answer.
    """
    return pm.CustomDist(
        name,
        eta,
        dispersion,
        logp=_count_logp,
        random=_count_draw,
        signature="(a,b),(b)->(a,b)",
        class_name="CountAnswers",
        observed=observed,
        dims=dims,
    )


def _count_logp(value: Any, eta: Any, phi: Any) -> Any:
    known = pt.maximum(value, 0.0)
    mean = pt.exp(eta)
    each = (
        pt.gammaln(known + phi)
        - pt.gammaln(phi)
        - pt.gammaln(known + 1)
        - phi * pt.log1p(mean / phi)
        + known * (eta - pt.log(mean + phi))
    )
    return pt.where(pt.ge(value, 0), each, 0.0).sum()


def _count_draw(eta: Any, phi: Any, rng: Any = None, size: Any = None) -> Any:
    return rng.poisson(rng.gamma(phi, np.exp(eta) / phi)).astype(float)


def amount(name: str, eta: Any, sd: Any, known: Any, observed: Any, dims: Any = None) -> Any:
    """Add log amounts, normal around `eta`; only cells with `known` = 1 count."""
    return pm.CustomDist(
        name,
        eta,
        sd,
        known,
        logp=_amount_logp,
        random=_amount_draw,
        signature="(a,b),(b),(a,b)->(a,b)",
        class_name="AmountAnswers",
        observed=observed,
        dims=dims,
    )


def _amount_logp(value: Any, eta: Any, sd: Any, known: Any) -> Any:
    each = -0.5 * ((value - eta) / sd) ** 2 - pt.log(sd) - 0.5 * np.log(2 * np.pi)
    return (known * each).sum()


def _amount_draw(eta: Any, sd: Any, known: Any, rng: Any = None, size: Any = None) -> Any:
    return rng.normal(eta, sd)

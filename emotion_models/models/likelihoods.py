"""The likelihoods, flattened: one node per kind whatever the number of items.

Each is a PyMC distribution over a whole matrix of answers with gaps, with a log-probability
for fitting and random draws for simulation.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import pymc as pm
import pytensor.tensor as pt
from numpy.typing import NDArray

from emotion_models.models.families import LIKELIHOODS, Kind
from emotion_models.science.equations import ordinal as equation

BLANK: Final = -np.inf
"""Stands where there is no answer: below anything that any likelihood can take."""


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


def answers(
    kind: Kind, eta: Any, shapes: Sequence[Any], observed: Any, *, name: str = "", dims: Any = None
) -> Any:
    """Add the answers to all rows of one likelihood of the table of families.

    Parameters
    ----------
    kind : str
        Key of `emotion_models.models.families.LIKELIHOODS`; not ordinal.
    eta : tensor, shape (J, n)
    shapes : sequence of tensor, shape (n,)
        The likelihood's further parameters.
    observed : tensor or None, shape (J, n)
        `BLANK` where there is no answer.
    name : str
        Default: `kind`.
    dims : optional

    Returns
    -------
    TensorVariable
    """
    likelihood = LIKELIHOODS[kind]

    def logp(value: Any, eta: Any, *shapes: Any) -> Any:
        answered = pt.gt(value, BLANK)
        each = likelihood.log_probability(pt.where(answered, value, 0.0), eta, *shapes, xp=pt)
        return pt.where(answered, each, 0.0).sum()

    def random(eta: Any, *shapes: Any, rng: Any = None, size: Any = None) -> Any:
        return likelihood.draw(rng, eta, *shapes)

    return pm.CustomDist(
        name or kind,
        eta,
        *shapes,
        logp=logp,
        random=random,
        signature=f"{','.join(['(a,b)'] + ['(b)'] * len(shapes))}->(a,b)",
        class_name=f"{kind.capitalize()}Answers",
        observed=observed,
        dims=dims,
    )


def with_blanks(value: NDArray[np.floating[Any]]) -> NDArray[np.floating[Any]]:
    """Write `BLANK` where there is no answer (NaN)."""
    return np.where(np.isnan(value), BLANK, value)

"""The likelihoods, flattened: one node per kind whatever the number of items.

Each is a PyMC distribution over a whole matrix of answers with gaps, with a log-probability
for fitting and random draws for simulation.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pymc as pm
import pytensor.tensor as pt
from numpy.typing import NDArray

from emotion_models.models.families import Likelihood
from emotion_models.models.fused import op as fused
from emotion_models.science.equations import ordinal as equation


def ordinal(
    name: str,
    eta: Any,
    kappa: Any,
    exists: NDArray[np.bool_],
    observed: Any,
    dims: Any = None,
    weight: NDArray[np.floating[Any]] | None = None,
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
    weight : array, shape (J,), optional
        Exponent of each journey's likelihood.

    Returns
    -------
    TensorVariable
    """

    def logp(value: Any, eta: Any, kappa: Any) -> Any:
        return fused.log_likelihood(eta, kappa, exists, value, weight)

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
    likelihood: Likelihood,
    eta: Any,
    shapes: Sequence[Any],
    observed: Any,
    counted: NDArray[np.floating[Any]],
    *,
    name: str = "",
    dims: Any = None,
) -> Any:
    """Add the answers to all rows of one likelihood of the table of families.

    Parameters
    ----------
    likelihood : Likelihood
        Of the table of families, not ordinal; knowing its periods if it has them.
    eta : tensor, shape (J, n)
    shapes : sequence of tensor, shape (n,) or (n, periods)
        The likelihood's further parameters.
    observed : tensor or None, shape (J, n)
        Anything possible where there is no answer, e.g. 0.
    counted : array, shape (J, n)
        Exponent of each answer's probability: 1, or 0 where there is no answer.
    name : str
        Default: the likelihood's.
    dims : optional

    Returns
    -------
    TensorVariable
    """
    shape = "(b,c)" if likelihood.by_period else "(b)"

    def logp(value: Any, eta: Any, *shapes: Any) -> Any:
        return (counted * likelihood.log_probability(value, eta, *shapes, xp=pt)).sum()

    def random(eta: Any, *shapes: Any, rng: Any = None, size: Any = None) -> Any:
        return likelihood.draw(rng, eta, *shapes)

    return pm.CustomDist(
        name or likelihood.name,
        eta,
        *shapes,
        logp=logp,
        random=random,
        signature=f"{','.join(['(a,b)'] + [shape] * len(shapes))}->(a,b)",
        class_name=f"{likelihood.name.capitalize()}Answers",
        observed=observed,
        dims=dims,
    )

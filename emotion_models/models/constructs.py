"""What constructs of the relationship are beyond what predicts them: a part of the PyMC model."""

from __future__ import annotations

from typing import Any

import numpy as np
import pymc as pm
import pytensor.tensor as pt

from emotion_models.models import priors
from emotion_models.models.design import Design
from emotion_models.models.information import construct_information


def residual_factor(n_constructs: int) -> Any:
    """Add the Cholesky factor of the constructs' residuals: unit variance, correlated.

    Parameters
    ----------
    n_constructs : int

    Returns
    -------
    TensorVariable or array, shape (C, C)
    """
    if n_constructs == 1:
        return np.ones((1, 1))
    factor = priors.add("bond_correlation", size=n_constructs)
    pm.Deterministic("residual_correlation", factor @ factor.T, dims=("construct", "construct_"))
    return factor


def residuals(design: Design, expected: Any, factor: Any) -> Any:
    """Add standardised residuals of the constructs, whose predictors are `expected`.

    They are sampled around that share of what is expected which answers leave to them, so that
    they and what predicts them are nearly independent in the posterior (hierarchical centring;
    same model).

    Parameters
    ----------
    design : Design
    expected : tensor, shape (J, C)
    factor : tensor, shape (C, C)
        Of `residual_factor`.

    Returns
    -------
    TensorVariable, shape (J, C)
    """
    told = construct_information(design)
    leaning = _unmixed(told / (1 + told) * expected, factor)
    dims = ("journey", "construct")
    z = pm.Normal("bond_residual_z", leaning, 1, dims=dims)
    return pm.Deterministic("bond_residual", z - leaning, dims=dims)


def _unmixed(mixed: Any, factor: Any) -> Any:
    """``x`` of ``x @ factor.T = mixed`` (J, C), by substitution: `factor` is lower triangular."""
    found: list[Any] = []
    for c, _ in enumerate(pm.modelcontext(None).coords["construct"] or ()):
        above = sum(found[k] * factor[c, k] for k in range(c))
        found.append((mixed[:, c] - above) / factor[c, c])
    return pt.stack(found, axis=1)

"""Do the priors matter? Power-scaling sensitivity (Kallioinen et al. 2023).

The posterior is reweighted as if the prior (or the likelihood) had been raised to a power a
little below and above 1; the distance a quantity moves is its sensitivity. Above 0.05 the
prior matters for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from emotion_models.inference.array_stats import array_stats
from emotion_models.inference.checks import Check, judge
from emotion_models.inference.loo import LEAST_DRAWS
from emotion_models.models.priors import log_density

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    import xarray as xr

    from emotion_models.models.prior import Prior

Floats = NDArray[np.floating[Any]]
THRESHOLD: Final = 0.05
POWERS: Final = (0.99, 1.01)
DIAGNOSES: Final = {
    "data": "the data speak",
    "conflict": "potential prior-data conflict",
    "weak": "potential strong prior or weak likelihood",
    "prior": "the prior matters; the likelihood's share is not known",
    "unknown": "not known: too few draws",
}
"""Words for the sensitivity to the prior and to the likelihood together."""


def log_prior(draws: xr.Dataset, names: list[str], table: Mapping[str, Prior]) -> Floats:
    """Log prior density of the top-level parameters, one value per draw.

    Parameters
    ----------
    draws : xarray.Dataset
        With a leading ``sample`` dimension.
    names : list of str
        Variables; those without an entry in `table` are skipped.
    table : mapping of str to Prior
        The priors of the model.

    Returns
    -------
    array, shape (S,)
    """
    total = np.zeros(draws.sizes["sample"])
    for name in names:
        key = name.partition(":")[0]
        prior = table.get("intercept" if key.endswith("_intercept") else key)
        if prior is not None:
            total += log_density(prior, draws[name].to_numpy())
    return total


def sensitivity(quantities: Floats, component: Floats) -> Floats:
    """Sensitivity of quantities to scaling one component of the posterior.

    Parameters
    ----------
    quantities : array, shape (S, Q)
    component : array, shape (S,)
        Log prior or log likelihood.

    Returns
    -------
    array, shape (Q,)
    """
    if component.size < LEAST_DRAWS:
        return np.full(quantities.shape[1], np.nan)  # too few to fit a tail of weights
    weights = []
    for power in POWERS:
        log_weight = array_stats().power_scale_lw(component, alpha=power, axis=-1)
        weight = np.exp(log_weight - log_weight.max())
        weights.append(weight / weight.sum())
    return np.array(
        [
            float(
                array_stats().power_scale_sense(
                    quantity[None],
                    weights[0][None],
                    weights[1][None],
                    lower_alpha=POWERS[0],
                    upper_alpha=POWERS[1],
                )
            )
            for quantity in quantities.T
        ]
    )


def sensitivity_table(labels: list[str], by_prior: Floats, by_data: Floats) -> pd.DataFrame:
    """Sensitivity of each quantity to prior and likelihood, with a diagnosis.

    Parameters
    ----------
    labels : list of str
    by_prior, by_data : array, shape (Q,)
        From `sensitivity`; NaN where it is not known.

    Returns
    -------
    pandas.DataFrame
        quantity, prior, likelihood, diagnosis (a value of `DIAGNOSES`).
    """
    import pandas as pd

    words = [_diagnosis(*pair) for pair in zip(by_prior, by_data, strict=True)]
    return pd.DataFrame(
        {"quantity": labels, "prior": by_prior, "likelihood": by_data, "diagnosis": words}
    )


def _diagnosis(prior: float, likelihood: float) -> str:
    """Name what two sensitivities mean together (Kallioinen et al. 2023, table 1)."""
    if np.isnan(prior):
        return DIAGNOSES["unknown"]
    if prior <= THRESHOLD:
        return DIAGNOSES["data"]
    if np.isnan(likelihood):
        return DIAGNOSES["prior"]
    return DIAGNOSES["weak" if likelihood <= THRESHOLD else "conflict"]


def check_sensitivity(table: pd.DataFrame) -> Check:
    """Judge the share of effects for which the prior matters."""
    return judge(
        "prior sensitivity: outcomes",
        float(table["prior"].median()) if len(table) else float("nan"),
        passes=THRESHOLD,
        fails=1.0,
        about="median power-scaling sensitivity of the effects to the priors",
        advice="the priors matter: report results under priors='weak' and 'literature'",
    )

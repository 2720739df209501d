"""Everything that is always checked after a fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from emotion_models.inference import imputed
from emotion_models.inference import loo as loo_module
from emotion_models.inference.checks import Check, Checks, judge
from emotion_models.inference.diagnostics import block_of, convergence
from emotion_models.inference.posterior import all_samples
from emotion_models.inference.predictive import posterior_predictive
from emotion_models.inference.prior_predictive import prior_predictive
from emotion_models.inference.sensitivity import (
    check_sensitivity,
    log_prior,
    sensitivity,
    sensitivity_table,
)

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from emotion_models.inference.result import Fit


def check(fit: Fit) -> Fit:
    """Run all checks.

    Parameters
    ----------
    fit : Fit

    Returns
    -------
    Fit
        The same with its checks.
    """
    if fit.completed:
        found = _of_imputed(fit)
    else:
        found = _convergence(fit) + prior_predictive(fit) + posterior_predictive(fit)
    if fit.model.outcomes and not fit.completed:
        result = outcome_loo(fit)
        found += [_pareto(result), check_sensitivity(prior_sensitivity(fit, result))]
    if fit.partial:
        found.append(_interrupted())
    return replace(fit, checks=Checks(found))


def _convergence(fit: Fit) -> list[Check]:
    tree = fit.posterior
    return convergence(tree["posterior"].to_dataset(), tree["sample_stats"].to_dataset())


def _of_imputed(fit: Fit) -> list[Check]:
    """Of every check the worst imputation; how sensitive the prior is, from all draws."""
    own = [check for check in _convergence(fit) if not check.name.endswith(": outcomes")]
    loos = [outcome_loo(part) for part in fit.completed]
    predicted = [
        [*posterior_predictive(part), _pareto(result)]
        for part, result in zip(fit.completed, loos, strict=True)
    ]
    pooled = replace(loos[0], log_likelihood=np.concatenate([r.log_likelihood for r in loos]))
    sensitive = check_sensitivity(prior_sensitivity(fit, pooled))
    found = [*own, *imputed.stored_diagnostics(fit), *prior_predictive(fit)]
    return [*found, *imputed.worst(predicted), sensitive]


def outcome_loo(fit: Fit) -> loo_module.Loo:
    """PSIS-LOO of the outcomes over journeys."""
    most = loo_module.draws_for(fit.model)
    likelihood = loo_module.journey_log_likelihood(
        fit.model, fit.design, fit.parameters(most), fit.draws(most)[1]
    )
    return loo_module.loo(likelihood)


def prior_sensitivity(fit: Fit, result: loo_module.Loo) -> pd.DataFrame:
    """Power-scaling sensitivity of positivity and of every emotion's effect.

    To the prior with all draws, since noise of few draws looks like sensitivity; to the
    likelihood with those draws for which leave-one-out computed it.
    """
    everything = all_samples(fit.posterior["posterior"].to_dataset())
    names = [str(name) for name in everything.data_vars if block_of(str(name)) == "outcomes"]
    most = loo_module.draws_for(fit.model)
    some = [part.draws(most)[0] for part in fit.completed or (fit,)]
    reported = [name for name in ("positivity", "effect", "remembered_slope") if name in names]
    return sensitivity_table(
        [f"{name} {place}" for name in reported for place in _places(everything[name])],
        sensitivity(_columns(everything, reported), log_prior(everything, names)),
        sensitivity(
            np.concatenate([_columns(draws, reported) for draws in some]),
            result.log_likelihood.sum(axis=1),
        ),
    )


def _columns(draws: xr.Dataset, names: Sequence[str]) -> NDArray[np.float64]:
    """All quantities of some variables side by side, draws first."""
    parts = [draws[name].to_numpy() for name in names]
    return np.concatenate([part.reshape((part.shape[0], -1)) for part in parts], axis=1)


def _places(variable: object) -> list[str]:
    dims = [dim for dim in variable.dims if dim != "sample"]  # type: ignore[attr-defined]
    labels = [variable[dim].to_numpy().astype(str) for dim in dims]  # type: ignore[index]
    grid = np.meshgrid(*labels, indexing="ij")
    return [" on ".join(place) for place in zip(*(axis.ravel() for axis in grid), strict=True)]


def _pareto(result: loo_module.Loo) -> Check:
    return judge(
        "Pareto k: outcomes",
        float("nan") if not np.isfinite(result.k).all() else float(result.k.max()),
        passes=result.threshold,
        fails=1.0,
        about=f"largest of {result.k.size} journeys, leave-one-out",
        advice="some journeys are too influential for PSIS-LOO; distrust small elpd differences",
    )


def _interrupted() -> Check:
    return Check(
        "complete: all stages",
        "REVIEW",
        0.0,
        1.0,
        "sampling was interrupted",
        "stages that were not reached are missing; fit again for the whole model",
    )

"""Everything that is always checked after a fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from emotion_models.inference import imputed
from emotion_models.inference import loo as loo_module
from emotion_models.inference.approximation.judged import labelled
from emotion_models.inference.checks import Check, Checks, judge
from emotion_models.inference.data_checks import data_checks
from emotion_models.inference.diagnostics import block_of, convergence
from emotion_models.inference.likelihood import joint_log_likelihood
from emotion_models.inference.posterior import all_samples
from emotion_models.inference.predictive import JOURNEYS, posterior_predictive
from emotion_models.inference.prior_predictive import prior_predictive
from emotion_models.inference.sensitivity import (
    check_sensitivity,
    log_prior,
    sensitivity,
    sensitivity_table,
)
from emotion_models.models.forward import arrays_of
from emotion_models.models.literature import published_cells
from emotion_models.models.some_journeys import Journeys, spread_out

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
    found += data_checks(fit.model, fit.design)
    if fit.model.outcomes and not fit.completed:
        found += [_pareto(outcome_loo(fit, JOURNEYS)), _check_sensitivity(fit)]
    if fit.partial:
        found.append(_interrupted())
    if fit.method != "nuts":
        found.insert(0, labelled(fit.method, fit.posterior["sample_stats"].to_dataset()))
    return replace(fit, checks=Checks(found))


def _convergence(fit: Fit) -> list[Check]:
    tree = fit.posterior
    return convergence(tree["posterior"].to_dataset(), tree["sample_stats"].to_dataset())


def _of_imputed(fit: Fit) -> list[Check]:
    """Of every check the worst imputation; how sensitive the prior is, from all draws."""
    own = [check for check in _convergence(fit) if not check.name.endswith(": outcomes")]
    predicted = [
        [*posterior_predictive(part), _pareto(outcome_loo(part, JOURNEYS))]
        for part in fit.completed
    ]
    found = [*own, *imputed.stored_diagnostics(fit), *prior_predictive(fit)]
    return [*found, *imputed.worst(predicted), _check_sensitivity(fit)]


def outcome_loo(fit: Fit, journeys: int | None = None) -> loo_module.Loo:
    """PSIS-LOO of the outcomes over journeys.

    Parameters
    ----------
    fit : Fit
    journeys : int, optional
        At most so many, from all over the survey; of panels all.

    Returns
    -------
    Loo
    """
    most = loo_module.draws_for(fit.model)
    everybody = Journeys(fit.design, fit.parameters(most), fit.draws(most)[1])
    some = everybody.some(spread_out(fit.design, journeys or fit.design.n_journeys))
    found = loo_module.journey_log_likelihood(fit.model, some.design, some.known, some.people)
    return loo_module.loo(found, some.design.exponents(fit.model))


def sensitivity_of(fit: Fit) -> pd.DataFrame:
    """Sensitivity of a fit's effects; see `prior_sensitivity`. Empty without outcomes."""
    if not fit.model.outcomes:
        nothing = np.zeros(0)
        return sensitivity_table([], nothing, nothing)
    return prior_sensitivity(fit, None if fit.model.respondents else outcome_loo(fit))


def prior_sensitivity(fit: Fit, result: loo_module.Loo | None) -> pd.DataFrame:
    """Power-scaling sensitivity of positivity and of every emotion's effect.

    To the prior with all draws, since noise of few draws looks like sensitivity; to the
    likelihood with fewer.

    Parameters
    ----------
    fit : Fit
    result : Loo or None
        Not needed in panels. There leave-one-out predicts a journey from the respondent's
        others, and such densities do not multiply to a likelihood: that of the answers given
        the respondent effects and residuals is scaled instead.

    Returns
    -------
    pandas.DataFrame
        See `sensitivity_table`.
    """
    most = loo_module.draws_for(fit.model)
    labels, reported, to_prior = _to_prior(fit)
    some = [part.draws(most)[0] for part in fit.completed or (fit,)]
    quantities = np.concatenate([_columns(draws, reported) for draws in some])
    return sensitivity_table(
        labels, to_prior, sensitivity(quantities, _log_likelihood(fit, result))
    )


def _check_sensitivity(fit: Fit) -> Check:
    """Whether priors matter; what the likelihood does is not asked, for it takes all journeys."""
    labels, _, to_prior = _to_prior(fit)
    return check_sensitivity(sensitivity_table(labels, to_prior, np.full(to_prior.size, np.nan)))


def _to_prior(fit: Fit) -> tuple[list[str], list[str], NDArray[np.floating[Any]]]:
    """Every effect in words, the variables they are of, and their sensitivity to the prior."""
    everything = all_samples(fit.posterior["posterior"].to_dataset())
    names = [str(name) for name in everything.data_vars if block_of(str(name)) == "outcomes"]
    usual = ("positivity", "effect", "remembered_slope")
    reported: list[str] = [name for name in usual if name in names]
    labels = [f"{name} {place}" for name in reported for place in _places(everything[name])]
    prior = log_prior(as_drawn(fit, everything), names, fit.model.prior_table)
    return labels, reported, sensitivity(_columns(everything, reported), prior)


def as_drawn(fit: Fit, draws: xr.Dataset) -> xr.Dataset:
    """Draws as their priors see them: positivity without what published means add to it."""
    slope = published_cells(fit.model, fit.design).slope(fit.design)
    if "positivity" not in draws or not slope.any():
        return draws
    return draws.assign(positivity=draws["positivity"] - draws["row"].copy(data=slope))


def _log_likelihood(fit: Fit, result: loo_module.Loo | None) -> NDArray[np.floating[Any]]:
    """Log-likelihood of all answers as it entered the posterior, shape (S,)."""
    exponent = fit.design.exponents(fit.model)
    if result is not None and not fit.model.respondents:
        each = result.log_likelihood
        return (each if exponent is None else exponent * each).sum(axis=1)
    most = loo_module.draws_for(fit.model)
    people = arrays_of(fit.draws(most)[1])
    return joint_log_likelihood(fit.model, fit.design, fit.parameters(most), people)


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

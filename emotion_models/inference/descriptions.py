"""Small tables a fit answers by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from emotion_models.inference.bootstrap import bootstrap_weights
from emotion_models.inference.estimands import emotion_span
from emotion_models.intervals import LOWER, UPPER, summarise
from emotion_models.models.priors import PRIORS

if TYPE_CHECKING:
    from emotion_models.inference.result import Fit

_STAGES = (
    ("elicitation", "rating_probability", "loading_spread"),
    ("memory", "memory_rule", "recall_sd"),
    ("relationship and behaviour", "positivity", "person_sd"),
)


def memory_weights(fit: Fit) -> pd.DataFrame:
    """Memory weights, averaged over segments: emotion, feature, mean, lower, upper."""
    weight = fit.parameters(fit_draws(fit)).memory_weight
    if weight.shape[1] > 1:  # one set of weights for each segment
        share = np.average(fit.design.membership, axis=0, weights=fit.design.weight)
        weight = np.einsum("g,sgek->sek", share, weight)[:, None]
    summary = summarise(weight[:, 0])
    return pd.DataFrame(
        [
            (emotion, feature, *(x[e, k] for x in (summary.mean, summary.lower, summary.upper)))
            for e, emotion in enumerate(fit.design.emotions)
            for k, feature in enumerate(fit.model.memory)
        ],
        columns=["emotion", "feature", "mean", "lower", "upper"],
    )


def salience(fit: Fit) -> pd.DataFrame:
    """Touchpoint salience: touchpoint, mean, lower, upper; those where it was estimated."""
    columns = ["touchpoint", "mean", "lower", "upper"]
    free = fit.design.salient
    if not free.any() or not fit.model.outcomes:
        return pd.DataFrame(columns=columns)
    summary = summarise(fit.parameters(fit_draws(fit)).salience[:, free])
    names = np.array(fit.design.touchpoints)[free]
    return pd.DataFrame(
        zip(names, summary.mean, summary.lower, summary.upper, strict=True), columns=columns
    )


def specificity(fit: Fit) -> pd.DataFrame:
    """Positivity ``mu`` and specificity ``tau`` of every pooled outcome row.

    ``share`` is the posterior mean share of the squared effects that is not along valence.
    """
    names = ["mu", "mu_lower", "mu_upper", "tau", "tau_lower", "tau_upper", "share"]
    draws = fit.posterior["posterior"].to_dataset()
    if "specificity" not in draws:
        return pd.DataFrame(columns=["outcome", *names])
    stacked = draws.stack(sample=("chain", "draw"), create_index=False).transpose("sample", ...)
    mu = summarise(stacked["positivity"].to_numpy())
    tau = summarise(stacked["specificity"].to_numpy())
    effect, valence = stacked["effect"].to_numpy(), fit.design.valence
    along = np.einsum("e,ser->sr", valence, effect) ** 2 / (valence**2).sum()
    share = (1 - along / (effect**2).sum(axis=1)).mean(axis=0)
    columns = (mu.mean, mu.lower, mu.upper, tau.mean, tau.lower, tau.upper, share)
    rows = stacked["row"].to_numpy().astype(str)
    return pd.DataFrame({"outcome": rows, **dict(zip(names, columns, strict=True))})


def emotion_curve(fit: Fit) -> pd.DataFrame:
    """Mean rating per touchpoint and emotion, on the scale's own values.

    The interval is that of a Bayesian bootstrap over respondents (Rubin 1981): it needs no
    model. Columns touchpoint, emotion, mean, lower, upper, n (respondents).
    """
    design, rng = fit.design, np.random.default_rng(fit.seed)
    weight = bootstrap_weights(design, rng, 400)
    rated = design.ratings.rated
    rows = []
    for t, touchpoint in enumerate(design.touchpoints):
        for e, emotion in enumerate(design.emotions):
            known = rated[t, :, e]
            if not known.any():
                continue
            low, high = emotion_span(fit, emotion)
            value = low + design.ratings.score[t, known, e] * (high - low)
            means = weight[:, known] @ value / weight[:, known].sum(axis=1)
            lower, upper = np.quantile(means, [LOWER, UPPER])
            mean = np.average(value, weights=design.weight[known])
            people = np.unique(design.respondent[known]).size
            rows.append((touchpoint, emotion, mean, lower, upper, people))
    return pd.DataFrame(rows, columns=["touchpoint", "emotion", "mean", "lower", "upper", "n"])


def audit_table(fit: Fit) -> pd.DataFrame:
    """The audit trail: step, count, note."""
    entries = fit.survey.audit.entries
    rows: list[tuple[str, int | None, str]] = [(e.kind, e.count, e.what) for e in entries]
    unplaced = fit.without_coordinates
    if unplaced:
        note = f"valence unknown, counted as 0: {', '.join(unplaced)}; give it in the codebook"
        rows.append(("no coordinates", len(unplaced), note))
    return pd.DataFrame(rows, columns=["step", "count", "note"])


def priors_table(fit: Fit) -> pd.DataFrame:
    """Priors of the parameters this model has: stage, parameter, prior, about."""
    present = {str(name).partition(":")[0] for name in fit.posterior["posterior"].data_vars}
    present |= {"intercept"} if {"count_intercept", "amount_intercept"} & present else set()
    names, table = list(PRIORS), fit.model.prior_table
    rows = []
    for stage, first, last in _STAGES:
        rows += [
            (stage, name, str(table[name]), _about(fit, name))
            for name in names[names.index(first) : names.index(last) + 1]
            if name in present
        ]
    return pd.DataFrame(rows, columns=["stage", "parameter", "prior", "about"])


def _about(fit: Fit, name: str) -> str:
    """What a prior says; of an override also that it is one."""
    about = fit.model.prior_table[name].why
    if name == "positivity" and fit.without_coordinates:
        about += f"; not of {', '.join(fit.without_coordinates)}, whose valence is unknown"
    return about + " (set by the user)" if name in fit.model.overrides else about


def fit_draws(fit: Fit) -> int:
    """All draws of a fit."""
    sizes = fit.posterior["posterior"].sizes
    return int(sizes["chain"] * sizes["draw"])

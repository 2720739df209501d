"""Checks of an approximation, in place of those of chains."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from emotion_models.inference.approximation.importance import TRUSTED
from emotion_models.inference.checks import Check, judge
from emotion_models.previews import REFIT, Method

if TYPE_CHECKING:
    import xarray as xr


def approximation_checks(stats: xr.Dataset) -> list[Check]:
    """Check the approximation of every block.

    Parameters
    ----------
    stats : xarray.Dataset
        With dimensions block and chain.

    Returns
    -------
    list of Check
    """
    checks = []
    for block in stats["block"].to_numpy().astype(str):
        own = stats.sel(block=block)
        kish = float(own["effective_draws"].min())
        checks += [_pareto(block, float(own["pareto_k"].max())), _climbed(block, own)]
        if np.isfinite(kish):
            checks.append(_effective(block, kish))
    return checks


def labelled(method: Method, stats: xr.Dataset) -> Check:
    """Say that a fit is an approximation, whatever else its checks find."""
    worst = float(np.max(stats["pareto_k"].to_numpy()))  # NaN stays NaN
    return Check(
        "approximation",
        "REVIEW",
        worst,
        TRUSTED,
        f"{method}, not a posterior sample; largest Pareto k of a stage",
        f"for iteration only; {REFIT} before anything is concluded",
    )


def _pareto(block: str, k: float) -> Check:
    return judge(
        f"Pareto k of the approximation: {block}",
        k,
        passes=TRUSTED,
        fails=TRUSTED,
        about="whether draws can be weighed to stand for the posterior",
        advice=f"means and intervals may be far off, intervals too narrow; {REFIT}",
    )


def _climbed(block: str, own: xr.Dataset) -> Check:
    return judge(
        f"climb: {block}",
        float(own["arrived"].mean()),
        passes=1,
        fails=0.5,
        about="share of the paths (L-BFGS) that ended by themselves",
        advice=f"the density has a shape that is hard to climb; {REFIT}",
    )


def _effective(block: str, kish: float) -> Check:
    return judge(
        f"effective draws: {block}",
        kish,
        passes=400,
        fails=100,
        about="draws that the importance weights leave (Kish)",
        advice="draw more: em.fit(..., draws=, chains=)",
    )

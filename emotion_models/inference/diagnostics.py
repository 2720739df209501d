"""Convergence of the chains: R-hat, effective sample size, divergences, E-BFMI."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from emotion_models.inference.approximation.importance import TRUSTED
from emotion_models.inference.approximation.judged import approximation_checks
from emotion_models.inference.array_stats import array_stats
from emotion_models.inference.checks import Check, judge

if TYPE_CHECKING:
    import xarray as xr

R_HAT: Final = 1.01
ESS: Final = 400
E_BFMI: Final = 0.3
EXPANSION_CHECK = "Pareto k of the expansion: "
"""What the name of its check begins with; the block follows."""
EXPANSION_K, EXPANSION_SHARE = "expansion_k", "expansion_share"
"""Statistics of chains on an expanded likelihood: Pareto k of their weights, and the share of the
draws that the weights leave (`emotion_models.inference.expansion`)."""

_BLOCK_OF: Final[Mapping[str, tuple[str, ...]]] = {
    "elicitation": (
        "rating_",
        "base",
        "lever_",
        "style_",
        "mood_",
        "affect_",
        "loading_",
        "emotion_",
    ),
    "recall": ("recall_",),
}
_INTERNAL: Final = frozenset(
    {"memory_rule", "memory_spread", "loading_spread", "lever_spread", "lever_variation"}
    | {"item_shift_sd", "item_stretch_sd", "published"}
)
"""Hyperparameters that carry others and are not reported themselves: no ESS demanded."""


def convergence(posterior: xr.Dataset, stats: xr.Dataset) -> list[Check]:
    """Check the chains of every block; of independent draws, how well they approximate it.

    Parameters
    ----------
    posterior : xarray.Dataset
        With dimensions chain and draw.
    stats : xarray.Dataset
        With dimensions block and chain.

    Returns
    -------
    list of Check
    """
    if "pareto_k" in stats:
        return approximation_checks(stats)
    checks = []
    for block in stats["block"].to_numpy().astype(str):
        names = [str(n) for n in posterior.data_vars if block_of(str(n)) == block]
        everything = flat(posterior, names)
        reported = flat(posterior, [n for n in names if is_reported(n)])
        own = stats.sel(block=block)
        checks += [
            *_mixing(block, everything, reported),
            judge(
                f"divergences: {block}",
                float(own["divergences"].to_numpy().sum()),  # NaN stays NaN
                passes=0,
                fails=0,
                about="divergent transitions",
                advice="the posterior has a shape the sampler cannot follow; do not use the fit",
            ),
            judge(
                f"E-BFMI: {block}",
                _worst(own["e_bfmi"].to_numpy(), np.min),
                passes=E_BFMI,
                fails=0.2,
                about="smallest of the chains",
                advice="heavy tails slow the sampler; draw more and compare",
            ),
            *_expanded(block, own),
        ]
    return checks


def _expanded(block: str, own: xr.Dataset) -> list[Check]:
    """Whether weights made draws of an expanded likelihood draws of the posterior."""
    if EXPANSION_K not in own or not np.isfinite(own[EXPANSION_K].to_numpy()).any():
        return []
    return [
        judge(
            f"{EXPANSION_CHECK}{block}",
            float(own[EXPANSION_K].max()),
            passes=TRUSTED,
            fails=TRUSTED,
            about="largest of the chains",
            advice="the expanded likelihood is too far from the likelihood; report this",
        )
    ]


def block_of(name: str) -> str:
    """Block that a variable belongs to."""
    for block, prefixes in _BLOCK_OF.items():
        if name.startswith(prefixes):
            return block
    return "outcomes"


def is_reported(name: str) -> bool:
    """Whether a variable is shown to users, rather than a part of one that is."""
    internal = "departure" in name or "_probability" in name or name in _INTERNAL
    return not internal


def flat(posterior: xr.Dataset, names: list[str]) -> NDArray[np.float64]:
    """All non-constant quantities of some variables as one array (chain, draw, quantity)."""
    sizes = (posterior.sizes["chain"], posterior.sizes["draw"])
    parts = [
        posterior[name].transpose("chain", "draw", ...).to_numpy().reshape((*sizes, -1))
        for name in names
    ]
    joined = np.concatenate(parts, axis=2) if parts else np.zeros((*sizes, 0))
    varies = np.ptp(joined.reshape((-1, joined.shape[2])), axis=0) > 0
    return joined[:, :, varies | ~np.isfinite(joined).all(axis=(0, 1))]


def _mixing(
    block: str, everything: NDArray[np.float64], reported: NDArray[np.float64]
) -> list[Check]:
    advice = "draw more: em.fit(..., draws=, tune=); if it stays, simplify the model"
    axes = {"chain_axis": 0, "draw_axis": 1}
    if everything.shape[0] < 2:
        r_hat = float("nan")  # one chain cannot show that chains agree
    else:
        r_hat = _worst(array_stats().rhat(everything, **axes), np.max)
    bulk = _worst(array_stats().ess(reported, method="bulk", **axes), np.min)
    tail = _worst(array_stats().ess(reported, method="tail", prob=(0.05, 0.95), **axes), np.min)
    return [
        judge(
            f"R-hat: {block}",
            r_hat,
            passes=R_HAT,
            fails=1.05,
            about=f"largest of {everything.shape[2]} quantities",
            advice=advice,
        ),
        judge(
            f"bulk ESS: {block}",
            bulk,
            passes=ESS,
            fails=100,
            about=f"smallest of {reported.shape[2]} reported quantities",
            advice=advice,
        ),
        judge(
            f"tail ESS: {block}",
            tail,
            passes=ESS,
            fails=100,
            about=f"smallest of {reported.shape[2]} reported quantities",
            advice=advice,
        ),
    ]


def _worst(values: NDArray[np.float64], worst: object) -> float:
    """The worst value; NaN if any diagnostic is missing."""
    values = np.asarray(values)
    if values.size == 0 or not np.isfinite(values).all():
        return float("nan")
    return float(worst(values))  # type: ignore[operator]

"""Weighing the draws of all chains by how far the density is from its approximation.

The ratios of density to approximation, each draw under the normal of its own path, are smoothed
by a Pareto tail, whose shape k says whether the draws can stand for the density (Vehtari et al.
2024, JMLR 25:72). Up to the trusted k they are drawn again by weight (Zhang et al. 2022,
algorithm 2). Beyond it they are left as they are: drawn by weight, a few draws would stand for
all, and intervals come out far narrower than those of the unweighted draws, which the study in
experiments/preview shows.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from emotion_models.inference.array_stats import array_stats
from emotion_models.inference.jobs import Sampled

if TYPE_CHECKING:
    import xarray as xr

Floats = NDArray[np.floating[Any]]
LOG_RATIO: Final = "log_ratio"
LEAST_DRAWS: Final = 50
"""Below this a Pareto tail cannot be fitted; k is then unknown (NaN)."""
TRUSTED: Final = 0.7


def weighed(block: Sampled, seed: int) -> Sampled:
    """Weigh the draws of a block, and draw them again where the weights can be trusted.

    Parameters
    ----------
    block : Sampled
        With ``log_ratio`` (chain, draw) among its statistics.
    seed : int

    Returns
    -------
    Sampled
        With ``pareto_k`` and ``effective_draws`` in its place; the latter is NaN where draws
        were left as they are.
    """
    ratio = block.stats[LOG_RATIO].transpose("chain", "draw").to_numpy()
    k, weight = smoothed(ratio.ravel())
    kish = effective(weight) if k <= TRUSTED else np.nan
    stats = block.stats.drop_vars(LOG_RATIO).drop_dims("draw", errors="ignore")
    stats = stats.assign(pareto_k=k, effective_draws=kish)
    if not k <= TRUSTED:
        return replace(block, stats=stats)
    rng = np.random.default_rng([seed, *ratio.shape])
    chosen = drawn_again(weight, rng).reshape(ratio.shape)
    return replace(block, posterior=_taken(block.posterior, chosen), stats=stats)


def smoothed(log_ratio: Floats) -> tuple[float, Floats]:
    """Pareto k of importance ratios and their smoothed weights, which sum to one.

    Parameters
    ----------
    log_ratio : array, shape (S,)
        -inf where the density could not be computed.

    Returns
    -------
    k : float
        NaN with too few draws.
    weight : array, shape (S,)
    """
    finite = np.isfinite(log_ratio)
    weight = np.zeros(log_ratio.size)
    if finite.sum() < LEAST_DRAWS:
        return float("nan"), np.full(log_ratio.size, 1 / log_ratio.size)
    # psislw takes the log-likelihood of what is left out, whose negative is the log ratio.
    log_weight, k = array_stats().psislw(-log_ratio[finite][None], r_eff=1, axis=-1)
    weight[finite] = np.exp(log_weight[0])
    return float(k[0]), weight / weight.sum()


def effective(weight: Floats) -> float:
    """Draws that would tell as much without weights, of weights that sum to one (Kish 1965)."""
    return float(1 / (weight**2).sum())


def drawn_again(weight: Floats, rng: np.random.Generator) -> NDArray[np.int64]:
    """Positions drawn by weight, as many as there are, in random order; see `in_order`."""
    return np.asarray(rng.permutation(in_order(weight, rng)))


def in_order(weight: Floats, rng: np.random.Generator, n: int | None = None) -> NDArray[np.int64]:
    """Positions drawn by weight, n or as many as there are, in their order.

    Systematic resampling: each comes up its expected number of times, give or take less than
    one, so that nothing but the weights adds noise.
    """
    n = weight.size if n is None else n
    marks = (np.arange(n) + rng.random()) / n
    return np.asarray(np.searchsorted(np.cumsum(weight), marks).clip(max=weight.size - 1))


def _taken(posterior: xr.Dataset, chosen: NDArray[np.int64]) -> xr.Dataset:
    """Take draws by their position among those of all chains; dimensions stay as they are."""
    import xarray as xr

    shape = chosen.shape
    found = {}
    for name, variable in posterior.data_vars.items():
        values = variable.transpose("chain", "draw", ...)
        flat = values.to_numpy().reshape((-1, *values.shape[2:]))
        found[name] = (values.dims, flat[chosen.ravel()].reshape((*shape, *values.shape[2:])))
    return xr.Dataset(found, posterior.coords)

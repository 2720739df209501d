"""Where truth stands among posterior draws, and whether that is uniform.

If a sampler draws from the posterior of the model that drew truth and data, the rank of any
function of truth and data among the same function of the draws is uniform (Talts et al. 2018,
arXiv 1804.06788; data-dependent functions: Modrak et al. 2023, doi 10.1214/23-BA1404). The bands
are simultaneous over all ranks (Sailynoja, Burkner & Vehtari 2022, doi 10.1007/s11222-022-10090-6).
"""

from __future__ import annotations

from functools import cache
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import binom

DRAWS: Final = 100
"""Nearly independent draws among which truth is ranked: ranks are 0 to 100."""
SIMULATED: Final = 4000
LEVELS: Final = (0.5, 0.8, 0.95)

Ranks = NDArray[np.int64]


def rank(truth: float, draws: NDArray[Any], rng: np.random.Generator) -> int:
    """How many draws are below the truth; of ties, a random share."""
    return int((draws < truth).sum() + rng.integers(0, (draws == truth).sum() + 1))


def extremes(ranks: Ranks) -> float:
    """Smallest two-sided pointwise tail probability of the ECDF of ranks (N,)."""
    n = ranks.size
    below = np.searchsorted(np.sort(ranks), np.arange(DRAWS), side="right")
    share = np.arange(1, DRAWS + 1) / (DRAWS + 1)
    tails = np.minimum(binom.cdf(below, n, share), binom.sf(below - 1, n, share))
    return float(2 * tails.min())


@cache
def of_uniform(n: int) -> NDArray[np.float64]:
    """`extremes` of uniform ranks, sorted."""
    rng = np.random.default_rng(n)
    ranks = rng.integers(0, DRAWS + 1, (SIMULATED, n))
    return np.sort([extremes(each) for each in ranks])


def uniformity(ranks: Ranks) -> float:
    """Probability that ranks of a right sampler would leave some band as far as these do."""
    known = of_uniform(ranks.size)
    return float((np.searchsorted(known, extremes(ranks), side="right") + 1) / (known.size + 1))


def band(n: int, level: float = 0.95) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Ends of the simultaneous band of the ECDF less its expectation, at ranks 0 to 99."""
    tail = float(np.quantile(of_uniform(n), 1 - level)) / 2
    share = np.arange(1, DRAWS + 1) / (DRAWS + 1)
    return binom.ppf(tail, n, share) / n - share, binom.isf(tail, n, share) / n - share


def coverage(ranks: Ranks, level: float) -> float:
    """Share of central intervals of a level that hold the truth."""
    return float((np.abs((ranks + 0.5) / (DRAWS + 1) - 0.5) <= level / 2).mean())


def judged(table: pd.DataFrame) -> pd.DataFrame:
    """Every quantity of a table of ranks (a row a replicate): uniformity and coverage."""
    rows = []
    for name in table.columns:
        ranks = table[name].dropna().to_numpy(np.int64)
        row: dict[str, Any] = {"quantity": name, "studies": ranks.size}
        row |= {f"in {level:.0%}": coverage(ranks, level) for level in LEVELS}
        rows.append({**row, "p": uniformity(ranks)})
    return pd.DataFrame(rows)

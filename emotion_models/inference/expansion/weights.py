"""What draws of an expanded posterior weigh: the likelihood over its expansion.

Coarse nodes tell what the expansion leaves over at a fraction of the cost of fine ones. Whether
they tell it well, some draws of every chain say, which both weigh; and where a likelihood is
nearly its expansion, as of very many journeys, some draws say that no weight is needed.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from emotion_models.inference.expansion.bound import Bound
from emotion_models.inference.expansion.expand import Expansion, Watch
from emotion_models.models.integrated.rules import Level

Floats = NDArray[np.float64]
LOOKED_AT: Final = 50
"""Draws that say whether weights are needed; enough for a Pareto k."""
COMPARED: Final = 4
"""Draws that are weighed by both kinds of nodes."""
ALIKE: Final = 0.1
"""Standard deviation of log weights, or of their errors, that does not matter: a covariance is at
most the product of both standard deviations, so a mean moves by no more than this share of one."""


def log_weights(
    bound: Bound, expansion: Expansion, read: list[Floats], watch: Watch
) -> tuple[Floats, bool]:
    """Weigh draws.

    Parameters
    ----------
    bound : Bound
        With the layout of the expansion.
    expansion : Expansion
    read : list of array, shape (P,)
        What the likelihood reads of each draw.
    watch : callable
        Told how many draws are weighed, of how many. May raise.

    Returns
    -------
    log_weights : array, shape (S,) or (LOOKED_AT,)
        Up to a constant; -inf where the likelihood could not be computed.
    needed : bool
        False where all draws may count the same: then some of the weights.
    """

    def weighed(level: Level, places: NDArray[np.int64]) -> Floats:
        bound.use(level)
        start, tangent = expansion.value, expansion.tangent
        if level == "fine":
            start, tangent = bound.likelihood(expansion.middle)[0], expansion.slope
        found = np.empty(places.size)
        for i, place in enumerate(places):
            watch(i, places.size)
            gain = bound.likelihood(read[place])[0] - start
            found[i] = expansion.beyond(read[place], gain, tangent)
        return np.where(np.isfinite(found), found, np.nan)

    some = np.linspace(0, len(read) - 1, min(LOOKED_AT, len(read))).round().astype(np.int64)
    level: Level = "coarse"
    looked = weighed(level, some)
    both = slice(None, None, max(1, some.size // COMPARED))
    if not alike(weighed("fine", some[both]) - looked[both]):
        looked, level = weighed("fine", some), "fine"
    if alike(looked):
        return looked, False
    found = np.empty(len(read))
    found[some] = looked
    rest = np.setdiff1d(np.arange(len(read)), some)
    found[rest] = weighed(level, rest)
    return np.where(np.isnan(found), -np.inf, found), True


def alike(log_weights: Floats) -> bool:
    """Whether weights differ so little that it does not matter."""
    return bool(np.isfinite(log_weights).all() and log_weights.std() <= ALIKE)

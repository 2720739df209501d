"""What draws of an expanded posterior weigh: the likelihood over its expansion.

Coarse nodes tell what the expansion leaves over at a fraction of the cost of fine ones. Whether
they tell it well, some draws of every chain say, which both weigh; and where a likelihood is
nearly its expansion, as of very many journeys, some draws say that no weight is needed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from emotion_models.inference.approximation.importance import effective, smoothed
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


@dataclass(frozen=True)
class Weights:
    """What some of a chain's draws weigh.

    Parameters
    ----------
    places : int array, shape (W,)
        Which draws, in order.
    log : array, shape (W,)
        Up to a constant; -inf where the likelihood could not be computed.
    needed : bool
        False where all draws may count the same.
    """

    places: NDArray[np.int64]
    log: Floats
    needed: bool


def weigh(
    bound: Bound, expansion: Expansion, read: list[Floats], n_kept: int, watch: Watch
) -> Weights:
    """Weigh as many draws as leave `n_kept` behind, if there are so many.

    Parameters
    ----------
    bound : Bound
        With the layout of the expansion.
    expansion : Expansion
    read : list of array, shape (P,)
        What the likelihood reads of each draw.
    n_kept : int
        Draws that will be taken of them, by weight.
    watch : callable
        Told how many draws are weighed, of how many. May raise.

    Returns
    -------
    Weights
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
        return np.where(np.isfinite(found), found, -np.inf)

    some = spread(len(read), LOOKED_AT)
    level: Level = "coarse"
    looked = weighed(level, some)
    both = slice(None, None, max(1, some.size // COMPARED))
    with np.errstate(invalid="ignore"):  # -inf of both
        told = weighed("fine", some[both]) - looked[both]
    if not alike(told):
        looked, level = weighed("fine", some), "fine"
    if alike(looked):
        return Weights(some, looked, needed=False)
    wanted = spread(len(read), int(np.ceil(n_kept / share(looked))))
    rest = np.setdiff1d(wanted, some)
    places = np.concatenate([some, rest])
    found = np.concatenate([looked, weighed(level, rest)])
    order = np.argsort(places)
    return Weights(places[order], found[order], needed=True)


def spread(n: int, wanted: int) -> NDArray[np.int64]:
    """Places of so many of n draws, or of all, evenly."""
    return np.linspace(0, n - 1, min(wanted, n)).round().astype(np.int64)


def share(log_weights: Floats) -> float:
    """Share of draws that their weights leave."""
    _, weight = smoothed(log_weights)
    return effective(weight) / weight.size


def alike(log_weights: Floats) -> bool:
    """Whether weights differ so little that it does not matter."""
    return bool(np.isfinite(log_weights).all() and log_weights.std() <= ALIKE)

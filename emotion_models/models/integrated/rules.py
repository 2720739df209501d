"""Nodes and weights of integrals over standard normals."""

from __future__ import annotations

import math
from functools import cache
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Level = Literal["fine", "coarse"]
Rule = tuple[Floats, Floats]
"""Nodes, and weights that sum to 1."""

AROUND: Final = 9
"""Nodes of style with mood."""
ALONG: Final = 7
"""Nodes of the core affect of a moment. The derivatives are those of the integral, the value is
that of the sum over nodes: where they differ too much, a sampler loses energy that no smaller
step brings back. `experiments/integrated` has the errors by numbers of nodes."""

ALONG_KNOWN: Final = 5
"""Nodes of affects that many ratings tell of: their posterior is nearly normal."""

LEVELS: Final[dict[Level, tuple[int, int]]] = {"fine": (25, 7), "coarse": (4, 3)}
"""Nodes of style with mood, and of affect, where they can be exchanged: fine ones for where a
likelihood rises, coarse ones for how it bends."""
NAMES: Final = ("people_node", "people_share", "affect_node", "affect_share")
"""Of exchangeable nodes in the PyMC model."""


@cache
def along(n_nodes: int) -> Rule:
    """Gauss-Hermite rule for one standard normal: exact for polynomials of degree 2 n - 1.

    Parameters
    ----------
    n_nodes : int

    Returns
    -------
    nodes, weights : array, shape (n,)
    """
    nodes, weights = np.polynomial.hermite_e.hermegauss(n_nodes)
    return nodes, weights / weights.sum()


@cache
def around(n_nodes: int) -> Rule:
    """Rule for two independent standard normals.

    The product of two rules of `along`; one node is Laplace's method.

    Parameters
    ----------
    n_nodes : int
        A square.

    Returns
    -------
    nodes : array, shape (n, 2)
    weights : array, shape (n,)
    """
    each, weight = along(math.isqrt(n_nodes))
    nodes: Any = np.stack(np.meshgrid(each, each, indexing="ij"), axis=-1).reshape(-1, 2)
    return nodes, np.outer(weight, weight).ravel()


def at(level: Level, people: bool, affect: bool) -> tuple[Floats, Floats, Floats, Floats]:
    """Nodes and weights of people and of affect, in arrays that have room for any level.

    What is left over has no weight and costs nothing.

    Parameters
    ----------
    level : {"fine", "coarse"}
    people, affect : bool
        Whether there are such latents.

    Returns
    -------
    nodes (n, 2), weights (n,), nodes (k,), weights (k,)
    """
    n_around, n_along = LEVELS[level]
    room_around, room_along = LEVELS["fine"]
    of_people = _padded(around(n_around), room_around) if people else around(1)
    of_affect = _padded(along(n_along), room_along) if affect else along(1)
    return *of_people, *of_affect


def _padded(rule: Rule, room: int) -> Rule:
    nodes, weights = rule
    lacking = room - weights.size
    beside: Any = [(0, lacking), *[(0, 0)] * (nodes.ndim - 1)]
    return np.pad(nodes, beside), np.pad(weights, (0, lacking))

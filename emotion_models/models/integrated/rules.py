"""Nodes and weights of integrals over standard normals."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Rule = tuple[Floats, Floats]
"""Nodes, and weights that sum to 1."""

USUAL: Final = (7, 5)
"""Nodes of style with mood, and of the core affect of a moment."""
MORE: Final = (9, 7)
FEW: Final = 4
"""Ratings of a moment up to which more nodes are needed: few leave people far from normal.
`experiments/integrated` has the errors by numbers of nodes."""


def nodes_for(ratings: float) -> tuple[int, int]:
    """Choose how many nodes a study needs.

    The derivatives are those of the integral, the value is that of the sum over nodes. Where they
    differ too much a sampler loses energy that no smaller step brings back.

    Parameters
    ----------
    ratings : float
        Of a moment, on average.

    Returns
    -------
    around, along : int
    """
    return MORE if ratings <= FEW else USUAL


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

    Seven nodes, the centre and a regular hexagon at distance 2, are exact for polynomials of
    degree 5 (their moments are those of the normal: a test compares them), like the nine of a
    product rule. Laplace's method is the rule of one node, exact for degree 1.

    Parameters
    ----------
    n_nodes : int
        1, 7, or a square: the product of two rules of `along`.

    Returns
    -------
    nodes : array, shape (n, 2)
    weights : array, shape (n,)
    """
    if n_nodes == 7:
        angle = np.arange(6) * np.pi / 3
        ring = 2 * np.stack([np.cos(angle), np.sin(angle)], axis=1)
        return np.concatenate([np.zeros((1, 2)), ring]), np.r_[1 / 2, np.full(6, 1 / 12)]
    each, weight = along(round(n_nodes**0.5))
    nodes: Any = np.stack(np.meshgrid(each, each, indexing="ij"), axis=-1).reshape(-1, 2)
    return nodes, np.outer(weight, weight).ravel()

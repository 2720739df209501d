"""Nodes and weights of integrals over standard normals."""

from __future__ import annotations

import math
from functools import cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
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

"""Construct residuals: integrating over them, and what they do to the predictors."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from emotion_models.inference.quadrature import log_normal, nodes_for

if TYPE_CHECKING:
    from emotion_models.models.parameters import Parameters

Floats = NDArray[np.floating[Any]]


def without_residuals(
    known: Parameters,
    residual: Floats | None,
    given: Callable[[Floats | None], Floats],
    *,
    per_dimension: int | None = None,
) -> Floats:
    """Integrate a log-likelihood (S, J) over the construct residuals of each journey.

    Parameters
    ----------
    known : Parameters
    residual : array, shape (S, J, C), or None
        Posterior draws, standard normal a priori; only where they lie is used.
    given : callable
        The log-likelihood given residuals (S, J, C) on the constructs' scale, or None.
    per_dimension : int, optional
        See `nodes_for`.

    Returns
    -------
    array, shape (S, J)
    """
    if residual is None:
        return given(None)
    nodes = nodes_for(residual, per_dimension=per_dimension)
    prior = log_normal(nodes.value, np.ones(1)) + nodes.log_mass
    factor = np.swapaxes(known.bond_factor, -1, -2)

    def at_node(node: int) -> Floats:
        value: Floats = given(nodes.value[node] @ factor) + prior[node]
        return value

    total: Floats = np.full((known.n_draws, residual.shape[1]), -np.inf)
    with ThreadPoolExecutor(2) as pool:  # NumPy releases the interpreter lock
        for value in pool.map(at_node, range(len(nodes.value))):
            total = np.logaddexp(total, value)
    return total


def predictor_of(
    known: Parameters, own: Callable[[int], Floats], relationship: list[Floats]
) -> Callable[[int], Floats]:
    """Predictors of rows, given the constructs: theirs, and their pull on behaviours.

    Parameters
    ----------
    known : Parameters
    own : callable
        Predictor (S, J) of a row before the relationship reaches behaviour.
    relationship : list of array, shape (S, J)
        The constructs.

    Returns
    -------
    callable
    """
    construct = {int(row): c for c, row in enumerate(known.relationship)}
    behaviour = {int(row): b for b, row in enumerate(known.behaviour)}

    def predictor(row: int) -> Floats:
        if row in construct:
            return relationship[construct[row]]
        if row not in behaviour or not relationship:
            return own(row)
        through = known.bond_effect[:, :, behaviour[row]]
        pulled = sum(through[:, c, None] * value for c, value in enumerate(relationship))
        return np.asarray(own(row) + pulled)

    return predictor

"""Ordinal answers with latents summed over nodes, as a PyTensor operation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pytensor.graph.basic import Apply

from emotion_models.models.fused.stored_slopes import StoredSlopes


class OrdinalAtNodes(StoredSlopes):
    """Log-likelihood of ordinal answers of units, latents summed over nodes; its derivatives.

        l = sum_i w_i log sum_n exp(m_ni + sum_q log P(y_qi | own_qi + sum_c a_qc z_nic))

    answers cumulative logit. Inputs: own predictors (Q, I), responses a (Q, C), cutpoints (Q, K),
    their numbers (Q,), answers (Q, I) with negative ones missing, nodes z (N, I, C), mass m (N, I),
    weights (I,) or (1,). Outputs: the value and its derivatives by own predictors, responses,
    cutpoints and mass.
    """

    dimensions = (2, 2, 2, 1, 2, 3, 2, 1)
    dtypes = ("float64", "float64", "float64", "int64", "int8", "float64", "float64", "float64")
    differentiated = (0, 1, 2, 6)

    def perform(self, node: Apply[Any], inputs: Sequence[Any], output_storage: Any) -> None:
        """Run the Numba form."""
        from emotion_models.models.at_nodes import kernel

        for cell, found in zip(output_storage, kernel.value_and_slopes(*inputs), strict=True):
            cell[0] = found


@dataclass(frozen=True)
class AtNodes:
    """Standard normal latents at nodes.

    Parameters
    ----------
    value : tensor, shape (N, I, C)
    mass : tensor, shape (N, I)
        Logarithms.
    """

    value: Any
    mass: Any


@dataclass(frozen=True)
class OnScale:
    """Answers of all units to some items on scales; a yes or no is a scale of two.

    Parameters
    ----------
    own : tensor, shape (Q, I)
        Predictors without the latents.
    response : tensor, shape (Q, C)
        To the latents.
    kappa : tensor, shape (Q, K)
        Padded where `exists` is False.
    exists : bool array, shape (Q, K)
    answers : int tensor, shape (Q, I)
        Negative where there is no answer.
    """

    own: Any
    response: Any
    kappa: Any
    exists: NDArray[np.bool_]
    answers: Any


def log_likelihood(scale: OnScale, at: AtNodes, weight: Any = None) -> Any:
    """Log-likelihood of ordinal answers with latents summed over nodes.

    Parameters
    ----------
    scale : OnScale
    at : AtNodes
        Its mass with the log-probability of whatever else a unit answered.
    weight : array, shape (I,), optional
        Exponent of each unit's likelihood.

    Returns
    -------
    TensorVariable, scalar
    """
    from emotion_models.models.at_nodes import dispatch  # noqa: F401  registers Numba and JAX

    counted = np.ones(1) if weight is None else np.asarray(weight, dtype="float64")
    lengths = scale.exists.sum(axis=1)
    found: Any = OrdinalAtNodes()(
        scale.own, scale.response, scale.kappa, lengths, scale.answers, at.value, at.mass, counted
    )
    return found[0]

"""The fused ordinal likelihood as a PyTensor operation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytensor.tensor as pt
from numpy.typing import NDArray
from pytensor.graph.basic import Apply

from emotion_models.models.fused.reference import value_and_slopes
from emotion_models.models.fused.stored_slopes import StoredSlopes


class FusedOrdinal(StoredSlopes):
    """Log-likelihood of ordinal answers, and with it its derivatives by predictor and cutpoints.

    Inputs and outputs as in `reference`.
    """

    dimensions = (3, 2, 1, 3, 1)
    dtypes = ("float64", "float64", "int64", "int8", "float64")
    differentiated = (0, 1)

    def perform(self, node: Apply[Any], inputs: Sequence[Any], output_storage: Any) -> None:
        """Run the NumPy form."""
        for cell, found in zip(output_storage, value_and_slopes(*inputs), strict=True):
            cell[0] = found


def log_likelihood(
    eta: Any,
    kappa: Any,
    exists: NDArray[np.bool_],
    answers: Any,
    weight: NDArray[np.floating[Any]] | None = None,
) -> Any:
    """Log-likelihood of ordinal answers, fused with its gradient on every back end.

    Parameters
    ----------
    eta : tensor, shape (..., Q, J)
        Of two or three dimensions.
    kappa : tensor, shape (Q, C)
        Padded where `exists` is False.
    exists : bool array, shape (Q, C)
        Padding stands behind the cutpoints; at most 127 categories.
    answers : int tensor, the shape of `eta`
        Negative where there is no answer.
    weight : array, shape (J,), optional
        Exponent of each journey's likelihood.

    Returns
    -------
    TensorVariable, scalar
    """
    from emotion_models.models.fused import dispatch  # noqa: F401  registers Numba and JAX

    eta, answers = pt.as_tensor(eta), pt.as_tensor(answers)
    if eta.ndim == 2:
        eta, answers = eta[None], answers[None]
    own = np.ones(1) if weight is None else np.asarray(weight, dtype="float64")
    found: Any = FusedOrdinal()(eta, kappa, exists.sum(axis=1), answers, own)
    return found[0]

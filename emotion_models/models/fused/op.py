"""The fused ordinal likelihood as a PyTensor operation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytensor.tensor as pt
from numpy.typing import NDArray
from pytensor.gradient import DisconnectedType, disconnected_type
from pytensor.graph.basic import Apply
from pytensor.graph.op import Op

from emotion_models.models.fused.reference import value_and_slopes


class FusedOrdinal(Op):
    """Log-likelihood of ordinal answers, and with it its derivatives by predictor and cutpoints.

    The gradient is the second and third output times what arrives from above: whoever asks for
    value and gradient pays for one pass. Inputs and outputs as in `reference`.
    """

    __props__ = ()

    def make_node(self, *inputs: Any) -> Apply[Any]:
        """Cast the inputs of `reference` and type its outputs."""
        eta, kappa, lengths, answers, weight = map(pt.as_tensor, inputs)
        given = [
            pt.cast(eta, "float64"),
            pt.cast(kappa, "float64"),
            pt.cast(lengths, "int64"),
            pt.cast(answers, "int8"),
            pt.cast(weight, "float64"),
        ]
        if [each.type.ndim for each in given] != [3, 2, 1, 3, 1]:
            raise TypeError("predictors and answers need 3 dimensions, cutpoints 2, others 1")
        return Apply(self, given, [pt.dscalar(), given[0].type(), given[1].type()])

    def perform(self, node: Apply[Any], inputs: Sequence[Any], output_storage: Any) -> None:
        """Run the NumPy form."""
        for cell, found in zip(output_storage, value_and_slopes(*inputs), strict=True):
            cell[0] = found

    def connection_pattern(self, node: Apply[Any]) -> list[list[bool]]:
        """Say that numbers of cutpoints, answers and weights are data."""
        return [[True] * 3, [True] * 3, [False] * 3, [False] * 3, [False] * 3]

    def pullback(
        self, inputs: Sequence[Any], outputs: Sequence[Any], cotangents: Sequence[Any]
    ) -> list[Any]:
        """Scale the stored derivatives."""
        outer, *second = cotangents
        if not all(isinstance(each.type, DisconnectedType) for each in second):
            raise NotImplementedError("the fused likelihood has no second derivatives")
        return [outer * outputs[1], outer * outputs[2], *(disconnected_type() for _ in range(3))]

    def infer_shape(self, node: Apply[Any], shapes: Sequence[Any]) -> list[Any]:
        """Shape the derivatives like what they are taken by."""
        return [(), shapes[0], shapes[1]]


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

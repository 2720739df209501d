"""Ratings with people integrated out as a PyTensor operation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytensor.tensor as pt
from numpy.typing import NDArray
from pytensor.gradient import DisconnectedType, disconnected_type
from pytensor.graph.basic import Apply
from pytensor.graph.op import Op

from emotion_models.models.integrated import rules

DIMENSIONS = (3, 2, 1, 3, 1, 1, 1, 1, 1, 2, 1, 1, 1)
DTYPES = ("float64", "float64", "int64", "int8", "float64", "int64", *["float64"] * 7)
DIFFERENTIATED = (0, 1, 7, 8)


class IntegratedRatings(Op):
    """Log-likelihood of ratings without people, and its derivatives.

    With style ``s``, mood ``m`` and affects ``a_t`` of respondent i standard normal,

        p(y_i) = int prod_tqj P(y_tqj | eta_tqj + sd_s s + v_q sd_m m + l_q sd_a a_tj) dN,

    the value is ``sum_i w_i log p(y_i)``: what a weight counts is the respondent's likelihood,
    latents and all (Rabe-Hesketh & Skrondal 2006, doi 10.1111/j.1467-985X.2006.00426.x);

    answers cumulative logit. Inputs: predictors eta (T, Q, J), cutpoints (Q, C) and their numbers
    (Q,), answers (T, Q, J) with negative ones missing, weights (I,) or (1,), respondents (J,) in
    ascending order, valence v and loading l (Q,), standard deviations (3,); nodes (n, 2) and
    weights (n,) for style and mood, and for affect (k,), (k,). Outputs: the value, and its
    derivatives by eta, cutpoints, loading and standard deviations. Whoever asks for value and
    gradient pays for one pass.
    """

    __props__ = ()

    def make_node(self, *inputs: Any) -> Apply[Any]:
        """Cast the inputs and type the outputs."""
        given = [
            pt.cast(pt.as_tensor(each), kind) for each, kind in zip(inputs, DTYPES, strict=True)
        ]
        if tuple(each.type.ndim for each in given) != DIMENSIONS:
            raise TypeError(f"inputs need {DIMENSIONS} dimensions")
        return Apply(self, given, [pt.dscalar(), *(given[i].type() for i in DIFFERENTIATED)])

    def perform(self, node: Apply[Any], inputs: Sequence[Any], output_storage: Any) -> None:
        """Run the Numba form."""
        from emotion_models.models.integrated import kernel

        for cell, found in zip(output_storage, kernel.value_and_slopes(*inputs), strict=True):
            cell[0] = found

    def connection_pattern(self, node: Apply[Any]) -> list[list[bool]]:
        """Say what is data."""
        return [[i in DIFFERENTIATED] * 5 for i in range(len(DTYPES))]

    def pullback(
        self, inputs: Sequence[Any], outputs: Sequence[Any], cotangents: Sequence[Any]
    ) -> list[Any]:
        """Scale the stored derivatives."""
        outer, *second = cotangents
        if not all(isinstance(each.type, DisconnectedType) for each in second):
            raise NotImplementedError("ratings without people have no second derivatives")
        slopes = dict(zip(DIFFERENTIATED, outputs[1:], strict=True))
        return [
            outer * slopes[i] if i in slopes else disconnected_type() for i in range(len(DTYPES))
        ]

    def infer_shape(self, node: Apply[Any], shapes: Sequence[Any]) -> list[Any]:
        """Shape the derivatives like what they are taken by."""
        return [(), *(shapes[i] for i in DIFFERENTIATED)]


@dataclass(frozen=True)
class People:
    """Who rates, and how their latents move the ratings.

    Parameters
    ----------
    owner : int array, shape (J,)
        Respondent of every journey, ascending.
    valence : array, shape (Q,)
    loading : tensor, shape (Q,)
    sd : tensor, shape (3,)
        Of style, mood and affect.
    nodes : tuple of int
        Of style with mood, and of affect.
    weight : array, shape (J,), or None
        Weights of journeys; a respondent has the mean of theirs.
    """

    owner: NDArray[np.int64]
    valence: NDArray[np.floating[Any]]
    loading: Any
    sd: Any
    nodes: tuple[int, int]
    weight: NDArray[np.floating[Any]] | None = None


def log_likelihood(
    eta: Any,
    kappa: Any,
    exists: NDArray[np.bool_],
    answers: Any,
    people: People,
) -> Any:
    """Log-likelihood of ratings without people.

    Parameters
    ----------
    eta : tensor, shape (T, Q, J)
        What touchpoints and levers do.
    kappa : tensor, shape (Q, C)
        Padded where `exists` is False.
    exists : bool array, shape (Q, C)
    answers : int tensor, shape (T, Q, J)
        Negative where there is no answer.
    people : People

    Returns
    -------
    TensorVariable, scalar
    """
    from emotion_models.models.integrated import dispatch  # noqa: F401  registers Numba and JAX

    lengths, owner = exists.sum(axis=1), np.asarray(people.owner, dtype="int64")
    own = np.ones(1)
    if people.weight is not None:
        own = np.bincount(owner, people.weight) / np.bincount(owner)
    how = (people.valence, people.loading, people.sd)
    nodes = (*rules.around(people.nodes[0]), *rules.along(people.nodes[1]))
    found: Any = IntegratedRatings()(eta, kappa, lengths, answers, own, owner, *how, *nodes)
    return found[0]

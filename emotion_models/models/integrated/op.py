"""Ratings with people integrated out as a PyTensor operation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pytensor.graph.basic import Apply

from emotion_models.models.fused.stored_slopes import StoredSlopes


class IntegratedRatings(StoredSlopes):
    """Log-likelihood of ratings without people, and its derivatives.

    With style ``s``, mood ``m`` and affects ``a_t`` of respondent i standard normal,

        p(y_i) = int prod_tqj P(y_tqj | eta_tqj + sd_s s + v_q sd_m m + l_q sd_a a_tj) dN,

    answers cumulative logit; the value is ``sum_i w_i log p(y_i)``. What a weight counts is the
    respondent's likelihood, latents and all (Rabe-Hesketh & Skrondal 2006,
    doi 10.1111/j.1467-985X.2006.00426.x).

    Inputs: predictors eta (T, Q, J), cutpoints (Q, C) and their numbers
    (Q,), answers (T, Q, J) with negative ones missing, weights (I,) or (1,), respondents (J,) in
    ascending order, valence v and loading l (Q,), standard deviations (3,); nodes (n, 2) and
    weights (n,) for style and mood, and for affect (k,), (k,). Outputs: the value, and its
    derivatives by eta, cutpoints, loading and standard deviations. Whoever asks for value and
    gradient pays for one pass.
    """

    dimensions = (3, 2, 1, 3, 1, 1, 1, 1, 1, 2, 1, 1, 1)
    dtypes = ("float64", "float64", "int64", "int8", "float64", "int64", *["float64"] * 7)
    differentiated = (0, 1, 7, 8)

    def perform(self, node: Apply[Any], inputs: Sequence[Any], output_storage: Any) -> None:
        """Run the Numba form."""
        from emotion_models.models.integrated import kernel

        for cell, found in zip(output_storage, kernel.value_and_slopes(*inputs), strict=True):
            cell[0] = found


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
    nodes : tuple
        Of style with mood (n, 2) and of affect (k,), each followed by its weights; nodes without
        weight are passed over.
    weight : array, shape (J,), or None
        Weights of journeys; a respondent has the mean of theirs.
    """

    owner: NDArray[np.int64]
    valence: NDArray[np.floating[Any]]
    loading: Any
    sd: Any
    nodes: tuple[Any, Any, Any, Any]
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
    given = (eta, kappa, lengths, answers, own, owner)
    found: Any = IntegratedRatings()(*given, *how, *people.nodes)
    return found[0]

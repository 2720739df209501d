"""Log-likelihood of the answers of every journey, on posterior draws."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from emotion_models.inference.ordinal_answers import add_log_probability
from emotion_models.models.families import LIKELIHOODS, Likelihood
from emotion_models.models.forward import predictors

if TYPE_CHECKING:
    from emotion_models.models.design import Design
    from emotion_models.models.parameters import Parameters
    from emotion_models.models.spec import JourneyModel

Floats = NDArray[np.floating[Any]]


def log_likelihood(
    design: Design,
    known: Parameters,
    predictor: Callable[[int], Floats],
    rows: Collection[int],
) -> Floats:
    """Log-likelihood of every journey's answers to some rows.

    Parameters
    ----------
    design : Design
    known : Parameters
    predictor : callable
        Gives the predictor (S, J) of a row, intercept included.
    rows : collection of int
        Rows whose answers count.

    Returns
    -------
    array, shape (S, J)
    """
    items = design.items
    total: Floats = np.zeros((known.n_draws, design.n_journeys))
    for q, row in enumerate(items.ordinal_row):
        if row in rows:
            kappa = known.cutpoint[:, q, items.exists[q]]
            eta = known.item_predictor(design, q, predictor(row))
            add_log_probability(total, items.ordinal[:, q], eta, kappa)
    for kind, found in items.others.items():
        for column, row in enumerate(found.row):
            if row in rows:
                # Posterior intercepts carry the centre of the answers.
                answer = found.value[:, column] + found.centre[column]
                shapes = known.shapes_of(kind, column)
                likelihood = LIKELIHOODS[kind].over(found.within[column])
                total += log_probability(likelihood, answer, predictor(row), shapes)
    return total


def joint_log_likelihood(
    model: JourneyModel, design: Design, known: Parameters, people: Mapping[str, Floats]
) -> Floats:
    """Log-likelihood of all answers given the parameters and the people, weighted as the model is.

    Parameters
    ----------
    model : JourneyModel
    design : Design
    known : Parameters
    people : mapping of str to array
        ``bond_residual`` (S, J, C) and ``person`` (S, R, I) at the same draws.

    Returns
    -------
    array, shape (S,)
    """
    eta = predictors(model, design, known, people)
    rows = range(len(design.rows))
    each = log_likelihood(design, known, lambda row: eta[:, :, row], rows)
    exponent = design.exponents(model)
    total: Floats = (each if exponent is None else exponent * each).sum(axis=1)
    return total


def log_probability(
    likelihood: Likelihood, answer: Floats, eta: Floats, shapes: tuple[Floats, ...]
) -> Floats:
    """Log-probability of the answers to one row.

    Parameters
    ----------
    likelihood : Likelihood
        Knowing its periods if it has them.
    answer : array, shape (J,)
        NaN where there is no answer.
    eta : array, shape (S, J)
    shapes : tuple of array, shape (S, 1)

    Returns
    -------
    array, shape (S, J)
        0 where there is no answer.
    """
    each = likelihood.log_probability(np.nan_to_num(answer), eta, *shapes)
    return np.where(np.isnan(answer), 0.0, each)

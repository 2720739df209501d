"""Leave-one-out in panels: respondent effects integrated out.

A respondent's effects are informed by a handful of that respondent's journeys, so conditioning
on them makes leave-one-journey-out weights unreliable. What a journey adds is therefore
predicted from the respondent's other journeys,

    p(y_j | y_{i,-j}) = integral of prod_{k in i} p(y_k | u) p(u) du
                        / integral of prod_{k in i, k != j} p(y_k | u) p(u) du

(integrated importance sampling; Vehtari et al. 2016, JMLR 17). Given the other parameters this
factorises: each remembered rating is an integral of its own over one effect; relationship and
behaviour share one over theirs, with the construct residuals of each journey integrated inside.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from emotion_models.inference.latents import predictor_of, without_residuals
from emotion_models.inference.likelihood import log_likelihood
from emotion_models.inference.quadrature import conditional_nodes

if TYPE_CHECKING:
    from emotion_models.models.design import Design
    from emotion_models.models.parameters import Parameters

Floats = NDArray[np.floating[Any]]
INNER: Final = 4
"""Nodes per residual inside the integral over respondent effects."""


def given_other_journeys(
    design: Design, known: Parameters, eta: Floats, person: Floats, residual: Floats | None
) -> Floats:
    """Log predictive density of each journey given the respondent's other journeys.

    Parameters
    ----------
    design : Design
    known : Parameters
    eta : array, shape (S, J, R)
        Predictors without respondent effects, residuals and the relationship's pull.
    person : array, shape (S, R, I)
        Respondent effects; only where their posterior lies is used.
    residual : array, shape (S, J, C), or None
        Construct residuals; likewise.

    Returns
    -------
    array, shape (S, J)
    """
    total: Floats = np.zeros((known.n_draws, design.n_journeys))
    for nodes in blocks(design, known, eta, person, residual):
        total += left_out(design, nodes)
    return total


def blocks(
    design: Design, known: Parameters, eta: Floats, person: Floats, residual: Floats | None
) -> Iterator[Iterator[tuple[Floats, Floats]]]:
    """Independent integrals over respondent effects, see `given_other_journeys`.

    Yields
    ------
    iterator of (log-likelihood (S, J), log mass (S, I))
        Nodes of one integral.
    """
    stages = np.array([row.stage for row in design.rows])
    for row in np.flatnonzero(stages == "remembered"):
        yield of_remembered(design, known, eta, person, int(row))
    if (stages != "remembered").any():
        bond = of_bond(design, known, eta, person, residual)
        yield ((each, log_mass) for _, each, log_mass in bond)


def of_respondents(
    design: Design, known: Parameters, eta: Floats, person: Floats, residual: Floats | None
) -> Floats:
    """Log-likelihood of all journeys of each respondent, respondent effects integrated out.

    Parameters
    ----------
    design, known, eta, person, residual
        As `given_other_journeys`.

    Returns
    -------
    array, shape (S, I)
    """
    total: Floats = np.zeros((known.n_draws, design.n_respondents))
    for nodes in blocks(design, known, eta, person, residual):
        total += integrated(design, nodes)
    return total


def integrated(design: Design, nodes: Iterable[tuple[Floats, Floats]]) -> Floats:
    """Integrate the product over each respondent's journeys over nodes: (S, I)."""
    starts = np.searchsorted(design.respondent, np.arange(design.n_respondents))
    total: Floats | None = None
    for each, log_mass in nodes:
        product = np.add.reduceat(each, starts, axis=1) + log_mass
        total = product if total is None else np.logaddexp(total, product)
    assert total is not None
    return total


def left_out(design: Design, nodes: Iterable[tuple[Floats, Floats]]) -> Floats:
    """Sum over nodes with and without each journey, and take the ratio.

    Parameters
    ----------
    design : Design
    nodes : iterable of (log-likelihood (S, J), log mass (S, I))
        At each node of the respondents' effects.

    Returns
    -------
    array, shape (S, J)
    """
    starts = np.searchsorted(design.respondent, np.arange(design.n_respondents))
    everything: Floats | None = None
    without: Floats | None = None
    for each, log_mass in nodes:
        product = np.add.reduceat(each, starts, axis=1) + log_mass
        rest = product[:, design.respondent] - each
        everything = product if everything is None else np.logaddexp(everything, product)
        without = rest if without is None else np.logaddexp(without, rest)
    assert everything is not None
    assert without is not None
    # Beside a respondent's only journey there is nothing: the prior integrates to one.
    alone = np.bincount(design.respondent)[design.respondent] == 1
    return np.asarray(everything[:, design.respondent] - np.where(alone, 0.0, without))


def of_remembered(
    design: Design, known: Parameters, eta: Floats, person: Floats, row: int
) -> Iterator[tuple[Floats, Floats]]:
    """Nodes of one remembered rating's respondent effect."""
    for value, log_mass in _nodes(known, person, [row]):
        shifted = eta[:, :, row] + value[:, design.respondent, 0]
        each = log_likelihood(design, known, partial(_always, shifted), {row})
        yield each, log_mass


def _nodes(known: Parameters, person: Floats, rows: list[int]) -> Iterator[tuple[Floats, Floats]]:
    """Nodes (S, I, rows) of independent respondent effects on some rows, with log mass (S, I)."""
    factor = known.person_sd[:, rows, None] * np.eye(len(rows))
    return conditional_nodes(person[:, rows].transpose(0, 2, 1), factor)


def _always(predictor: Floats, _: int) -> Floats:
    return predictor


def of_bond(
    design: Design, known: Parameters, eta: Floats, person: Floats, residual: Floats | None
) -> Iterator[tuple[Floats, Floats, Floats]]:
    """Nodes of the respondent effects on relationship and behaviour together.

    Yields
    ------
    eta : array, shape (S, J, R)
        Predictors with the effects at the node.
    log_likelihood : array, shape (S, J)
    log_mass : array, shape (S, I)
    """
    rows = [*known.relationship, *known.behaviour]
    for value, log_mass in _nodes(known, person, rows):
        shifted = eta.copy()
        shifted[:, :, rows] += value[:, design.respondent]
        moved = {int(row): shifted[:, :, row] for row in rows}

        def given(bond: Floats | None, moved: dict[int, Floats] = moved) -> Floats:
            relationship = [moved[int(row)] for row in known.relationship]
            if bond is not None:
                relationship = [base + bond[:, :, c] for c, base in enumerate(relationship)]
            predictor = predictor_of(known, moved.__getitem__, relationship)
            return log_likelihood(design, known, predictor, set(moved))

        each = without_residuals(known, residual, given, per_dimension=INNER)
        yield shifted, each, log_mass

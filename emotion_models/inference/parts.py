"""Predictive density of each outcome by itself: everything else integrated out.

An outcome's answers depend on latents that they share with other outcomes: the construct
residuals of the journey. Given the parameters these shift the outcome's predictors by a normal
of as many dimensions as the outcome has rows (one; two for an amount),

    shift = A r,   r ~ Normal(0, Omega),   A = 1 for a construct, its pull on a behaviour else,

so the density of one outcome alone is an integral over that normal. Outcomes that share the
residual are dependent: their densities do not add up to the joint one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from emotion_models.inference.likelihood import log_likelihood
from emotion_models.inference.quadrature import (
    WIDER,
    Nodes,
    log_normal,
    nodes_for,
    standard_nodes,
)

if TYPE_CHECKING:
    from emotion_models.models.design import Design
    from emotion_models.models.parameters import Parameters

Floats = NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Part:
    """One outcome: its name, stage and rows."""

    name: str
    stage: str
    rows: tuple[int, ...]


def parts_of(design: Design) -> tuple[Part, ...]:
    """Outcomes of a design in the order of their rows.

    Parameters
    ----------
    design : Design

    Returns
    -------
    tuple of Part
    """
    found: dict[str, list[int]] = {}
    for index, row in enumerate(design.rows):
        found.setdefault(row.outcome, []).append(index)
    return tuple(
        Part(name, str(design.rows[rows[0]].stage), tuple(rows)) for name, rows in found.items()
    )


def shift_factor(known: Parameters, part: Part) -> Floats | None:
    """Factor of the shift that construct residuals give an outcome's predictors.

    Parameters
    ----------
    known : Parameters
    part : Part

    Returns
    -------
    array, shape (S, rows, C), or None
        Times C standard normals; None where residuals do not reach the outcome.
    """
    if part.stage == "remembered" or not known.relationship.size:
        return None
    return reach(known, part) @ known.bond_factor


def reach(known: Parameters, part: Part) -> Floats:
    """How much of each construct reaches an outcome's rows, shape (S, rows, C)."""
    constructs = list(known.relationship)
    found: Floats = np.zeros((known.n_draws, len(part.rows), len(constructs)))
    for place, row in enumerate(part.rows):
        if row in known.relationship:
            found[:, place, constructs.index(row)] = 1
        else:
            found[:, place] = known.bond_effect[:, :, list(known.behaviour).index(row)]
    return found


def square(factor: Floats) -> Floats:
    """Cholesky factor (..., b, b) of ``factor factor'``; well defined where that is singular."""
    covariance = factor @ np.swapaxes(factor, -1, -2)
    return np.linalg.cholesky(covariance + 1e-12 * np.eye(covariance.shape[-1]))


def residual_nodes(
    known: Parameters, part: Part, residual: Floats | None, n_journeys: int
) -> tuple[Floats, Floats] | None:
    """Nodes for the shift of an outcome by the construct residuals of each journey.

    A construct's own items tell its residual: nodes lie where its posterior does. What reaches
    a behaviour is wide beside what one answer tells: nodes lie where its prior does.

    Parameters
    ----------
    known : Parameters
    part : Part
    residual : array, shape (S', J, C), or None
        Posterior draws of any number.
    n_journeys : int

    Returns
    -------
    value : array, shape (nodes, S or 1, J or 1, rows)
    log_mass : array, shape (nodes, S or 1, J or 1)
        Prior density included: add the log-likelihood and take the log of the sum.
    """
    factor = shift_factor(known, part)
    if factor is None:
        return None
    if part.stage == "relationship" and residual is not None:
        layout = np.einsum("cd,sjd->sjc", factor[:, 0].mean(axis=0)[None], residual)
        nodes: Nodes = nodes_for(layout, wider=WIDER)
        prior = log_normal(nodes.value, np.ones(1)) + nodes.log_mass
        return nodes.value[:, None], prior[:, None]
    grid, log_weight = standard_nodes(len(part.rows))
    value = np.einsum("srd,nd->nsr", square(factor), grid)
    return value[:, :, None], log_weight[:, None, None]


def part_log_likelihood(
    design: Design,
    known: Parameters,
    eta: Floats,
    part: Part,
    nodes: tuple[Floats, Floats] | None,
) -> Floats:
    """Log density of every journey's answers to one outcome, residuals integrated out.

    Parameters
    ----------
    design : Design
    known : Parameters
    eta : array, shape (S, J, R)
        Predictors with the relationship's pull, without residuals.
    part : Part
    nodes : tuple of array, or None
        From `residual_nodes`.

    Returns
    -------
    array, shape (S, J)
    """
    rows = list(part.rows)

    def at(shift: Floats | None) -> Floats:
        def predictor(row: int) -> Floats:
            own = eta[:, :, row]
            return own if shift is None else own + shift[..., rows.index(row)]

        return log_likelihood(design, known, predictor, rows)

    if nodes is None:
        return at(None)
    total: Floats = np.full(eta.shape[:2], -np.inf)
    for shift, log_mass in zip(*nodes, strict=True):
        total = np.logaddexp(total, at(shift) + log_mass)
    return total


def answered(design: Design, part: Part) -> NDArray[np.bool_]:
    """Journeys with any answer to an outcome, shape (J,)."""
    items = design.items
    own = items.ordinal[:, np.isin(items.ordinal_row, part.rows)]
    found: NDArray[np.bool_] = (own >= 0).any(axis=1)
    for answers in items.others.values():
        others = answers.value[:, np.isin(answers.row, part.rows)]
        found = found | np.isfinite(others).any(axis=1)
    return found

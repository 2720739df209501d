"""Predictive distributions of single answers of a left-out journey.

Answers are predicted without their own journey: posterior draws are weighted by Pareto-smoothed
importance sampling (Vehtari et al. 2017), the journey's own construct residuals integrated out.
In panels the respondent's effects are those of the draws, so that a journey is predicted from
the respondent's other journeys.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from emotion_models.inference.loo import given_residuals, loo_with_weights
from emotion_models.inference.parts import Part, parts_of, residual_nodes
from emotion_models.inference.scores import state
from emotion_models.models.families import LIKELIHOODS, Kind, Likelihood
from emotion_models.models.forward import person_part, with_relationship
from emotion_models.science.equations import ordinal

if TYPE_CHECKING:
    from emotion_models.inference.result import Fit
    from emotion_models.models.design import Design
    from emotion_models.models.parameters import Parameters

Floats = NDArray[np.floating[Any]]
DRAWS: Final = 400
JOURNEYS: Final = 1000
"""Journeys worked on at a time, which bounds memory."""


@dataclass(frozen=True)
class LeftOut:
    """A fit's predictors with the weights that leave each journey out.

    Parameters
    ----------
    design : Design
    known : Parameters
    eta : array, shape (S, J, R)
        Respondent effects and the relationship's pull included, residuals not.
    weight : array, shape (S, J)
        Sums to one over draws.
    k : array, shape (J,)
    """

    design: Design
    known: Parameters
    eta: Floats
    weight: Floats
    k: Floats


def left_out(fit: Fit) -> LeftOut:
    """Weigh posterior draws so that each journey is left out.

    Parameters
    ----------
    fit : Fit

    Returns
    -------
    LeftOut
    """
    design, known, people = fit.design, fit.parameters(DRAWS), fit.draws(DRAWS)[1]
    at = state(fit.model, design, known, people)
    own = {} if at.person is None else {"person": at.person}
    eta = at.eta + person_part(design, known, own)
    found, log_weight = loo_with_weights(given_residuals(design, known, eta, at.residual))
    full = with_relationship(known, eta)
    return LeftOut(design, known, full, np.exp(log_weight), found.k)


@dataclass(frozen=True)
class Item:
    """One thing answered: an item on a scale or a row of another likelihood.

    Parameters
    ----------
    name, stage : str
    row : int
    kind : str
        Key of `emotion_models.models.families.LIKELIHOODS`.
    column : int
        Place among the answers of its kind.
    answer : array, shape (J,)
        NaN where there is none.
    likelihood : Likelihood
        Knowing its periods if it has them.
    """

    name: str
    stage: str
    row: int
    kind: Kind
    column: int
    answer: Floats
    likelihood: Likelihood


def items_of(design: Design) -> Iterator[Item]:
    """List everything answered about outcomes, with its answers.

    Parameters
    ----------
    design : Design

    Yields
    ------
    Item
    """
    items = design.items
    for q, (name, row) in enumerate(zip(items.ordinal_names, items.ordinal_row, strict=True)):
        answer = np.where(items.ordinal[:, q] >= 0, items.ordinal[:, q].astype(float), np.nan)
        stage = str(design.rows[row].stage)
        yield Item(name, stage, int(row), "ordinal", q, answer, LIKELIHOODS["ordinal"])
    for kind, others in items.others.items():
        for column, row in enumerate(others.row):
            answer = others.value[:, column] + others.centre[column]
            about = design.rows[row]
            likelihood = LIKELIHOODS[kind].over(others.within[column])
            stage = str(about.stage)
            yield Item(about.name, stage, int(row), kind, column, answer, likelihood)


def drawn(known: Parameters, design: Design, item: Item, eta: Floats, rng: Any) -> Floats:
    """Replicated answers (S, J) to an item at the predictors of its row."""
    if item.kind == "ordinal":
        kappa = known.cutpoint[:, None, item.column, design.items.exists[item.column]]
        eta = known.item_predictor(design, item.column, eta)
        replicated: Floats = item.likelihood.draw(rng, eta, kappa)
    else:
        shapes = known.shapes_of(item.kind, item.column)
        replicated = item.likelihood.draw(rng, eta, *shapes)
    return replicated


def category_probabilities(at: LeftOut, item: Item) -> Floats:
    """Leave-one-journey-out probability of every category of an item.

    Parameters
    ----------
    at : LeftOut
    item : Item
        Ordinal or binary.

    Returns
    -------
    array, shape (J, categories)
    """
    part = _part_of(at.design, item)
    place = part.rows.index(item.row)
    # Without the journey's own answers its residuals lie where their prior does.
    nodes = residual_nodes(at.known, part, None, at.design.n_journeys)
    eta = at.eta[:, :, item.row]
    if nodes is None:
        return _averaged(at, item, eta, at.weight)
    total: Any = 0.0
    for shift, log_mass in zip(*nodes, strict=True):
        mass = at.weight * np.exp(log_mass)
        total = total + _averaged(at, item, eta + shift[..., place], mass)
    found: Floats = total / total.sum(axis=1, keepdims=True)
    return found


def _averaged(at: LeftOut, item: Item, eta: Floats, weight: Floats) -> Floats:
    """Weighted sum over draws of the category probabilities (J, K) at given predictors."""
    if item.kind != "ordinal":
        shapes = at.known.shapes_of(item.kind, item.column)
        yes = (weight * item.likelihood.mean(eta, *shapes)).sum(axis=0)
        return np.stack([weight.sum(axis=0) - yes, yes], axis=-1)
    kappa = at.known.cutpoint[:, item.column, at.design.items.exists[item.column]]
    latent = at.known.item_predictor(at.design, item.column, eta)
    blocks = []
    for start in range(0, latent.shape[1], JOURNEYS):
        some = slice(start, start + JOURNEYS)
        given = ordinal.category_probabilities(latent[:, some], kappa)
        blocks.append(np.einsum("sj,sjk->jk", weight[:, some], given))
    return np.concatenate(blocks)


def below_and_equal(at: LeftOut, item: Item, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Leave-one-journey-out P(answer below the given one) and P(equal), by replicates.

    Parameters
    ----------
    at : LeftOut
    item : Item
    rng : Generator

    Returns
    -------
    below, equal : array, shape (J,)
    """
    part = _part_of(at.design, item)
    eta = at.eta[:, :, item.row]
    nodes = residual_nodes(at.known, part, None, at.design.n_journeys)
    if nodes is not None:
        values, log_mass = nodes
        mass = np.exp(log_mass[:, 0, 0])
        chosen = rng.choice(mass.size, size=eta.shape, p=mass / mass.sum())
        shift = values[:, :, 0, part.rows.index(item.row)]  # (nodes, S)
        eta = eta + shift[chosen, np.arange(eta.shape[0])[:, None]]
    replicated = drawn(at.known, at.design, item, eta, rng)
    below = (at.weight * (replicated < item.answer)).sum(axis=0)
    return below, (at.weight * (replicated == item.answer)).sum(axis=0)


def _part_of(design: Design, item: Item) -> Part:
    return next(part for part in parts_of(design) if item.row in part.rows)

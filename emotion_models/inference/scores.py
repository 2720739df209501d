"""What is left out and what is predicted: joint and per-outcome densities on posterior draws.

A unit is a journey, or a respondent with all journeys. In panels a left-out journey is
predicted from the respondent's other journeys, a left-out respondent from the population:

    p(y_i | theta) = integral of prod_{j in i} p(y_j | u, theta) p(u | theta) du

Outcomes are scored with the weights of the whole unit: each is predicted without any answer
of that unit. They share latents, so their scores do not add up to the joint one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp

from emotion_models.inference import loo_panel
from emotion_models.inference.loo import (
    Loo,
    given_residuals,
    journey_log_likelihood,
    loo_with_weights,
)
from emotion_models.inference.parts import (
    Part,
    answered,
    part_log_likelihood,
    parts_of,
    reach,
    residual_nodes,
    square,
)
from emotion_models.inference.quadrature import conditional_nodes
from emotion_models.models.forward import own_predictor, remembered, with_relationship

if TYPE_CHECKING:
    import xarray as xr

    from emotion_models.models.design import Design
    from emotion_models.models.parameters import Parameters
    from emotion_models.models.spec import JourneyModel

Floats = NDArray[np.floating[Any]]
By = Literal["journey", "respondent"]


@dataclass(frozen=True)
class PartScore:
    """Expected log predictive density of one outcome.

    Parameters
    ----------
    stage, outcome : str
    elpd : array, shape (U,)
        NaN for units without an answer to it.
    k : array, shape (U,)
        Pareto k of the weights; NaN where nothing was approximated.
    """

    stage: str
    outcome: str
    elpd: Floats
    k: Floats


@dataclass(frozen=True)
class Score:
    """One model's predictive accuracy: of all outcomes of a unit, and of each by itself."""

    loo: Loo
    parts: tuple[PartScore, ...]


@dataclass(frozen=True)
class State:
    """A model's posterior evaluated on the journeys of a design.

    Parameters
    ----------
    design : Design
    known : Parameters
    eta : array, shape (S, J, R)
        Own predictors: without respondent effects, residuals and the relationship's pull.
    person : array, shape (S', R, I), or None
    residual : array, shape (S', J, C), or None
        Only where their posterior lies is used.
    """

    design: Design
    known: Parameters
    eta: Floats
    person: Floats | None
    residual: Floats | None


def state(model: JourneyModel, design: Design, known: Parameters, people: xr.Dataset) -> State:
    """Evaluate the predictors of a model.

    Parameters
    ----------
    model : JourneyModel
    design : Design
    known : Parameters
    people : xarray.Dataset
        ``bond_residual`` and ``person``, either may be absent.

    Returns
    -------
    State
    """
    drawn = {str(name): people[name].to_numpy().astype(float) for name in people.data_vars}
    eta = own_predictor(design, known, remembered(model, design, known), np.zeros(1))
    return State(design, known, eta, drawn.get("person"), drawn.get("bond_residual"))


def score(
    model: JourneyModel, design: Design, known: Parameters, people: xr.Dataset, *, by: By
) -> Score:
    """Leave one unit out at a time, by Pareto-smoothed importance sampling.

    Parameters
    ----------
    model : JourneyModel
    design : Design
    known : Parameters
    people : xarray.Dataset
        In the same draws.
    by : {"journey", "respondent"}

    Returns
    -------
    Score
    """
    at = state(model, design, known, people)
    if by == "respondent":
        joint = respondent_log_likelihood(at)
    else:
        joint = journey_log_likelihood(model, design, known, people)
    found, log_weight = loo_with_weights(joint, _exponents(model, design, by))
    parts = parts_of(design)
    scores = []
    for part, density in zip(parts, part_densities(at, parts, by=by), strict=True):
        some = units(design, answered(design, part), by=by)
        elpd = np.where(some, logsumexp(log_weight + density, axis=0), np.nan)
        scores.append(PartScore(part.stage, part.name, elpd, np.where(some, found.k, np.nan)))
    return Score(found, tuple(scores))


def _exponents(model: JourneyModel, design: Design, by: By) -> Floats | None:
    """What the likelihood of each unit was raised to; of a respondent, the average journey's."""
    each = design.exponents(model)
    if each is None or by == "journey":
        return each
    count = np.bincount(design.respondent)
    return np.asarray(np.add.reduceat(each, starts(design)) / count)


def units(design: Design, some: NDArray[np.bool_], *, by: By) -> NDArray[np.bool_]:
    """Units of which any journey is marked."""
    if by == "journey":
        return some
    return np.asarray(np.logical_or.reduceat(some, starts(design)))


def starts(design: Design) -> NDArray[np.intp]:
    """First journey of each respondent; journeys are sorted by respondent."""
    return np.searchsorted(design.respondent, np.arange(design.n_respondents))


def respondent_log_likelihood(at: State) -> Floats:
    """Log density of all answers of every respondent, effects and residuals integrated out.

    Parameters
    ----------
    at : State

    Returns
    -------
    array, shape (S, I)
    """
    design, known = at.design, at.known
    if at.person is None:
        each = given_residuals(design, known, at.eta, at.residual)
        return np.asarray(np.add.reduceat(each, starts(design), axis=1))
    return loo_panel.of_respondents(design, known, at.eta, at.person, at.residual)


def part_densities(at: State, parts: tuple[Part, ...], *, by: By) -> Iterator[Floats]:
    """Log density of each outcome alone, at every draw.

    Parameters
    ----------
    at : State
    parts : tuple of Part
    by : {"journey", "respondent"}

    Yields
    ------
    array, shape (S, U)
        In panels by journey: given everything the respondent answered in other journeys.
    """
    if at.person is not None and by == "journey":
        yield from _given_others(at, parts)
        return
    full = with_relationship(at.known, at.eta)
    for part in parts:
        if at.person is not None:
            yield loo_panel.integrated(at.design, _respondent_nodes(at, full, part))
            continue
        nodes = residual_nodes(at.known, part, at.residual, at.design.n_journeys)
        each = part_log_likelihood(at.design, at.known, full, part, nodes)
        yield each if by == "journey" else np.add.reduceat(each, starts(at.design), axis=1)


def _respondent_nodes(at: State, full: Floats, part: Part) -> Iterator[tuple[Floats, Floats]]:
    """Nodes over what respondent effects together do to one outcome's predictors.

    The effects on the outcome's rows and, for a behaviour, on the constructs that reach it:
    normal with a covariance of its own at each draw.
    """
    assert at.person is not None
    design, known, rows = at.design, at.known, list(part.rows)
    sd, person = known.person_sd, at.person[:, rows]
    factor = np.einsum("sr,rk->srk", sd[:, rows], np.eye(len(rows)))
    if part.stage == "behaviour" and known.relationship.size:
        through = reach(known, part)
        factor = np.concatenate([factor, through * sd[:, None, known.relationship]], axis=2)
        # Draws of the layout may be others than those of the parameters: their mean reaches.
        pulled = np.einsum("rc,sci->sri", through.mean(axis=0), at.person[:, known.relationship])
        person = person + pulled
    inner = residual_nodes(known, part, at.residual, design.n_journeys)
    for value, log_mass in conditional_nodes(person.transpose(0, 2, 1), square(factor)):
        moved = full.copy()
        moved[:, :, rows] += value[:, design.respondent]
        yield part_log_likelihood(design, known, moved, part, inner), log_mass


def _given_others(at: State, parts: tuple[Part, ...]) -> Iterator[Floats]:
    """Log density of each outcome of each journey given the respondent's other journeys."""
    design, known = at.design, at.known
    assert at.person is not None
    found: dict[str, Floats] = {}
    for part in parts:
        if part.stage == "remembered":
            nodes = loo_panel.of_remembered(design, known, at.eta, at.person, part.rows[0])
            found[part.name] = loo_panel.left_out(design, nodes)
    shared = [part for part in parts if part.stage != "remembered"]
    if shared:
        found |= _shared_given_others(at, shared)
    yield from (found[part.name] for part in parts)


def _shared_given_others(at: State, parts: list[Part]) -> dict[str, Floats]:
    """Outcomes of relationship and behaviour, over the nodes of their respondent effects."""
    design, known = at.design, at.known
    assert at.person is not None
    inner = [residual_nodes(known, part, at.residual, design.n_journeys) for part in parts]
    top: dict[str, Floats] = {}
    without: Floats | None = None
    for eta, each, log_mass in loo_panel.of_bond(design, known, at.eta, at.person, at.residual):
        product = np.add.reduceat(each, starts(design), axis=1) + log_mass
        rest = product[:, design.respondent] - each
        without = rest if without is None else np.logaddexp(without, rest)
        full = with_relationship(known, eta)
        for part, nodes in zip(parts, inner, strict=True):
            own = rest + part_log_likelihood(design, known, full, part, nodes)
            name = part.name
            top[name] = own if name not in top else np.logaddexp(top[name], own)
    assert without is not None
    return {name: value - without for name, value in top.items()}

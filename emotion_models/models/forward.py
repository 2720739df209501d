"""The chain evaluated on posterior draws: memory, predictors and means of outcomes.

Draws lead (S), then journeys (J). The equations are those of `emotion_models.science`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from emotion_models.models.families import LIKELIHOODS
from emotion_models.science.equations import memory as memory_equation
from emotion_models.science.equations import outcomes as equation
from emotion_models.science.equations.ordinal import mean_category

if TYPE_CHECKING:
    import xarray as xr

    from emotion_models.models.design import Design
    from emotion_models.models.parameters import Parameters
    from emotion_models.models.spec import JourneyModel

Floats = NDArray[np.floating[Any]]


def remembered(model: JourneyModel, design: Design, known: Parameters) -> Floats:
    """Remembered intensity of every emotion under the observed ratings.

    Returns
    -------
    array, shape (S, J, E) or (S, J, E + T * E)
        Centred as in the fit; with the touchpoints' parts where effects differ by touchpoint.
    """
    answered = design.ratings.answered
    mean = memory_equation.salient_mean(known.salience, design.scores, answered)
    features = [mean if name == "mean" else design.features[name] for name in model.memory]
    estimated, n_steps = model.scoring != "linear", design.ratings.exists.shape[1]
    if estimated:
        features = [memory_equation.scored(known.step, feature, n_steps) for feature in features]
    kept: Floats = sum(
        share[..., None] * memory_equation.remembered(weight, tuple(features))
        for share, weight in by_segment(known)
    )
    kept = kept * memory_equation.faded(known.fading, design.waited)
    kept -= known.memory_centre[:, None, :]
    if not model.by_touchpoint:
        return kept
    score = (
        memory_equation.scored(known.step[:, None], design.scores, n_steps)
        if estimated
        else design.scores
    )
    places = memory_equation.placed(score, answered)
    return np.concatenate([kept, np.broadcast_to(places, (*kept.shape[:2], places.shape[-1]))], -1)


def by_segment(known: Parameters) -> list[tuple[Floats, Floats]]:
    """Share (S or 1, J) of each segment, and the memory weights (S, E, K) that hold there."""
    weight = known.memory_weight
    if weight.shape[1] == 1:
        return [(np.ones((1, 1), dtype=weight.dtype), weight[:, 0])]
    return [(known.membership[..., g], weight[:, g]) for g in range(weight.shape[1])]


def effect_groups(design: Design, known: Parameters) -> list[Floats]:
    """What effects differ by, each (S or 1, J) or (J,): segments, then moderators."""
    return [*np.moveaxis(known.membership, -1, 0), *design.moderators.T]


def arrays_of(people: xr.Dataset) -> dict[str, Floats]:
    """Draws of people as the arrays that the functions below take, in double precision."""
    return {str(name): people[name].to_numpy().astype(float) for name in people.data_vars}


def person_part(design: Design, known: Parameters, people: Mapping[str, Floats]) -> Floats:
    """Respondent effects and construct residuals of every row.

    Parameters
    ----------
    design : Design
    known : Parameters
    people : mapping of str to array
        ``person`` (S, R, I) in the unit of the predictors and ``bond_residual`` (S, J, C),
        standardised; either may be absent.

    Returns
    -------
    array, shape (S, J, R)
    """
    part = np.zeros((known.n_draws, design.n_journeys, len(design.rows)))
    if "person" in people:
        part += np.swapaxes(people["person"], 1, 2)[:, design.respondent]
    if "bond_residual" in people:
        residual = people["bond_residual"] @ np.swapaxes(known.bond_factor, -1, -2)
        part[:, :, known.relationship] += residual
    return part


def own_predictor(design: Design, known: Parameters, memory: Floats, person: Floats) -> Floats:
    """Predictors of all rows before the relationship reaches behaviour.

    Returns
    -------
    array, shape (S, J, R)
    """
    pulled = equation.pull(memory, known.effect, effect_groups(design, known))
    eta: Floats = equation.predictor(
        pulled, design.controls, known.control_effect, person, known.intercept[:, None, :]
    )
    return eta


def with_relationship(known: Parameters, eta: Floats, bond: Floats | None = None) -> Floats:
    """Add the pull of the relationship to the behaviour rows.

    Parameters
    ----------
    known : Parameters
    eta : array, shape (S, J, R)
        From `own_predictor`.
    bond : array, shape (S, J, C), optional
        The constructs, if not those in `eta`.

    Returns
    -------
    array, shape (S, J, R)
    """
    if not (known.relationship.size and known.behaviour.size):
        return eta
    bond = eta[:, :, known.relationship] if bond is None else bond
    full = eta.copy()
    full[:, :, known.behaviour] += bond @ known.bond_effect
    return full


def predictors(
    model: JourneyModel, design: Design, known: Parameters, people: Mapping[str, Floats]
) -> Floats:
    """Predictors of all rows of the observed journeys, the relationship's pull included.

    Parameters
    ----------
    model : JourneyModel
    design : Design
    known : Parameters
    people : mapping of str to array
        ``person`` and ``bond_residual`` at the same draws, see `person_part`.

    Returns
    -------
    array, shape (S, J, R)
    """
    memory = remembered(model, design, known)
    own = own_predictor(design, known, memory, person_part(design, known, people))
    return with_relationship(known, own)


def outcome_mean(
    design: Design, known: Parameters, predictor: Callable[[int], Floats], outcome: str
) -> Floats:
    """Expected answer of an outcome on its response scale.

    Ordinal: expected category counted from 0; a construct: the mean over its items; otherwise
    the product of the means of its rows, e.g. probability of any times expected amount.

    Parameters
    ----------
    design : Design
    known : Parameters
    predictor : callable
        Gives the linear predictor (S, J) of a row, the relationship's pull included.
    outcome : str
        Name in the codebook.

    Returns
    -------
    array, shape (S, J)
    """
    means = [
        row_mean(design, known, predictor(index), index)
        for index, row in enumerate(design.rows)
        if row.outcome == outcome
    ]
    return functools.reduce(np.multiply, means)


def row_mean(design: Design, known: Parameters, predictor: Floats, row: int) -> Floats:
    """Expected answer to a row on its response scale, by the table of families.

    Parameters
    ----------
    design : Design
    known : Parameters
    predictor : array, shape (S, J)
    row : int

    Returns
    -------
    array, shape (S, J)
    """
    kind = design.rows[row].likelihood
    if kind == "ordinal":
        return _item_mean(design, known, predictor, row)
    found = design.items.others[kind]
    column = int(np.flatnonzero(found.row == row)[0])
    likelihood = LIKELIHOODS[kind].over(found.within[column])
    mean: Floats = likelihood.mean(predictor, *known.shapes_of(kind, column))
    unit = float(found.unit[column])
    return mean if unit == 1 else unit * mean


def _item_mean(design: Design, known: Parameters, predictor: Floats, row: int) -> Floats:
    """Mean over the ordinal items of a row of the expected category."""
    items = np.flatnonzero(design.items.ordinal_row == row)
    total = np.zeros_like(predictor)
    for item in items:
        kappa = known.cutpoint[:, item, design.items.exists[item]]
        total += mean_category(known.item_predictor(design, int(item), predictor), kappa)
    total /= len(items)
    return total

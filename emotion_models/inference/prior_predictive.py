"""Prior predictive checks: what the priors alone expect of each outcome.

A weak prior may expect much or little of an outcome, but should not put most of its mass on
studies in which everybody gives the same answer, or in which numbers differ without measure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from emotion_models.inference.checks import Check, judge
from emotion_models.models.families import LIKELIHOODS
from emotion_models.models.forward import (
    own_predictor,
    remembered,
    row_mean,
    with_relationship,
)
from emotion_models.models.prior_draws import draw, prior_parameters
from emotion_models.models.prior_ratings import rating_predictor, recall_predictor
from emotion_models.models.some_journeys import some_journeys, spread_out
from emotion_models.science.equations import ordinal

if TYPE_CHECKING:
    from emotion_models.inference.result import Fit
    from emotion_models.models.design import Design
    from emotion_models.models.parameters import Parameters

Floats = NDArray[np.float64]
DRAWS: Final = 200
JOURNEYS: Final = 100
"""Journeys whose ratings are drawn: enough for a share."""
OUTCOMES: Final = 2000
"""Journeys whose outcomes are drawn at most."""
NEARLY_ALL: Final = 0.95
FACTOR: Final = 1000.0
"""Between the quarters of journeys with the lowest and the highest means of a number."""
LOGARITHMIC: Final = frozenset({"count", "amount"})
"""Likelihoods whose predictor is the logarithm of a mean."""
PASSES: Final = 0.2
FAILS: Final = 0.8


def prior_predictive(fit: Fit) -> list[Check]:
    """Check the priors of every stage of a model.

    Parameters
    ----------
    fit : Fit

    Returns
    -------
    list of Check
        One per stage that the model has and of which something can be judged: elicitation,
        recall, remembered, relationship, behaviour. Figure: for the worst item of the stage,
        the share of prior draws in which nearly all answers are the same, or numbers are out of
        this world.
    """
    rng = np.random.default_rng(fit.seed)
    found: dict[str, list[float]] = {}
    # Under absurd priors probabilities of 0 and 1 are what the check is about.
    with np.errstate(divide="ignore", over="ignore"):
        if fit.model.elicitation:
            found["elicitation"] = _ratings(fit, rng)
        if fit.model.recall:
            found["recall"] = _recall(fit, rng)
        if fit.model.outcomes:
            found |= _outcomes(fit, rng)
    # A `number` is measured in its own spread and may be anything: alone it is not judged.
    return [_judged(stage, shares) for stage, shares in found.items() if shares]


def _judged(stage: str, shares: list[float]) -> Check:
    return judge(
        f"prior predictive: {stage}",
        max(shares),
        passes=PASSES,
        fails=FAILS,
        about=f"share of prior draws in which {NEARLY_ALL:.0%} of answers are one category, or "
        f"the middle half of a number's means spans more than {FACTOR:,.0f}-fold",
        advice="the priors expect what no survey shows; check scales and lever steps in the "
        "codebook, and priors that were set by hand",
    )


def _outcomes(fit: Fit, rng: np.random.Generator) -> dict[str, list[float]]:
    """Share of absurd prior draws of every item, by stage."""
    design = _of_some(fit.design)
    items = design.items
    known = prior_parameters(fit.model, design, rng, DRAWS)
    memory = remembered(fit.model, design, known)
    memory -= memory.mean(axis=1, keepdims=True)
    eta = with_relationship(
        known, own_predictor(design, known, memory, _new_people(rng, design, known))
    )
    found: dict[str, list[float]] = {row.stage: [] for row in design.rows}
    for q, row in enumerate(items.ordinal_row):
        predictor = known.item_predictor(design, q, eta[:, :, row])
        kappa = known.cutpoint[:, q, items.exists[q]]
        p = ordinal.category_probabilities(predictor, kappa).mean(axis=1)
        found[design.rows[row].stage].append(_one_category(p))
    for kind, others in items.others.items():
        for column, index in enumerate(others.row):
            value = eta[:, :, index]
            if LIKELIHOODS[kind].probability:
                p = row_mean(design, known, value, index).mean(axis=1)
                share = _one_category(np.stack([p, 1 - p], axis=-1))
            elif kind in LOGARITHMIC:
                share = _out_of_this_world(value - others.level[column])
            else:
                continue
            found[design.rows[index].stage].append(share)
    return found


def _of_some(design: Design) -> Design:
    """Design of as many journeys as tell what priors expect; of panels all."""
    return some_journeys(design, spread_out(design, OUTCOMES))


def _new_people(rng: np.random.Generator, design: Design, known: Parameters) -> Floats:
    """Residuals and respondent effects of people nobody has met."""
    part = np.zeros((DRAWS, design.n_journeys, len(design.rows)))
    residual = rng.normal(size=(DRAWS, design.n_journeys, len(known.relationship)))
    part[:, :, known.relationship] = residual @ np.swapaxes(known.bond_factor, -1, -2)
    person = rng.normal(size=(DRAWS, design.n_respondents, len(design.rows)))
    return part + (person * known.person_sd[:, None])[:, design.respondent]


def _ratings(fit: Fit, rng: np.random.Generator) -> list[float]:
    """The same for the ratings of every emotion, over touchpoints."""
    design, exists = fit.design, fit.design.ratings.exists
    eta = rating_predictor(fit.model, design, rng, DRAWS, _some_journeys(fit))
    eta = eta.swapaxes(1, 2).reshape((DRAWS, len(exists), -1))
    found = []
    for e, own in enumerate(exists):
        shape = (DRAWS, int(own.sum()) + 1)
        kappa = ordinal.cutpoints(draw(rng, "rating_probability", shape, fit.model.prior_table))
        found.append(_one_category(ordinal.category_probabilities(eta[:, e], kappa).mean(axis=1)))
    return found


def _recall(fit: Fit, rng: np.random.Generator) -> list[float]:
    """The same for recall, over touchpoints; vividness has cutpoints."""
    design = fit.design
    eta = recall_predictor(fit.model, design, rng, DRAWS, _some_journeys(fit))
    eta = eta.reshape((DRAWS, -1))
    if design.recall_categories == 2:
        kappa = np.zeros((DRAWS, 1))
    else:
        shape = (DRAWS, design.recall_categories)
        kappa = ordinal.cutpoints(draw(rng, "answer_probability", shape, fit.model.prior_table))
    return [_one_category(ordinal.category_probabilities(eta, kappa).mean(axis=1))]


def _some_journeys(fit: Fit) -> NDArray[np.int64]:
    n_journeys = fit.design.n_journeys
    return np.unique(np.linspace(0, n_journeys - 1, JOURNEYS).round().astype(np.int64))


def _one_category(probability: Floats) -> float:
    """Share of draws in which nearly all answers are in one category."""
    return float((probability.max(axis=-1) > NEARLY_ALL).mean())


def _out_of_this_world(eta: Floats) -> float:
    """Share of draws in which means of journeys differ too much, or from the observed level."""
    low, middle, high = np.quantile(eta, [0.25, 0.5, 0.75], axis=1)
    most = np.log(FACTOR)
    return float(((high - low > most) | (np.abs(middle) > most)).mean())

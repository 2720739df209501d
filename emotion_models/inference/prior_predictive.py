"""Prior predictive checks: what the priors alone expect of each outcome.

A weak prior may expect much or little of an outcome, but should not put most of its mass on
studies in which everybody gives the same answer.
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
from emotion_models.science.equations import ordinal

if TYPE_CHECKING:
    from emotion_models.inference.result import Fit
    from emotion_models.models.parameters import Parameters

Floats = NDArray[np.float64]
DRAWS: Final = 200
NEARLY_ALL: Final = 0.95
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
        Figure: the share of prior draws in which nearly all answers to one item are the same,
        for the worst item of the stage.
    """
    rng = np.random.default_rng(fit.seed)
    checks = []
    if fit.model.elicitation:
        checks.append(_judged("elicitation", _rating_shares(fit, rng)))
    if fit.model.recall:
        checks.append(_judged("recall", _recall_shares(fit, rng)))
    if fit.model.outcomes:
        checks.append(_judged("outcomes", _outcome_shares(fit, rng)))
    return checks


def _judged(stage: str, uniform: Floats) -> Check:
    return judge(
        f"prior predictive: {stage}",
        float(np.max(uniform)) if uniform.size else float("nan"),
        passes=PASSES,
        fails=FAILS,
        about=f"share of prior draws in which {NEARLY_ALL:.0%} of answers are one category",
        advice="the priors expect people to agree; check scales and lever steps in the codebook",
    )


def _outcome_shares(fit: Fit, rng: np.random.Generator) -> Floats:
    """Share of prior draws with a degenerate answer distribution, per item."""
    design, items = fit.design, fit.design.items
    known = prior_parameters(fit.model, design, rng, DRAWS)
    memory = remembered(fit.model, design, known)
    memory -= memory.mean(axis=1, keepdims=True)
    eta = with_relationship(
        known, own_predictor(design, known, memory, _new_people(rng, fit, known))
    )
    found = []
    for q, row in enumerate(items.ordinal_row):
        predictor = known.item_predictor(design, q, eta[:, :, row])
        kappa = known.cutpoint[:, q, items.exists[q]]
        found.append(_largest(ordinal.category_probabilities(predictor, kappa).mean(axis=1)))
    for index, row in enumerate(design.rows):
        if LIKELIHOODS[row.likelihood].probability:
            p = row_mean(design, known, eta[:, :, index], index).mean(axis=1)
            found.append(_largest(np.stack([p, 1 - p], axis=-1)))
    return np.array(found)


def _new_people(rng: np.random.Generator, fit: Fit, known: Parameters) -> Floats:
    """Residuals and respondent effects of people nobody has met."""
    design = fit.design
    part = np.zeros((DRAWS, design.n_journeys, len(design.rows)))
    residual = rng.normal(size=(DRAWS, design.n_journeys, len(known.relationship)))
    part[:, :, known.relationship] = residual @ np.swapaxes(known.bond_factor, -1, -2)
    person = rng.normal(size=(DRAWS, design.n_respondents, len(design.rows)))
    return part + (person * known.person_sd[:, None])[:, design.respondent]


def _rating_shares(fit: Fit, rng: np.random.Generator) -> Floats:
    """The same for ratings of an average touchpoint."""
    design = fit.design
    sd = [draw(rng, name, (DRAWS,)) for name in ("style_sd", "mood_sd", "affect_loading")]
    eta = sum(scale[:, None] * rng.normal(size=(DRAWS, 400)) for scale in sd)
    eta = eta + rng.normal(0, 1, (DRAWS, 1))  # touchpoint
    found = []
    for length in np.unique(design.ratings.exists.sum(axis=1)) + 1:
        kappa = ordinal.cutpoints(draw(rng, "rating_probability", (DRAWS, int(length))))
        found.append(_largest(ordinal.category_probabilities(eta, kappa).mean(axis=1)))
    return np.array(found)


def _recall_shares(fit: Fit, rng: np.random.Generator) -> Floats:
    level = draw(rng, "recall_base", (DRAWS, 1))
    spread = draw(rng, "recall_sd", (DRAWS, 1)) * rng.normal(size=(DRAWS, 400))
    p = (1 / (1 + np.exp(-level - spread))).mean(axis=1)
    return np.array([_largest(np.stack([p, 1 - p], axis=-1))])


def _largest(probability: Floats) -> float:
    return float((probability.max(axis=-1) > NEARLY_ALL).mean())

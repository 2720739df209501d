"""`priorities`: importance against performance of every emotion at every touchpoint."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from emotion_models.decisions.asked import check_decision
from emotion_models.decisions.journeys import worth_of
from emotion_models.decisions.priority_map import Priorities
from emotion_models.decisions.valuation import Valuation, valuation
from emotion_models.effects.paths import raised
from emotion_models.errors import InputProblems, Problem, did_you_mean
from emotion_models.inference.bootstrap import bootstrap_weights
from emotion_models.inference.customer_value import customer_value
from emotion_models.inference.estimands import WEIGHTS, Weight, claim
from emotion_models.simulation.block import blocks
from emotion_models.small_groups import THRESHOLD

if TYPE_CHECKING:
    from emotion_models.inference import Fit
    from emotion_models.survey import Codebook

Floats = NDArray[np.floating[Any]]
DRAWS: Final = 400
UNPLACED: Final = 0.05
"""Valence nearer to 0 than this does not say which side of an emotion is good."""


def priorities(
    fit: Fit,
    on: str,
    *,
    weight: Weight = "survey",
    codebook: Codebook | None = None,
    draws: int = DRAWS,
) -> Priorities:
    """Place every emotion at every touchpoint by how much it matters and how well it is met.

    Importance is what one scale point in the good direction there goes with, on average over all
    journeys: that of one point more, turned for unpleasant emotions. Performance is the mean
    rating there on 0..1, turned for unpleasant emotions, so that high is good. Both are averaged
    with the same Bayesian bootstrap of respondents in each posterior draw, so that their joint
    uncertainty is that of the posterior and of who answered.

    Parameters
    ----------
    fit : Fit
    on : str
        An outcome, or ``"value"`` for everything that has a value in the codebook.
    weight : {"survey", "value"}
        Whether journeys count by their survey weight, or also by what the customer is worth.
    codebook : Codebook, optional
        Whose values to take; default: that of the fit.
    draws : int
        Posterior draws to use at most.

    Returns
    -------
    Priorities
        Without what fewer than 10 people rated, and without emotions of unknown valence.

    Raises
    ------
    InputProblems
        If there is no such outcome, or customer value is asked for and not known.
    """
    check_decision("priorities", fit, draws)
    if weight not in WEIGHTS:
        problem = Problem(f"weight '{weight}'", "unknown", did_you_mean(weight, WEIGHTS))
        raise InputProblems("priorities", [problem])
    money = valuation(fit, on, codebook)
    places = _places(fit)
    if len(places) < 2:
        fix = f"each needs {THRESHOLD} people, and its emotion a valence in the codebook"
        raise InputProblems("priorities", [Problem("ratings", "too few to be shown", fix)])
    parts = fit.completed or (fit,)
    most = -(-draws // len(parts))
    found = [_draws(part, money, places, weight, most) for part in parts]
    importance, performance = (np.concatenate(each) for each in zip(*found, strict=True))
    emotions, touchpoints = fit.design.emotions, fit.design.touchpoints
    left_out = [e for e, x in zip(emotions, fit.design.valence, strict=True) if not _placed(x)]
    return Priorities(
        touchpoints=tuple(touchpoints[t] for t, _ in places),
        emotions=tuple(emotions[e] for _, e in places),
        valence=tuple(float(fit.design.valence[e]) for _, e in places),
        importance=importance,
        performance=performance,
        on=on,
        unit=money.unit,
        left_out=tuple(left_out),
        claim=claim(fit, None, on if on in money.outcomes else None),
        caution=fit.caution,
    )


def _placed(valence: float) -> bool:
    return bool(np.isfinite(valence) and abs(valence) >= UNPLACED)


def _places(fit: Fit) -> list[tuple[int, int]]:
    """(touchpoint, emotion) rated by enough people, of emotions with a good side."""
    design = fit.design
    return [
        (t, e)
        for t in range(len(design.touchpoints))
        for e in range(len(design.emotions))
        if _placed(design.valence[e])
        and np.unique(design.respondent[design.ratings.rated[t, :, e]]).size >= THRESHOLD
    ]


def _draws(
    fit: Fit, money: Valuation, places: list[tuple[int, int]], weight: Weight, most: int
) -> tuple[Floats, Floats]:
    """Draws (S, place) of importance and performance."""
    design = fit.design
    share = _weights(fit, money, weight, most)
    importance, performance = np.zeros((2, len(share), len(places)))
    for block in blocks(fit, most):
        own = share[:, block.which]
        before = worth_of(block, money)
        for p, (t, e) in enumerate(places):
            felt = block.memory.after({e: raised(block.memory, e, design.touchpoints[t])})
            shift = block.response.shift(block.response.total, felt)
            moved = worth_of(block, money, shift) - before
            importance[:, p] += np.einsum("sj,sj->s", moved, own)
    for p, (t, e) in enumerate(places):
        good = np.sign(design.valence[e])
        importance[:, p] *= good * money.sign
        known = design.ratings.rated[t, :, e]
        here = share[:, known]
        level = here @ design.ratings.score[t, known, e] / here.sum(axis=1)
        performance[:, p] = level if good > 0 else 1 - level
    return importance, performance


def _weights(fit: Fit, money: Valuation, weight: Weight, most: int) -> Floats:
    """Weights (S, J) of a Bayesian bootstrap, one for every posterior draw."""
    design = fit.design
    n_draws = fit.parameters(most).n_draws
    share = bootstrap_weights(design, np.random.default_rng([fit.seed, 5]), n_draws)
    if weight == "value":
        share = share * np.nan_to_num(customer_value(fit))
    return np.stack([money.known_only(own / own.sum()) for own in share])

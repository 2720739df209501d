"""From a plan to changed ratings, memory and outcomes, draw by draw.

Counterfactuals of the people in the survey: the latent noise behind each rating is drawn given
the answer (abduction), the levers move the latent intensity, and the same noise gives the new
answer. Noise is fixed by the fit's seed, so that runs are paired and no change is exactly no
difference.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from emotion_models.inference.elicited import lever_effects, rating_predictor_at
from emotion_models.models.response import Response, respond
from emotion_models.science.equations.outcomes import pull

if TYPE_CHECKING:
    from emotion_models.inference import Fit
    from emotion_models.simulation.plan import Plan

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Baseline:
    """Everything about the observed journeys that every simulation needs again.

    Parameters
    ----------
    response : Response
    weight_sum : array, shape (S, J, E)
        Salience summed over answered touchpoints: the denominator of the mean.
    last, first : int array, shape (J, E)
        Touchpoint that is the end and the beginning of each emotion's ratings.
    means : dict of outcome to array, shape (S, J)
    """

    response: Response
    weight_sum: Floats
    last: NDArray[np.int64]
    first: NDArray[np.int64]
    means: dict[str, NDArray[np.float64]]


def baseline(fit: Fit, most: int, outcomes: tuple[str, ...]) -> Baseline:
    """Evaluate the observed journeys once per fit."""
    key = ("baseline", most, outcomes)
    if key not in fit.memory:
        people = fit.draws(most)[1]
        groups = {name: people[name].to_numpy().astype(float) for name in people.data_vars}
        response = respond(fit.model, fit.design, fit.parameters(most), groups)
        ratings = fit.design.ratings
        answered = ratings.answered > 0
        rank = np.where(answered, ratings.position[:, :, None], -1)
        early = np.where(answered, rank, np.iinfo(rank.dtype).max)
        weight_sum = np.tensordot(response.known.salience, ratings.answered, 1)
        fit.memory[key] = Baseline(
            response,
            weight_sum.astype(np.float32),
            rank.argmax(axis=0),
            early.argmin(axis=0),
            {outcome: response.observed(outcome) for outcome in outcomes},
        )
    found: Baseline = fit.memory[key]
    return found


def changed_ratings(fit: Fit, plan: Plan, most: int) -> dict[int, NDArray[np.int8]]:
    """Categories (S, J, E) after the change at every changed touchpoint; -1 without an answer."""
    ratings = fit.design.ratings
    n_draws = fit.draws(most)[0].sizes["sample"]
    changed = {}
    for t in plan.touchpoints:
        observed = ratings.category[t]
        after = np.broadcast_to(observed, (n_draws, *observed.shape))
        if t in plan.exposure and plan.exposure[t].any():
            after = _moved_by_levers(fit, plan.exposure[t], t, most)
        for move in plan.emotions.get(t, []):
            after = after.copy()
            one = after[:, :, move.emotion]
            moved = one + move.by if move.to is None else np.full(one.shape, move.to)
            top = ratings.exists[move.emotion].sum()
            after[:, :, move.emotion] = np.clip(np.round(moved), 0, top).astype(np.int8)
        changed[t] = np.where(observed >= 0, after, -1).astype(np.int8)
    return changed


def _moved_by_levers(
    fit: Fit, exposure: NDArray[np.float64], t: int, most: int
) -> NDArray[np.int8]:
    """Ratings of a touchpoint after its levers moved."""
    latent, kappa = _latent(fit, t, most)
    effect = lever_effects(fit, most)[:, t].astype(np.float32)
    columns = np.flatnonzero(exposure.any(axis=0))
    shift = exposure[:, columns].astype(np.float32) @ effect[:, columns]
    moved = latent + shift
    after = np.zeros(moved.shape, dtype=np.int8)
    exists = fit.design.ratings.exists
    for k in range(exists.shape[1]):
        after += (moved > kappa[:, None, :, k]) & exists[:, k]
    return np.where(shift == 0, fit.design.ratings.category[t], after)


def _latent(fit: Fit, t: int, most: int) -> tuple[Floats, Floats]:
    """Latent intensity given the answer, (S, J, E), kept for the next question."""
    key = ("latent", t, most)
    if key not in fit.memory:
        eta, kappa = rating_predictor_at(fit, t, most)
        rng = np.random.default_rng([fit.seed, t])
        fit.memory[key] = abduct(rng, fit.design.ratings.category[t], eta, kappa), kappa
    found: tuple[Floats, Floats] = fit.memory[key]
    return found


def abduct(
    rng: np.random.Generator, category: NDArray[np.int8], eta: Floats, kappa: Floats
) -> Floats:
    """Draw the latent intensity behind every answer: logistic around eta, between its cutpoints.

    Parameters
    ----------
    rng : Generator
    category : int array, shape (J, E)
        -1 where there is no answer: anything is possible.
    eta : array, shape (S, J, E)
    kappa : array, shape (S, E, cuts)

    Returns
    -------
    array, shape (S, J, E)
    """
    open_end = np.full((*kappa.shape[:2], 1), np.inf, dtype=kappa.dtype)
    padded = np.concatenate([-open_end, kappa, open_end], axis=2)
    emotion = np.arange(category.shape[1])
    lower = padded[:, emotion, np.maximum(category, 0)]
    upper = padded[:, emotion, np.maximum(category, 0) + 1]
    unknown = category < 0
    with np.errstate(over="ignore"):
        below = np.where(unknown, 0, 1 / (1 + np.exp(eta - lower)))
        above = np.where(unknown, 1, 1 / (1 + np.exp(eta - upper)))
    uniform = rng.random(eta.shape, dtype=np.float32)
    p = np.clip(below + uniform * (above - below), 1e-7, 1 - 1e-7)
    latent: Floats = (eta + np.log(p) - np.log1p(-p)).astype(np.float32)
    # Rounding must not push an answer over its own cutpoint.
    return np.where(unknown, latent, np.clip(latent, lower + 1e-5, upper - 1e-5))


def memory_change(
    fit: Fit, base: Baseline, changed: dict[int, NDArray[np.int8]]
) -> NDArray[np.float32]:
    """Change of remembered intensity, (S, J, E)."""
    ratings, model = fit.design.ratings, fit.model
    top = ratings.exists.sum(axis=1).astype(np.float32)
    n_draws = base.response.known.n_draws
    shape = (n_draws, *ratings.score.shape[1:])
    moved_mean = np.zeros(shape, dtype=np.float32)
    others = np.where(ratings.answered > 0, ratings.score, -np.inf)
    others[list(changed)] = -np.inf
    peak = np.broadcast_to(others.max(axis=0), shape).astype(np.float32)
    end = np.broadcast_to(fit.design.features["end"], shape).astype(np.float32)
    first = np.broadcast_to(fit.design.features["first"], shape).astype(np.float32)
    salience = base.response.known.salience.astype(np.float32)
    for t, category in changed.items():
        observed = ratings.score[t].astype(np.float32)
        answered = category >= 0
        score = np.where(answered, category / top, observed)
        moved_mean += salience[:, t, None, None] * (score - observed)
        peak = np.maximum(peak, np.where(ratings.answered[t] > 0, score, -np.inf))
        end = np.where(base.last == t, score, end)
        first = np.where(base.first == t, score, first)
    features = {
        "mean": moved_mean / base.weight_sum,
        "peak": peak - fit.design.features["peak"],
        "end": end - fit.design.features["end"],
        "first": first - fit.design.features["first"],
    }
    weight = base.response.known.memory_weight.astype(np.float32)
    total = np.zeros(shape, dtype=np.float32)
    for k, name in enumerate(model.memory):
        total += weight[:, None, :, k] * features[name].astype(np.float32)
    return total


def changed_outcomes(
    base: Baseline, memory: NDArray[np.float32], outcomes: tuple[str, ...]
) -> dict[str, NDArray[np.float64]]:
    """Expected outcomes (S, J) after the change of memory."""
    response = base.response
    shift = pull(memory, response.total.astype(np.float32), response.design.membership)
    eta = response.eta
    return {
        outcome: response.mean(outcome, lambda row: eta[:, :, row] + shift[:, :, row])
        for outcome in outcomes
    }

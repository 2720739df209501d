"""From a plan to changed ratings, memory and outcomes, draw by draw.

Counterfactuals of the people in the survey: the latent noise behind each rating is drawn given
the answer (abduction), the levers move the latent intensity, and the same noise gives the new
answer. Noise is fixed by the fit's seed, so that runs are paired and no change is exactly no
difference. Only emotions and touchpoints that change are worked on, in single precision.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from emotion_models.inference.elicited import item_loadings, lever_effects, rating_predictor_at
from emotion_models.inference.estimands import averaged, averages
from emotion_models.models.changes_of_memory import MemoryChange
from emotion_models.models.response import Response, outcomes_of
from emotion_models.science.equations.elicitation import for_groups

if TYPE_CHECKING:
    from emotion_models.inference import Fit
    from emotion_models.models.ratings import Ratings
    from emotion_models.simulation.plan import EmotionMove, Plan

Floats = NDArray[np.float32]
Moved = dict[tuple[int, int], NDArray[Any]]
"""Answers after the change by (touchpoint, rating item), shape (S, J) or (1, J): categories, of
sliders positions on 0..1; -1 unanswered. An emotion without items of its own is one item."""


@dataclass(frozen=True)
class Baseline:
    """Everything about the observed journeys that every simulation needs again.

    Parameters
    ----------
    response : Response
    memory : MemoryChange
    over : dict of str to array, shape (J,)
        Weights of every average over journeys.
    before : array, shape (outcome, average, S)
    """

    response: Response
    memory: MemoryChange
    over: dict[str, NDArray[np.float64]]
    before: NDArray[np.float64]


def baseline(fit: Fit, most: int) -> Baseline:
    """Evaluate the observed journeys once per fit."""
    key = ("baseline", most)
    if key not in fit.cache:
        response = fit.response(most).in_single()
        memory = MemoryChange.for_design(fit.model, fit.design, response.known)
        over = averages(fit, by_segment=True)
        fit.cache[key] = Baseline(response, memory, over, _outcomes(response, over))
    found: Baseline = fit.cache[key]
    return found


def outcomes_after(base: Baseline, felt: dict[int, Floats]) -> NDArray[np.float64]:
    """Averaged outcomes when what is remembered changes.

    Parameters
    ----------
    base : Baseline
    felt : dict of emotion to array, shape (S, J)

    Returns
    -------
    array, shape (outcome, average, S)
    """
    if not felt:
        return base.before
    response = base.response
    return _outcomes(response, base.over, response.shift(response.total, felt))


def _outcomes(
    response: Response, over: dict[str, NDArray[np.float64]], shift: Any = None
) -> NDArray[np.float64]:
    names, weights = outcomes_of(response.design), list(over.values())
    return np.stack([averaged(response.mean(name, shift), weights) for name in names])


def changed_ratings(fit: Fit, plan: Plan, most: int) -> Moved:
    """Answers after the change, to every rating item at every touchpoint where it may change.

    Parameters
    ----------
    fit : Fit
    plan : Plan
    most : int
        Draws to use at most.

    Returns
    -------
    Moved
    """
    ratings = fit.design.ratings
    moved: Moved = {}
    for t, exposure in plan.exposure.items():
        if exposure.any():
            moved |= _moved_by_levers(fit, exposure, t, most)
    for t, moves in plan.emotions.items():
        for move in moves:
            for q in np.flatnonzero(ratings.emotion == move.emotion).tolist():
                before = moved.get((t, q), _given(ratings, t, q))
                moved[t, q] = _set(ratings, q, before, move)
    return moved


def _given(ratings: Ratings, t: int, item: int) -> NDArray[Any]:
    """Answers to an item as they were, (1, J): categories, or where a slider stood."""
    if not ratings.slider[item]:
        return ratings.category[None, t, :, item]
    stood = np.where(ratings.category[t, :, item] >= 0, ratings.item_score[t, :, item], -1)
    return stood[None].astype(np.float32)


def _set(ratings: Ratings, item: int, before: NDArray[Any], move: EmotionMove) -> NDArray[Any]:
    """Answers to an item set to a value or moved by points; categories to the nearest one."""
    top = 1 if ratings.slider[item] else int(ratings.exists[item].sum())
    wanted = np.asarray(before + move.by * (top / move.points))
    if move.to is not None:
        wanted = np.full(before.shape, move.to * top)
    after = np.clip(wanted if ratings.slider[item] else np.round(wanted), 0, top)
    return np.where(before >= 0, after.astype(before.dtype), before)


def _moved_by_levers(fit: Fit, exposure: NDArray[np.float64], t: int, most: int) -> Moved:
    """Answers at a touchpoint after its levers moved; a slider moves by whole categories."""
    latent, kappa = _latent(fit, t, most)
    ratings, loading = fit.design.ratings, item_loadings(fit, most)
    exposure = for_groups(exposure, fit.design.lever_groups)
    columns = np.flatnonzero(exposure.any(axis=0))
    effect = lever_effects(fit, most)[:, t, columns].astype(np.float32)
    step = np.ascontiguousarray(exposure[:, columns].T, dtype=np.float32)
    stays = ~exposure.any(axis=1) | (ratings.category[t] < 0).T
    moved: Moved = {}
    for q, e in enumerate(ratings.emotion):
        level = (loading[:, q, None] * effect[:, :, e]) @ step
        level += latent[:, q]
        after = np.zeros(level.shape, dtype=np.int8)
        for k in np.flatnonzero(ratings.exists[q]):
            after += level > kappa[:, q, k, None]
        np.copyto(after, ratings.category[t, :, q], where=stays[q])
        if ratings.slider[q]:
            shift = (after - ratings.category[t, :, q]) / np.float32(ratings.exists[q].sum())
            stood = _given(ratings, t, q)
            moved[t, q] = np.where(stood >= 0, np.clip(stood + shift, 0, 1), stood)
        else:
            moved[t, q] = after
    return moved


def _latent(fit: Fit, t: int, most: int) -> tuple[Floats, Floats]:
    """Latent intensity given the answer, (S, Q, J), kept for the next question."""
    key = ("latent", t, most)
    if key not in fit.cache:
        eta, kappa = rating_predictor_at(fit, t, most)
        rng = np.random.default_rng([fit.seed, t])
        latent = abduct(rng, fit.design.ratings.category[t], eta, kappa, fit.design.ratings.exists)
        fit.cache[key] = np.ascontiguousarray(np.swapaxes(latent, 1, 2)), kappa
    found: tuple[Floats, Floats] = fit.cache[key]
    return found


def abduct(
    rng: np.random.Generator,
    category: NDArray[np.int8],
    eta: Floats,
    kappa: Floats,
    exists: NDArray[np.bool_],
) -> Floats:
    """Draw the latent intensity behind every answer: logistic around eta, between its cutpoints.

    Parameters
    ----------
    rng : Generator
    category : int array, shape (J, Q)
        -1 where there is no answer: anything is possible.
    eta : array, shape (S, J, Q)
    kappa : array, shape (S, Q, cuts)
    exists : bool array, shape (Q, cuts)
        False where a cutpoint is padding.

    Returns
    -------
    array, shape (S, J, Q)
    """
    open_end = np.full((*kappa.shape[:2], 1), np.inf, dtype=kappa.dtype)
    padded = np.concatenate([-open_end, np.where(exists, kappa, np.inf), open_end], axis=2)
    item = np.arange(category.shape[1])
    lower = padded[:, item, np.maximum(category, 0)]
    upper = padded[:, item, np.maximum(category, 0) + 1]
    unknown = category < 0
    with np.errstate(over="ignore"):
        below = np.where(unknown, 0, 1 / (1 + np.exp(eta - lower)))
        above = np.where(unknown, 1, 1 / (1 + np.exp(eta - upper)))
    uniform = rng.random(eta.shape, dtype=np.float32)
    p = np.clip(below + uniform * (above - below), 1e-7, 1 - 1e-7)
    latent: Floats = (eta + np.log(p) - np.log1p(-p)).astype(np.float32)
    # Rounding must not push an answer over its own cutpoint.
    return np.where(unknown, latent, np.clip(latent, lower + 1e-5, upper - 1e-5))


def remembered_after(fit: Fit, base: Baseline, moved: Moved) -> dict[int, Floats]:
    """Change of everything remembered that changes.

    Parameters
    ----------
    fit : Fit
    base : Baseline
    moved : Moved

    Returns
    -------
    dict of int to array, shape (S, J)
        See `MemoryChange.after`.
    """
    scores: dict[int, dict[int, Floats]] = {}
    if not fit.design.ratings.by_category:
        for (t, e), position in positions_after(fit, moved).items():
            scores.setdefault(e, {})[t] = position
        return base.memory.after(scores)
    for (t, e), category in moved.items():
        scores.setdefault(e, {})[t] = base.memory.scoring.of(category, t, e)
    return base.memory.after(scores)


def positions_after(fit: Fit, moved: Moved) -> dict[tuple[int, int], Floats]:
    """Where emotions stand on their scale after their items moved, on 0..1.

    Parameters
    ----------
    fit : Fit
    moved : Moved

    Returns
    -------
    dict of (touchpoint, emotion) to array, shape (S, J) or (1, J)
        Means over the answered items (`composite`), taken as changes of the observed mean: where
        no item moved exactly that.
    """
    ratings = fit.design.ratings
    count = (ratings.category >= 0) @ ratings.members
    found: dict[tuple[int, int], Any] = {}
    for (t, q), after in moved.items():
        e, slider = int(ratings.emotion[q]), bool(ratings.slider[q])
        top = np.float32(1 if slider else ratings.exists[q].sum())
        moved_by = ((after - _given(ratings, t, q)) / top).astype(np.float32)
        change = np.where(after >= 0, moved_by, np.float32(0)).astype(np.float32)
        before = found.get((t, e), ratings.score[t, None, :, e].astype(np.float32))
        found[t, e] = before + change / np.maximum(count[t, :, e], 1).astype(np.float32)
    return found

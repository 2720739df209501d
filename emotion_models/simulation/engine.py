"""From a plan to changed ratings, memory and outcomes, draw by draw.

Counterfactuals of the people in the survey: the latent noise behind each rating is drawn given
the answer (abduction), the levers move the latent intensity, and the same noise gives the new
answer. Noise is fixed by the fit's seed, so that runs are paired and no change is exactly no
difference. Only emotions and touchpoints that change are worked on, in single precision.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from emotion_models.science.equations.elicitation import for_groups

if TYPE_CHECKING:
    from emotion_models.models.ratings import Ratings
    from emotion_models.simulation.block import Block
    from emotion_models.simulation.moments import EmotionMove, Moment
    from emotion_models.simulation.plan import Plan

Floats = NDArray[np.float32]
Moved = dict[tuple[int, int], NDArray[Any]]
"""Answers after the change by (moment, rating item), shape (S, J) or (1, J): categories, of
sliders positions on 0..1; -1 unanswered. An emotion without items of its own is one item."""


def changed_ratings(block: Block, plan: Plan) -> Moved:
    """Answers after the change, to every rating item at every moment where it may change.

    Parameters
    ----------
    block : Block
    plan : Plan
        For the journeys of the block.

    Returns
    -------
    Moved
    """
    ratings = block.journeys.design.ratings
    moved: Moved = {}
    for p, moment in enumerate(plan.journey):
        if p in plan.exposure or met_anew(block, moment).any():
            moved |= _moved_by_levers(block, plan, p)
    for p, moves in plan.emotions.items():
        source = plan.journey[p].source
        for move in moves if source >= 0 else ():
            for q in np.flatnonzero(ratings.emotion == move.emotion).tolist():
                before = moved.get((p, q), given(ratings, source, q))
                moved[p, q] = _set(ratings, q, before, move)
    return moved


def met_anew(block: Block, moment: Moment) -> NDArray[np.bool_]:
    """People (J,) at a moment whose like they never met: stage 1 says how they would answer.

    Parameters
    ----------
    block : Block
    moment : Moment

    Returns
    -------
    bool array, shape (J,)
    """
    if moment.source < 0 or not block.fit.model.elicitation:
        return np.zeros(moment.present.shape, dtype=bool)
    met = block.journeys.design.ratings.position[moment.source] >= 0
    anew: NDArray[np.bool_] = moment.present & ~met
    return anew


def given(ratings: Ratings, t: int, item: int) -> NDArray[Any]:
    """Answers to an item as they were.

    Parameters
    ----------
    ratings : Ratings
    t, item : int

    Returns
    -------
    array, shape (1, J)
        Categories, or where a slider stood; -1 unanswered.
    """
    if not ratings.slider[item]:
        return ratings.category[None, t, :, item]
    stood = np.where(ratings.category[t, :, item] >= 0, ratings.item_score[t, :, item], -1)
    return stood[None].astype(np.float32)


def _set(ratings: Ratings, item: int, before: NDArray[Any], move: EmotionMove) -> NDArray[Any]:
    """Answers to an item set to a value, scaled or moved by points.

    A part of a point moves that share of the journeys by a whole one, always the same ones.
    """
    top = 1 if ratings.slider[item] else int(ratings.exists[item].sum())
    wanted = np.asarray(before * move.times + move.by * (top / move.points))
    if move.to is not None:
        wanted = np.full(before.shape, move.to * top)
    if not ratings.slider[item]:
        wanted = np.floor(np.round(wanted, 6) + turns_of(before.shape[-1]))
    after = np.clip(wanted, 0, top)
    return np.where((before >= 0) & move.who, after.astype(before.dtype), before)


def turns_of(n: int) -> NDArray[np.float64]:
    """Places in 0..1 for every journey, evenly spread over any stretch of them.

    Parameters
    ----------
    n : int

    Returns
    -------
    array, shape (n,)
    """
    golden = (np.sqrt(5) - 1) / 2
    place: NDArray[np.float64] = (0.5 + np.arange(n) * golden) % 1 * (1 - 1e-6)
    return place


def lever_steps(block: Block, plan: Plan, p: int) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """How levers move the latent intensities at a moment.

    Parameters
    ----------
    block : Block
    plan : Plan
    p : int
        Moment.

    Returns
    -------
    effect : array, shape (S, columns, E)
    exposure : array, shape (columns, J)
        Change of the levers, of those that change.
    goes : bool array, shape (J, Q)
        Answers that may move; at an added moment also those that were never given, since stage 1
        says how people who did not meet its like would answer.
    """
    design, source = block.journeys.design, plan.journey[p].source
    exposure = plan.exposure.get(p)
    if exposure is None:
        exposure = np.zeros_like(design.exposure.value[source])
    exposure = for_groups(exposure, design.lever_groups)
    columns = np.flatnonzero(exposure.any(axis=0))
    effect = np.ascontiguousarray(block.lever_effects[:, source, columns])
    answered = design.ratings.category[source] >= 0
    goes = exposure.any(axis=1)[:, None] & answered | met_anew(block, plan.journey[p])[:, None]
    return effect, np.ascontiguousarray(exposure[:, columns].T, dtype=np.float32), goes


def _moved_by_levers(block: Block, plan: Plan, p: int) -> Moved:
    """Answers at a moment after its levers moved; a slider moves by whole categories."""
    source = plan.journey[p].source
    ratings = block.journeys.design.ratings
    latent, kappa = block.latent(source)
    effect, step, goes = lever_steps(block, plan, p)
    category, stays = ratings.category[source].T, ~goes.T
    moved: Moved = {}
    for q, e in enumerate(ratings.emotion):
        level = (block.loadings[:, q, None] * effect[:, :, e]) @ step
        level += latent[:, q]
        after = np.zeros(level.shape, dtype=np.int8)
        for k in np.flatnonzero(ratings.exists[q]):
            after += level > kappa[:, q, k, None]
        np.copyto(after, category[q], where=stays[q])
        if ratings.slider[q]:
            top = np.float32(ratings.exists[q].sum())
            stood = given(ratings, source, q)
            shift = (after - category[q]) / top
            expected = np.where(after >= 0, after / top, -1)
            moved[p, q] = np.where(stood >= 0, np.clip(stood + shift, 0, 1), expected)
        else:
            moved[p, q] = after
    return moved

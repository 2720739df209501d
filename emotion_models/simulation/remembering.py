"""From changed answers to what is remembered of the changed journey."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from emotion_models.models.changed_journeys import JourneyChange, Lived
from emotion_models.simulation.engine import Moved, given, met_anew

if TYPE_CHECKING:
    from emotion_models.simulation.block import Block
    from emotion_models.simulation.plan import Plan

Floats = NDArray[np.float32]


def remembered_after(block: Block, plan: Plan, moved: Moved) -> dict[int, Floats]:
    """Change of everything remembered that changes.

    Parameters
    ----------
    block : Block
    plan : Plan
        For the journeys of the block.
    moved : Moved

    Returns
    -------
    dict of int to array, shape (S, J)
        See `MemoryChange.after`.
    """
    scores = scores_after(block, plan, moved)
    if not plan.rebuilt:
        by_emotion: dict[int, dict[int, Floats]] = {}
        for (p, e), score in scores.items():
            by_emotion.setdefault(e, {})[p] = score
        return block.memory.after(by_emotion)
    return JourneyChange(block.memory, block.lived, lived_after(block, plan, scores)).after


def scores_after(block: Block, plan: Plan, moved: Moved) -> dict[tuple[int, int], Floats]:
    """Scores (S or 1, J) on 0..1 by (moment, emotion), where answers may change."""
    scoring = block.memory.scoring
    if not block.journeys.design.ratings.by_category:
        return positions_after(block, plan, moved)
    found = {}
    for (p, e), category in moved.items():
        found[p, e] = scoring.of(category, plan.journey[p].source, e)
    return found


def positions_after(block: Block, plan: Plan, moved: Moved) -> dict[tuple[int, int], Floats]:
    """Where emotions stand on their scale after their items moved, on 0..1.

    Parameters
    ----------
    block : Block
    plan : Plan
    moved : Moved

    Returns
    -------
    dict of (moment, emotion) to array, shape (S, J) or (1, J)
        Means over the answered items (`composite`), taken as changes of the observed mean: where
        no item moved exactly that.
    """
    ratings = block.journeys.design.ratings
    count = (ratings.category >= 0) @ ratings.members
    found: dict[tuple[int, int], Any] = {}
    for (p, q), after in moved.items():
        e, t = int(ratings.emotion[q]), plan.journey[p].source
        top = np.float32(1 if ratings.slider[q] else ratings.exists[q].sum())
        was = given(ratings, t, q)
        moved_by = ((after - np.maximum(was, 0)) / top).astype(np.float32)
        change = np.where(after >= 0, moved_by, np.float32(0)).astype(np.float32)
        items = np.where(count[t, :, e] > 0, count[t, :, e], (ratings.emotion == e).sum())
        before = found.get((p, e), ratings.score[t, None, :, e].astype(np.float32))
        found[p, e] = before + change / items.astype(np.float32)
    return found


def lived_before(block: Block) -> Lived:
    """The journeys as they were."""
    ratings, memory = block.journeys.design.ratings, block.memory
    n = len(ratings.position)
    return Lived(
        source=np.arange(n),
        answered=ratings.answered > 0,
        position=ratings.position.astype(float),
        score=lambda p, e: memory.scoring.observed(p, e),
    )


def lived_after(block: Block, plan: Plan, scores: dict[tuple[int, int], Floats]) -> Lived:
    """The journeys as planned.

    Where a change leaves nothing of a journey, it is kept as it was.
    """
    ratings = block.journeys.design.ratings
    own = _Answers(block, plan, scores)
    present = np.stack([moment.present for moment in plan.journey])
    answered = np.stack([own.answered(p) for p in range(len(plan.journey))])
    position = np.stack([moment.position for moment in plan.journey])
    lost = ~present.any(axis=0)
    n = len(ratings.position)
    answered[:n, lost] = ratings.answered[:, lost] > 0
    position[:n, lost] = ratings.position[:, lost]
    return Lived(
        source=np.array([moment.source for moment in plan.journey]),
        answered=answered,
        position=position,
        score=own.score,
    )


class _Answers:
    """Answers at the moments of a plan, asked for one at a time."""

    def __init__(self, block: Block, plan: Plan, scores: dict[tuple[int, int], Floats]) -> None:
        self.ratings = block.journeys.design.ratings
        self.scoring, self.plan, self.scores = block.memory.scoring, plan, scores
        self.block = block

    def answered(self, p: int) -> NDArray[np.bool_]:
        """Where there are scores at a moment, (J, E)."""
        moment, found = self.plan.journey[p], self._rated(p)
        for other, who in moment.merged:
            found = found | (who[:, None] & self._rated(other))
        here: NDArray[np.bool_] = found & moment.present[:, None]
        return here

    def _rated(self, p: int) -> NDArray[np.bool_]:
        """Where there are answers of its own, whether or not it still happens, (J, E)."""
        moment = self.plan.journey[p]
        if moment.source < 0:
            return np.ones(self.ratings.answered.shape[1:], dtype=bool)
        found: NDArray[np.bool_] = self.ratings.answered[moment.source] > 0
        found = found | met_anew(self.block, moment)[:, None]
        return found | np.isin(np.arange(found.shape[1]), [e for e, _ in moment.feels])

    def score(self, p: int, e: int) -> Floats:
        """Scores (S or 1, J) of an emotion at a moment, the average of what is merged in it."""
        moment = self.plan.journey[p]
        if not moment.merged:
            return self._own(p, e)
        count = self._rated(p)[:, e].astype(np.float32)
        total: Any = count * self._own(p, e)
        for other, who in moment.merged:
            own = (who & self._rated(other)[:, e]).astype(np.float32)
            count = count + own
            total = total + own * self._own(other, e)
        average: Floats = total / np.maximum(count, 1)
        return average

    def _own(self, p: int, e: int) -> Floats:
        """Scores at a moment before others are averaged in."""
        moment = self.plan.journey[p]
        described = dict(moment.feels)
        if e in described:
            return self._described(p, e, described[e])
        if (p, e) in self.scores:
            return self.scores[p, e]
        if moment.source >= 0:
            return self.scoring.observed(moment.source, e)
        return self._average(e)

    def _described(self, p: int, e: int, value: float) -> Floats:
        """A described score, then whatever was said to happen to it."""
        n = self.ratings.score.shape[1]
        found = np.full((1, n), value, dtype=np.float32)
        for move in self.plan.journey[p].moves:
            if move.emotion == e:
                to = found * move.times + move.by / move.points if move.to is None else move.to
                found = np.where(move.who, np.clip(to, 0, 1), found).astype(np.float32)
        return found

    def _average(self, e: int) -> Floats:
        """A person's own average over touchpoints."""
        answered = self.ratings.answered[:, :, e]
        total = (self.ratings.score[:, :, e] * answered).sum(axis=0)
        mean = total / np.maximum(answered.sum(axis=0), 1)
        return mean[None].astype(np.float32)

"""Scores of ratings: how far along its scale each answer stands, 0 to 1.

With ``scoring="linear"`` all steps between categories are equal and scores are data. Otherwise
the steps are estimated; what is known before sampling is whether an answer stands above each
step (`above`), and every feature of memory is a sum over these.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from emotion_models.models.ratings import Ratings

Floats = NDArray[np.float64]


def above(ratings: Ratings) -> Floats:
    """Say of every answer whether it stands above each step of its scale.

    Parameters
    ----------
    ratings : Ratings

    Returns
    -------
    array, shape (T, C, J, E)
        1 or 0; for journeys that carry the others' averages, the share above.
    """
    steps = np.arange(ratings.exists.shape[1])[None, :, None, None]
    answers = (ratings.category[:, None] > steps).astype(float)
    carried = is_carried(ratings)[:, None]
    return np.where(carried, shares_above(ratings)[:, :, None, :], answers)


def is_carried(ratings: Ratings) -> NDArray[np.bool_]:
    """Cells (T, J, E) that carry the others' average instead of an answer."""
    return (ratings.answered > 0) & ~ratings.rated


def shares_above(ratings: Ratings) -> Floats:
    """Share of answers above each step, (T, C, E); of all touchpoints where one has no answer."""
    known = ratings.category >= 0
    steps = np.arange(ratings.exists.shape[1])[None, :, None, None]
    count = (ratings.category[:, None] > steps).sum(axis=2)
    answers = known.sum(axis=1)[:, None]
    overall = count.sum(axis=0) / np.maximum(answers.sum(axis=0), 1)
    return np.where(answers > 0, count / np.maximum(answers, 1), overall)


def equal_steps(exists: NDArray[np.bool_]) -> Floats:
    """Steps of equal size: (E, C), 0 where a scale has no such step."""
    steps: Floats = exists / exists.sum(axis=1, keepdims=True)
    return steps


def upper_share(exists: NDArray[np.bool_]) -> Floats:
    """Share of each step of a scale that lies above its middle: (E, C)."""
    count = exists.sum(axis=1, keepdims=True)
    top = (np.arange(exists.shape[1]) + 1) / count
    share: Floats = np.clip((top - 0.5) * count, 0, 1)
    return share


@dataclass(frozen=True)
class Scoring:
    """Scores of answers at posterior draws.

    Parameters
    ----------
    level : array, shape (S or 1, E, C + 1)
        Score of each category.
    category : int8 array, shape (T, J, E)
    carried : bool array, shape (T, J, E)
        Cells that carry the others' average.
    share : array, shape (T, C, E)
        Share of answers above each step, for those cells.
    exact : Ratings, optional
        Where emotions have several items or stand on sliders: scores are theirs, not those of
        categories.
    """

    level: NDArray[np.float32]
    category: NDArray[np.int8]
    carried: NDArray[np.bool_]
    share: Floats
    exact: Ratings | None = None

    @classmethod
    def for_ratings(cls, ratings: Ratings, step: NDArray[np.floating[Any]]) -> Scoring:
        """Prepare observed ratings; `step` has shape (S or 1, E, C)."""
        zero = np.zeros_like(step[..., :1])
        level = np.cumsum(np.concatenate([zero, step], axis=-1), axis=-1)
        return cls(
            np.minimum(level, 1).astype(np.float32),
            ratings.category,
            is_carried(ratings),
            shares_above(ratings),
            None if ratings.by_category else ratings,
        )

    def observed(self, t: int, emotion: int) -> NDArray[np.float32]:
        """Scores (S or 1, J) as answered."""
        if self.exact is not None:
            return self.exact.score[None, t, :, emotion].astype(np.float32)
        return self.of(self.category[None, t, :, emotion], t, emotion)

    def raised(self, t: int, emotion: int) -> NDArray[np.float32]:
        """Scores (S or 1, J) one category higher, up to the top of the scale."""
        if self.exact is not None:
            return self.exact.one_more(t, emotion)[None].astype(np.float32)
        up = np.concatenate([np.ones((1,)), self.share[t, :-1, emotion]])
        score = self._at(self.category[None, t, :, emotion] + 1, emotion)
        return self._with_carried(score, up, t, emotion)

    def of(self, category: NDArray[Any], t: int, emotion: int) -> NDArray[np.float32]:
        """Scores (S or 1, J) of categories (S or 1, J); unanswered ones stay as they are."""
        return self._with_carried(
            self._at(category, emotion), self.share[t, :, emotion], t, emotion
        )

    def _at(self, category: NDArray[Any], emotion: int) -> NDArray[np.float32]:
        level = self.level[:, emotion]
        place = np.clip(category, 0, level.shape[1] - 1)
        if level.shape[0] == 1:
            same: NDArray[np.float32] = level[0, place]
            return same
        return np.take_along_axis(level, np.broadcast_to(place, (len(level), place.shape[1])), 1)

    def _with_carried(
        self, score: NDArray[np.float32], share: Floats, t: int, emotion: int
    ) -> NDArray[np.float32]:
        carried = self.carried[t, :, emotion]
        unanswered = self.category[t, :, emotion] < 0
        if not unanswered.any():
            return score
        average = (np.diff(self.level[:, emotion], axis=1) @ share).astype(np.float32)
        return np.where(unanswered, np.where(carried, average[:, None], np.float32(0)), score)

"""How remembered emotion changes when ratings change: the shared ground of effects and simulation.

What is remembered is linear in the score of a moment (its part in the mean, and in the end or
the first if it is that), except for the peak, which is the largest of the scores.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from emotion_models.models.design import Design
    from emotion_models.models.parameters import Parameters
    from emotion_models.models.spec import JourneyModel

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class MemoryChange:
    """Turns changed scores of one emotion into the change of what is remembered of it.

    In single precision: arrays are large (draws x journeys) and differences are taken of scores,
    which are exact.

    Parameters
    ----------
    weight : array, shape (S, E, K)
        Memory weights; K features named by `features`.
    salience : array, shape (S, T)
    features : tuple of str
    score, answered : array, shape (T, J, E)
        Observed scores on 0..1; ``answered`` is 1 where they count.
    last, first : int array, shape (J, E)
        Touchpoint that is the end and the beginning of an emotion's ratings.
    attention : array, shape (E, S, J)
        Salience summed over answered touchpoints: the denominator of the mean.
    """

    weight: Floats
    salience: Floats
    features: tuple[str, ...]
    score: Floats
    answered: Floats
    last: NDArray[np.int64]
    first: NDArray[np.int64]
    attention: Floats

    @classmethod
    def for_design(cls, model: JourneyModel, design: Design, known: Parameters) -> MemoryChange:
        """Prepare the observed journeys."""
        ratings = design.ratings
        answered = ratings.answered > 0
        rank = np.where(answered, ratings.position[:, :, None], -1)
        early = np.where(answered, rank, np.iinfo(rank.dtype).max)
        salience = known.salience.astype(np.float32)
        return cls(
            weight=known.memory_weight.astype(np.float32),
            salience=salience,
            features=model.memory,
            score=ratings.score.astype(np.float32),
            answered=ratings.answered.astype(np.float32),
            last=rank.argmax(axis=0),
            first=early.argmin(axis=0),
            attention=np.ascontiguousarray(
                np.moveaxis(np.tensordot(salience, answered.astype(np.float32), 1), 2, 0)
            ),
        )

    def of(self, emotion: int, scores: Mapping[int, Floats]) -> Floats:
        """Change of remembered intensity.

        Parameters
        ----------
        emotion : int
        scores : mapping of touchpoint to array, shape (S, J) or (1, J)
            New scores on 0..1; only answered ones count.

        Returns
        -------
        array, shape (S, J)
        """
        weight = {name: self.weight[:, emotion, k, None] for k, name in enumerate(self.features)}
        shape = (self.salience.shape[0], self.score.shape[1])
        total = np.zeros(shape, dtype=np.float32)
        for t, score in scores.items():
            part = np.zeros(shape, dtype=np.float32)
            if "mean" in weight:
                np.divide(
                    weight["mean"] * self.salience[:, t, None], self.attention[emotion], out=part
                )
            if "end" in weight:
                part += weight["end"] * (self.last[:, emotion] == t)
            if "first" in weight:
                part += weight["first"] * (self.first[:, emotion] == t)
            part *= self._difference(emotion, t, score)
            total += part
        if "peak" in weight:
            total += weight["peak"] * self._peak(emotion, scores)
        return total

    def plain(self, emotion: int, scores: Mapping[int, Floats]) -> Floats:
        """The same change if memory were the plain average of the moments: (S, J) or (1, J)."""
        change = np.zeros((1, self.score.shape[1]), dtype=np.float32)
        for t, score in scores.items():
            change = change + self._difference(emotion, t, score)
        answers: Floats = self.answered[:, :, emotion].sum(axis=0)
        return change / answers

    def _difference(self, emotion: int, t: int, score: Floats) -> Floats:
        difference: Floats = (score - self.score[t, :, emotion]) * self.answered[t, :, emotion]
        return difference

    def _peak(self, emotion: int, scores: Mapping[int, Floats]) -> Floats:
        counts = self.answered[:, :, emotion] > 0
        observed = np.where(counts, self.score[:, :, emotion], np.float32(-np.inf))
        others = observed.copy()
        others[list(scores)] = -np.inf
        peak: Floats = others.max(axis=0)[None]
        for t, score in scores.items():
            peak = np.maximum(peak, np.where(counts[t], score, np.float32(-np.inf)))
        before: Floats = observed.max(axis=0)
        return peak - before

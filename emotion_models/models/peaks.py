"""How the peaks of emotions move when scores change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from emotion_models.models.scoring import Scoring
from emotion_models.science.equations.memory import intensity, most_intense

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Peaks:
    """Peaks of the observed journeys.

    Parameters
    ----------
    scoring : Scoring
    answered : bool array, shape (T, J, E)
    score : array, shape (T, J, E)
        Linear scores, which choose the most intense moment.
    at_moment : bool
        Whether peaks are ratings at the most intense moment of all emotions.
    """

    scoring: Scoring
    answered: NDArray[np.bool_]
    score: NDArray[np.float64]
    at_moment: bool

    def after(self, scores: Mapping[int, Mapping[int, Floats]]) -> dict[int, Floats]:
        """Change (S or 1, J) of the peak of every emotion that may change."""
        if self.at_moment:
            return self._at_moment(scores)
        return {emotion: self._own(emotion, moved) for emotion, moved in scores.items()}

    def _own(self, emotion: int, scores: Mapping[int, Floats]) -> Floats:
        """Change of an emotion's own largest score."""
        never = np.float32(-np.inf)
        before: Any = never
        others: Any = never
        for t, counts in enumerate(self.answered[:, :, emotion]):
            score = np.where(counts, self.scoring.observed(t, emotion), never)
            before = np.maximum(before, score)
            if t not in scores:
                others = np.maximum(others, score)
        for t, score in scores.items():
            others = np.maximum(others, np.where(self.answered[t, :, emotion], score, never))
        change: Floats = others - before
        return change

    def _at_moment(self, scores: Mapping[int, Mapping[int, Floats]]) -> dict[int, Floats]:
        """Change at the most intense moment, which may itself move: of every emotion."""
        count = np.maximum(self.answered.sum(axis=2), 1)
        level: list[Any] = [each[None] for each in intensity(self.score, self.answered)]
        for emotion, moved in scores.items():
            for t, score in moved.items():
                step = (score - self.score[t, :, emotion]) * self.answered[t, :, emotion]
                level[t] = level[t] + step / count[t]
        moment = np.argmax(np.round(np.stack(np.broadcast_arrays(*level)), 5), axis=0)
        before = most_intense(intensity(self.score, self.answered), self.answered)[0]
        return {
            emotion: self._read(emotion, scores.get(emotion, {}), moment)
            - self._read(emotion, {}, before[None, :, emotion])
            for emotion in range(self.score.shape[2])
        }

    def _read(self, emotion: int, scores: Mapping[int, Floats], moment: NDArray[Any]) -> Floats:
        """Score at a moment (S or 1, J); the largest one where there is no answer then."""
        found: Any = np.float32(-np.inf)
        largest: Any = np.float32(-np.inf)
        for t, counts in enumerate(self.answered[:, :, emotion]):
            score = scores[t] if t in scores else self.scoring.observed(t, emotion)
            largest = np.maximum(largest, np.where(counts, score, np.float32(-np.inf)))
            found = np.where((moment == t) & counts, score, found)
        read: Floats = np.where(np.isfinite(found), found, largest).astype(np.float32)
        return read

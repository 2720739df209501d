"""How remembered emotion changes when ratings change: the shared ground of effects and simulation.

What is remembered is linear in the score of a moment (its part in the mean and in the trend, and
in the end or the first if it is that), except for the peak.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from emotion_models.models.forward import by_segment
from emotion_models.models.peaks import Peaks
from emotion_models.models.scoring import Scoring
from emotion_models.science.equations.memory import faded, turns

if TYPE_CHECKING:
    from emotion_models.models.design import Design
    from emotion_models.models.parameters import Parameters
    from emotion_models.models.spec import JourneyModel

Floats = NDArray[np.float32]
Scores = Mapping[int, Mapping[int, Floats]]
"""New scores (S or 1, J) on 0..1 by emotion, then touchpoint; only answered ones count."""


@dataclass(frozen=True)
class MemoryChange:
    """Turns changed scores into the change of what is remembered.

    In single precision: arrays are large (draws x journeys) and differences are taken of scores,
    which are exact.

    Parameters
    ----------
    design : Design
    scoring : Scoring
    features : tuple of str
        Of the weights' last axis.
    weight : list of (share, array)
        From `by_segment`: memory weights (S, E, K) and the journeys' share in them.
    salience : array, shape (S, T)
    attention : array, shape (E, S, J)
        Salience summed over answered touchpoints: the denominator of the mean.
    turn : array, shape (T, J, E)
        Share of every moment in the trend.
    last, first : int array, shape (J, E)
        Touchpoint that is the end and the beginning of an emotion's ratings.
    fading : array, shape (S or 1, E)
    peaks : Peaks
    by_touchpoint : bool
        Whether the touchpoints' own parts change too.
    """

    design: Design
    scoring: Scoring
    features: tuple[str, ...]
    weight: list[tuple[Any, Floats]]
    salience: Floats
    attention: Floats
    turn: Floats
    last: NDArray[np.int64]
    first: NDArray[np.int64]
    fading: Floats
    peaks: Peaks
    by_touchpoint: bool

    @classmethod
    def for_design(cls, model: JourneyModel, design: Design, known: Parameters) -> MemoryChange:
        """Prepare the observed journeys."""
        ratings = design.ratings
        answered = ratings.answered > 0
        rank = np.where(answered, ratings.position[:, :, None], -1)
        early = np.where(answered, rank, np.iinfo(rank.dtype).max)
        salience = known.salience.astype(np.float32)
        turn = turns(answered, ratings.position)
        scoring = Scoring.for_ratings(ratings, known.step)
        return cls(
            design=design,
            scoring=scoring,
            features=model.memory,
            weight=[
                (share.astype(np.float32), own.astype(np.float32))
                for share, own in by_segment(known)
            ],
            salience=salience,
            attention=np.ascontiguousarray(
                np.moveaxis(np.tensordot(salience, answered.astype(np.float32), 1), 2, 0)
            ),
            turn=(turn / turn.sum(axis=0)).astype(np.float32),
            last=rank.argmax(axis=0),
            first=early.argmin(axis=0),
            fading=known.fading.astype(np.float32),
            peaks=Peaks(scoring, answered, ratings.score, model.peak == "moment"),
            by_touchpoint=model.by_touchpoint,
        )

    def after(self, scores: Scores) -> dict[int, Floats]:
        """Change of everything remembered that changes.

        Parameters
        ----------
        scores : mapping of emotion to mapping of touchpoint to array
            See `Scores`.

        Returns
        -------
        dict of int to array, shape (S, J)
            By emotion; where effects differ by touchpoint also by ``E + t * E + emotion``.
        """
        n_emotions = len(self.design.emotions)
        peaks = self.peaks.after(scores) if "peak" in self.features else {}
        found: dict[int, Floats] = {}
        for emotion in dict.fromkeys([*scores, *peaks]):
            changed = self._kept(emotion, scores.get(emotion, {}), peaks.get(emotion))
            left = faded(self.fading[:, [emotion]], self.design.waited)[..., 0]
            found[emotion] = changed if not self.fading.any() else changed * left
        if self.by_touchpoint:
            for emotion, moved in scores.items():
                count = self.design.ratings.answered[:, :, emotion].sum(axis=0)
                for t, score in moved.items():
                    part = self._difference(emotion, t, score) / count.astype(np.float32)
                    place = n_emotions + t * n_emotions + emotion
                    found[place] = np.broadcast_to(part, (len(self.salience), part.shape[1]))
        return found

    def plain(self, scores: Scores) -> dict[int, Floats]:
        """The same change if memory were the plain average of the moments."""
        found: dict[int, Floats] = {}
        for emotion, moved in scores.items():
            change = np.zeros((1, self.design.n_journeys), dtype=np.float32)
            for t, score in moved.items():
                change = change + self._difference(emotion, t, score)
            answers = self.design.ratings.answered[:, :, emotion].sum(axis=0)
            mean = change / answers.astype(np.float32)
            found[emotion] = np.broadcast_to(mean, (len(self.salience), mean.shape[1]))
        return found

    def _kept(self, emotion: int, scores: Mapping[int, Floats], peak: Floats | None) -> Floats:
        """Change (S, J) of one emotion before it fades."""
        shape = (self.salience.shape[0], self.design.n_journeys)
        weight = {name: self.weight_of(emotion, k) for k, name in enumerate(self.features)}
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
            if "trend" in weight:
                part += weight["trend"] * self.turn[t, :, emotion]
            part *= self._difference(emotion, t, score)
            total += part
        if peak is not None:
            total += weight["peak"] * peak
        return total

    def weight_of(self, emotion: int, k: int) -> Floats:
        """Weight of a feature: (S, 1), or (S, J) where segments weigh differently."""
        parts = [own[:, emotion, k, None] * share for share, own in self.weight]
        whole: Floats = sum(parts[1:], start=parts[0])
        return whole

    def _difference(self, emotion: int, t: int, score: Floats) -> Floats:
        answered = self.design.ratings.answered[t, :, emotion].astype(np.float32)
        difference: Floats = (score - self.scoring.observed(t, emotion)) * answered
        return difference

"""How remembered emotion changes when ratings change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from emotion_models.science.equations.memory import moments, salient_mean

if TYPE_CHECKING:
    from emotion_models.models.design import Design
    from emotion_models.models.parameters import Parameters
    from emotion_models.models.spec import JourneyModel

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class MemoryChange:
    """Turns changed scores of one emotion into a change of what is remembered of it.

    Parameters
    ----------
    model : JourneyModel
    design : Design
    known : Parameters
    """

    model: JourneyModel
    design: Design
    known: Parameters

    def of(self, emotion: int, score: Floats) -> Floats:
        """Change of remembered intensity, (S, J), when the emotion's scores become `score`.

        Parameters
        ----------
        emotion : int
        score : array, shape (T, J)
            On 0..1; only answered cells count.
        """
        change = self._features(emotion, score, self.known.salience)
        weight = self.known.memory_weight[:, emotion]
        parts = (weight[:, k, None] * change[name] for k, name in enumerate(self.model.memory))
        total: Floats = sum(parts, start=np.zeros(1))
        return total

    def plain(self, emotion: int, score: Floats) -> Floats:
        """The same change if memory were the plain average of the moments, (1, J)."""
        n_touchpoints = len(self.design.touchpoints)
        equal = np.full((1, n_touchpoints), 1 / n_touchpoints)
        return self._features(emotion, score, equal)["mean"]

    def _features(self, emotion: int, score: Floats, salience: Floats) -> dict[str, Floats]:
        ratings = self.design.ratings
        one = slice(emotion, emotion + 1)
        answered = ratings.answered[:, :, one]
        difference = (score - ratings.score[:, :, emotion])[:, :, None] * answered
        change: dict[str, Floats] = {"mean": salient_mean(salience, difference, answered)[..., 0]}
        after = moments(score[:, :, None] * answered, answered > 0, ratings.position)
        for name, value in after.items():
            change[name] = (value - self.design.features[name][:, one])[None, :, 0]
        return change

"""Sums over blocks of journeys: averages of outcomes and of what is felt, before and after."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

import numpy as np
from numpy.typing import NDArray

from emotion_models.inference.estimands import averaged, emotion_span
from emotion_models.models.response import outcomes_of
from emotion_models.simulation.engine import Moved, changed_ratings, met_anew
from emotion_models.simulation.remembering import positions_after, remembered_after

if TYPE_CHECKING:
    from emotion_models.inference import Fit
    from emotion_models.simulation.block import Block
    from emotion_models.simulation.plan import Plan

Floats = NDArray[np.float64]


@dataclass(eq=False)
class Tally:
    """What simulations report, summed up block by block.

    Parameters
    ----------
    weight : array, shape (J,)
        Survey weights.
    gain : array, shape (outcome, J)
        Expected difference of every journey. Of single people: never shown.
    """

    weight: Floats
    gain: Floats
    before: Floats = field(default_factory=lambda: np.zeros(()))
    after: Floats = field(default_factory=lambda: np.zeros(()))
    _felt: dict[tuple[int, int], Floats] = field(default_factory=dict)
    _rated: dict[tuple[int, int], float] = field(default_factory=dict)

    @classmethod
    def empty(cls, fit: Fit) -> Self:
        """Nothing summed yet."""
        gain = np.zeros((len(outcomes_of(fit.design)), fit.design.n_journeys))
        return cls(fit.design.weight, gain)

    def add(self, block: Block, plan: Plan) -> None:
        """Add the journeys of a block, under its part of the plan."""
        moved = changed_ratings(block, plan)
        change = remembered_after(block, plan, moved)
        weights, response = list(block.over.values()), block.response
        before, after = [], []
        shift = response.shift(response.total, change) if change else None
        for o, (name, was) in enumerate(block.before.items()):
            before.append(averaged(was, weights))
            if shift is None:
                after.append(before[-1])
                continue
            now = response.mean(name, shift)
            after.append(averaged(now, weights))
            self.gain[o, block.which] = now.mean(axis=0) - was.mean(axis=0)
        self.before = self.before + np.stack(before)
        self.after = self.after + np.stack(after)
        self._add_felt(block, plan, moved)

    def _add_felt(self, block: Block, plan: Plan, moved: Moved) -> None:
        """Sum the scores of every changed emotion over those who rate it."""
        rated, weight = block.journeys.design.ratings.rated, self.weight[block.which]
        for (p, e), position in positions_after(block, plan, moved).items():
            moment = plan.journey[p]
            known = moment.present & (rated[moment.source, :, e] | met_anew(block, moment))
            own = np.where(known, weight, 0.0)
            total = (position @ own.astype(np.float32)).astype(float)
            self._felt[p, e] = self._felt.get((p, e), 0.0) + total
            self._rated[p, e] = self._rated.get((p, e), 0.0) + float(own.sum())

    def felt(self, fit: Fit, names: tuple[str, ...]) -> dict[tuple[str, str], Floats]:
        """Mean rating (S,) of every changed emotion and moment, after the change."""
        found, n_draws = {}, self.before.shape[-1]
        for (p, e), total in self._felt.items():
            if self._rated[p, e] > 0:
                low, high = emotion_span(fit, fit.design.emotions[e])
                value = low + total / self._rated[p, e] * (high - low)
                found[names[p], fit.design.emotions[e]] = np.broadcast_to(value, (n_draws,))
        return found

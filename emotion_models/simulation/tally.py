"""Sums over blocks of journeys: averages of outcomes and of what is felt, before and after."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

import numpy as np
from numpy.typing import NDArray

from emotion_models.inference.estimands import emotion_span
from emotion_models.models.response import outcomes_of
from emotion_models.simulation.averages import outcomes_after
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
        if not (plan.exposure or plan.emotions or plan.rebuilt):
            found = block.before
        elif block.quick.remembers(plan):
            found = outcomes_after(block, plan=plan)
        else:
            moved = changed_ratings(block, plan)
            found = outcomes_after(block, remembered_after(block, plan, moved))
            self._add_felt(block, plan, moved)
        self.before = self.before + block.before.outcome
        self.after = self.after + found.outcome
        self.gain[:, block.which] = found.journey - block.before.journey
        for pair, score in found.score.items():
            self._sum(pair, score.astype(float), found.rated[pair])

    def _sum(self, pair: tuple[int, int], score: Floats, rated: float) -> None:
        self._felt[pair] = self._felt.get(pair, 0.0) + score
        self._rated[pair] = self._rated.get(pair, 0.0) + rated

    def _add_felt(self, block: Block, plan: Plan, moved: Moved) -> None:
        """Sum the scores of every changed emotion over those who rate it."""
        rated, weight = block.journeys.design.ratings.rated, self.weight[block.which]
        for (p, e), position in positions_after(block, plan, moved).items():
            moment = plan.journey[p]
            known = moment.present & (rated[moment.source, :, e] | met_anew(block, moment))
            own = np.where(known, weight, 0.0)
            total = (position @ own.astype(np.float32)).astype(float)
            self._sum((p, e), total, float(own.sum()))

    def felt(self, fit: Fit, names: tuple[str, ...]) -> dict[tuple[str, str], Floats]:
        """Mean rating (S,) of every changed emotion and moment, after the change."""
        found, n_draws = {}, self.before.shape[-1]
        for (p, e), total in self._felt.items():
            if self._rated[p, e] > 0:
                low, high = emotion_span(fit, fit.design.emotions[e])
                value = low + total / self._rated[p, e] * (high - low)
                found[names[p], fit.design.emotions[e]] = np.broadcast_to(value, (n_draws,))
        return found

"""The arrays of the kernel, and whether it applies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from emotion_models.cores import in_threads
from emotion_models.simulation import kernel
from emotion_models.simulation.engine import lever_steps, turns_of
from emotion_models.simulation.kernel_outcomes import known_outcomes, outcomes_of_rows
from emotion_models.simulation.kernel_types import Changed, Found, Memory, Outcomes

if TYPE_CHECKING:
    from emotion_models.simulation.block import Block
    from emotion_models.simulation.plan import Plan

Floats = NDArray[np.float32]
Scores = dict[tuple[int, int], Floats]
Rated = dict[tuple[int, int], float]
PARTS: Final = 8
"""Runs of draws that threads take in turn: as many everywhere, so that sums do not depend on the
machine."""
_FEATURES: Final = ("mean", "peak", "end", "first", "trend")
_NOTHING: Final = np.zeros((0, 0, 0), dtype=np.float32)


@dataclass(frozen=True, eq=False)
class Quick:
    """The kernel's view of a block of journeys.

    Parameters
    ----------
    block : Block
    """

    block: Block

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Outcomes that the kernel knows; the others go by whole arrays."""
        return known_outcomes(self.block.response.design)

    def remembers(self, plan: Plan) -> bool:
        """Whether the kernel can say what is remembered under a plan."""
        memory, ratings = self.block.memory, self.block.journeys.design.ratings
        return (
            ratings.by_category
            and not plan.rebuilt
            and len(memory.weight) == 1
            and not memory.fading.any()
            and not memory.by_touchpoint
            and not memory.peaks.at_moment
            and self.block.fit.model.scoring == "linear"
        )

    @cached_property
    def outcomes(self) -> Outcomes:
        """How outcomes follow."""
        over = np.stack(list(self.block.over.values())).astype(np.float32)
        return outcomes_of_rows(self.block.response, self.names, over)

    def memory(self, plan: Plan) -> Memory:
        """How scores are remembered; with the latent intensities where levers move them."""
        if not plan.exposure:
            return self._memory
        kappa = [self.block.latent(plan.journey[p].source)[1] for p in plan.exposure]
        return self._memory._replace(latent=self.block.latents, kappa=kappa[0])

    @cached_property
    def _memory(self) -> Memory:
        memory, design = self.block.memory, self.block.journeys.design
        ratings, n_touchpoints = design.ratings, len(design.ratings.position)
        answered = _by_emotion(ratings.answered > 0)
        step = np.ascontiguousarray(np.diff(memory.scoring.level[0], axis=-1))
        level = np.zeros((step.shape[0], step.shape[1] + 1), dtype=np.float32)
        for c in range(step.shape[1]):
            level[:, c + 1] = level[:, c] + step[:, c]  # as the kernel sums them
        scores = self._as_answered(level)
        place = np.arange(n_touchpoints)[:, None, None]
        feature = np.zeros((*memory.weight[0][1].shape[:2], 5), dtype=np.float32)
        for k, name in enumerate(memory.features):
            feature[..., _FEATURES.index(name)] = memory.weight[0][1][..., k]
        n_draws, n_items, n_cuts = feature.shape[0], feature.shape[1], ratings.exists.shape[1]
        return Memory(
            latent=np.zeros((0, n_draws, n_items, 0), dtype=np.float32),
            kappa=np.zeros((n_draws, n_items, n_cuts), dtype=np.float32),
            step=step,
            level=level,
            cuts=ratings.exists.sum(axis=1),
            score=scores,
            answered=answered,
            last=_by_emotion(memory.last[None] == place),
            first=_by_emotion(memory.first[None] == place),
            trend=_by_emotion(memory.turn),
            peak=np.where(answered > 0, scores, -1).max(axis=0).astype(np.float32),
            salience=np.ascontiguousarray(memory.salience, dtype=np.float32),
            feature=feature,
            used=np.array([name in memory.features for name in _FEATURES]),
            complete=(answered > 0).all(axis=(0, 2)),
        )

    def _as_answered(self, level: Floats) -> Floats:
        """Scores (T, E, J) of the answers; what is carried as elsewhere."""
        ratings, scoring = self.block.journeys.design.ratings, self.block.memory.scoring
        if not ratings.by_category or scoring.level.shape[0] > 1:
            return np.zeros((*_by_emotion(ratings.score).shape,), dtype=np.float32)
        n_touchpoints, _, n_emotions = ratings.category.shape
        rows = [
            [
                np.where(
                    ratings.category[t, :, e] >= 0,
                    level[e, np.maximum(ratings.category[t, :, e], 0)],
                    scoring.observed(t, e)[0],
                )
                for e in range(n_emotions)
            ]
            for t in range(n_touchpoints)
        ]
        return np.ascontiguousarray(rows, dtype=np.float32)

    @cached_property
    def _unchanged(self) -> Changed:
        from emotion_models.simulation.change import Change
        from emotion_models.simulation.plan import make_plan

        return self.changed(make_plan(self.block.fit, Change()).some(self.block.which))

    def changed(self, plan: Plan) -> Changed:
        """What is rated anew under a plan."""
        design = self.block.journeys.design
        ratings, n = design.ratings, design.n_journeys
        columns = {p: lever_steps(self.block, plan, p) for p in plan.exposure}
        pairs = sorted(
            {(e, p) for p in columns for e in range(len(design.emotions))}
            | {(move.emotion, p) for p, moves in plan.emotions.items() for move in moves}
        )
        emotions = sorted({e for e, _ in pairs})
        first = dict(zip(columns, np.cumsum([0, *(c[1].shape[0] for c in columns.values())]),
                         strict=False))  # fmt: skip
        moves = [[move for move in plan.emotions.get(p, ()) if move.emotion == e] for e, p in pairs]
        flat = [(move, pair) for pair, own in zip(pairs, moves, strict=True) for move in own]
        top = {e: float(ratings.exists[e].sum()) for e in emotions}
        rated = ratings.rated
        goes = [columns[p][2][:, e] if p in columns else np.zeros(n) for e, p in pairs]
        effects = [c[0] for c in columns.values()]
        weight = [
            np.where(rated[p, :, e] & plan.journey[p].present, design.weight, 0) for e, p in pairs
        ]
        nothing = (self.block.response.known.n_draws, 0, len(design.emotions))
        return Changed(
            emotion=np.array(emotions, dtype=np.int64),
            of=np.searchsorted([e for e, _ in pairs], [*emotions, len(design.emotions)]),
            touchpoint=np.array([p for _, p in pairs], dtype=np.int64),
            levers=np.array([first.get(p, -1) for _, p in pairs], dtype=np.int64),
            levers_end=np.array(
                [first[p] + columns[p][1].shape[0] if p in columns else -1 for _, p in pairs],
                dtype=np.int64,
            ),
            effect=np.concatenate([np.zeros(nothing, dtype=np.float32), *effects], axis=1),
            exposure=np.concatenate(
                [np.zeros((0, n), dtype=np.float32), *(c[1] for c in columns.values())]
            ),
            goes=_rows(goes, n),
            others=_rows([self._others(e, [p for f, p in pairs if f == e]) for e in emotions], n),
            moves_of=np.cumsum([0, *(len(own) for own in moves)]),
            to=np.array([np.nan if m.to is None else m.to * top[e] for m, (e, _) in flat]),
            by=np.array([m.by * (top[e] / m.points) for m, (e, _) in flat]),
            times=np.array([m.times for m, _ in flat]),
            who=_rows([m.who & (ratings.category[p, :, e] >= 0) for m, (e, p) in flat], n),
            turn=turns_of(n),
            weight=_rows(weight, n),
        )

    def _others(self, e: int, places: list[int]) -> Floats:
        fixed = self._memory
        score = np.where(fixed.answered[:, e] > 0, fixed.score[:, e], -1)
        score[places] = -1
        return score.max(axis=0)

    def with_plan(self, plan: Plan) -> tuple[Found, Scores, Rated]:
        """Run the kernel on answers that are given anew.

        Returns
        -------
        found : Found
        scores : dict of (moment, emotion) to array, shape (S,)
            Summed over those who rate it, weighted.
        rated : dict of (moment, emotion) to float
            Their weight.
        """
        changed = self.changed(plan)
        found = self._run(changed, self.memory(plan), changed.emotion, _NOTHING)
        emotion = np.repeat(changed.emotion, np.diff(changed.of)).tolist()
        pairs = list(zip(changed.touchpoint.tolist(), emotion, strict=True))
        weight = changed.weight.sum(axis=1, dtype=float).tolist()
        rated = dict(zip(pairs, weight, strict=True))
        return found, dict(zip(pairs, found.score, strict=True)), rated

    def with_memory(self, change: Mapping[int, Floats]) -> Found:
        """Run the kernel on changes of memory, (S, J) each."""
        given = np.stack(list(change.values()), axis=1) if change else _NOTHING
        felt = np.array(list(change), dtype=np.int64)
        return self._run(self._unchanged, self._memory, felt, given)

    def _run(
        self,
        changed: Changed,
        memory: Memory,
        felt: NDArray[np.int64],
        given: Floats,
    ) -> Found:
        """Run the kernel over all draws, in threads."""
        outcomes = self.outcomes
        n_draws, n = outcomes.eta.shape[0], outcomes.eta.shape[2]
        shape = (len(self.names), outcomes.over.shape[0], n_draws)
        average = np.zeros(shape, dtype=np.float32)
        score = np.zeros((changed.touchpoint.size, n_draws), dtype=np.float32)
        totals = [np.zeros((len(self.names), n)) for _ in range(PARTS)]
        edges = np.linspace(0, n_draws, PARTS + 1).astype(int).tolist()

        def part(k: int) -> None:
            found = Found(average, totals[k], score)
            draws = (edges[k], edges[k + 1])
            kernel.simulated(draws, changed, memory, outcomes, felt, given, found)

        in_threads(part, range(PARTS))
        return Found(average, sum(totals), score)


def _by_emotion(values: NDArray[Any]) -> Floats:
    """From (T, J, E) to (T, E, J)."""
    return np.ascontiguousarray(np.moveaxis(values, 2, 1), dtype=np.float32)


def _rows(parts: list[Any], n: int) -> Floats:
    return np.stack([np.zeros(n), *parts])[1:].astype(np.float32)

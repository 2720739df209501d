"""How remembered emotion changes when the journey itself does: what happens, when, how often.

Features of memory are computed of the journey before and after by the same functions; where an
emotion's moments stay what they were, the difference is exactly nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from emotion_models.science.equations.memory import faded, intensity, turns

if TYPE_CHECKING:
    from emotion_models.models.changes_of_memory import MemoryChange

Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Lived:
    """Journeys as they are lived.

    Parameters
    ----------
    source : int array, shape (P,)
        Touchpoint each moment comes from, and whose share of attention it has; -1: an average
        share.
    answered : bool array, shape (P, J, E)
    position : array, shape (P, J)
        Rank in the order experienced; -1 where it does not happen.
    score : callable
        Scores (S or 1, J) on 0..1 of a moment and an emotion.
    found : dict
        Features computed so far: of the journeys as they were they are needed again and again.
    """

    source: NDArray[np.int64]
    answered: NDArray[np.bool_]
    position: NDArray[np.float64]
    score: Callable[[int, int], Floats]
    found: dict[Any, Any] = field(default_factory=dict)

    @cached_property
    def level(self) -> list[Floats]:
        """Mean score over the answered emotions of every moment, each (S or 1, J)."""
        found = []
        for p, here in enumerate(self.answered):
            scores = [self.score(p, e) for e in range(here.shape[1])]
            rows = max(score.shape[0] for score in scores)
            stacked = np.stack([np.broadcast_to(x, (rows, x.shape[1])) for x in scores], axis=-1)
            found.append(intensity(stacked, np.broadcast_to(here, stacked.shape)))
        return found

    def features(self, e: int, names: tuple[str, ...], at_moment: bool) -> dict[str, Any]:
        """Features but the mean of an emotion, each (S or 1, J); 0 where never answered.

        Parameters
        ----------
        e : int
        names : tuple of str
        at_moment : bool
            Whether the peak is read at the most intense moment of all emotions.
        """
        here = self.answered[:, :, e]
        scores = [self.score(p, e) for p in range(len(here))]
        rank = np.where(here, self.position, -1)
        last = rank.argmax(axis=0)
        first = np.where(here, self.position, np.inf).argmin(axis=0)
        found: dict[str, Any] = {}
        for name in names:
            if name == "end":
                found[name] = _picked(scores, last, here)
            elif name == "first":
                found[name] = _picked(scores, first, here)
            elif name == "trend":
                turn = turns(here[..., None], self.position)[..., 0].astype(np.float32)
                total = sum(own * score for own, score in zip(turn, scores, strict=True))
                found[name] = total / np.maximum(turn.sum(axis=0), 1)
            elif name == "peak":
                found[name] = self._peak(scores, here, at_moment)
        return found

    def _peak(self, scores: list[Floats], here: NDArray[np.bool_], at_moment: bool) -> Any:
        never = np.float32(-np.inf)
        largest: Any = never
        for score, counts in zip(scores, here, strict=True):
            largest = np.maximum(largest, np.where(counts, score, never))
        largest = np.where(here.any(axis=0), largest, np.float32(0))
        if not at_moment:
            return largest
        level = np.stack(np.broadcast_arrays(*self.level))
        # Of equal moments the earlier one of the codebook, as in the fit; not answered: own peak.
        moment = level.argmax(axis=0)
        found = largest
        for p, (score, counts) in enumerate(zip(scores, here, strict=True)):
            found = np.where((moment == p) & counts, score, found)
        return found


def _picked(scores: list[Floats], index: NDArray[np.int64], here: NDArray[np.bool_]) -> Any:
    """Scores at one moment of each journey."""
    total: Any = np.zeros((1, index.size), dtype=np.float32)
    for p, score in enumerate(scores):
        chosen = (index == p) & here[p]
        if chosen.any():
            total = total + np.where(chosen, score, np.float32(0))
    return total


@dataclass(frozen=True, eq=False)
class JourneyChange:
    """One way to live the journeys against another.

    Parameters
    ----------
    memory : MemoryChange
    before, new : Lived
    """

    memory: MemoryChange
    before: Lived
    new: Lived

    @property
    def after(self) -> dict[int, Floats]:
        """Change (S, J) of everything remembered, as `MemoryChange.after`."""
        memory, design = self.memory, self.memory.design
        found: dict[int, Floats] = {}
        for e in range(len(design.emotions)):
            change = self._kept(e)
            if memory.fading.any():
                change = change * faded(memory.fading[:, [e]], design.waited)[..., 0]
            if change.any():
                found[e] = self._whole(change)
        return found | (self._by_touchpoint() if memory.by_touchpoint else {})

    def _kept(self, e: int) -> Any:
        """Change (S or 1, J) of one emotion before it fades; 0 where it was never answered."""
        names = tuple(name for name in self.memory.features if name != "mean")
        old, new = (self._features(lived, e, names) for lived in (self.before, self.new))
        parts = {name: new[name] - old[name] for name in names}
        if "mean" in self.memory.features and not self._same(e):
            parts["mean"] = self._mean(self.new, e) - self._mean(self.before, e)
        both = self.before.answered[:, :, e].any(axis=0) & self.new.answered[:, :, e].any(axis=0)
        change: Any = np.zeros((1, both.size), dtype=np.float32)
        for k, name in enumerate(self.memory.features):
            if name in parts and parts[name].any():
                change = change + self.memory.weight_of(e, k) * (parts[name] * both)
        return change

    def _features(self, lived: Lived, e: int, names: tuple[str, ...]) -> dict[str, Any]:
        if ("features", e) not in lived.found:
            at_moment = self.memory.peaks.at_moment
            lived.found["features", e] = lived.features(e, names, at_moment)
        found: dict[str, Any] = lived.found["features", e]
        return found

    def _same(self, e: int) -> bool:
        """Whether the moments of an emotion are what they were, whenever they happen."""
        old, new = self.before, self.new
        return len(new.source) == len(old.source) and all(
            np.array_equal(new.answered[p, :, e], old.answered[p, :, e])
            and np.array_equal(new.score(p, e), old.score(p, e))
            for p in range(len(old.source))
        )

    def _whole(self, change: Any) -> Floats:
        shape = (len(self.memory.salience), change.shape[1])
        return np.broadcast_to(change, shape).astype(np.float32, copy=False)

    def _mean(self, lived: Lived, e: int) -> Floats:
        """Average (S, J) weighted by attention, 0 where never answered."""
        if ("mean", e) not in lived.found:
            lived.found["mean", e] = self._average(lived, e)
        mean: Floats = lived.found["mean", e]
        return mean

    def _average(self, lived: Lived, e: int) -> Floats:
        salience, here = self.memory.salience, lived.answered[:, :, e].astype(np.float32)
        average = salience.mean(axis=1)
        share = np.stack([salience[:, t] if t >= 0 else average for t in lived.source], axis=1)
        scores = [lived.score(p, e) for p in range(len(here))]
        fixed = [p for p, score in enumerate(scores) if len(score) == 1]
        plain = [np.zeros_like(here[:0]), *(here[p] * scores[p] for p in fixed)]
        total: Floats = share[:, fixed] @ np.concatenate(plain)
        for p in set(range(len(scores))) - {*fixed}:
            total += share[:, p, None] * here[p] * scores[p]
        attention = share @ here
        mean: Floats = np.divide(total, attention, out=np.zeros_like(total), where=attention > 0)
        return mean

    def _by_touchpoint(self) -> dict[int, Floats]:
        """Change of the touchpoints' own parts."""
        n_touchpoints, n_emotions = len(self.memory.salience[0]), len(self.memory.design.emotions)
        found = {}
        for e in range(n_emotions):
            old, new = (self._parts(lived, e, n_touchpoints) for lived in (self.before, self.new))
            for t in range(n_touchpoints):
                change = new[t] - old[t]
                if change.any():
                    found[n_emotions + t * n_emotions + e] = self._whole(change)
        return found

    @staticmethod
    def _parts(lived: Lived, e: int, n_touchpoints: int) -> list[Any]:
        count = np.maximum(lived.answered[:, :, e].sum(axis=0), 1).astype(np.float32)
        parts: list[Any] = [np.zeros((1, count.size), dtype=np.float32)] * n_touchpoints
        for p, t in enumerate(lived.source):
            if t >= 0:
                here = lived.answered[p, :, e].astype(np.float32)
                parts[t] = parts[t] + here * lived.score(p, e) / count
        return parts

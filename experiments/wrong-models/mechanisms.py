"""How people remember, respond and use scales, as the model says and otherwise.

Scores are on 0..1 in the order experienced, (J, moments, E); categories count from 0.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]
Ints = NDArray[np.integer[Any]]

DECAY: Final = 0.5
STRONG: Final = 0.5
"""Score up to which a moment leaves no trace where only strong moments do."""
CURVED: Final = 1.5
JOINED: Final = 2.5
"""Logits by which gratitude and anger, both at the top, add to each other's effects."""
STYLED, YIELDS = 0.3, 0.7
"""Share of people with a style of answering, and the chance that it moves one of their answers."""
SHIFT, STRETCH = 0.8, 0.35
"""Standard deviations over people of the place (logits) and log spread of their cutpoints."""
CARELESS: Final = 0.1
SKIPPED: Final = 0.5
"""Chance that a rating as bad as the scale allows is not given."""


@dataclass(frozen=True)
class Told:
    """What would be ticked on a scale if everybody used it alike, and what stands behind it.

    Parameters
    ----------
    category : int array, shape (J, items)
    latent : array, shape (J, items)
        The category is the number of cutpoints below it.
    cutpoint : array, shape (items, categories - 1)
    """

    category: Ints
    latent: Floats
    cutpoint: Floats

    @property
    def top(self) -> int:
        """The highest category."""
        return self.cutpoint.shape[1]


Tick = Callable[[np.random.Generator, tuple[Told, ...]], tuple[Ints, ...]]


def four_features(score: Floats, weight: Floats) -> Floats:
    """Remember mean, peak, end and first moment of each emotion: the model's own rule."""
    kept = (score.mean(axis=1), score.max(axis=1), score[:, -1], score[:, 0])
    return sum(w * feature for w, feature in zip(weight, kept, strict=True))  # type: ignore[return-value]


def segments(score: Floats, weight: Floats) -> Floats:
    """Remember peak and end of each half of the journey, whatever their lengths."""
    half = -(-score.shape[1] // 2)
    parts = (score[:, :half], score[:, half:])
    return np.mean([(p.max(axis=1) + p[:, -1]) / 2 for p in parts], axis=0)


def recency(score: Floats, weight: Floats) -> Floats:
    """Remember an average in which a moment counts `DECAY` of the next one."""
    return np.average(score, axis=1, weights=DECAY ** np.arange(score.shape[1])[::-1])


def threshold(score: Floats, weight: Floats) -> Floats:
    """Remember only what exceeds `STRONG`, brought back to 0..1."""
    return (np.maximum(score - STRONG, 0) / (1 - STRONG)).mean(axis=1)


def straight(memory: Floats, effect: Floats) -> Floats:
    """Effects add up: the model's own response, in logits (J, outcomes)."""
    return memory @ effect


def curved(memory: Floats, effect: Floats) -> Floats:
    """Effects grow with the square of what is remembered: none at the bottom of the scale."""
    return CURVED * memory**2 @ effect


def joined(memory: Floats, effect: Floats) -> Floats:
    """Gratitude takes the edge off anger: emotions joy, gratitude, anger, worry."""
    return memory @ effect + JOINED * (memory[:, 1] * memory[:, 2])[:, None]


def plainly(rng: np.random.Generator, told: tuple[Told, ...]) -> tuple[Ints, ...]:
    """Everybody uses the scales alike."""
    return tuple(each.category for each in told)


def styled(move: Callable[[Ints, int], Ints]) -> Tick:
    """Some people let a style move some of their answers, on every scale."""

    def tick(rng: np.random.Generator, told: tuple[Told, ...]) -> tuple[Ints, ...]:
        people = rng.random((len(told[0].category), 1)) < STYLED
        moves = (people & (rng.random(each.category.shape) < YIELDS) for each in told)
        return tuple(
            np.where(moved, move(each.category, each.top), each.category)
            for each, moved in zip(told, moves, strict=True)
        )

    return tick


def higher(category: Ints, top: int) -> Ints:
    """Acquiescence: a point more, whatever is asked."""
    return np.minimum(category + 1, top)


def outermost(category: Ints, top: int) -> Ints:
    """Extreme responding: the nearer end; the middle stays."""
    ends = np.where(2 * category > top, top, 0)
    return np.where(2 * category == top, category, ends)


def middle(category: Ints, top: int) -> Ints:
    """Midpoint responding."""
    return np.full_like(category, top // 2)


def own_cutpoints(rng: np.random.Generator, told: tuple[Told, ...]) -> tuple[Ints, ...]:
    """Everybody has cutpoints of their own, shifted and stretched alike on all scales."""
    n = len(told[0].category)
    shift, stretch = SHIFT * rng.normal(size=n), np.exp(STRETCH * rng.normal(size=n))
    answers = []
    for each in told:
        own = each.cutpoint * stretch[:, None, None] + shift[:, None, None]
        answers.append((each.latent[..., None] > own).sum(axis=-1))
    return tuple(answers)


def carelessly(rng: np.random.Generator, told: tuple[Told, ...]) -> tuple[Ints, ...]:
    """Half of the careless tick one place everywhere, half anything."""
    n = len(told[0].category)
    kind, place = rng.random(n), rng.random((n, 1))
    answers = []
    for each in told:
        line = np.broadcast_to(np.floor(place * (each.top + 1)), each.category.shape)
        random = rng.integers(0, each.top + 1, each.category.shape)
        own = np.where((kind < CARELESS / 2)[:, None], line, random)
        answers.append(np.where((kind < CARELESS)[:, None], own, each.category).astype(int))
    return tuple(answers)

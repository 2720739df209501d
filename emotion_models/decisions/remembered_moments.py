"""What every touchpoint would be worth as the first, the last, or along the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from emotion_models.decisions.journeys import worth_of
from emotion_models.decisions.valuation import Valuation
from emotion_models.science.equations.sequence import Moments
from emotion_models.simulation.block import Block, blocks

if TYPE_CHECKING:
    from emotion_models.inference import Fit

Floats = NDArray[np.floating[Any]]
NUDGE: Final = 0.02
"""Step of remembered emotion by which its worth is measured."""
MOST_PATTERNS: Final = 64
ORDERED: Final = ("first", "end", "trend")
"""Features of memory that depend on the order."""


@dataclass(frozen=True, eq=False)
class Remembering:
    """What the order of touchpoints acts through.

    Parameters
    ----------
    parts : array, shape (feature, S, P, T)
        Worth of every touchpoint through first, end and trend, by draw and pattern of visits.
    felt : array, shape (T,)
        Worth of what is felt at each touchpoint, if all of it were remembered.
    weight : array, shape (feature,)
        Of first, end, trend in what is remembered, on average.
    visited : bool array, shape (P, T)
    share : array, shape (P,)
    """

    parts: Floats
    felt: Floats
    weight: Floats
    visited: NDArray[np.bool_]
    share: Floats

    def sorted_by(self, touchpoints: Sequence[int]) -> Self:
        """Return the same with the touchpoints in another order."""
        places = list(touchpoints)
        return replace(
            self,
            parts=self.parts[..., places],
            felt=self.felt[places],
            visited=self.visited[:, places],
        )

    def moments(self, draw: int | None = None, *, sign: int = 1) -> Moments:
        """Worth of moments in a draw, or on average; turned where less is better."""
        own = self.parts.mean(axis=1) if draw is None else self.parts[:, draw]
        first, end, trend = sign * own
        return Moments(first, end, trend, self.visited, self.share)


def remembering(fit: Fit, money: Valuation, weights: Floats, draws: int) -> Remembering:
    """Measure what the order of touchpoints acts through.

    Every journey counts by its own slope: how much what it remembers is worth to the objective.

    Parameters
    ----------
    fit : Fit
        Without imputed ratings.
    money : Valuation
    weights : array, shape (J,)
        Of the average over journeys.
    draws : int

    Returns
    -------
    Remembering
    """
    visited, share, pattern = _patterns(fit, weights)
    weighted = weights[:, None] * (pattern[:, None] == np.arange(len(share)))
    kept = _ordered_weights(fit, weights, draws)
    answering = np.einsum("tje,jp->pte", fit.design.ratings.answered, weighted)
    shown = visited[..., None] * share[:, None, None] / np.maximum(answering, 1e-12)
    parts: Floats = np.zeros(())
    felt: Floats = np.zeros(())
    for block in blocks(fit, draws):
        own, level = _of_block(block, money, weighted[block.which], shown, kept)
        parts, felt = parts + own, felt + level
    per_person = parts / np.maximum(share, 1e-12)[:, None]
    met = np.maximum((visited * share[:, None]).sum(axis=0), 1e-12)
    return Remembering(per_person, felt / met, kept.mean(axis=(0, 1)), visited, share)


def _of_block(
    block: Block, money: Valuation, weighted: Floats, shown: Floats, kept: Floats
) -> tuple[Floats, Floats]:
    """Parts (feature, S, P, T) and worth of feelings (T,), summed over the journeys of a block.

    Who did not answer is taken to feel as those of the same pattern who did (`shown`).
    """
    design, scoring = block.journeys.design, block.memory.scoring
    n_touchpoints = len(design.touchpoints)
    parts = np.zeros((kept.shape[-1], kept.shape[0], weighted.shape[1], n_touchpoints))
    felt = np.zeros(n_touchpoints)
    before = worth_of(block, money)
    for e in range(len(design.emotions)):
        nudge = {e: np.full(before.shape, NUDGE, dtype=np.float32)}
        shift = block.response.shift(block.response.total, nudge)
        slope = (worth_of(block, money, shift) - before) / NUDGE
        for t in range(n_touchpoints):
            score = scoring.observed(t, e) * design.ratings.answered[t, :, e]
            worth = ((slope * score) @ weighted) * shown[:, t, e]
            parts[..., t] += np.moveaxis(kept[:, e], -1, 0)[..., None] * worth
            felt[t] += float(worth.mean(axis=0).sum())
    return parts, felt


def _patterns(fit: Fit, weights: Floats) -> tuple[NDArray[np.bool_], Floats, NDArray[np.int64]]:
    """Patterns of visits, the most frequent ones, with their share, and whose each is."""
    met = (fit.design.ratings.position >= 0).T
    rows, own = np.unique(met, axis=0, return_inverse=True)
    share = np.bincount(own.ravel(), weights=weights, minlength=len(rows))
    order = np.argsort(-share, kind="stable")
    place = np.argsort(order)[own.ravel()]
    kept = order[:MOST_PATTERNS]
    # Further patterns are guessed without: their journeys belong to none of the kept ones.
    return rows[kept], share[kept], np.where(place < len(kept), place, -1)


def _ordered_weights(fit: Fit, weights: Floats, draws: int) -> Floats:
    """Memory weights (S, E, feature), averaged over segments."""
    known, names = fit.parameters(draws), fit.model.memory
    weight = known.memory_weight
    if weight.shape[1] > 1:
        group = np.average(fit.design.membership, axis=0, weights=weights)
        weight = np.einsum("g,sgek->sek", group, weight)[:, None]
    nothing = np.zeros(weight.shape[:1] + weight.shape[2:3])
    each = [weight[:, 0, :, names.index(k)] if k in names else nothing for k in ORDERED]
    return np.stack(each, axis=-1)

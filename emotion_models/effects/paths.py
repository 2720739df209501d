"""Effects on every journey, split along their paths.

total
    everything responds.
direct
    the relationship is held; for a behaviour, what emotion does not through the bond.
via relationship
    total minus direct.
via memory
    total minus the effect the same points would have if every moment counted equally: what
    the peak, the end, the first moment and the salience of touchpoints add.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from emotion_models.effects.questions import By, places_of
from emotion_models.inference.estimands import ALL
from emotion_models.models.changes_of_memory import MemoryChange, Scores
from emotion_models.models.response import Response

if TYPE_CHECKING:
    from emotion_models.inference import Fit

Floats = NDArray[np.floating[Any]]
Path = Literal["total", "direct", "via relationship", "via memory"]
Found = tuple[int, int, dict[str, tuple[Floats, ...]]]
PATHS: Final[tuple[Path, ...]] = ("total", "direct", "via relationship", "via memory")
SPLIT: Final[tuple[Path, ...]] = ("direct", "via relationship")


def by_journey(
    fit: Fit, outcomes: tuple[str, ...], by: By, most: int, *, identity: int | None = None
) -> Iterator[Found]:
    """Effects on every journey, one emotion and place at a time.

    Parameters
    ----------
    fit : Fit
    outcomes : tuple of str
    by : str
        Whether the point is also added at each touchpoint.
    most : int
        Draws to use at most.
    identity : int, optional
        Segment whose effects and memory everybody has; people stand where they are.

    Yields
    ------
    emotion, place : int
    found : dict of outcome to tuple of array, shape (S, J)
        One array for each of `PATHS`.
    """
    of_emotion = finder(fit, outcomes, by, most, identity=identity)
    for emotion in range(len(fit.design.emotions)):
        yield from of_emotion(emotion)


def finder(
    fit: Fit, outcomes: tuple[str, ...], by: By, most: int, *, identity: int | None = None
) -> Callable[[int], Iterator[Found]]:
    """Prepare `by_journey`; what is returned gives one emotion, and may do so in threads.

    Returns
    -------
    callable
        Of an emotion, by its number.
    """
    response, design = fit.response(most).in_single(), fit.design
    if identity is not None:
        alone = np.zeros((1, *design.membership.shape), dtype=np.float32)
        alone[..., identity] = 1.0
        response = replace(response, known=replace(response.known, membership=alone))
    memory = MemoryChange.for_design(fit.model, design, response.known)
    before = {outcome: response.mean(outcome) for outcome in outcomes}

    def of_emotion(emotion: int) -> Iterator[Found]:
        slopes = _Slopes(response)
        for p, place in enumerate(places_of(fit, by)):
            scores = {emotion: raised(memory, emotion, place)}
            yield emotion, p, _paths(slopes, memory, scores, before)

    return of_emotion


def raised(memory: MemoryChange, emotion: int, place: str) -> dict[int, NDArray[np.float32]]:
    """Scores (S or 1, J) of an emotion after one more point, at one touchpoint or at all.

    Parameters
    ----------
    memory : MemoryChange
    emotion : int
    place : str
        A touchpoint, or `ALL`.

    Returns
    -------
    dict of touchpoint index to array, shape (S or 1, J)
    """
    return {
        t: memory.scoring.raised(t, emotion)
        for t, touchpoint in enumerate(memory.design.touchpoints)
        if place in (ALL, touchpoint)
    }


@dataclass(frozen=True)
class _Slopes:
    """What predictors gain per point remembered, kept for the next place with the same emotion.

    Parameters
    ----------
    response : Response
    known : dict of (path, row, thing remembered) to array, shape (S, J)
    """

    response: Response
    known: dict[tuple[str, int, int], Floats] = field(default_factory=dict)

    def mean(
        self, outcome: str, path: Literal["total", "direct"], felt: Mapping[int, Floats]
    ) -> Floats:
        """Expected outcome (S, J) when what is remembered changes by `felt`."""

        def predictor(row: int) -> Floats:
            changed = self.response.eta[:, row].copy()
            for place, change in felt.items():
                changed += self._slope(path, row, place) * change
            return changed

        return self.response.mean_at(outcome, predictor)

    def _slope(self, path: Literal["total", "direct"], row: int, place: int) -> Floats:
        if (path, row, place) not in self.known:
            effect = getattr(self.response, path)
            self.known[path, row, place] = self.response.slope(effect, row, place)
        return self.known[path, row, place]


def _paths(
    slopes: _Slopes,
    memory: MemoryChange,
    scores: Scores,
    before: dict[str, Floats],
) -> dict[str, tuple[Floats, ...]]:
    """Differences (S, J) of every outcome along each path."""
    felt, plain = memory.after(scores), memory.plain(scores)
    rows = slopes.response.design.rows
    behaviours = {row.outcome for row in rows if row.stage == "behaviour"}
    found: dict[str, tuple[Floats, ...]] = {}
    for outcome, as_it_was in before.items():
        total = slopes.mean(outcome, "total", felt) - as_it_was
        plain_total = slopes.mean(outcome, "total", plain) - as_it_was
        direct = total
        if outcome in behaviours:
            direct = slopes.mean(outcome, "direct", felt) - as_it_was
        found[outcome] = (total, direct, total - direct, total - plain_total)
    return found

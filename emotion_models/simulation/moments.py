"""The moments of a changed journey: touchpoints as they happen, in order, to whom.

The first moments are the touchpoints of the codebook, in its order, whatever happens to them;
repeated and added ones follow. When something happens is said by positions alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from emotion_models.inference import Fit
    from emotion_models.simulation.steps import Rebuild

Mask = NDArray[np.bool_]
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class EmotionMove:
    """Ratings of an emotion: all its items set to a score, moved by points, or scaled.

    Parameters
    ----------
    emotion : int
    to : float, optional
        On 0..1.
    by : float
        In points of the emotion's scale, which has so many `points` from end to end.
    points : float
    times : float
    who : bool array, shape (J,)
    """

    emotion: int
    to: float | None
    by: float
    points: float
    times: float
    who: Mask


@dataclass(frozen=True, eq=False)
class Moment:
    """One moment of the journeys.

    Parameters
    ----------
    name : str
    source : int
        Touchpoint whose answers it has; -1 where it is described.
    present : bool array, shape (J,)
    position : array, shape (J,)
        Rank in the order experienced, where present.
    values : array, shape (levers, J)
        In the codebook's units; NaN where unknown.
    touched : bool
        Whether a lever was moved here.
    moves : tuple of EmotionMove
    merged : tuple of (moment, bool array (J,))
        Moments whose answers are averaged in.
    feels : mapping of emotion index to score, 0..1
    """

    name: str
    source: int
    present: Mask
    position: Floats
    values: Floats
    touched: bool = False
    moves: tuple[EmotionMove, ...] = ()
    merged: tuple[tuple[int, Mask], ...] = ()
    feels: tuple[tuple[int, float], ...] = ()

    def some(self, which: NDArray[np.int64]) -> Moment:
        """The same moment of some of the journeys."""
        return replace(
            self,
            present=self.present[which],
            position=self.position[which],
            values=self.values[:, which],
            moves=tuple(replace(move, who=move.who[which]) for move in self.moves),
            merged=tuple((other, who[which]) for other, who in self.merged),
        )


Journey = tuple[Moment, ...]


def observed(fit: Fit) -> Journey:
    """The journeys as they were."""
    position = fit.design.ratings.position
    levers = fit.data["lever_value"].transpose("lever", "touchpoint", "journey").to_numpy()
    return tuple(
        Moment(name, t, position[t] >= 0, position[t].astype(float), levers[:, t].astype(float))
        for t, name in enumerate(fit.design.touchpoints)
    )


def rebuilt(journey: Journey, step: Rebuild, who: Mask, feels: dict[int, float]) -> Journey:
    """Apply one step that names touchpoints which are there.

    Parameters
    ----------
    journey : Journey
    step : Rebuild
    who : bool array, shape (J,)
    feels : dict of emotion index to score
        Of "add".

    Returns
    -------
    Journey
    """
    names = [moment.name for moment in journey]
    if step.kind == "reorder":
        return in_order(journey, [names.index(name) for name in step.order], who)
    if step.kind == "remove":
        return _without(journey, names.index(step.touchpoint), who)
    beside = names.index(step.beside)
    if step.kind == "merge":
        return _merged(journey, names.index(step.touchpoint), beside, who)
    shift = -0.5 if step.side == "before" else 0.5
    place = journey[beside].position + shift
    if step.kind == "move":
        moving = names.index(step.touchpoint)
        both = who & journey[beside].present & journey[moving].present
        own = np.where(both, place, journey[moving].position)
        return ranked(_with(journey, moving, position=own))
    if step.kind == "repeat":
        like = journey[names.index(step.touchpoint)]
        present = who & journey[beside].present & like.present
        return ranked((*journey, _copy(like, _again(step.touchpoint, names), present, place)))
    present = who & journey[beside].present
    levers = journey[0].values
    nothing = np.full((levers.shape[0], present.size), np.nan)
    like = Moment(step.touchpoint, -1, present, place, nothing)
    if step.like:
        like = journey[names.index(step.like)]
    return ranked(
        (
            *journey,
            replace(_copy(like, step.touchpoint, present, place), feels=tuple(feels.items())),
        )
    )


def _copy(like: Moment, name: str, present: Mask, position: Floats) -> Moment:
    return replace(like, name=name, present=present, position=position)


def _again(name: str, names: Sequence[str]) -> str:
    number = 2
    while f"{name} ({number})" in names:
        number += 1
    return f"{name} ({number})"


def _with(journey: Journey, index: int, **changed: Any) -> Journey:
    own = replace(journey[index], **changed)
    return (*journey[:index], own, *journey[index + 1 :])


def _without(journey: Journey, index: int, who: Mask) -> Journey:
    return ranked(_with(journey, index, present=journey[index].present & ~who))


def _merged(journey: Journey, index: int, into: int, who: Mask) -> Journey:
    """Where both happen, the one leaves and its answers are averaged into the other's."""
    both = who & journey[index].present & journey[into].present
    parts = (*journey[into].merged, (index, both))
    return _without(_with(journey, into, merged=parts), index, both)


def in_order(journey: Journey, order: Sequence[int], who: Mask) -> Journey:
    """Let some moments happen in an order, in the places that they had.

    Parameters
    ----------
    journey : Journey
    order : sequence of int
        Moments.
    who : bool array, shape (J,)

    Returns
    -------
    Journey
    """
    present = np.stack([journey[index].present for index in order])
    position = np.stack([journey[index].position for index in order])
    places = np.sort(np.where(present, position, np.inf), axis=0)
    turn = np.maximum(present.cumsum(axis=0) - 1, 0)
    wanted = np.take_along_axis(places, turn, axis=0)
    for row, index in enumerate(order):
        own = np.where(present[row] & who, wanted[row], position[row])
        journey = _with(journey, index, position=own)
    return ranked(journey)


def ranked(journey: Journey) -> Journey:
    """Positions as ranks 0, 1, ... of what is present; -1 elsewhere."""
    present = np.stack([moment.present for moment in journey])
    position = np.where(present, np.stack([moment.position for moment in journey]), np.inf)
    rank = position.argsort(axis=0, kind="stable").argsort(axis=0, kind="stable").astype(float)
    rank = np.where(present, rank, -1.0)
    return tuple(replace(moment, position=own) for moment, own in zip(journey, rank, strict=True))

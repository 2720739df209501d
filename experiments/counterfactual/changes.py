"""The changes that are judged: what the engine is asked, and what truly happens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from world import Moments, World, levers_set, observed, with_scores

import emotion_models as em


@dataclass(frozen=True)
class Judged:
    """One change.

    Parameters
    ----------
    name : str
    change : Change
    truly : callable
        The moments of a world's journeys after it.
    """

    name: str
    change: em.Change
    truly: Callable[[World], Moments]


def _calmer(world: World) -> Moments:
    t, e = (world.design.touchpoints.index("check-in"), world.design.emotions.index("frustration"))
    category = world.design.ratings.category[t].astype(float)
    category[:, e] = np.clip(category[:, e] - 1, 0, 4)
    return with_scores(world, t, category)


def _without_breakfast(world: World) -> Moments:
    moments, t = observed(world.design, world.known), world.design.touchpoints.index("breakfast")
    position = list(moments.position)
    position[t] = np.full_like(position[t], -1)
    return replace(moments, position=position)


def _room_first(world: World) -> Moments:
    """The room at the very beginning, all else after it in its order."""
    moments, t = observed(world.design, world.known), world.design.touchpoints.index("room")
    position = [at.astype(float) for at in moments.position]
    position[t] = np.where(position[t] >= 0, 0, -1)
    position = [at if p == t else np.where(at >= 0, at + 1, -1) for p, at in enumerate(position)]
    return replace(moments, position=position)


def _farewell(world: World) -> Moments:
    """A new end, grateful and joyful; all else felt as on average, of average salience."""
    moments = observed(world.design, world.known)
    answered = np.stack(moments.answered)
    total = (np.stack(moments.score) * answered).sum(axis=0)
    score = total / np.maximum(answered.sum(axis=0), 1)
    score[:, world.design.emotions.index("gratitude")] = 1.0
    score[:, world.design.emotions.index("joy")] = 0.75
    leaves = moments.position[world.design.touchpoints.index("check-out")] >= 0
    return Moments(
        [*moments.score, score],
        [*moments.answered, np.ones_like(answered[0])],
        [*moments.position, np.where(leaves, 99, -1)],
        [*moments.salience, float(np.mean(moments.salience))],
    )


CHANGES: Final = (
    Judged(
        "5 minutes of waiting",
        em.Change().at("check-in").lever("wait_minutes", to=5),
        lambda world: levers_set(world, "check-in", {"wait_minutes": -1.0}),
    ),
    Judged(
        "upgrade and request resolved",
        em.Change().at("room").lever("upgrade", to=1).lever("resolved_request", to=1),
        lambda world: levers_set(world, "room", {"upgrade": 1.0, "resolved_request": 1.0}),
    ),
    Judged(
        "one point less frustration",
        em.Change().at("check-in").emotion("frustration", by=-1),
        _calmer,
    ),
    Judged("no breakfast", em.Change().remove("breakfast"), _without_breakfast),
    Judged("the room first", em.Change().move("room", before="booking"), _room_first),
    Judged(
        "a farewell",
        em.Change().add("farewell", after="check-out", feels={"gratitude": 4, "joy": 3}),
        _farewell,
    ),
)

"""Companies whose guests' emotions are known, and what improving a cell truly does to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from ways import Answers
from world import OWN, Moments, World, expected, observed, study

import emotion_models as em

Floats = NDArray[np.floating[Any]]
OUTCOME: Final = "return"
TOP: Final = 4  # of the scale of intensity


@dataclass(frozen=True)
class Kind:
    """A kind of company.

    Parameters
    ----------
    about : str
    rule : str
        How memory works there.
    drawn : bool
        Whether effects are drawn for each company, or those of the hotel study.
    own : float
        Spread of what an emotion does beyond its valence.
    """

    about: str
    rule: str = "four features"
    drawn: bool = True
    own: float = OWN


KINDS: Final = (
    Kind("specific emotions matter"),
    Kind("good or bad is all that matters", own=0.0),
    Kind("memory decays", rule="recency"),
    Kind("the hotel study's effects", drawn=False),
)


@dataclass(frozen=True)
class Cell:
    """An emotion at a touchpoint, and the direction in which it is better."""

    touchpoint: str
    emotion: str
    better: int

    def change(self) -> em.Change:
        """One point better, for everybody who was there."""
        return em.Change().at(self.touchpoint).emotion(self.emotion, by=self.better)


def company(kind: Kind, seed: int, n_stays: int) -> World:
    """A company and its survey."""
    return study(seed, n_stays, kind.rule, drawn=kind.drawn, own=kind.own)


def cells(world: World) -> list[Cell]:
    """Every emotion at every touchpoint."""
    design = world.design
    better = dict(zip(design.emotions, np.where(design.valence > 0, 1, -1).tolist(), strict=True))
    return [Cell(place, name, better[name]) for place in design.touchpoints for name in better]


def answers(world: World, among: Sequence[Cell]) -> Answers:
    """What the survey says of cells and outcome: all that anybody but the oracle sees."""
    score = np.where(world.design.ratings.answered > 0, world.design.ratings.score, np.nan)
    columns = [score[_place(world, cell)] for cell in among]
    better = np.array([cell.better for cell in among])
    performance = np.where(better > 0, np.column_stack(columns), 1 - np.column_stack(columns))
    outcome = world.survey.data["behaviour_value"].sel(behaviour=OUTCOME).to_numpy()
    return Answers(performance, outcome.astype(float))


def gain(world: World, chosen: Sequence[Cell]) -> float:
    """Guests of 100 more who return, truly, when these cells are one point better."""
    before = expected(world, observed(world.design, world.known))[OUTCOME]
    return 100 * (expected(world, improved(world, chosen))[OUTCOME] - before)


def improved(world: World, chosen: Sequence[Cell]) -> Moments:
    """The journeys with each of these one point better, where the scale has a point left."""
    moments = observed(world.design, world.known)
    score = [np.array(each) for each in moments.score]
    for cell in chosen:
        t, _, e = _place(world, cell)
        there = world.design.ratings.category[t, :, e] >= 0
        better = np.clip(score[t][:, e] + cell.better / TOP, 0, 1)
        score[t][:, e] = np.where(there, better, score[t][:, e])
    return replace(moments, score=score)


def _place(world: World, cell: Cell) -> tuple[int, slice, int]:
    design = world.design
    return (
        design.touchpoints.index(cell.touchpoint),
        slice(None),
        design.emotions.index(cell.emotion),
    )

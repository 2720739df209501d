"""Worlds whose effects agree with the published table, contradict half of it, or know no table."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from beliefs import LITERATURE, MISLEADING, MISLED, SURELY, WEAK, Belief, table
from numpy.typing import NDArray
from study import Setting, World, draw_world

from emotion_models.models.some_journeys import some_journeys
from emotion_models.science.emotions import catalogue

Floats = NDArray[np.float64]
EMOTIONS: Final = ("joy", "gratitude", "anger", "embarrassment")
OUTCOMES: Final = ("return", "recommend", "complain")
VALENCE: Final = np.array([catalogue()[name].valence for name in EMOTIONS])
BETTER: Final = np.array([1, 1, -1])
"""Direction of each outcome that pleasant emotions favour, where positivity is all there is."""
SIZES: Final = (100, 300, 1000)
NEW: Final = 500
"""Journeys of the same world that no fit sees."""
SIZE: Final = (0.5, 2.0)
"""Ends of the uniform distribution of true sizes, in logits per full scale."""
REST: Final = 0.5
"""Standard deviation of true effects for which no direction was published."""
SETTING: Final = Setting(
    {
        "touchpoints": [{"name": f"touchpoint {t}"} for t in range(3)],
        "emotions": [{"name": name, "scale": "felt"} for name in EMOTIONS],
        "remembered": [],
        "relationship": [],
        "behaviours": [
            {"name": "return", "family": "bernoulli"},
            {"name": "recommend", "family": "ordinal", "scale": "agree"},
            {"name": "complain", "family": "bernoulli", "desirable": False},
        ],
    }
)
PUBLISHED: Final = np.sign(table(list(EMOTIONS), list(OUTCOMES)))
"""Signs (E, R) of the table; 0 where no direction was published."""


@dataclass(frozen=True)
class Nature:
    """A kind of world.

    Parameters
    ----------
    name, about : str
    beliefs : tuple of Belief
        With which its studies are fitted.
    """

    name: str
    about: str
    beliefs: tuple[Belief, ...]


AGREES: Final = Nature(
    "agrees",
    "the truth agrees with the table",
    (WEAK, LITERATURE, MISLEADING, SURELY, MISLED),
)
DIFFERS: Final = Nature(
    "differs", "the truth contradicts half of the table", (WEAK, LITERATURE, SURELY)
)
POSITIVITY: Final = Nature(
    "positivity",
    "nothing but positivity matters",
    (WEAK, LITERATURE, MISLEADING, SURELY, MISLED),
)
NATURES: Final = {each.name: each for each in (AGREES, DIFFERS, POSITIVITY)}


def effects(nature: Nature, seed: int) -> Floats:
    """True effects (E, R) in logits per full scale.

    Kinds of worlds with the same seed have the same sizes.
    """
    rng = np.random.default_rng([seed, 1])
    size = rng.uniform(*SIZE, PUBLISHED.shape)
    other = rng.normal(0, REST, PUBLISHED.shape)
    cells = np.flatnonzero(PUBLISHED)
    turned = rng.choice(cells, cells.size // 2, replace=False)
    if nature is POSITIVITY:
        return VALENCE[:, None] * size[0] * BETTER
    sign = PUBLISHED.copy()
    if nature is DIFFERS:
        sign.flat[turned] *= -1
    return np.where(sign == 0, other, sign * size)


def drawn(nature: Nature, seed: int) -> World:
    """A world with as many journeys as the largest study, and new ones."""
    fixed = {"effect": effects(nature, seed)}
    return draw_world(WEAK.model, SETTING, max(SIZES) + NEW, seed, fixed)


def first(world: World, n_journeys: int) -> World:
    """The study of the first so many journeys: smaller ones are parts of larger ones."""
    return _some(world, np.arange(n_journeys))


def unseen(world: World) -> World:
    """The journeys that are in no study."""
    n = world.data.sizes["journey"]
    return _some(world, np.arange(n - NEW, n))


def _some(world: World, which: Any) -> World:
    design = some_journeys(world.designs["outcomes"], which)
    return replace(world, data=world.data.isel(journey=which), designs={"outcomes": design})

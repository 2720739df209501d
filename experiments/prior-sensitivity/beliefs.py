"""What somebody believes before the data: weak priors, a table of directions, or the wrong one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final
from unittest.mock import patch

import numpy as np
from numpy.typing import NDArray

from emotion_models.models import literature
from emotion_models.models.prior import Prior
from emotion_models.models.spec import JourneyModel
from emotion_models.science.directions import prior_means

SURE: Final = {
    "positivity": Prior.normal(0, 0.25),
    "published": Prior.normal(0, 0.1),
    "specificity": Prior.half_normal(0.25),
}
"""Priors of somebody who trusts the table: effects are about what it says, hardly anything else."""


@dataclass(frozen=True)
class Belief:
    """Priors of effects.

    Parameters
    ----------
    name : str
    sign : int
        Of the table of directions: 1 as published, -1 every sign turned, 0 no table.
    overrides : mapping of str to Prior
    """

    name: str
    sign: int
    overrides: Mapping[str, Prior] = field(default_factory=dict)

    @property
    def model(self) -> JourneyModel:
        """Stages 2 to 4 under these priors."""
        priors = "literature" if self.sign else "weak"
        return JourneyModel(elicitation=False, priors=priors, overrides=self.overrides)


WEAK: Final = Belief("weak", 0)
LITERATURE: Final = Belief("literature", 1)
MISLEADING: Final = Belief("misleading", -1)
SURELY: Final = Belief("literature, sure", 1, SURE)
MISLED: Final = Belief("misleading, sure", -1, SURE)
BELIEFS: Final = {each.name: each for each in (WEAK, LITERATURE, MISLEADING, SURELY, MISLED)}


@contextmanager
def believed(belief: Belief) -> Iterator[None]:
    """Let the package read the belief's table of directions: built, sampled and checked with it.

    The package has one table and no argument for another; this replaces the function that looks
    prior means up, in this process only.
    """

    def turned(emotions: list[str], outcomes: list[str]) -> list[list[float]]:
        return (belief.sign * table(emotions, outcomes)).tolist()

    with patch.object(literature, "prior_means", turned):
        yield


def table(emotions: list[str], outcomes: list[str]) -> NDArray[np.float64]:
    """Published prior means (E, R) in logits per full scale; 0 where nothing enters."""
    return np.asarray(prior_means(emotions, outcomes), dtype=float)

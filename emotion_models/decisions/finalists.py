"""What all that was simulated in full has in common: sets of options, or orders."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from emotion_models.science.equations.information import perfect
from emotion_models.summarised import Summarised

if TYPE_CHECKING:
    from emotion_models.simulation import Change

Floats = NDArray[np.floating[Any]]


@dataclass(frozen=True, eq=False, repr=False)
class Finalists(Summarised):
    """Candidates that were simulated in full, after a guess had chosen them.

    Classes that derive from it say what their candidates are.

    Parameters
    ----------
    changes : tuple of Change
    values : array, shape (S, F)
        Difference in the objective per journey, paired draws.
    scores : array, shape (S, F)
        What was to be as large as possible.
    within : bool array, shape (F,)
        Those that are allowed.
    best : int
    guesses : array, shape (F,)
        Of the mean difference.
    """

    changes: tuple[Change, ...]
    values: Floats
    scores: Floats
    within: NDArray[np.bool_]
    best: int
    guesses: Floats

    @property
    def change(self) -> Change:
        """The best of them as one change."""
        return self.changes[self.best]

    @property
    def gap(self) -> float:
        """Largest error of the guess among them."""
        return float(np.abs(self.values.mean(axis=0) - self.guesses).max())

    @property
    def evpi(self) -> float:
        """Expected value of perfect information, per journey, among those that are allowed."""
        return perfect(self.scores[:, self.within])

"""How others choose what to improve: a score for every emotion at every touchpoint.

All take the same answers and say by how much improving each cell is believed to help; the highest
is done first. They are given what helps them: which direction of an emotion is good, answers of
those who were not there filled with the mean of the others, and the sign of a driver.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]
TOP_TWO: Final = 0.75
"""From here on an answer on five points, on 0..1, is in the top two boxes."""


@dataclass(frozen=True)
class Answers:
    """What a survey says of the cells.

    Parameters
    ----------
    performance : array, shape (J, C)
        Ratings on 0..1, turned for unpleasant emotions so that high is good; NaN unanswered.
    outcome : array, shape (J,)
    """

    performance: Floats
    outcome: Floats

    def filled(self) -> Floats:
        """Performance with the mean of a cell where it is not answered."""
        mean = np.nanmean(self.performance, axis=0)
        return np.where(np.isnan(self.performance), mean, self.performance)


def correlations(answers: Answers) -> Floats:
    """Correlation of every cell with the outcome: the driver analysis of most suites."""
    return _correlation(answers.filled(), answers.outcome)


def importance_performance(answers: Answers) -> Floats:
    """Correlation times the room that is left: the corner of the priority map (Martilla 1977)."""
    room = 1 - np.nanmean(answers.performance, axis=0)
    return np.maximum(correlations(answers), 0) * room


def top_two_boxes(answers: Answers) -> Floats:
    """Coefficients of the outcome's regression on whether each answer is in the top two boxes."""
    in_top = np.where(np.isnan(answers.performance), np.nan, answers.performance >= TOP_TWO - 1e-9)
    boxes = Answers(in_top, answers.outcome).filled()
    centred = boxes - boxes.mean(axis=0)
    return np.linalg.lstsq(centred, answers.outcome - answers.outcome.mean())[0]


def relative_weights(answers: Answers) -> Floats:
    """Share of the outcome's variance, each driver's (Johnson 2000), with its correlation's sign.

    doi 10.1207/S15327906MBR3501_1: regress on the orthogonal variables nearest to the drivers,
    and give every driver its part in each of them.
    """
    filled = answers.filled()
    varies = filled.std(axis=0) > 0
    weight = np.zeros(filled.shape[1])
    values, vectors = np.linalg.eigh(np.corrcoef(filled[:, varies].T))
    values = np.maximum(values, 0)
    root = (vectors * np.sqrt(values)) @ vectors.T
    own = _correlation(filled[:, varies], answers.outcome)
    slope = np.linalg.pinv(root) @ own
    weight[varies] = (root**2 @ slope**2) * np.sign(own)
    return weight


def lowest_scores(answers: Answers) -> Floats:
    """What is rated worst comes first, whatever it does."""
    return 1 - np.nanmean(answers.performance, axis=0)


RIVALS: Final[dict[str, Callable[[Answers], Floats]]] = {
    "correlations": correlations,
    "importance x room": importance_performance,
    "top-two-box regression": top_two_boxes,
    "relative weights": relative_weights,
    "lowest scores": lowest_scores,
}


def _correlation(columns: Floats, outcome: Floats) -> Floats:
    """Correlation of each column with the outcome; 0 for a column that does not vary."""
    centred, other = columns - columns.mean(axis=0), outcome - outcome.mean()
    size = np.sqrt((centred**2).sum(axis=0) * (other**2).sum())
    return np.divide(other @ centred, size, out=np.zeros(columns.shape[1]), where=size > 0)

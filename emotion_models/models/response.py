"""How outcomes respond when ratings change: the shared ground of effects and simulation.

Everything is relative to the people of the survey at the posterior draws: their residuals and
respondent effects stay as they are, only what they felt changes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from emotion_models.models.forward import (
    outcome_mean,
    own_predictor,
    person_part,
    remembered,
    with_relationship,
)

if TYPE_CHECKING:
    from emotion_models.models.design import Design
    from emotion_models.models.parameters import Parameters
    from emotion_models.models.spec import JourneyModel

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Response:
    """Predictors of the journeys as observed, and the effects that change them.

    Parameters
    ----------
    design : Design
    known : Parameters
    eta : array, shape (S, J, R)
        Of every row, the relationship's pull included.
    direct : array, shape (S, G, E, R)
        Effect of remembered emotion on each row, the relationship held.
    total : array, shape (S, G, E, R)
        The same with the relationship responding.
    """

    design: Design
    known: Parameters
    eta: Floats
    direct: Floats
    total: Floats

    def coefficient(self, effect: Floats, emotion: int) -> Floats:
        """Effect of one emotion for every journey, by its segment weights: (S, J, R)."""
        by_segment = effect[:, :, emotion]
        if by_segment.shape[1] == 1:
            return np.broadcast_to(
                by_segment, (by_segment.shape[0], self.design.n_journeys, by_segment.shape[2])
            )
        coefficient: Floats = self.design.membership @ by_segment
        return coefficient

    def observed(self, outcome: str) -> Floats:
        """Expected outcome (S, J) of every journey as it was."""
        return self.mean(outcome, lambda row: self.eta[:, :, row])

    def mean(self, outcome: str, predictor: Callable[[int], Floats]) -> Floats:
        """Expected outcome (S, J) of every journey under other predictors of its rows."""
        return outcome_mean(self.design, self.known, predictor, outcome)

    def rows(self, outcome: str) -> list[int]:
        """Rows of an outcome."""
        return [i for i, row in enumerate(self.design.rows) if row.outcome == outcome]


def respond(
    model: JourneyModel, design: Design, known: Parameters, people: dict[str, Floats]
) -> Response:
    """Evaluate the observed journeys at the posterior draws.

    Parameters
    ----------
    model : JourneyModel
    design : Design
    known : Parameters
    people : dict of str to array
        ``bond_residual`` and ``person`` at the same draws.

    Returns
    -------
    Response
    """
    memory = remembered(model, design, known)
    own = own_predictor(design, known, memory, person_part(design, known, people))
    direct = np.ascontiguousarray(known.effect)
    total = direct.copy()
    if known.relationship.size and known.behaviour.size:
        through = direct[..., known.relationship] @ known.bond_effect[:, None]
        total[..., known.behaviour] += through
    return Response(design, known, with_relationship(known, own), direct, total)


def outcomes_of(design: Design) -> tuple[str, ...]:
    """Outcome names in the order of the rows."""
    return tuple(dict.fromkeys(row.outcome for row in design.rows))

"""How outcomes respond when remembered emotion changes: shared by effects and simulation.

Everything is relative to the people of the survey at the posterior draws: their residuals and
respondent effects stay as they are, only what they felt changes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from emotion_models.models.forward import effect_groups, outcome_mean, predictors

if TYPE_CHECKING:
    from emotion_models.models.design import Design
    from emotion_models.models.parameters import Parameters
    from emotion_models.models.spec import JourneyModel

Floats = NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Response:
    """Predictors of the journeys as observed, and the effects that change them.

    Parameters
    ----------
    design : Design
    known : Parameters
    eta : array, shape (S, R, J)
        Of every row, the relationship's pull included.
    direct : array, shape (S, G, R, E)
        Effect of remembered emotion (and what else `laid_out` lists) on each row, by segment and
        moderator, the relationship held.
    total : array, shape (S, G, R, E)
        The same with the relationship responding.
    """

    design: Design
    known: Parameters
    eta: Floats
    direct: Floats
    total: Floats

    def shift(self, effect: Floats, felt: Mapping[int, Floats]) -> Floats:
        """Change of every predictor when what is remembered changes.

        Parameters
        ----------
        effect : array, shape (S, G, R, E)
            `direct` or `total`.
        felt : mapping of emotion to array, shape (S, J)
            Change of remembered intensity, from `MemoryChange.after`.

        Returns
        -------
        array, shape (S, R, J)
        """
        change = np.stack(list(felt.values()), axis=1)
        by_segment = (own[:, :, list(felt)] @ change for own in np.moveaxis(effect, 1, 0))
        if effect.shape[1] == 1:
            return next(by_segment)
        total = np.zeros_like(self.eta)
        for pulled, share in zip(by_segment, effect_groups(self.design, self.known), strict=True):
            pulled *= np.atleast_2d(share)[:, None].astype(pulled.dtype)
            total += pulled
        return total

    def slope(self, effect: Floats, row: int, felt: int) -> Floats:
        """Change (S, J) of one predictor per point of one thing remembered; see `shift`."""
        found = np.zeros_like(self.eta[:, row])
        for own, share in zip(
            np.moveaxis(effect[:, :, row, felt], 1, 0),
            effect_groups(self.design, self.known),
            strict=True,
        ):
            found += own[:, None] * share.astype(found.dtype, copy=False)
        return found

    def mean(self, outcome: str, shift: Floats | None = None) -> Floats:
        """Expected outcome (S, J) of every journey as it was, or with its predictors shifted."""

        def predictor(row: int) -> Floats:
            own = self.eta[:, row]
            return own if shift is None else own + shift[:, row]

        return self.mean_at(outcome, predictor)

    def mean_at(self, outcome: str, predictor: Callable[[int], Floats]) -> Floats:
        """Expected outcome (S, J) where each of its rows has the predictor (S, J) it is given."""
        return outcome_mean(self.design, self.known, predictor, outcome)

    def in_single(self) -> Response:
        """Return the same in single precision, for work on many journeys at once."""
        return Response(
            self.design,
            self.known.in_single(),
            self.eta.astype(np.float32),
            self.direct.astype(np.float32),
            self.total.astype(np.float32),
        )


def respond(
    model: JourneyModel, design: Design, known: Parameters, people: Mapping[str, Floats]
) -> Response:
    """Evaluate the observed journeys at the posterior draws.

    Parameters
    ----------
    model : JourneyModel
    design : Design
    known : Parameters
    people : mapping of str to array
        ``bond_residual`` and ``person`` at the same draws.

    Returns
    -------
    Response
    """
    eta = predictors(model, design, known, people)
    total = known.effect.copy()
    if known.relationship.size and known.behaviour.size:
        through = known.effect[..., known.relationship] @ known.bond_effect[:, None]
        total[..., known.behaviour] += through
    row_first = (np.ascontiguousarray(np.swapaxes(x, -1, -2)) for x in (eta, known.effect, total))
    return Response(design, known, *row_first)


def outcomes_of(design: Design) -> tuple[str, ...]:
    """Outcome names in the order of the rows."""
    return tuple(dict.fromkeys(row.outcome for row in design.rows))

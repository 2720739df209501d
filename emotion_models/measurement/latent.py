"""How much constructs vary and correlate over people, by posterior draw."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from emotion_models.models.forward import own_predictor, remembered

if TYPE_CHECKING:
    from emotion_models.models.design import Design
    from emotion_models.models.parameters import Parameters
    from emotion_models.models.spec import JourneyModel

Floats = NDArray[np.floating[Any]]
CELLS: Final = 4_000_000
"""Numbers held at once: draws are taken in parts, so that any survey fits in memory."""


def moments(model: JourneyModel, design: Design, known: Parameters) -> tuple[Floats, Floats]:
    """Mean and covariance over journeys of every row before it reaches behaviour.

    The covariance is that of the population the model describes: (weighted) covariance of what
    emotions and controls explain, plus the residual correlation of constructs, plus the
    variance of respondent effects. Residuals enter by their model, not by their draws, so that
    few journeys do not make a construct look narrower than it is.

    Parameters
    ----------
    model : JourneyModel
    design : Design
    known : Parameters

    Returns
    -------
    mean : array, shape (S, R)
    covariance : array, shape (S, R, R)
    """
    weight = design.weight / design.weight.sum()
    n_rows = len(design.rows)
    mean = np.zeros((known.n_draws, n_rows))
    covariance = np.zeros((known.n_draws, n_rows, n_rows))
    each = max(1, CELLS // (design.n_journeys * (n_rows + len(design.emotions))))
    for start in range(0, known.n_draws, each):
        part = slice(start, start + each)
        some = known.at(part)
        eta = own_predictor(design, some, remembered(model, design, some), np.zeros(1))
        mean[part] = np.einsum("j,sjr->sr", weight, eta)
        spread = (eta - mean[part, None]) * np.sqrt(weight)[:, None]
        covariance[part] = np.swapaxes(spread, 1, 2) @ spread
    rows = np.arange(n_rows)
    covariance[:, rows, rows] += known.person_sd**2
    row, column = np.ix_(known.relationship, known.relationship)
    covariance[:, row, column] += residual_correlation(known)
    return mean, covariance


def residual_correlation(known: Parameters) -> Floats:
    """Correlation (S, C, C) of constructs beyond what emotions and controls explain."""
    return np.asarray(known.bond_factor @ np.swapaxes(known.bond_factor, -1, -2))


def as_correlation(covariance: Floats) -> Floats:
    """Turn covariance matrices into correlations."""
    sd = np.sqrt(np.diagonal(covariance, axis1=-2, axis2=-1))
    return np.asarray(covariance / (sd[..., :, None] * sd[..., None, :]))

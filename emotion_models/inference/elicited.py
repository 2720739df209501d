"""Stage 1 evaluated on posterior draws: levers and people on ratings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from emotion_models.science.equations import elicitation

if TYPE_CHECKING:
    from emotion_models.inference.result import Fit

Floats = NDArray[np.float32]


def rating_predictor_at(fit: Fit, touchpoint: int, most: int) -> tuple[Floats, Floats]:
    """Latent intensity of every rating at a touchpoint, and the cutpoints.

    Parameters
    ----------
    fit : Fit
    touchpoint : int
    most : int
        Draws to use at most.

    Returns
    -------
    eta : array, shape (S, J, E)
    cutpoint : array, shape (S, E, cuts)
    """
    design = fit.design
    draws, people = fit.draws(most)
    style = people["style"].to_numpy()
    mood = people["mood"].to_numpy() if "mood" in people else np.zeros_like(style)
    affect = people["affect"].transpose("sample", "touchpoint", "journey").to_numpy()
    one = slice(touchpoint, touchpoint + 1)

    def single(values: Any) -> Floats:
        return np.asarray(values, dtype=np.float32)

    person = elicitation.halo(
        single(style)[:, design.respondent],
        single(mood)[:, design.respondent],
        single(design.valence),
        single(affect[:, one]),
        single(draws["emotion_loading"]),
    )
    eta = elicitation.felt(
        single(draws["base"].transpose("sample", "touchpoint", "emotion"))[:, one],
        single(design.exposure.value[one]),
        lever_effects(fit, most)[:, one],
        person,
    )
    return eta[:, 0].swapaxes(-1, -2), single(draws["rating_cutpoint"])


def lever_effects(fit: Fit, most: int) -> Floats:
    """Effect of every lever column at every touchpoint on every emotion, (S, T, L, E)."""
    exposure, draws = fit.design.exposure, fit.draws(most)[0]
    shape = (len(fit.design.touchpoints), len(exposure.columns), len(fit.design.emotions))
    effect = np.zeros((draws.sizes["sample"], *shape), dtype=np.float32)
    if not exposure.columns:
        return effect
    pooled = draws["lever_effect"].to_numpy()
    place = 0
    for touchpoint, column in exposure.pairs:
        effect[:, touchpoint, column] = pooled[:, column]
        if exposure.several[column]:
            effect[:, touchpoint, column] += draws["lever_departure"].to_numpy()[:, place]
            place += 1
    return effect

"""Stage 1 evaluated on posterior draws: levers and people on ratings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from emotion_models.science.equations import elicitation

if TYPE_CHECKING:
    import xarray as xr

    from emotion_models.inference.result import Fit
    from emotion_models.models.design import Design

Floats = NDArray[np.float32]


def rating_predictor_at(fit: Fit, touchpoint: int, most: int) -> tuple[Floats, Floats]:
    """Latent intensity behind every rating item at a touchpoint, and the cutpoints.

    Parameters
    ----------
    fit : Fit
    touchpoint : int
    most : int
        Draws to use at most.

    Returns
    -------
    eta : array, shape (S, J, Q)
    cutpoint : array, shape (S, Q, cuts)
    """
    draws, people = fit.draws(most)
    return predictor_at(fit.design, draws, people, touchpoint)


def predictor_at(
    design: Design, draws: xr.Dataset, people: xr.Dataset, touchpoint: int
) -> tuple[Floats, Floats]:
    """Latent intensity of every rating at a touchpoint, from any draws.

    Parameters
    ----------
    design : Design
    draws, people : xarray.Dataset
        Parameters and values of people, with a leading dimension ``sample``.
    touchpoint : int

    Returns
    -------
    eta : array, shape (S, J, Q)
    cutpoint : array, shape (S, Q, cuts)
    """
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
        single(elicitation.for_groups(design.exposure.value[one], design.lever_groups)),
        lever_effects_of(design, draws)[:, one],
        person,
    )
    if design.ratings.further.size:
        dims = ("sample", "touchpoint", "repeated_emotion", "journey")
        moment = people["emotion_moment"].transpose(*dims).to_numpy()[:, one]
        eta[:, :, design.ratings.repeated] += single(moment)
        eta = elicitation.by_item(eta, item_loadings_of(design, draws), design.ratings.emotion)
    return eta[:, 0].swapaxes(-1, -2), single(draws["rating_cutpoint"])


def item_loadings_of(design: Design, draws: xr.Dataset) -> Floats:
    """Loading of every rating item, (S, Q); 1 where each emotion has one."""
    if "emotion_item_loading" in draws:
        return draws["emotion_item_loading"].to_numpy().astype(np.float32)
    shape = (draws.sizes["sample"], design.ratings.emotion.size)
    return np.ones(shape, dtype=np.float32)


def lever_effects(fit: Fit, most: int) -> Floats:
    """Effect of every lever column at every touchpoint on every emotion, (S, T, L, E).

    With the departures of segments, in the order of `elicitation.for_groups`, where they differ.
    """
    return lever_effects_of(fit.design, fit.draws(most)[0])


def lever_effects_of(design: Design, draws: xr.Dataset) -> Floats:
    """Effects as `lever_effects`, of any draws with a leading dimension ``sample``."""
    exposure = design.exposure
    shape = (len(design.touchpoints), len(exposure.columns), len(design.emotions))
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
    if not design.lever_groups.shape[1]:
        return effect
    own = draws["lever_effect_in_segment"].to_numpy().astype(np.float32)
    departures = (np.repeat(each[:, None], shape[0], axis=1) for each in np.moveaxis(own, 1, 0))
    return np.concatenate([effect, *departures], axis=2)

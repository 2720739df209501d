"""Draws of what people bring, for draws of the parameters: stage 1 is fitted without it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from emotion_models.cores import in_threads
from emotion_models.inference.elicited import lever_effects_of
from emotion_models.models.told_apart import SPREAD, told_apart
from emotion_models.science.equations import elicitation

if TYPE_CHECKING:
    from emotion_models.models.design import Design

Floats = NDArray[np.floating[Any]]


def people_given(design: Design, draws: xr.Dataset, *, seed: int = 0) -> xr.Dataset:
    """Style, mood and affect of everybody, given their ratings and every draw of the parameters.

    Parameters
    ----------
    design : Design
    draws : xarray.Dataset
        Of stage 1, with a leading dimension ``sample``.
    seed : int

    Returns
    -------
    xarray.Dataset
        ``style``, ``mood`` (sample, respondent) and ``affect`` (sample, touchpoint, journey), in
        units of the ratings' predictor, single precision. What ratings cannot tell apart is 0.
    """
    n = draws.sizes["sample"]
    n_touchpoints, n_journeys = design.ratings.position.shape
    found = np.empty((n, 2 + n_touchpoints, n_journeys), dtype=np.float32)
    each = _drawn(design, draws, seed)

    def draw(number: int) -> None:
        found[number] = each(number)

    in_threads(draw, range(n))
    first = np.unique(design.respondent, return_index=True)[1]
    people = {
        "style": (("sample", "respondent"), found[:, 0, first]),
        "affect": (("sample", "touchpoint", "journey"), found[:, 2:]),
    }
    if "mood" in told_apart(design):
        people["mood"] = (("sample", "respondent"), found[:, 1, first])
    labels = {"respondent": np.arange(design.n_respondents), "journey": np.arange(n_journeys)}
    return xr.Dataset(people, {**labels, "touchpoint": list(design.touchpoints)})


def _drawn(design: Design, draws: xr.Dataset, seed: int) -> Any:
    """Draw everybody at one draw of the parameters."""
    from emotion_models.models.integrated import people as kernel

    base = draws["base"].transpose("sample", "touchpoint", "emotion").to_numpy()
    effect = lever_effects_of(design, draws)
    cutpoint, loading = (draws[name].to_numpy() for name in ("rating_cutpoint", "emotion_loading"))
    sd = np.stack([_sd(draws, name) for name in SPREAD.values()], axis=-1)
    exposure = elicitation.for_groups(design.exposure.value, design.lever_groups)
    answers = np.ascontiguousarray(design.ratings.category.swapaxes(1, 2))
    lengths = design.ratings.exists.sum(axis=1).astype(np.int64)
    owner = np.asarray(design.respondent, dtype=np.int64)
    valence = np.asarray(design.valence[design.ratings.emotion], dtype=float)

    def draw(number: int) -> Floats:
        rng = np.random.default_rng([seed, number])
        normal = rng.standard_normal((kernel.STEPS, 2 + answers.shape[0], owner.size))
        nobody = elicitation.nobody(base[number], exposure)
        own = elicitation.felt(base[number], exposure, effect[number].astype(float), nobody)
        found: Floats = kernel.draw(
            np.ascontiguousarray(own),
            np.ascontiguousarray(cutpoint[number]),
            lengths,
            answers,
            owner,
            valence,
            np.ascontiguousarray(loading[number]),
            sd[number],
            normal,
            rng.random((kernel.STEPS, owner.size)),
        )
        return found

    return draw


def _sd(draws: xr.Dataset, name: str) -> Floats:
    """Spread of people at each draw; 0 where it is not in the model."""
    if name not in draws:
        return np.zeros(draws.sizes["sample"])
    return np.asarray(draws[name].to_numpy(), dtype=float)

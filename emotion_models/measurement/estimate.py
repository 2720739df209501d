"""`measure`: what the posterior and the answers say of the items.

Loadings, omega, variance extracted, correlations and information come from the model: its
cumulative logit knows that an answer is a category. Alpha and HTMT come from the answers by a
Bayesian bootstrap over respondents (Rubin 1981): they are the figures other software prints,
they need no model, and so they are a second opinion that a misfitting model cannot spoil.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from emotion_models.errors import InputProblems, Problem
from emotion_models.inference.asked import check_fit
from emotion_models.inference.bootstrap import bootstrap_weights
from emotion_models.measurement.by_group import differences
from emotion_models.measurement.latent import as_correlation, moments, residual_correlation
from emotion_models.measurement.result import Measurement, Part
from emotion_models.science.equations import measurement as equation

if TYPE_CHECKING:
    import xarray as xr

    from emotion_models.inference import Fit
    from emotion_models.models.design import Design
    from emotion_models.models.parameters import Parameters
    from emotion_models.models.spec import JourneyModel

Floats = NDArray[np.floating[Any]]
DRAWS: Final = 1000
REPLICATES: Final = 500
LEVELS: Final = np.linspace(-3, 3, 49)
"""Where information is computed, in standard deviations of the construct from its mean."""


def measure(fit: Fit) -> Measurement:
    """Estimate how well the items of a fit measure their constructs.

    Parameters
    ----------
    fit : Fit

    Returns
    -------
    Measurement
        Of constructs and remembered ratings.

    Raises
    ------
    InputProblems
        If the fit has no constructs and no remembered ratings.
    """
    check_fit("measure", fit)
    parts = measured_parts(fit.design) if fit.model.outcomes else ()
    if not parts:
        why = "has no constructs and no remembered ratings"
        fix = "describe 'relationship' items in the codebook"
        raise InputProblems("measure", [Problem("fit", why, fix)])
    known = fit.parameters(DRAWS)
    return Measurement(
        parts=parts,
        draws=from_model(fit.model, fit.design, known),
        answers=from_answers(fit.design, fit.seed),
        caution=fit.caution,
    )


def measured_parts(design: Design) -> tuple[Part, ...]:
    """What is measured: constructs with their items, then remembered ratings.

    Parameters
    ----------
    design : Design

    Returns
    -------
    tuple of Part
    """
    items = design.items
    return tuple(
        Part(
            row.name,
            row.stage == "relationship",
            r,
            tuple(items.ordinal_names[q] for q in np.flatnonzero(items.ordinal_row == r)),
        )
        for stage in ("relationship", "remembered")
        for r, row in enumerate(design.rows)
        if row.stage == stage
    )


def from_model(model: JourneyModel, design: Design, known: Parameters) -> xr.Dataset:
    """Draws of everything that the model says; NaN where nothing can be said.

    Parameters
    ----------
    model : JourneyModel
    design : Design
    known : Parameters

    Returns
    -------
    xarray.Dataset
        See `Measurement`.
    """
    import xarray as xr

    parts = measured_parts(design)
    items = [name for part in parts for name in part.items]
    labels = [part.name for part in parts if part.latent]
    mean, covariance = moments(model, design, known)
    bond = np.ix_(np.arange(known.n_draws), known.relationship, known.relationship)
    both = ("sample", "construct", "construct_")
    found: dict[str, Any] = {
        "correlation": (both, as_correlation(covariance[bond])),
        "residual_correlation": (both, residual_correlation(known)),
    }
    coords: dict[str, Any] = {"item": items, "construct": labels, "construct_": labels}
    found |= _reliability(design, parts, known, mean, covariance)
    found |= _information(design, parts, known, mean, covariance)
    if design.answering.labels:
        chosen = [design.items.ordinal_names.index(item) for item in items]
        for name, values in differences(design, known, covariance).items():
            found[name] = (("sample", "group", "item"), values[..., chosen])
        coords["group"] = list(design.answering.labels)
    return xr.Dataset(found, coords | {"level": LEVELS})


def _reliability(
    design: Design, parts: tuple[Part, ...], known: Parameters, mean: Floats, covariance: Floats
) -> dict[str, Any]:
    """Loadings of items, and reliability of constructs."""
    loading = np.full((known.n_draws, sum(len(part.items) for part in parts)), np.nan)
    constructs = [part for part in parts if part.latent]
    whole = np.full((3, known.n_draws, len(constructs)), np.nan)
    for c, part in enumerate(constructs):
        if part.reason:
            continue
        own, place = _places(design, parts, part)
        variance, centre = covariance[:, part.row, part.row], mean[:, part.row]
        raw, kappa = known.loading[:, own], [_cutpoints(design, known, q) for q in own]
        standard = equation.standardised_loading(raw, variance[:, None])
        loading[:, place] = standard
        whole[0, :, c] = equation.omega(standard)
        whole[1, :, c] = equation.sum_score_omega(raw, kappa, centre, variance)
        whole[2, :, c] = equation.variance_extracted(standard)
    names = ("omega_latent", "omega_ticked", "ave")
    by_construct = {n: (("sample", "construct"), w) for n, w in zip(names, whole, strict=True)}
    return {"loading": (("sample", "item"), loading), **by_construct}


def _information(
    design: Design, parts: tuple[Part, ...], known: Parameters, mean: Floats, covariance: Floats
) -> dict[str, Any]:
    """Information of items per squared standard deviation, and where it is largest."""
    shape = (known.n_draws, sum(len(part.items) for part in parts))
    information, peak = np.full((*shape, LEVELS.size), np.nan), np.full(shape, np.nan)
    for part in parts:
        if part.reason and part.latent:
            continue
        variance = covariance[:, part.row, part.row, None]
        level = mean[:, part.row, None] + np.sqrt(variance) * LEVELS
        for q, place in zip(*_places(design, parts, part), strict=True):
            kappa = _cutpoints(design, known, q)
            curve = equation.information(known.loading[:, q], kappa, level) * variance
            information[:, place] = curve
            peak[:, place] = LEVELS[curve.argmax(axis=1)]
    return {
        "information": (("sample", "item", "level"), information),
        "peak": (("sample", "item"), peak),
    }


def _places(design: Design, parts: tuple[Part, ...], part: Part) -> tuple[list[int], list[int]]:
    """Where the items of a part stand in the design, and among all measured items."""
    items = [name for each in parts for name in each.items]
    names = design.items.ordinal_names
    return [names.index(i) for i in part.items], [items.index(i) for i in part.items]


def _cutpoints(design: Design, known: Parameters, item: int) -> Floats:
    return known.cutpoint[:, item, design.items.exists[item]]


def from_answers(design: Design, seed: int) -> xr.Dataset:
    """Bootstrap replicates of alpha and HTMT.

    Parameters
    ----------
    design : Design
    seed : int

    Returns
    -------
    xarray.Dataset
        See `Measurement`.
    """
    import xarray as xr

    constructs = [part for part in measured_parts(design) if part.latent]
    names = [name for part in constructs for name in part.items]
    columns = [design.items.ordinal_names.index(name) for name in names]
    answers = design.items.ordinal[:, columns].astype(float)
    rng = np.random.default_rng(seed)
    weight = bootstrap_weights(design, rng, REPLICATES)
    found = equation.weighted_correlations(answers, (answers >= 0).astype(float), weight)
    own = [np.array([names.index(name) for name in part.items]) for part in constructs]
    size = len(constructs)
    alpha = np.full((REPLICATES, size), np.nan)
    ratio = np.full((REPLICATES, size, size), np.nan)
    several = [c for c, part in enumerate(constructs) if not part.reason]
    for c in several:
        alpha[:, c] = equation.alpha(_block(found, own[c], own[c]))
        for d in several:
            if d != c:
                blocks = ((own[c], own[d]), (own[c], own[c]), (own[d], own[d]))
                ratio[:, c, d] = equation.htmt(*(_block(found, *pair) for pair in blocks))
    labels = [part.name for part in constructs]
    return xr.Dataset(
        {
            "alpha": (("replicate", "construct"), alpha),
            "htmt": (("replicate", "construct", "construct_"), ratio),
        },
        {"construct": labels, "construct_": labels},
    )


def _block(correlation: Floats, first: NDArray[np.int64], second: NDArray[np.int64]) -> Floats:
    return correlation[:, first[:, None], second[None]]

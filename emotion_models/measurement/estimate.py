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
    parts = parts_of(fit.design) if fit.model.outcomes else ()
    if not parts:
        why = "has no constructs and no remembered ratings"
        fix = "describe 'relationship' items in the codebook"
        raise InputProblems("measure", [Problem("fit", why, fix)])
    known = fit.parameters(DRAWS)
    return Measurement(
        parts=parts,
        draws=from_model(fit.model, fit.design, known),
        answers=from_answers(fit.design, fit.seed),
    )


def parts_of(design: Design) -> tuple[Part, ...]:
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

    parts = parts_of(design)
    mean, covariance = moments(model, design, known)
    names = design.items.ordinal_names
    items = [name for part in parts for name in part.items]
    constructs = [part for part in parts if part.latent]
    shape = (known.n_draws, len(items))
    loading, peak = np.full((2, *shape), np.nan)
    information = np.full((*shape, LEVELS.size), np.nan)
    whole = np.full((3, known.n_draws, len(constructs)), np.nan)
    for p, part in enumerate(parts):
        if part.reason and part.latent:
            continue
        own = np.array([names.index(item) for item in part.items])
        place = np.array([items.index(item) for item in part.items])
        variance, centre = covariance[:, part.row, part.row], mean[:, part.row]
        kappa = [known.cutpoint[:, q, design.items.exists[q]] for q in own]
        level = centre[:, None] + np.sqrt(variance)[:, None] * LEVELS
        for q, k, i in zip(own, kappa, place, strict=True):
            curve = equation.information(known.loading[:, q], k, level) * variance[:, None]
            information[:, i] = curve
            peak[:, i] = LEVELS[curve.argmax(axis=1)]
        if part.latent:
            standard = equation.standardised_loading(known.loading[:, own], variance[:, None])
            loading[:, place] = standard
            whole[0, :, p] = equation.omega(standard)
            whole[1, :, p] = equation.sum_score_omega(
                known.loading[:, own], kappa, centre, variance
            )
            whole[2, :, p] = equation.variance_extracted(standard)
    bond = np.ix_(np.arange(known.n_draws), known.relationship, known.relationship)
    both = ("sample", "construct", "construct_")
    labels = [part.name for part in constructs]
    return xr.Dataset(
        {
            "loading": (("sample", "item"), loading),
            "peak": (("sample", "item"), peak),
            "information": (("sample", "item", "level"), information),
            "omega": (("sample", "construct"), whole[0]),
            "omega_sum": (("sample", "construct"), whole[1]),
            "ave": (("sample", "construct"), whole[2]),
            "correlation": (both, as_correlation(covariance[bond])),
            "residual_correlation": (both, residual_correlation(known)),
        },
        {"item": items, "construct": labels, "construct_": labels, "level": LEVELS},
    )


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

    constructs = [part for part in parts_of(design) if part.latent]
    names = [name for part in constructs for name in part.items]
    columns = [design.items.ordinal_names.index(name) for name in names]
    answers = design.items.ordinal[:, columns].astype(float)
    rng = np.random.default_rng(seed)
    shares = rng.dirichlet(np.ones(design.n_respondents), size=REPLICATES)
    weight = shares[:, design.respondent] * design.weight
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

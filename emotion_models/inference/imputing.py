"""Drawing the ratings that were not given, from stage 1 and from what people then did.

The chain says what a missing rating is worth: given parameters,

    p(missing | everything) is proportional to  p(missing, latents | given ratings)
                                                x p(outcomes | all ratings)

Leaving the second factor out would impute ratings that know nothing of the outcomes, and so
pull their effects towards zero (Moons et al. 2006). It is kept by sampling importance
resampling, journey by journey: `CANDIDATES` completions from stage 1, one of them chosen with
probability proportional to the density of the journey's outcomes, construct residuals
integrated out. The outcomes' parameters are a draw of the available-case posterior at first and
of the previous imputation's posterior then, as in the substantive-model-compatible algorithm
(Bartlett et al. 2015); see docs/surveys.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from scipy.special import softmax

from emotion_models.inference.elicited import predictor_at
from emotion_models.inference.latents import without_residuals
from emotion_models.inference.loo import given_bond
from emotion_models.inference.people import people_given
from emotion_models.inference.posterior import all_samples
from emotion_models.models.design import make_design
from emotion_models.models.forward import own_predictor, remembered
from emotion_models.models.parameters import parameters
from emotion_models.models.variables import PEOPLE
from emotion_models.science.equations import ordinal

if TYPE_CHECKING:
    from emotion_models.models.design import Design
    from emotion_models.models.spec import JourneyModel
    from emotion_models.survey import Codebook

Floats = NDArray[np.floating[Any]]
CANDIDATES: Final = 24
"""Completions of each journey to choose from: outcomes tell little of one rating, so a few do."""
LOOKED_AT: Final = 100
"""Draws of residuals that say where their posterior lies."""
_UNGIVEN: Final = (1, 3)  # blank, refused


@dataclass(frozen=True)
class Study:
    """What is imputed: the model, and the answers it reads.

    Parameters
    ----------
    model : JourneyModel
    codebook : Codebook
    data : xarray.Dataset
    design : Design
        Of the given answers.
    """

    model: JourneyModel
    codebook: Codebook
    data: xr.Dataset
    design: Design

    def completed(self, rating: NDArray[np.int8]) -> xr.Dataset:
        """Return the data with the missing ratings (missing,) filled in."""
        return with_ratings(self.data, missing_places(self.data), rating)


def missing_places(data: xr.Dataset) -> NDArray[np.int64]:
    """Ratings not given at visited touchpoints.

    Parameters
    ----------
    data : xarray.Dataset

    Returns
    -------
    int array
        Positions in the raveled (journey, touchpoint, item) array.
    """
    dims = ("journey", "touchpoint", ...)
    status = data["rating_status"].transpose(*dims).to_numpy()
    visited = data["visited"].transpose("journey", "touchpoint").to_numpy()[:, :, None]
    unknown = data["rating"].transpose(*dims).to_numpy() < 0
    return np.flatnonzero(unknown & visited & np.isin(status, _UNGIVEN))


def with_ratings(
    data: xr.Dataset, place: NDArray[np.int64], rating: NDArray[np.int8]
) -> xr.Dataset:
    """Fill ratings in at some places; what was a rating stays what it was.

    Parameters
    ----------
    data : xarray.Dataset
    place : int array, shape (missing,)
        From `missing_places`.
    rating : int array, shape (missing,)

    Returns
    -------
    xarray.Dataset
    """
    old = data["rating"].transpose("journey", "touchpoint", ...)
    values = old.to_numpy().copy()
    values.ravel()[place] = rating
    filled = data.assign(rating=(old.dims, values, data["rating"].attrs))
    if "rating_score" not in data:
        return filled
    exact = data["rating_score"].transpose(*old.dims)
    score = exact.to_numpy().copy()
    score.ravel()[place] = _usual_positions(old.to_numpy(), score, place, rating)
    return filled.assign(rating_score=(old.dims, score, data["rating_score"].attrs))


def _usual_positions(
    given: NDArray[np.int8], score: Floats, place: NDArray[np.int64], rating: NDArray[np.int8]
) -> Floats:
    """Mean slider position of those whose answer fell into the same category."""
    item = place % given.shape[-1]
    found = np.zeros(place.size)
    for q, c in {(int(q), int(c)) for q, c in zip(item, rating, strict=True)}:
        same = (given[..., q] == c) & np.isfinite(score[..., q])
        top = max(int(given[..., q].max()), c, 1)
        mean = float(score[..., q][same].mean()) if same.any() else c / top
        found[(item == q) & (rating == c)] = mean
    return found


def impute(
    study: Study, elicitation: xr.Dataset, outcomes: xr.Dataset, rng: np.random.Generator
) -> NDArray[np.int8]:
    """Draw the missing ratings once.

    Parameters
    ----------
    study : Study
    elicitation, outcomes : xarray.Dataset
        Posterior draws of the two blocks (chain, draw), people included; the outcomes' given
        the available ratings or an earlier imputation.
    rng : numpy.random.Generator

    Returns
    -------
    int array, shape (missing,)
    """
    place = missing_places(study.data)
    candidates = _candidates(study, all_samples(elicitation), place, rng)
    fits = _outcome_density(study, all_samples(outcomes), candidates, rng)
    # Gumbel's trick: the largest of log weight plus noise is a draw by weight.
    chosen = (fits + rng.gumbel(size=fits.shape)).argmax(axis=0)
    journey = place // _per_journey(study.data)
    return np.asarray(candidates[chosen[journey], np.arange(place.size)])


def effective_candidates(log_weight: Floats) -> Floats:
    """Kish's effective number of candidates of each journey.

    Parameters
    ----------
    log_weight : array, shape (K, J)

    Returns
    -------
    array, shape (J,)
    """
    weight = softmax(log_weight, axis=0)
    return np.asarray(1 / (weight**2).sum(axis=0))


def _per_journey(data: xr.Dataset) -> int:
    return int(data["rating"].size // data.sizes["journey"])


def _candidates(
    study: Study, draws: xr.Dataset, place: NDArray[np.int64], rng: np.random.Generator
) -> NDArray[np.int8]:
    """Completions (K, missing) from stage 1.

    Parameters of the population are one posterior draw, so that imputations differ by what is
    not known of them; people are those of other draws, so that a journey may choose among
    persons who could have given its ratings.
    """
    n = draws.sizes["sample"]
    design = study.design
    fixed = draws.isel(sample=np.full(CANDIDATES, rng.integers(n)))
    others = draws.isel(sample=rng.choice(n, CANDIDATES, replace=n < CANDIDATES))
    sampled = others[[name for name in sorted(PEOPLE) if name in draws]]
    drawn = people_given(design, others, seed=int(rng.integers(2**31)))
    persons = xr.merge([sampled, drawn], compat="override", join="override")
    shape = (CANDIDATES, design.n_journeys, len(design.touchpoints), len(design.ratings.exists))
    found = np.zeros(shape, dtype=np.int8)
    for t in range(shape[2]):
        eta, kappa = predictor_at(design, fixed, persons, t)
        found[:, :, t] = ordinal.draw(rng, eta, kappa, design.ratings.exists)
    return found.reshape(CANDIDATES, -1)[:, place]


def _outcome_density(
    study: Study, draws: xr.Dataset, candidates: NDArray[np.int8], rng: np.random.Generator
) -> Floats:
    """Log density (K, J) of every journey's outcomes under each of its completions."""
    n = draws.sizes["sample"]
    number = int(rng.integers(n))
    one = parameters(study.model, study.design, draws.isel(sample=[number]))
    person = np.zeros((1, 1, 1))
    if "person" in draws:
        value = draws["person"].isel(sample=[number]).to_numpy()
        person = np.swapaxes(value, 1, 2)[:, study.design.respondent]
    eta = []
    for candidate in candidates:
        design = make_design(study.model, study.codebook, study.completed(candidate))
        eta.append(own_predictor(design, one, remembered(study.model, design, one), person)[0])
    stacked = np.stack(eta)
    known = parameters(
        study.model, study.design, draws.isel(sample=np.full(len(candidates), number))
    )
    residual = None
    if "bond_residual" in draws:
        some = np.linspace(0, n - 1, min(n, LOOKED_AT)).round().astype(int)
        residual = draws["bond_residual"].isel(sample=some).to_numpy().astype(float)
    return without_residuals(
        known, residual, lambda bond: given_bond(study.design, known, stacked, bond)
    )

"""A survey's labelled data as the dense arrays the equations read.

The touchpoint is the first axis of everything that has one, so that the salience-weighted
mean and the lever effects are plain matrix products.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from emotion_models.models.controls import (
    context_columns,
    control_columns,
    halo_index,
    segment_controls,
)
from emotion_models.models.exposures import Exposure, exposures
from emotion_models.models.groups import EVERYBODY, Groups, groups_of
from emotion_models.models.ratings import Ratings, read_ratings
from emotion_models.models.rows import Items, Row, items_of, rows_of
from emotion_models.models.scoring import above
from emotion_models.models.told_apart import salient
from emotion_models.science.emotions import catalogue
from emotion_models.science.equations.memory import intensity, moments
from emotion_models.science.equations.weights import kish_scaled

if TYPE_CHECKING:
    import xarray as xr

    from emotion_models.models.spec import JourneyModel
    from emotion_models.survey import Codebook

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Design:
    """Everything the model reads from a survey.

    Parameters
    ----------
    touchpoints, emotions, segments, control_names : tuple of str
    valence, arousal : array, shape (E,)
    ratings : Ratings
    scores : array, shape (T, J, E)
        What memory is made of: the scores; where their steps are estimated, whether each answer
        stands above each step, shape (T, C, J, E).
    features : dict of str to array, shape (J, E) or (C, J, E)
        Peak, end, first and trend of `scores`, those that the model uses.
    salient : bool array, shape (T,)
        Touchpoints whose weights in the mean differ and are estimated.
    exposure : Exposure
        Levers.
    lever_groups : array, shape (J, G)
        Membership in the segments that levers move differently; no columns where all alike.
    membership : array, shape (J, G)
    context_names : tuple of str
    context : array, shape (J, C)
        What makes identities salient, centred; no columns where membership stands as reported.
    moderators : array, shape (J, V)
        Standardised columns with which effects change, e.g. the value of the customer.
    controls : array, shape (J, P)
        Standardised.
    respondent : int array, shape (J,)
    n_respondents : int
    rows : tuple of Row
        Linear predictors of outcomes.
    items : Items
        Answers that measure them.
    recall : int8 array, shape (T, J)
        -1 where unknown.
    recall_categories : int
    delay : array, shape (J,)
        Standardised; 0 where unknown.
    waited : array, shape (J,)
        Delay in average delays; 1 where unknown.
    weight : array, shape (J,)
        Survey weights with mean 1.
    answering : Groups
        Who may use single items differently.
    """

    touchpoints: tuple[str, ...]
    emotions: tuple[str, ...]
    segments: tuple[str, ...]
    control_names: tuple[str, ...]
    valence: Floats
    arousal: Floats
    ratings: Ratings
    scores: Floats
    features: dict[str, Floats]
    salient: NDArray[np.bool_]
    exposure: Exposure
    lever_groups: Floats
    membership: Floats
    context_names: tuple[str, ...]
    context: Floats
    moderators: Floats
    controls: Floats
    respondent: NDArray[np.int64]
    n_respondents: int
    rows: tuple[Row, ...]
    items: Items
    recall: NDArray[np.int8]
    recall_categories: int
    delay: Floats
    waited: Floats
    weight: Floats
    answering: Groups = EVERYBODY

    @property
    def n_journeys(self) -> int:
        """Number of journeys."""
        return int(self.respondent.size)

    def layout(self, model: JourneyModel) -> tuple[int, int, int]:
        """How many segments, moderators and touchpoints effects differ by."""
        n_places = len(self.touchpoints) if model.by_touchpoint else 0
        return len(self.segments), self.moderators.shape[1], n_places

    def exponents(self, model: JourneyModel) -> Floats | None:
        """Exponent of each journey's likelihood, shape (J,); None where all count alike.

        Survey weights scaled to Kish's effective size, where the model is `weighted`.
        """
        return kish_scaled(self.weight) if model.weighted else None


def make_design(model: JourneyModel, codebook: Codebook, data: xr.Dataset) -> Design:
    """Lay a survey out for a model.

    Parameters
    ----------
    model : JourneyModel
    codebook : Codebook
    data : xarray.Dataset
        As `Survey.data`, with or without identifiers.

    Returns
    -------
    Design
    """
    valence, arousal = coordinates(codebook)
    ratings = read_ratings(codebook, data)
    respondent = data["respondent"].to_numpy().astype(np.int64)
    membership, segments = _membership(model, codebook, data)
    context_names, context = _context(model, codebook, data)
    scores, features = _features(model, ratings)
    moderators = _moderators(model, data)
    extra = halo_index(ratings, valence, respondent, panel=model.respondents) if model.halo else {}
    delay = standardised(data["delay"].to_numpy())
    extra |= {"value": moderators[:, 0]} if model.moderator == "value" else {}
    extra |= {"delay": delay} if model.fading else {}
    answering = groups_of(model.invariance, codebook, data)
    means = answering.controls() | segment_controls(segments, membership)
    names, columns = control_columns(codebook, data, extra, means)
    weight = data["weight"].to_numpy().astype(float)
    return Design(
        touchpoints=tuple(touchpoint.name for touchpoint in codebook.touchpoints),
        emotions=tuple(emotion.name for emotion in codebook.emotions),
        segments=segments,
        control_names=names,
        valence=valence,
        arousal=arousal,
        ratings=ratings,
        scores=scores,
        features=features,
        salient=salient(ratings, model.memory) & model.salience,
        exposure=exposures(codebook, data),
        lever_groups=membership if model.levers_by_segment else np.zeros((len(membership), 0)),
        membership=membership,
        context_names=context_names,
        context=context,
        moderators=moderators,
        controls=columns,
        respondent=respondent,
        n_respondents=int(respondent.max()) + 1,
        rows=rows_of(codebook),
        items=items_of(codebook, data),
        recall=data["recall"].to_numpy().T.astype(np.int8),
        recall_categories=(
            codebook.scales[codebook.recall.scale].n_categories if codebook.recall else 2
        ),
        delay=delay,
        waited=_waited(data["delay"].to_numpy()),
        weight=weight / weight.mean(),
        answering=answering,
    )


def _features(model: JourneyModel, ratings: Ratings) -> tuple[Floats, dict[str, Floats]]:
    """What memory is made of, and its features known before sampling."""
    answered = ratings.answered > 0
    scores = ratings.score if model.scoring == "linear" else np.asarray(above(ratings))
    found = moments(
        np.moveaxis(scores, 0, -3),
        answered,
        ratings.position,
        intensity(ratings.score, ratings.answered) if model.peak == "moment" else None,
    )
    return scores, {str(name): found[name] for name in model.memory if name != "mean"}


def _context(
    model: JourneyModel, codebook: Codebook, data: xr.Dataset
) -> tuple[tuple[str, ...], Floats]:
    """Context of identities, where the model tells segments apart."""
    if not model.segments:
        return (), np.zeros((data.sizes["journey"], 0))
    return context_columns(codebook, data)


def _moderators(model: JourneyModel, data: xr.Dataset) -> Floats:
    """Columns with which effects change: the logarithm of customer value, standardised."""
    if model.moderator == "none":
        return np.zeros((data.sizes["journey"], 0))
    value = data["customer_value"].to_numpy().astype(float)
    logs = np.log(np.where(value > 0, value, np.nan))
    return standardised(logs)[:, None]


def _waited(delay: Floats) -> Floats:
    """Delay in average delays; 1 where unknown, or where nobody waited."""
    known = np.isfinite(delay)
    average = float(delay[known].mean()) if known.any() else 0.0
    return np.where(known, delay, average) / average if average > 0 else np.ones(delay.shape)


def coordinates(codebook: Codebook) -> tuple[Floats, Floats]:
    """Valence and arousal of every emotion: the codebook's, else the science default's, else 0."""
    known = catalogue()
    valence, arousal = [], []
    for emotion in codebook.emotions:
        default = known.get(emotion.name)
        own = (emotion.valence, emotion.arousal)
        norm = (default.valence, default.arousal) if default else (0.0, 0.0)
        valence.append(norm[0] if own[0] is None else own[0])
        arousal.append(norm[1] if own[1] is None else own[1])
    return np.asarray(valence, dtype=float), np.asarray(arousal, dtype=float)


def _membership(
    model: JourneyModel, codebook: Codebook, data: xr.Dataset
) -> tuple[Floats, tuple[str, ...]]:
    """Journey x group weights; one group of all where effects do not differ by segment."""
    if not model.segments or codebook.segments is None:
        return np.ones((data.sizes["journey"], 1)), ("(all)",)
    labels = tuple(str(category) for category in codebook.segments.categories)
    return membership_in(len(labels), data), labels


def membership_in(n_groups: int, data: xr.Dataset) -> Floats:
    """Weight of every journey in every group, 1 or 0 where it belongs to one.

    Parameters
    ----------
    n_groups : int
        Of the codebook's segments.
    data : xarray.Dataset

    Returns
    -------
    array, shape (J, G)
    """
    if "membership" in data:
        return np.asarray(data["membership"].to_numpy().astype(float))
    return np.asarray(np.eye(n_groups)[data["segment"].to_numpy()])


def standardised(values: Floats) -> Floats:
    """Centre and scale by the standard deviation; unknown and constant become 0."""
    known = np.isfinite(values)
    if not known.any() or np.nanstd(values) == 0:
        return np.zeros(values.shape)
    scaled: Floats = np.where(known, (values - np.nanmean(values)) / np.nanstd(values), 0.0)
    return scaled

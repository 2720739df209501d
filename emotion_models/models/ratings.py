"""Answers at touchpoints: by rating item as they were given, by emotion as memory reads them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from emotion_models.science.equations.elicitation import composite

if TYPE_CHECKING:
    import xarray as xr

    from emotion_models.survey import Codebook

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Ratings:
    """Answers at touchpoints.

    Each emotion is asked by one item of its name, or by Q >= E items of their own.

    Parameters
    ----------
    category : int8 array, shape (T, J, Q)
        -1 where there is no answer.
    exists : bool array, shape (Q, C)
        Which cutpoints each item's scale has.
    score : array, shape (T, J, E)
        Mean of the answered items on 0..1; 0 where unanswered.
    answered : array, shape (T, J, E)
        1.0 where `score` counts. Journeys without any answer about an emotion carry the
        touchpoint averages of the others (`filled` counts them).
    position : int array, shape (T, J)
        Order experienced, -1 not visited.
    filled : int
    names : tuple of str
        Of the items; empty where they are the emotions'.
    emotion : int array, shape (Q,)
        Which emotion each item asks about.
    item_score : array, shape (T, J, Q)
        Answers on 0..1, of sliders the exact position; 0 where unanswered.
    slider : bool array, shape (Q,)
    """

    category: NDArray[np.int8]
    exists: NDArray[np.bool_]
    score: Floats
    answered: Floats
    position: NDArray[np.int16]
    filled: int
    names: tuple[str, ...]
    emotion: NDArray[np.int64]
    item_score: Floats
    slider: NDArray[np.bool_]

    @property
    def members(self) -> Floats:
        """1.0 where an item asks about an emotion: (Q, E)."""
        return np.eye(self.score.shape[2])[self.emotion]

    @property
    def rated(self) -> NDArray[np.bool_]:
        """Where an emotion was truly rated, by one item at least: (T, J, E)."""
        return (self.category >= 0) @ self.members > 0

    @property
    def further(self) -> NDArray[np.int64]:
        """Items after the first of their emotion: their loadings are estimated."""
        first = np.unique(self.emotion, return_index=True)[1]
        return np.setdiff1d(np.arange(self.emotion.size), first)

    @property
    def repeated(self) -> NDArray[np.int64]:
        """Emotions asked by two or more items."""
        return np.unique(self.emotion[self.further])

    @property
    def by_category(self) -> bool:
        """Whether scores follow from one category each: single items, and no slider."""
        return not (self.further.size or self.slider.any())

    def one_more(self, t: int, emotion: int) -> Floats:
        """Scores (J,) of an emotion after one more point on each of its items.

        A point of a slider is the width of one of its categories.
        """
        items = np.flatnonzero(self.emotion == emotion)
        step = 1 / self.exists[items].sum(axis=1)
        if items.size == 1:
            return np.minimum(self.score[t, :, emotion] + step, 1.0)
        given = self.category[t][:, items] >= 0
        each = np.where(given, np.minimum(self.item_score[t][:, items] + step, 1.0), 0.0)
        count = given.sum(axis=1)
        averaged = np.minimum(self.score[t, :, emotion] + step.mean(), 1.0)  # of others, `filled`
        raised: Floats = np.where(count > 0, each.sum(axis=1) / np.maximum(count, 1), averaged)
        return raised


def read_ratings(codebook: Codebook, data: xr.Dataset) -> Ratings:
    """Ratings as categories, scores and masks, touchpoint first."""
    dims, asked = ("touchpoint", "journey", codebook.rating_dim), codebook.emotion_items
    category = data["rating"].transpose(*dims).to_numpy().astype(np.int8)
    scales = [codebook.scale_of(item) for item in asked]
    counts = np.array([scale.n_categories for scale in scales])
    exists = np.arange(counts.max() - 1) < (counts - 1)[:, None]
    slider = np.array([scale.kind == "slider" for scale in scales])
    each = category / (counts - 1)
    if "rating_score" in data:
        each = np.where(slider, data["rating_score"].transpose(*dims).to_numpy(), each)
    each = np.where(category >= 0, each, 0.0)
    emotion = np.array([item.emotion for item in asked])
    members = np.eye(len(codebook.emotions))[emotion]
    score, answered = composite(each, (category >= 0).astype(float), members)
    position = data["position"].transpose("touchpoint", "journey").to_numpy()
    score, answered, filled = _fill_unanswered(score, answered, position)
    names = tuple(item.name for item in asked) if codebook.several_items else ()
    return Ratings(
        category, exists, score, answered, position, filled, names, emotion, each, slider
    )


def _fill_unanswered(
    score: Floats, answered: Floats, position: NDArray[np.int16]
) -> tuple[Floats, Floats, int]:
    """Give journeys without any answer about an emotion the others' touchpoint averages."""
    empty = answered.sum(axis=0) == 0
    if not empty.any():
        return score, answered, 0
    total = np.maximum(answered.sum(axis=1), 1)
    overall = score.sum(axis=(0, 1)) / np.maximum(answered.sum(axis=(0, 1)), 1)
    average = np.where(answered.sum(axis=1) > 0, score.sum(axis=1) / total, overall)
    place = empty[None] & ((position >= 0) | (position < 0).all(axis=0))[:, :, None]
    return (
        np.where(place, average[:, None, :], score),
        np.where(place, 1.0, answered),
        int(empty.sum()),
    )

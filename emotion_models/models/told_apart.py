"""Which parts of a person, and of memory, a survey's ratings can tell apart.

A rating is the sum of what touchpoint and levers do, style (all emotions alike, always), mood
(along valence, always) and core affect (along valence, at one moment). Each needs ratings in
which it differs from the others:

- *affect*: two emotions rated at a moment, or it is noise of the only answer;
- *loadings*, how each emotion follows affect in its own way: three, or their correlations are
  fewer than the loadings;
- *mood*: emotions of different valence, or it is style; and several moments of a journey or
  several journeys of a respondent, or it is the affect of the only moment;
- *style*: two ratings of a respondent, or it is noise of the only answer.

What cannot be told apart is left out: its spread would be its prior's, and the effects of
levers, measured in units of the answer noise, would stretch with it.

Memory is a weighted average of features (mean, peak, ...), the mean weighs touchpoints by
salience. Where everybody meets two touchpoints in one order, the mean is that of the first and
the last moment, and salience is the one's weight beside the other's. Whether weights and
salience are identified shows in the derivatives of what is remembered: with ``b_ek`` the effect
of emotion e times its weight of feature k, and shares s of the touchpoints in the mean,

    remembered_j = sum_e ( b_e,mean sum_t s_t x_jte + sum_k b_ek feature_jek ),

they are collinear where they are not. Where everybody rates the same first (last) touchpoint,
its weight is that of the feature `first` (`end`); salience then tells apart the others.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import block_diag, null_space

from emotion_models.models.ratings import Ratings
from emotion_models.science.equations.memory import Feature, moments, placed

if TYPE_CHECKING:
    from emotion_models.models.design import Design

Floats = NDArray[np.floating[Any]]
SMALLEST: Final = 1e-4
"""Share of variance (smallest eigenvalue of a correlation) below which columns are collinear."""
LESS_WANTED: Final[tuple[Feature, ...]] = ("trend", "first", "end", "peak")
"""What is left out first where a survey cannot tell all features apart."""
Term = Literal["style", "mood", "affect", "loadings"]
SPREAD: Final[dict[Term, str]] = {
    "style": "style_sd",
    "mood": "mood_sd",
    "affect": "affect_loading",
}
"""What the standard deviation of each term of a person is called."""


def told_apart(design: Design) -> frozenset[Term]:
    """Terms of a person that the ratings identify.

    Parameters
    ----------
    design : Design

    Returns
    -------
    frozenset of {"style", "mood", "affect", "loadings"}
    """
    emotions = design.ratings.rated.sum(axis=2)
    most = int(emotions.max(initial=0))
    moments = np.bincount(design.respondent, (emotions > 0).sum(axis=0))
    ratings = np.bincount(design.respondent, emotions.sum(axis=0))
    found: set[Term] = set()
    if most > 1:
        found.add("affect")
    if most > 2:
        found.add("loadings")
    if (ratings > 1).any():
        found.add("style")
    if np.ptp(design.valence) > 0 and (moments > 1).any():
        found.add("mood")
    return frozenset(found)


def memory_told_apart(
    ratings: Ratings, wanted: tuple[Feature, ...]
) -> tuple[tuple[Feature, ...], bool]:
    """Choose the features of memory that a survey can tell apart, and whether salience.

    Parameters
    ----------
    ratings : Ratings
    wanted : tuple of str

    Returns
    -------
    features : tuple of str
        At least one.
    salience : bool
    """
    found = _features(ratings)
    nowhere = np.zeros(len(ratings.position), dtype=bool)
    for kept in _fewer(wanted):
        if salient(ratings, kept).any():
            return kept, True
        if _identified(ratings, found, kept, nowhere):
            return kept, False
    return wanted[:1], False


def salient(ratings: Ratings, features: tuple[Feature, ...]) -> NDArray[np.bool_]:
    """Touchpoints whose weights in the mean the journeys tell apart, beside the features.

    All of them, or those that are not always the first (last) moment, or none.

    Parameters
    ----------
    ratings : Ratings
    features : tuple of str
        Of memory.

    Returns
    -------
    bool array, shape (T,)
    """
    found, position = _features(ratings), ratings.position
    visited = position >= 0
    first, last = position == 0, visited & (position == position.max(axis=0))
    always_first, always_last = (first | ~visited).all(axis=1), (last | ~visited).all(axis=1)
    own_name = always_first & ("first" in features) | always_last & ("end" in features)
    met = ratings.rated.any(axis=(1, 2))
    for free in (met, met & ~own_name):
        if "mean" in features and free.sum() > 1 and _identified(ratings, found, features, free):
            return free
    return np.zeros_like(met)


def _fewer(wanted: tuple[Feature, ...]) -> Iterator[tuple[Feature, ...]]:
    """Yield the features wanted, then without one after the other."""
    yield wanted
    for name in LESS_WANTED:
        if name in wanted and len(wanted) > 1:
            wanted = tuple(other for other in wanted if other != name)
            yield wanted


def _features(ratings: Ratings) -> dict[Feature, Floats]:
    """All features (J, E) under equal salience."""
    score, answered = np.moveaxis(ratings.score, 0, -3), ratings.answered > 0
    found = dict(moments(score, answered, ratings.position, None))
    shares = placed(ratings.score, ratings.answered)
    n_emotions = ratings.score.shape[2]
    found["mean"] = shares.reshape(len(shares), -1, n_emotions).sum(axis=1)
    return found


def _identified(
    ratings: Ratings,
    found: dict[Feature, Floats],
    kept: tuple[Feature, ...],
    free: NDArray[np.bool_],
) -> bool:
    """Whether the derivatives of what is remembered are linearly independent."""
    n_emotions, n_free = ratings.score.shape[2], int(free.sum())
    among = np.zeros((free.size, max(n_free - 1, 0)))
    if n_free:
        among[free] = null_space(np.ones((1, n_free)))  # shares sum to a constant
    shares = placed(ratings.score, ratings.answered).reshape(-1, free.size, n_emotions)
    own, shared = [], []
    for e in range(n_emotions):
        feature = np.stack([found[name][:, e] for name in kept], axis=1)
        if feature.std(axis=0).max() > 0:  # what nobody felt tells nothing, and takes nothing
            own.append(feature - feature.mean(axis=0))
            place = (1 + 0.1 * e) * shares[:, :, e] @ among
            shared.append(place - place.mean(axis=0))
    if not own:
        return False
    weights = block_diag(*(each.T @ each for each in own))
    both = np.concatenate([a.T @ b for a, b in zip(own, shared, strict=True)])
    places = sum(each.T @ each for each in shared)
    gram = np.block([[weights, both], [both.T, places]])
    size = np.sqrt(gram.diagonal())
    if size.min() <= 0:
        return False
    return bool(np.linalg.eigvalsh(gram / np.outer(size, size))[0] > SMALLEST)

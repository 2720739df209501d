"""Made-up surveys whose truth is known: ratings of moments, two outcomes, clusters, weights."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from emotion_models.survey.audit import Audit
from emotion_models.survey.codebook import Codebook
from emotion_models.survey.schema import empty_arrays, to_dataset
from emotion_models.survey.survey import BLANK, Survey
from tests.models import builders

JOY, ANGER = 2.5, -2.0
"""Effects of remembered emotions on recommending, in logits per full scale."""


@dataclass(frozen=True)
class Made:
    """What to make up.

    Parameters
    ----------
    n : int
    missing : float
        Share of ratings of later moments that are blank.
    at_random : bool
        Whether the share is 1.6 times that where the first moment had no joy, and 0.4 where it
        had much (missing at random given what was rated); else the same everywhere.
    clusters : int
        Sampling clusters, 0 for none. Their members share a shift of affect, and another one of
        the outcomes, both with sd `cluster_sd`.
    cluster_sd : float
    """

    n: int = 300
    missing: float = 0.0
    at_random: bool = False
    clusters: int = 0
    cluster_sd: float = 1.0


def codebook(*, clusters: bool = False) -> Codebook:
    return builders.book(
        emotions=builders.feelings("joy", "anger"), levers=None, recall=None, remembered=None,
        relationship=None, controls=None, segments=None, delay=None,
        cluster={"column": "site"} if clusters else None,
        behaviours=[
            {"name": "recommend", "family": "ordinal", "scale": "agree"},
            {"name": "return", "family": "bernoulli"},
        ],
    )  # fmt: skip


def survey(what: Made, seed: int) -> Survey:
    """Ratings that share a mood and every moment's affect; memory is their mean."""
    rng = np.random.default_rng(seed)
    book = codebook(clusters=what.clusters > 0)
    arrays = empty_arrays(book, what.n)
    arrays["visited"][:] = True
    arrays["position"][:] = np.arange(3)
    shift = mood = np.zeros(what.n)
    if what.clusters:
        arrays["cluster"][:] = np.arange(what.n) % what.clusters
        shift, mood = rng.normal(0, what.cluster_sd, (2, what.clusters))[:, arrays["cluster"]]
    rating = ratings(rng, what.n, mood)
    eta = predictor(rating) + shift
    noise = rng.logistic(size=what.n)
    arrays["behaviour_value"][:, 0] = np.searchsorted([-1.5, -0.5, 0.5, 1.5], eta + noise)
    arrays["behaviour_value"][:, 1] = rng.random(what.n) < 1 / (1 + np.exp(-eta))
    blank = _blanks(rng, what, rating)
    arrays["rating"][:] = np.where(blank, -1, rating)
    arrays["rating_status"][:] = np.where(blank, BLANK, 0)
    arrays["respondent"] = np.arange(what.n)
    ids = np.arange(what.n).astype(str)
    return Survey(book, to_dataset(book, arrays, ids, ids), Audit("made up"))


def predictor(rating: NDArray[np.int64]) -> NDArray[np.float64]:
    """What ratings (n, 3, 2) do to outcomes, in logits."""
    memory = rating.mean(axis=1) / 3
    return np.asarray(memory @ [JOY, ANGER])


def ratings(
    rng: np.random.Generator, n: int, mood: NDArray[np.float64] | None = None
) -> NDArray[np.int64]:
    """Ratings (n, 3, 2) of joy and anger, 0 to 3."""
    affect = rng.normal(0, 0.8, (n, 1)) + rng.normal(0, 1.0, (n, 3))
    if mood is not None:
        affect += mood[:, None]
    level = np.stack([affect, -affect], axis=2) + rng.normal(0, 0.4, (n, 1, 1))
    return np.searchsorted([-1.0, 0.2, 1.4], level + rng.logistic(size=level.shape))


def _blanks(rng: np.random.Generator, what: Made, rating: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which ratings are not given; the first moment always is."""
    share = np.full(what.n, what.missing)
    if what.at_random:
        share *= np.interp(rating[:, 0, 0], [0, 3], [1.6, 0.4])
    blank = rng.random(rating.shape) < share[:, None, None]
    blank[:, 0] = False
    return blank

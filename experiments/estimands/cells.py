"""The studies: one that many companies could have, and one thing about it changed at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import xarray as xr
from study import TABLES, Setting

from emotion_models.models.prior import Prior
from emotion_models.models.spec import JourneyModel
from emotion_models.survey.survey import BLANK

PLEASANT: Final = ("joy", "gratitude", "pride", "relief")
UNPLEASANT: Final = ("anger", "worry", "boredom", "regret")
IMPUTATIONS: Final = 4


@dataclass(frozen=True)
class Cell:
    """A kind of study.

    Parameters
    ----------
    factor, level : str
        What is unlike the base, and how.
    journeys, emotions, categories : int
        Categories are those of the emotions' scale.
    missing : float
        Chance of a rating to be missing, whatever it and all else is.
    imputed : bool
        Whether missing ratings are imputed; else memory is what is available.
    studies : int
        How many are drawn unless said otherwise.
    ratings : mapping of str to Prior
        Of stage 1, which is not fitted: how emotions go together.
    """

    factor: str
    level: str
    journeys: int = 200
    emotions: int = 4
    categories: int = 5
    missing: float = 0.0
    imputed: bool = False
    studies: int = 100
    ratings: Mapping[str, Prior] = field(default_factory=dict)

    @property
    def model(self) -> JourneyModel:
        """The model that draws the outcomes and is fitted, and that draws the ratings."""
        options = {"missing": "impute", "imputations": IMPUTATIONS} if self.imputed else {}
        return JourneyModel(elicitation=self.imputed, overrides=self.ratings, **options)

    @property
    def setting(self) -> Setting:
        """What is known before anybody answers."""
        half = self.emotions // 2
        names = PLEASANT[:half] + UNPLEASANT[:half]
        felt = {"values": list(range(self.categories))}
        return Setting(
            {
                "scales": {**TABLES["scales"], "felt": felt},
                "emotions": [{"name": name, "scale": "felt"} for name in names],
            }
        )

    @property
    def promised(self) -> bool:
        """Whether intervals of a right sampler cover as they say: all that was felt is known."""
        return not self.missing


def _about(sd: float) -> Prior:
    """A standard deviation known to a tenth."""
    return Prior.lognormal(float(np.log(sd)), 0.1)


APART: Final = {name: _about(0.05) for name in ("style_sd", "mood_sd", "affect_loading")}
TOGETHER: Final = {"style_sd": _about(0.05), "mood_sd": _about(2), "affect_loading": _about(4)}

CELLS: Final[dict[str, Cell]] = {
    "base": Cell("base", "base"),
    "journeys-100": Cell("journeys", "100", journeys=100),
    "journeys-600": Cell("journeys", "600", journeys=600),
    "emotions-2": Cell("emotions", "2", emotions=2),
    "emotions-8": Cell("emotions", "8", emotions=8),
    "apart": Cell("correlation", "low", ratings=APART),
    "together": Cell("correlation", "high", ratings=TOGETHER),
    "scale-2": Cell("scale", "2 points", categories=2),
    "scale-7": Cell("scale", "7 points", categories=7),
    "scale-11": Cell("scale", "11 points", categories=11),
    "missing-10": Cell("missing", "10%", missing=0.1),
    "missing-30": Cell("missing", "30%", missing=0.3),
    "imputed-30": Cell("missing", "30%, imputed", missing=0.3, imputed=True, studies=40),
}


def with_gaps(data: xr.Dataset, share: float, rng: np.random.Generator) -> xr.Dataset:
    """Leave ratings out completely at random.

    Parameters
    ----------
    data : xarray.Dataset
    share : float
    rng : Generator

    Returns
    -------
    xarray.Dataset
    """
    rating = data["rating"].to_numpy()
    blank = (rng.random(rating.shape) < share) & (rating >= 0)
    status = np.where(blank, BLANK, 0)
    return data.assign(
        rating=(data["rating"].dims, np.where(blank, -1, rating).astype(np.int8)),
        rating_status=(data["rating"].dims, status.astype(np.int8)),
    )


def correlation(data: xr.Dataset, valence: Any) -> float:
    """Mean correlation of two emotions rated at one moment, unpleasant ones turned.

    Parameters
    ----------
    data : xarray.Dataset
    valence : array

    Returns
    -------
    float
    """
    turned = data["rating"].to_numpy() * np.sign(valence)
    pairs = np.triu_indices(turned.shape[2], 1)
    each = [np.corrcoef(turned[:, t].T)[pairs].mean() for t in range(turned.shape[1])]
    return float(np.nanmean(each))

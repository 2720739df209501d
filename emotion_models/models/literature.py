"""Published directions: the library of them, and those of a model's effects."""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from emotion_models.models.priors import PRIORS
from emotion_models.science.directions import Direction, prior_means, published
from emotion_models.science.equations.outcomes import along_valence
from emotion_models.summarised import Summarised

if TYPE_CHECKING:
    import pandas as pd

    from emotion_models.models.design import Design
    from emotion_models.models.spec import JourneyModel


@dataclass(frozen=True, repr=False)
class Directions(Summarised):
    """The library of published directions of emotions' effects, with their sources.

    Parameters
    ----------
    all : tuple of Direction
        Every emotion and outcome of the library, also where no direction was read.
    """

    all: tuple[Direction, ...]

    def table(self) -> pd.DataFrame:
        """Table of directions: emotion, outcome, sign, prior_mean, sd, mark, sources, evidence.

        ``prior_mean`` and ``sd`` are in logits per full scale of a rating, and what
        ``priors="literature"`` assumes; empty where nothing enters. `sources` are DOIs where
        they were read. Marks: V verified in the paper's own abstract or data, S read in a
        secondary source, M general knowledge, not checked.
        """
        import pandas as pd

        rows = []
        for each in self.all:
            mean = each.prior_mean or np.nan
            sd = PRIORS["published"].scale if each.prior_mean else np.nan
            sources = "; ".join(
                source.key + (f" (doi {source.doi})" if source.doi else "")
                for source in each.sources
            )
            about = (each.emotion, each.outcome, each.sign, mean, sd, each.mark or "")
            rows.append((*about, sources, each.evidence))
        columns = ["emotion", "outcome", "sign", "prior_mean", "sd", "mark", "sources", "evidence"]
        return pd.DataFrame(rows, columns=columns)

    def summary(self) -> str:
        """Say how many directions there are, and what they are worth."""
        used = [each for each in self.all if each.prior_mean]
        emotions = {each.emotion for each in used}
        return (
            f"{len(used)} published directions of {len(emotions)} emotions have a source and enter "
            'as prior means with priors="literature". Signs were read, sizes were not: each is '
            f"normal around half a logit with standard deviation {PRIORS['published'].scale:g}, so "
            "that about one sign in six may be wrong."
        )

    def _repr_html_(self) -> str:
        return f"<p>{html.escape(self.summary())}</p>{self.table().to_html(index=False)}"


def directions() -> Directions:
    """Return the library of published directions of emotions' effects.

    Parameters
    ----------
    None

    Returns
    -------
    Directions
        With ``table()`` and ``summary()``.
    """
    return Directions(tuple(published().values()))


@dataclass(frozen=True)
class PublishedCells:
    """Effects for which a direction was published.

    Parameters
    ----------
    mean : array, shape (E, R)
        Prior means of the pooled rows in logits per full scale; 0 where nothing was published.
    emotion, row : int array, shape (cells,)
        Where `mean` is not 0.
    labels : tuple of str
        Of the cells, e.g. ``"anger on return"``.
    """

    mean: NDArray[np.float64]
    emotion: NDArray[np.int64]
    row: NDArray[np.int64]
    labels: tuple[str, ...]

    def slope(self, design: Design) -> NDArray[np.float64]:
        """What the means say of positivity: their slope on valence, shape (R,)."""
        slope: NDArray[np.float64] = along_valence(self.mean, design.valence)
        return slope


def published_cells(model: JourneyModel, design: Design) -> PublishedCells:
    """Find the published directions of a model's effects.

    Parameters
    ----------
    model : JourneyModel
    design : Design

    Returns
    -------
    PublishedCells
        Without cells under weak priors, and where emotions act by their valence alone.
    """
    rows = [row.name for row in design.rows if row.pooled]
    mean = np.zeros((len(design.emotions), len(rows)))
    if model.priors == "literature" and model.specific and rows:
        mean = np.asarray(prior_means(design.emotions, rows), dtype=float)
    emotion, row = np.nonzero(mean)
    pairs = zip(emotion, row, strict=True)
    labels = tuple(f"{design.emotions[e]} on {rows[r]}" for e, r in pairs)
    return PublishedCells(mean, emotion, row, labels)

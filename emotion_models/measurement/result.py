"""`Measurement`: how well items measure, labelled, until a table or a sentence is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from emotion_models.errors import InputProblems, Problem
from emotion_models.intervals import summarise
from emotion_models.measurement.by_group import MATTERS
from emotion_models.summarised import Summarised

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr
    from matplotlib.figure import Figure

ONE_ITEM: Final = "one item: loading and reliability would rest on the prior alone"
NO_CONSTRUCT: Final = "a single rating without a construct behind it: its loading is fixed at 1"
ON_THE_PRIOR: Final = "a construct has one item: how far its error lowers this rests on the prior"
UNRELATED: Final = "items of a construct do not vary or do not go together in the answers"
HTMT_LIMITS: Final = (0.85, 0.90)
"""The two limits that Henseler, Ringle & Sarstedt (2015) study; beyond, constructs are one."""
RELIABLE: Final = 0.7
"""A convention: the reliability from which the summary says that a level is measured."""


@dataclass(frozen=True)
class Part:
    """Something measured.

    Parameters
    ----------
    name : str
    latent : bool
        Whether it is a construct with loadings, not a single remembered rating.
    row : int
        Its linear predictor.
    items : tuple of str
    """

    name: str
    latent: bool
    row: int
    items: tuple[str, ...]

    @property
    def reason(self) -> str:
        """Why loading and reliability cannot be estimated; empty where they can."""
        if not self.latent:
            return NO_CONSTRUCT
        return ONE_ITEM if len(self.items) == 1 else ""


@dataclass(frozen=True, eq=False, repr=False)
class Measurement(Summarised):
    """Loadings, reliability, discriminant validity and information of the items of a fit.

    Parameters
    ----------
    parts : tuple of Part
        Constructs, then remembered ratings.
    draws : xarray.Dataset
        From the posterior, with dimension ``sample``: ``loading`` and ``peak`` (item),
        ``information`` (item, level; per squared sd of the construct), ``omega_latent``,
        ``omega_ticked`` and ``ave`` (construct), ``correlation`` and ``residual_correlation``
        (construct, construct_); with groups also ``shift``, ``stretch`` and ``spread``
        (group, item).
    answers : xarray.Dataset
        From the answers, with dimension ``replicate`` of a Bayesian bootstrap over
        respondents: ``alpha`` (construct) and ``htmt`` (construct, construct_).
    caution : str
        From `Fit.caution`.
    """

    parts: tuple[Part, ...]
    draws: xr.Dataset
    answers: xr.Dataset
    caution: str = ""

    def table(self) -> pd.DataFrame:
        """Return one row per quantity.

        Returns
        -------
        pandas.DataFrame
            construct, item (empty for the construct as a whole), quantity, mean, sd, lower,
            upper, source (``"model"`` or ``"answers"``), reason. Quantities: ``loading``
            (standardised), ``peak`` (where an item tells most, in sd of the construct),
            ``omega_ticked`` (reliability of the sum of the answers as ticked: the one for a
            scale score), ``omega_latent`` (of the sum of the latent answers behind the ticks:
            McDonald's omega, usually larger: nothing is lost to categories), ``alpha``,
            ``ave``. What cannot be estimated is NaN, and ``reason`` says why.
        """
        import pandas as pd

        rows: list[tuple[Any, ...]] = []
        for part in self.parts:
            for item in part.items:
                for name in ("loading", "peak"):
                    label = (part.name, item, name)
                    draws = self.draws[name].sel(item=item).to_numpy()
                    rows.append((*label, *_figures(draws, "model", part.reason)))
            if part.latent:
                for name in ("omega_latent", "omega_ticked", "alpha", "ave"):
                    source = "answers" if name == "alpha" else "model"
                    kept = self.answers if name == "alpha" else self.draws
                    draws = kept[name].sel(construct=part.name).to_numpy()
                    rows.append((part.name, "", name, *_figures(draws, source, part.reason)))
        return pd.DataFrame(rows, columns=["construct", "item", "quantity", *_COLUMNS])

    def correlations(self) -> pd.DataFrame:
        """Return the latent correlation of every two constructs.

        Returns
        -------
        pandas.DataFrame
            construct, with_construct, kind (``"total"``: including what emotions and controls
            explain in both; ``"residual"``: beyond it), mean, sd, lower, upper, source, reason.
        """
        import pandas as pd

        rows = []
        names = {"total": "correlation", "residual": "residual_correlation"}
        for one, other in self._pairs():
            reason = ON_THE_PRIOR if one.reason or other.reason else ""
            for kind, name in names.items():
                draws = self.draws[name].sel(construct=one.name, construct_=other.name).to_numpy()
                rows.append((one.name, other.name, kind, *_figures(draws, "model", reason)))
        return pd.DataFrame(rows, columns=["construct", "with_construct", "kind", *_COLUMNS])

    def htmt(self) -> pd.DataFrame:
        """Return the heterotrait-monotrait ratio of every two constructs.

        Returns
        -------
        pandas.DataFrame
            construct, with_construct, mean, sd, lower, upper, source, reason, p_above_085,
            p_above_090: the probability that the ratio exceeds the usual limits, from which
            two constructs count as one.
        """
        import pandas as pd

        rows = []
        for one, other in self._pairs():
            draws = self.answers["htmt"].sel(construct=one.name, construct_=other.name).to_numpy()
            figures = _figures(draws, "answers", one.reason or other.reason)
            unknown = np.isnan(figures[0])
            above = [np.nan if unknown else (draws > limit).mean() for limit in HTMT_LIMITS]
            rows.append((one.name, other.name, *figures, *above))
        columns = ["construct", "with_construct", *_COLUMNS, "p_above_085", "p_above_090"]
        return pd.DataFrame(rows, columns=columns)

    def information(self) -> pd.DataFrame:
        """Return how much each item tells at each level of its construct.

        Returns
        -------
        pandas.DataFrame
            construct, item (``"(all)"``: the items of a construct together), level (in sd
            from the mean), mean, lower, upper, reliability: ``I / (1 + I)`` of the mean
            information I, what a person at that level is measured with. Parts whose loading
            rests on the prior are left out; `table` names them.
        """
        import pandas as pd

        frames = []
        for part in self.parts:
            if part.latent and part.reason:
                continue
            curves = self.draws["information"].sel(item=list(part.items)).to_numpy()
            named = [*zip(part.items, np.moveaxis(curves, 1, 0), strict=True)]
            if part.latent:
                named.append(("(all)", curves.sum(axis=1)))
            for item, curve in named:
                found = summarise(curve)
                frame = {
                    "construct": part.name,
                    "item": item,
                    "level": self.draws["level"].to_numpy(),
                    "mean": found.mean,
                    "lower": found.lower,
                    "upper": found.upper,
                    "reliability": found.mean / (1 + found.mean),
                }
                frames.append(pd.DataFrame(frame))
        columns = ["construct", "item", "level", "mean", "lower", "upper", "reliability"]
        return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=columns)

    def invariance(self) -> pd.DataFrame:
        """Return how differently groups use single items, if the model let them.

        Returns
        -------
        pandas.DataFrame
            construct, item, group, quantity, mean, sd, lower, upper, source, reason, p_matters.
            Quantities, all against the average group: ``shift`` (sd of the latent answer by
            which the group ticks higher at the same level of the construct), ``stretch``
            (difference of log loading), and for the construct ``spread`` (log spread of the
            group on it, which is no fault of an item). ``p_matters`` is the probability that a
            shift or stretch is beyond 0.25 either way, a convention.

        Raises
        ------
        InputProblems
            If the fit has no groups in this sense.
        """
        if "group" not in self.draws.dims:
            fix = "fit model.with_options({'invariance': 'segment'}) or 'wave'"
            raise InputProblems("measure", [Problem("invariance", "was not estimated", fix)])
        return invariance_table(self)

    def summary(self) -> str:
        """Say in words how well each construct is measured, and which are hardly different."""
        from emotion_models.measurement.words import summary

        return summary(self)

    def plot(self, *, show: Literal["loadings", "information"] = "loadings") -> Figure:
        """Draw the loadings with their intervals, or where on the scale the items measure."""
        from emotion_models.drawing.measurement import item_information, item_loadings

        if show == "information":
            return item_information(self.information())
        table = self.table()
        return item_loadings(table[(table["quantity"] == "loading") & table["mean"].notna()])

    def _pairs(self) -> list[tuple[Part, Part]]:
        return list(combinations([part for part in self.parts if part.latent], 2))


_COLUMNS: Final = ["mean", "sd", "lower", "upper", "source", "reason"]


def _figures(draws: NDArray[np.floating[Any]], source: str, reason: str) -> tuple[Any, ...]:
    """Mean, sd and interval of draws with the reason why they are unknown."""
    if np.isnan(draws).any():
        return (np.nan,) * 4 + (source, reason or UNRELATED)
    found = summarise(draws)
    numbers = (found.mean, found.sd, found.lower, found.upper)
    return (*(float(number) for number in numbers), source, reason)


def invariance_table(result: Measurement) -> pd.DataFrame:
    """Rows of `Measurement.invariance`."""
    import pandas as pd

    rows: list[tuple[Any, ...]] = []
    for part in result.parts:
        if not part.latent:
            continue
        cells = [(item, name) for item in part.items for name in ("shift", "stretch")]
        cells += [("", "spread")] if not part.reason else []
        for item, name in cells:
            drawn = result.draws[name].sel(item=item or part.items[0])
            for group in drawn["group"].to_numpy().astype(str):
                draws = drawn.sel(group=group).to_numpy()
                figures = _figures(draws, "model", part.reason)
                known = item and not part.reason
                beyond = float((np.abs(draws) > MATTERS).mean()) if known else np.nan
                rows.append((part.name, item, group, name, *figures, beyond))
    columns = ["construct", "item", "group", "quantity", *_COLUMNS, "p_matters"]
    return pd.DataFrame(rows, columns=columns)

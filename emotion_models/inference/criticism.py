"""`Criticism`: where model and answers disagree, as tables, words and figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from emotion_models.intervals import PROBABILITY
from emotion_models.summarised import Summarised

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

What = Literal["answers", "calibration", "transforms"]
SURPRISING: Final = 0.01
"""Tail probability below which a disagreement is named."""
NAMED: Final = 5


@dataclass(frozen=True, eq=False, repr=False)
class Criticism(Summarised):
    """What the data say against a fitted model.

    Parameters
    ----------
    answers : pandas.DataFrame
        See `table`.
    calibrated, curves, transforms : pandas.DataFrame
        See `calibration`, `reliability`, `pit`.
    k : array, shape (J,)
        Pareto k of the weights that leave each journey out; empty without outcomes.
    caution : str
        From `Fit.caution`.
    """

    answers: pd.DataFrame
    calibrated: pd.DataFrame
    curves: pd.DataFrame
    transforms: pd.DataFrame
    k: NDArray[np.floating[Any]]
    caution: str = ""

    def table(self) -> pd.DataFrame:
        """Return statistics of the answers beside those of replicated surveys.

        Returns
        -------
        pandas.DataFrame
            stage, item, touchpoint (ratings), statistic, n, observed, expected, lower, upper
            (90% of replicated surveys), p (smaller tail).
        """
        return self.answers.copy()

    def calibration(self) -> pd.DataFrame:
        """Return the Brier score of every event and its parts.

        Returns
        -------
        pandas.DataFrame
            stage, item, event, n, base_rate, brier, miscalibration, discrimination,
            uncertainty (brier = miscalibration - discrimination + uncertainty), p (how often
            calibrated predictions would seem as miscalibrated).
        """
        return self.calibrated.copy()

    def reliability(self) -> pd.DataFrame:
        """Return reliability curves: stage, item, event, predicted, observed, lower, upper.

        ``observed`` is the recalibrated probability; within ``lower`` and ``upper`` it is where
        calibrated predictions would put it nine times in ten.
        """
        return self.curves.copy()

    def pit(self) -> pd.DataFrame:
        """Return histograms of leave-one-out probability integral transforms.

        Returns
        -------
        pandas.DataFrame
            stage, item, n, below (upper edge of the bin), share, lower, upper (90% of uniform
            transforms), p (of the whole histogram).
        """
        return self.transforms.copy()

    def summary(self) -> str:
        """Say in words where the model and the answers disagree."""
        from emotion_models.drawing import criticism as figures

        lines = []
        if len(self.answers):
            outside = self.answers["observed"] < self.answers["lower"] - 1e-12
            outside |= self.answers["observed"] > self.answers["upper"] + 1e-12
            lines.append(
                f"{int(outside.sum())} of {outside.size} statistics of the answers lie outside "
                f"the {PROBABILITY:.0%} interval of replicated surveys; about "
                f"{(1 - PROBABILITY) * outside.size:.0f} or fewer are expected of a model that "
                "is right."
            )
            lines += _named(self.answers, ["item", "touchpoint", "statistic"])
        if len(self.calibrated):
            lines.append(_judged("predicted probabilities", self.calibrated, "miscalibrated"))
            lines += _named(self.calibrated, ["item", "event"])
        if len(self.transforms):
            each = self.transforms.drop_duplicates("item")
            lines.append(_judged("predictive distributions", each, "off"))
            lines += _named(each, ["item"])
        if self.k.size and not self.k.max() <= figures.TRUSTED_K:
            share = float((~(self.k <= figures.TRUSTED_K)).mean())
            lines.append(
                f"For {share:.0%} of the journeys leaving them out by weights is rough "
                f"(Pareto k above {figures.TRUSTED_K})."
            )
        return "\n".join(lines) or "There was nothing to compare."

    def plot(self, what: What = "answers") -> Figure:
        """Draw the checks of the answers, reliability curves, or the transforms.

        Parameters
        ----------
        what : {"answers", "calibration", "transforms"}

        Returns
        -------
        Figure
        """
        from emotion_models.drawing import criticism as figures

        match what:
            case "answers":
                return figures.answers(self.answers)
            case "calibration":
                return figures.reliability(_middle(self.curves, self.calibrated))
            case "transforms":
                return figures.transforms(self.transforms)


def _judged(subject: str, table: pd.DataFrame, word: str) -> str:
    bad = int((table["p"] < SURPRISING).sum())
    found = f"{bad} of {len(table)} {subject} look {word}"
    return f"{found} (tail probability below {SURPRISING:.0%})."


def _named(table: pd.DataFrame, by: list[str]) -> list[str]:
    """Name the most surprising rows."""
    bad = table[table["p"] < SURPRISING].sort_values("p", kind="stable").head(NAMED)
    words = [", ".join(str(row[name]) for name in by if row[name]) for row in _records(bad)]
    return [f"  {each}" for each in words]


def _records(table: pd.DataFrame) -> list[dict[Any, Any]]:
    return table.to_dict("records")


def _middle(curves: pd.DataFrame, calibrated: pd.DataFrame) -> pd.DataFrame:
    """Keep of each item the event that is closest to even: its curve says most."""
    if calibrated.empty:
        return curves
    distance = (calibrated["base_rate"] - 0.5).abs()
    chosen = calibrated.loc[distance.groupby(calibrated["item"], sort=False).idxmin()]
    return curves.merge(chosen[["item", "event"]], on=["item", "event"])

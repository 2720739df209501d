"""`Worth`: draws of what a change is worth, until a table or a sentence is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from emotion_models.decisions.words import NOT_CAUSAL, money
from emotion_models.errors import InputProblems, Problem, did_you_mean
from emotion_models.inference.estimands import ALL
from emotion_models.intervals import PROBABILITY, summarise
from emotion_models.summarised import Summarised, as_text

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr
    from matplotlib.figure import Figure

    from emotion_models.simulation import Change

Floats = NDArray[np.floating[Any]]
TOTAL: Final = "(total)"
"""Label of what all outcomes together are worth."""


@dataclass(frozen=True, eq=False, repr=False)
class Worth(Summarised):
    """What a change is worth per journey.

    Parameters
    ----------
    change : Change
    outcomes : tuple of str
        Those that have a value.
    segments : tuple of str
        Everybody first.
    before, after : array, shape (outcome, segment, sample)
        Mean worth of a journey in the same draws, costs not counted.
    currency, period : str
    journeys : mapping of segment to float
        Journeys of a period that they stand for; empty where unknown.
    cost : float
        Of the change per journey, its part of what is fixed included.
    weight : {"survey", "value"}
    terms : str
        What is assumed about money, in words.
    warnings : tuple of str
    claim : str
        The weakest over the outcomes.
    caution : str
        From `Fit.caution`.
    """

    change: Change
    outcomes: tuple[str, ...]
    segments: tuple[str, ...]
    before: Floats
    after: Floats
    currency: str
    period: str
    journeys: Mapping[str, float]
    cost: float
    weight: str
    terms: str
    warnings: tuple[str, ...]
    claim: str
    caution: str = ""

    @property
    def draws(self) -> xr.DataArray:
        """Differences (after minus before) per journey, labelled; costs not counted."""
        import xarray as xr

        coords = {"outcome": list(self.outcomes), "segment": list(self.segments)}
        dims = ("outcome", "segment", "sample")
        return xr.DataArray(self.after - self.before, dims=dims, coords=coords, name="worth")

    def gained(self, segment: str = ALL) -> Floats:
        """Draws (S,) of what the change adds to a journey, its cost taken off.

        Parameters
        ----------
        segment : str

        Returns
        -------
        array, shape (S,)

        Raises
        ------
        InputProblems
            If there is no such group, or it is too small to be shown.
        """
        if segment not in self.segments:
            fix = did_you_mean(segment, self.segments)
            raise InputProblems("worth", [Problem(f"segment '{segment}'", "not shown", fix)])
        g = self.segments.index(segment)
        return (self.after[:, g] - self.before[:, g]).sum(axis=0) - self.cost

    def table(self) -> pd.DataFrame:
        """Return one row per outcome and segment, and of all outcomes together.

        Returns
        -------
        pandas.DataFrame
            outcome, segment, before, after, difference, lower, upper, p_gain, all_journeys (mean
            difference times journeys of a period; missing where unknown), unit, claim. Costs are
            not counted; see `balance`.
        """
        import pandas as pd

        rows = []
        for g, segment in enumerate(self.segments):
            before, after = self.before[:, g], self.after[:, g]
            parts = [(name, before[o], after[o]) for o, name in enumerate(self.outcomes)]
            for name, one, two in (*parts, (TOTAL, before.sum(axis=0), after.sum(axis=0))):
                found = summarise(two - one)
                rows.append(
                    {
                        "outcome": name,
                        "segment": segment,
                        "before": float(one.mean()),
                        "after": float(two.mean()),
                        "difference": float(found.mean),
                        "lower": float(found.lower),
                        "upper": float(found.upper),
                        "p_gain": float(found.p_positive),
                        "all_journeys": float(found.mean) * self.journeys.get(segment, np.nan),
                        "unit": self.currency,
                        "claim": self.claim,
                    }
                )
        return pd.DataFrame(rows)

    def balance(self) -> pd.DataFrame:
        """Gain, cost and what is left, for everybody.

        Returns
        -------
        pandas.DataFrame
            quantity (``"worth"``, ``"cost"``, ``"worth less cost"``, ``"worth per cost"``), of
            (``"a journey"``, ``"a year"``), mean, lower, upper, p_positive, unit.
        """
        import pandas as pd

        gross = self.gained() + self.cost
        of = {"a journey": 1.0}
        of |= {f"a {self.period}": self.journeys[ALL]} if ALL in self.journeys else {}
        rows: list[tuple[object, ...]] = []
        for words, times in of.items():
            cost = np.full(gross.shape, self.cost)
            each = {"worth": gross, "cost": cost, "worth less cost": gross - cost}
            for quantity, draws in each.items():
                s = summarise(times * draws)
                numbers = (float(x) for x in (s.mean, s.lower, s.upper, s.p_positive))
                rows.append((quantity, words, *numbers, self.currency))
        if self.cost > 0:
            s = summarise(gross / self.cost)
            numbers = (float(x) for x in (s.mean, s.lower, s.upper, (gross > self.cost).mean()))
            rows.append(("worth per cost", "a journey", *numbers, "times its cost"))
        columns = ["quantity", "of", "mean", "lower", "upper", "p_positive", "unit"]
        return pd.DataFrame(rows, columns=columns)

    def summary(self) -> str:
        """Say in words what the change is worth."""
        table = self.table()
        over = ", averaged by customer value" if self.weight == "value" else ""
        lines = [
            f"{self.change} ({self.claim}; {PROBABILITY:.0%} intervals{over}; {self.terms}). "
            "Worth of a journey:"
        ]
        all_of_them, everybody = table["outcome"] == TOTAL, table["segment"] == ALL
        lines += [
            f"  {row['outcome']}: {self._between(row)}"
            for row in table[everybody].to_dict("records")
        ]
        lines += [
            f"  {row['segment']}, {TOTAL}: {self._between(row)}"
            for row in table[~everybody & all_of_them].to_dict("records")
        ]
        for row in self.balance().to_dict("records"):
            if row["quantity"] == "worth less cost":
                costs = "after costs" if self.cost else "no costs counted"
                lines.append(
                    f"{money(row['mean'], self.currency)} {row['of']}, {costs}, between "
                    f"{money(row['lower'], self.currency)} and "
                    f"{money(row['upper'], self.currency)}; "
                    f"more than it costs with probability {row['p_positive']:.0%}"
                )
        lines += [f"note: {warning}" for warning in self.warnings]
        return as_text([*lines, NOT_CAUSAL[self.claim]], self.caution)

    def _between(self, row: Mapping[Any, Any]) -> str:
        found = [money(row[key], self.currency) for key in ("difference", "lower", "upper")]
        return "{}, between {} and {}".format(*found) + f"; chance of gain {row['p_gain']:.0%}"

    def plot(self) -> Figure:
        """Draw what every outcome adds."""
        from emotion_models.drawing.scenario import scenario_differences

        table = self.table()
        table["outcome"] += "\n" + self.currency
        return scenario_differences(table)

"""`Sequences`: orders of touchpoints that were simulated in full, and how sure the best one is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from emotion_models.decisions.finalists import Finalists
from emotion_models.decisions.valuation import MONEY
from emotion_models.decisions.words import NOT_CAUSAL, money, size
from emotion_models.intervals import PROBABILITY, summarise
from emotion_models.science.equations.information import chances_of_best, regret
from emotion_models.summarised import as_text

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure


Floats = NDArray[np.floating[Any]]


@dataclass(frozen=True, eq=False, repr=False)
class Sequences(Finalists):
    """The best order of touchpoints.

    Parameters
    ----------
    orders : tuple of tuple of str
        Simulated in full; the usual one first.
    shapes : tuple of str
        Of what is felt along each, see `emotion_models.science.equations.sequence.shape`.
    changes : tuple of Change
    values : array, shape (S, F)
        Difference in the objective per journey, against the usual order, paired draws.
    scores : array, shape (S, F)
        The same, turned where less is desirable.
    within : bool array, shape (F,)
        The conditions; the usual order need not meet them.
    best : int
    guesses : array, shape (F,)
        Of the mean difference, along the slopes of the outcomes at the usual journey.
    felt : array, shape (T,)
        Worth of what is felt at each touchpoint.
    touchpoints : tuple of str
        In the usual order.
    weights : mapping of str to float
        Of first, end and trend in what is remembered, on average over emotions.
    how : str
        How the orders were found.
    short : float
        By how much an order that was missed could be better at most, along the slopes; 0 where
        none was missed, or where that is not known.
    objective, unit : str
    journeys : float or None
    period : str
    warnings : tuple of str
    claim : str
    caution : str
        From `Fit.caution`.
    """

    orders: tuple[tuple[str, ...], ...]
    shapes: tuple[str, ...]
    felt: Floats
    touchpoints: tuple[str, ...]
    weights: Mapping[str, float]
    how: str
    short: float
    objective: str
    unit: str
    journeys: float | None
    period: str
    warnings: tuple[str, ...]
    claim: str
    caution: str = ""

    def table(self) -> pd.DataFrame:
        """Return the orders, best first.

        Returns
        -------
        pandas.DataFrame
            order, shape, difference, lower, upper, p_better (than the usual order), p_best and
            regret (both missing where conditions are not met), guess, unit, claim.
        """
        import pandas as pd

        found = summarise(self.values)
        p_best, lost = (np.full(len(self.orders), np.nan) for _ in range(2))
        p_best[self.within] = chances_of_best(self.scores[:, self.within])
        lost[self.within] = regret(self.scores[:, self.within])
        table = pd.DataFrame(
            {
                "order": [", ".join(order) for order in self.orders],
                "shape": self.shapes,
                "difference": found.mean,
                "lower": found.lower,
                "upper": found.upper,
                "p_better": (self.scores > 0).mean(axis=0),
                "p_best": p_best,
                "regret": lost,
                "guess": self.guesses,
                "unit": self.unit,
                "claim": self.claim,
            }
        )
        order = np.argsort(-self.scores.mean(axis=0), kind="stable")
        return table.iloc[order].reset_index(drop=True)

    def summary(self) -> str:
        """Say in words which order is best and how sure that is."""
        what = "worth" if self.objective == MONEY else self.objective
        kept = ", ".join(f"{name} {weight:.0%}" for name, weight in self.weights.items())
        lines = [
            f"Best order for {what} ({self.claim}; {PROBABILITY:.0%} intervals), difference to the "
            f"usual order per journey; memory weighs {kept}:"
        ]
        for row in self.table().head(4).to_dict("records"):
            numbers = [money(row[key], self.unit) for key in ("difference", "lower", "upper")]
            sure = "does not meet the conditions"
            if row["p_best"] == row["p_best"]:
                sure = f"best with probability {row['p_best']:.0%}, expected regret "
                sure += size(row["regret"], self.unit)
            lines.append(
                f"  {row['order']} ({row['shape']}): {numbers[0]}, between {numbers[1]} and "
                f"{numbers[2]}; {sure}"
            )
        lines.append(
            f"{len(self.orders)} orders were simulated in full ({self.how}); slopes alone would "
            f"be off by up to {size(self.gap, self.unit)}."
        )
        lines += [f"note: {warning}" for warning in self.warnings]
        return as_text([*lines, NOT_CAUSAL[self.claim]], self.caution)

    def plot(self) -> Figure:
        """Draw the difference that each order makes; rows are numbered as in the table."""
        from emotion_models.drawing.dots import Dots, dots_grid

        table = self.table().rename(columns={"difference": "mean"})
        ends = [order.split(", ") for order in table["order"]]
        table["row"] = [f"{n}: {own[0]} \u2026 {own[-1]}" for n, own in enumerate(ends, start=1)]
        look = Dots(axis=f"Difference to the usual order, {self.unit}")
        return dots_grid(table.assign(panel=self.objective), look)

"""`Optimum`: the combinations that were simulated in full, and how sure the best one is."""

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
class Optimum(Finalists):
    """The best of many combinations of options.

    Parameters
    ----------
    labels : tuple of str
        Of every combination simulated in full; "no change" among them.
    settings : tuple of mapping of option to setting
    changes : tuple of Change
    values : array, shape (S, F)
        Difference in the objective per journey, paired draws; costs not counted.
    scores : array, shape (S, F)
        What was to be as large as possible: worth less cost, or the outcome (turned where less
        is desirable).
    costs : array, shape (F,)
        Per journey.
    within : bool array, shape (F,)
        The budget. Those beyond it are part of the frontier only.
    best : int
    guesses : array, shape (F,)
        Of the mean difference, by which combinations were chosen for simulation.
    combinations : int
        That are possible.
    unsure : int
        Combinations within the budget that were not simulated and might be better, if the guess
        is as far off there, for what their settings do one by one, as at the worst of those that
        were.
    objective, unit : str
    sign : int
    budget : float
        Per journey; may be infinite.
    journeys : float or None
        Of a period.
    period : str
    warnings : tuple of str
        Of the best.
    claim : str
        Of the best.
    caution : str
        From `Fit.caution`.
    """

    labels: tuple[str, ...]
    settings: tuple[Mapping[str, str], ...]
    costs: Floats
    combinations: int
    unsure: int
    objective: str
    unit: str
    sign: int
    budget: float
    journeys: float | None
    period: str
    warnings: tuple[str, ...]
    claim: str
    caution: str = ""

    def table(self) -> pd.DataFrame:
        """Return the combinations within the budget, best first.

        Returns
        -------
        pandas.DataFrame
            choice, cost, difference, lower, upper, p_better (than no change), p_best, regret
            (expected loss against the best in each draw), guess (before it was simulated), unit,
            claim; for money also net, the difference less the cost, before p_better.
        """
        import pandas as pd

        rows = np.flatnonzero(self.within)
        scores = self.scores[:, rows]
        found = summarise(self.values[:, rows])
        table = pd.DataFrame(
            {
                "choice": [self.labels[row] for row in rows],
                "cost": self.costs[rows],
                "difference": found.mean,
                "lower": found.lower,
                "upper": found.upper,
            }
        )
        if self.objective == MONEY:
            table["net"] = found.mean - self.costs[rows]
        table["p_better"] = (scores > 0).mean(axis=0)
        table["p_best"] = chances_of_best(scores)
        table["regret"] = regret(scores)
        table["guess"] = self.guesses[rows]
        table["unit"], table["claim"] = self.unit, self.claim
        order = np.argsort(-scores.mean(axis=0), kind="stable")
        return table.iloc[order].reset_index(drop=True)

    def frontier(self) -> pd.DataFrame:
        """Return what each budget can buy at best, of what was simulated in full.

        Returns
        -------
        pandas.DataFrame
            budget (per journey), choice, difference, lower, upper, within (the budget asked
            about), unit; from each budget on, until the next row's.
        """
        import pandas as pd

        found = summarise(self.values)
        gain = self.sign * found.mean
        rows: list[int] = []
        for row in np.lexsort((-gain, self.costs)):
            if not rows or gain[row] > gain[rows[-1]]:
                rows.append(int(row))
        return pd.DataFrame(
            {
                "budget": self.costs[rows],
                "choice": [self.labels[row] for row in rows],
                "difference": found.mean[rows],
                "lower": found.lower[rows],
                "upper": found.upper[rows],
                "within": self.within[rows],
                "unit": self.unit,
            }
        )

    def summary(self) -> str:
        """Say in words what is best and how sure that is."""
        table, what = self.table(), "worth" if self.objective == MONEY else self.objective
        limit = "" if np.isinf(self.budget) else f" for at most {self.budget:g} a journey"
        lines = [
            f"Best for {what}{limit}, of {self.combinations:,} combinations ({self.claim}; "
            f"{PROBABILITY:.0%} intervals), per journey:"
        ]
        for row in table.head(4).to_dict("records"):
            numbers = [money(row[key], self.unit) for key in ("difference", "lower", "upper")]
            cost = f", costs {row['cost']:.3g}" if row["cost"] else ""
            lost = size(row["regret"], self.unit)
            lines.append(
                f"  {row['choice']}: {numbers[0]}, between {numbers[1]} and {numbers[2]}{cost}; "
                f"best with probability {row['p_best']:.0%}, expected regret {lost}"
            )
        lines.append(self._search())
        lines += [f"note: {warning}" for warning in self.warnings]
        return as_text([*lines, NOT_CAUSAL[self.claim]], self.caution)

    def _search(self) -> str:
        n = len(self.labels)
        words = f"{n} were simulated in full; guesses before that were off by up to "
        words += f"{size(self.gap, self.unit)}."
        if self.unsure:
            words += (
                f" {self.unsure} further ones might be better, if guesses are so far off there."
            )
        else:
            words += " None of the others comes as near as that."
        return words

    def plot(self) -> Figure:
        """Draw what each budget can buy."""
        from emotion_models.drawing.frontier import efficient_frontier

        return efficient_frontier(self.frontier(), self.unit)

"""`Importance`: draws of shares in explained variation, until a table or sentence is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from emotion_models.effects.ranks import larger, ranked
from emotion_models.errors import InputProblems, Problem, did_you_mean
from emotion_models.intervals import PROBABILITY, summarise
from emotion_models.summarised import Summarised, as_text

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr
    from matplotlib.figure import Figure


@dataclass(frozen=True, eq=False, repr=False)
class Importance(Summarised):
    """Shares of emotions or touchpoints in what explains outcomes, on the latent scale.

    Parameters
    ----------
    values : array, shape (row, name, sample)
        Parts of the variance of each outcome row; they add up to the R2 of memory.
    positivity : array, shape (row, sample)
        Part of memory's variance that a single positivity score (remembered emotions weighted
        by valence) would predict; the rest needs specific emotions.
    rows : tuple of str
        Outcome rows; an amount has two (any at all, how much).
    of : str
        ``"emotion"`` or ``"touchpoint"``.
    names : tuple of str
    claim : str
        ``"association"`` or ``"adjusted"``, of all alike: the share of one depends on what the
        others explain, and is no effect, whatever is assumed about causes.
    error : float
        Largest Monte Carlo standard error of a mean part; 0 where all subsets were taken.
    caution : str
        From `Fit.caution`.
    """

    values: NDArray[np.float64]
    positivity: NDArray[np.float64]
    rows: tuple[str, ...]
    of: str
    names: tuple[str, ...]
    claim: str
    error: float
    caution: str = ""

    @property
    def draws(self) -> xr.DataArray:
        """The draws, labelled."""
        import xarray as xr

        coords = {"outcome": list(self.rows), self.of: list(self.names)}
        dims = ("outcome", self.of, "sample")
        return xr.DataArray(self.values, dims=dims, coords=coords, name="explained")

    def table(self) -> pd.DataFrame:
        """Summarise shares and ranks, most important first within each outcome.

        Returns
        -------
        pandas.DataFrame
            outcome, emotion (or touchpoint), ``share`` of what memory explains with sd, lower
            and upper, ``explained`` (part of the outcome's variance), expected_rank (1 is
            largest), p_top1, p_top3 (ties share places) and claim.
        """
        import pandas as pd

        parts = []
        for row, explained, share in zip(self.rows, self.values, self._shares(), strict=True):
            found = summarise(share.T)
            expected, among = ranked(explained)
            columns = {
                "outcome": row,
                self.of: self.names,
                "share": found.mean,
                "sd": found.sd,
                "lower": found.lower,
                "upper": found.upper,
                "explained": explained.mean(axis=1),
                "expected_rank": expected,
                "p_top1": among[1],
                "p_top3": among[3],
                "claim": self.claim,
            }
            own = pd.DataFrame(columns)
            parts.append(own.sort_values("expected_rank", kind="stable"))
        return pd.concat(parts, ignore_index=True)

    def explained(self) -> pd.DataFrame:
        """Summarise how much memory explains, and how much of that is mere positivity.

        Returns
        -------
        pandas.DataFrame
            outcome, quantity (``"R2 of memory"``, ``"positivity's share of it"``), mean, sd,
            lower, upper.
        """
        import pandas as pd

        rows = []
        for row, values, along in zip(self.rows, self.values, self.positivity, strict=True):
            both = {"R2 of memory": values.sum(axis=0), "positivity's share of it": along}
            for quantity, draws in both.items():
                s = summarise(draws)
                rows.append((row, quantity, *map(float, (s.mean, s.sd, s.lower, s.upper))))
        columns = ["outcome", "quantity", "mean", "sd", "lower", "upper"]
        return pd.DataFrame(rows, columns=columns)

    def pairs(self, outcome: str) -> pd.DataFrame:
        """Probability that the share of one is larger than that of another; ties count half.

        Parameters
        ----------
        outcome : str
            One of `rows`.

        Returns
        -------
        pandas.DataFrame
            P(row > column).

        Raises
        ------
        InputProblems
            If there is no such row.
        """
        import pandas as pd

        if outcome not in self.rows:
            fix = did_you_mean(outcome, self.rows)
            raise InputProblems("importance", [Problem(f"outcome '{outcome}'", "not here", fix)])
        chances = larger(self.values[self.rows.index(outcome)])
        index = pd.Index(self.names, name=self.of)
        return pd.DataFrame(chances, index=index, columns=list(self.names))

    def summary(self) -> str:
        """Say in words what explains each outcome, and how sure the order is."""
        table, explained = self.table(), self.explained()
        lines = [
            f"What explains how outcomes differ, by {self.of} ({self.claim}, on the latent scale; "
            f"{PROBABILITY:.0%} intervals). A share is what goes along with it, not an effect."
        ]
        for row in self.rows:
            whole, along = explained[explained["outcome"] == row].itertuples(index=False)
            lines.append(
                f"{row}: memory explains {whole.mean:.0%} [{whole.lower:.0%}, {whole.upper:.0%}]; "
                f"a single positivity score would do for {along.mean:.0%} "
                f"[{along.lower:.0%}, {along.upper:.0%}] of that"
            )
            lines += [
                f"  {one[self.of]}: {one['share']:.0%} of it "
                f"[{one['lower']:.0%}, {one['upper']:.0%}], largest with probability "
                f"{one['p_top1']:.0%}, among the three largest {one['p_top3']:.0%}"
                for one in table[table["outcome"] == row].head(3).to_dict("records")
            ]
        if self.error:
            lines.append(f"Monte Carlo error of a part: {self.error:.1g} of the variance at most.")
        return as_text(lines, self.caution)

    def plot(self) -> Figure:
        """Draw the shares with their intervals, one panel per outcome row."""
        import pandas as pd

        from emotion_models.drawing.importance import importance_shares

        found = [summarise(share.T) for share in self._shares()]
        parts = [
            pd.DataFrame(
                {
                    "outcome": row,
                    "name": self.names,
                    "mean": s.mean,
                    "lower": s.lower,
                    "upper": s.upper,
                }
            )
            for row, s in zip(self.rows, found, strict=True)
        ]
        return importance_shares(pd.concat(parts, ignore_index=True))

    def _shares(self) -> NDArray[np.float64]:
        whole = self.values.sum(axis=1, keepdims=True)
        shares: NDArray[np.float64] = self.values / np.where(whole > 0, whole, 1.0)
        return shares

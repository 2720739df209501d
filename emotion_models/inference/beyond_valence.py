"""`specificity`: whether it matters which emotion was felt, beyond how pleasant it was."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from emotion_models.errors import InputProblems, Problem
from emotion_models.inference.asked import check_fit
from emotion_models.inference.comparing import FITTED, compare
from emotion_models.inference.comparison import Comparison, gain
from emotion_models.intervals import PROBABILITY
from emotion_models.summarised import Summarised

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from emotion_models.inference.result import Fit

VALENCE_ONLY: Final = ("valence-only", "specific=no")
"""Names under which a comparison holds the model with tau = 0."""
ALL: Final = "(all)"


@dataclass(frozen=True, eq=False, repr=False)
class Specificity(Summarised):
    """Posterior of tau, and what specific emotions add to predictions, per outcome.

    Parameters
    ----------
    rows : pandas.DataFrame
        See `table`.
    unit : str
        What was left out at a time.
    caution : str
        From `Fit.caution`.
    """

    rows: pd.DataFrame
    unit: str
    caution: str = ""

    def table(self) -> pd.DataFrame:
        """Return one row per outcome row, and one for all outcomes together.

        Returns
        -------
        pandas.DataFrame
            outcome; mu and tau (logits per full scale) with 90% intervals; share (posterior
            mean of the squared effects that is not along valence); elpd_gain (elpd of the
            fitted model minus that of the valence-only one, of that outcome by itself), se,
            worst_k. Rows of one outcome (an amount: any, and how much) share their gain.
        """
        return self.rows.copy()

    def summary(self) -> str:
        """Say in words how much naming the emotion adds."""
        lines = []
        for row in self.rows.to_dict("records"):
            worth = f"elpd {row['elpd_gain']:+.1f} (standard error {row['se']:.1f})"
            if row["outcome"] == ALL:
                lines.append(
                    f"All outcomes of a left-out {self.unit} together, against the valence-only "
                    f"model: {worth}."
                )
            else:
                lines.append(
                    f"{row['outcome']}: {row['share']:.0%} of the variation of effects is not "
                    f"explained by valence; tau {row['tau']:.2f} ({PROBABILITY:.0%} interval "
                    f"{row['tau_lower']:.2f} to {row['tau_upper']:.2f}); {worth}."
                )
        return "\n".join(lines)

    def plot(self) -> Figure:
        """Draw tau and its interval for every outcome row."""
        from emotion_models.drawing.dots import Dots, dots_grid

        part = self.rows[self.rows["outcome"] != ALL]
        columns = {"outcome": "row", "tau": "mean", "tau_lower": "lower", "tau_upper": "upper"}
        table = part[list(columns)].rename(columns=columns).assign(panel="")
        return dots_grid(table, Dots(axis="Specificity tau (logits)", reference=0.0))


def specificity(
    fit: Fit, *, comparison: Comparison | None = None, progress: bool = True
) -> Specificity:
    """Put the posterior of tau and the elpd difference to valence-only in one table.

    Parameters
    ----------
    fit : Fit
        With ``specific=True``.
    comparison : Comparison, optional
        Of this fit with ``"valence-only"``; default: it is made, by refitting.
    progress : bool

    Returns
    -------
    Specificity

    Raises
    ------
    InputProblems
        If the fit estimated no specificity, or the comparison lacks the valence-only model.
    """
    check_fit("specificity", fit)
    own = fit.specificity()
    if own.empty:
        fix = "fit a model with specific=True and an outcome"
        raise InputProblems("specificity", [Problem("fit", "has no tau", fix)])
    if comparison is None:
        comparison = compare(fit, VALENCE_ONLY[0], progress=progress)
    name = next((name for name in comparison.models if name in VALENCE_ONLY), None)
    if name is None:
        fix = f"use compare(fit, '{VALENCE_ONLY[0]}')"
        raise InputProblems(
            "specificity", [Problem("comparison", "holds no valence-only model", fix)]
        )
    return Specificity(_joined(fit, own, comparison, name), comparison.by, fit.caution)


def _joined(fit: Fit, own: pd.DataFrame, comparison: Comparison, name: str) -> pd.DataFrame:
    """Put the gain of each outcome beside its rows, and the joint one at the end."""
    import pandas as pd

    single = comparison.by_outcome()
    others = single[single["model"] == name].set_index("outcome")
    worst = single[single["model"].isin([FITTED, name])].groupby("outcome")["worst_k"].max()
    outcome = {row.name: row.outcome for row in fit.design.rows}
    gains = []
    for row in own["outcome"]:
        mine = outcome[row]
        gains.append((-others["difference"][mine], others["se"][mine], worst[mine]))
    columns = ["elpd_gain", "se", "worst_k"]
    table = pd.concat([own, pd.DataFrame(gains, columns=columns, index=own.index)], axis=1)
    fitted, rival = (comparison.loo[comparison.models.index(each)] for each in (FITTED, name))
    difference, se = gain(fitted.elpd, rival.elpd)
    worst_k = float(np.max([fitted.k.max(), rival.k.max()]))
    last = pd.DataFrame(
        [{"outcome": ALL, "elpd_gain": difference, "se": se, "worst_k": worst_k}],
        columns=table.columns,
    )
    return pd.concat([table, last.astype(table.dtypes)], ignore_index=True)

"""`CrossValidation`: log scores of answers that a refit has not seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from emotion_models.inference.comparison import gain, part_table, stacking_weights, stage_table
from emotion_models.inference.scores import By, PartScore
from emotion_models.summarised import Summarised

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

Floats = NDArray[np.floating[Any]]


@dataclass(frozen=True, repr=False)
class CrossValidation(Summarised):
    """K-fold log predictive densities of models, the fitted one first.

    Parameters
    ----------
    models : tuple of str
    by : {"journey", "respondent"}
        What a unit U is; never split between folds.
    fold : int array, shape (U,)
        Counted from 0.
    elpd : tuple of array, shape (U,)
        Log score of each unit's answers together, in the order of `models`.
    parts : tuple of tuple of PartScore
        Of each outcome by itself.
    caution : str
        From `Fit.caution`.
    """

    models: tuple[str, ...]
    by: By
    fold: NDArray[np.int64]
    elpd: tuple[Floats, ...]
    parts: tuple[tuple[PartScore, ...], ...]
    caution: str = ""

    def table(self) -> pd.DataFrame:
        """Return one row per model.

        Returns
        -------
        pandas.DataFrame
            model, elpd, difference (to the fitted model), se (of the difference, over units),
            p_better (normal approximation), weight (stacking).
        """
        import pandas as pd

        weights = stacking_weights(np.column_stack(self.elpd))
        rows = []
        for name, each, weight in zip(self.models, self.elpd, weights, strict=True):
            difference, se = gain(each, self.elpd[0])
            p = float(ndtr(difference / se)) if se > 0 else 0.5
            rows.append((name, each.sum(), difference, se, p, weight))
        columns = ["model", "elpd", "difference", "se", "p_better", "weight"]
        return pd.DataFrame(rows, columns=columns)

    def by_outcome(self) -> pd.DataFrame:
        """Return each outcome by itself: stage, outcome, model, units, elpd, difference, se."""
        return part_table(self.models, self.parts).drop(columns="worst_k")

    def by_stage(self) -> pd.DataFrame:
        """Return the sum over each stage's outcomes: stage, model, units, elpd, difference, se."""
        return stage_table(self.models, self.parts).drop(columns="worst_k")

    def units(self) -> pd.DataFrame:
        """Return the log score of every unit: unit (its place in the survey), fold, model, elpd."""
        import pandas as pd

        blocks = [
            pd.DataFrame(
                {"unit": range(each.size), "fold": self.fold + 1, "model": name, "elpd": each}
            )
            for name, each in zip(self.models, self.elpd, strict=True)
        ]
        return pd.concat(blocks, ignore_index=True)

    def summary(self) -> str:
        """Say in words how well unseen answers are predicted."""
        count, n_folds = self.fold.size, int(self.fold.max()) + 1
        total = float(self.elpd[0].sum())
        lines = [
            f"{n_folds}-fold cross-validation over {count} {self.by}s: elpd of the fitted model "
            f"{total:.1f} ({total / count:.2f} each)."
        ]
        for name, each in zip(self.models[1:], self.elpd[1:], strict=True):
            difference, se = gain(each, self.elpd[0])
            lines.append(f"{name}: elpd difference {difference:+.1f} (standard error {se:.1f}).")
        return "\n".join(lines)

    def plot(self) -> Figure:
        """Draw the differences with their standard errors."""
        from emotion_models.drawing.comparison import elpd_differences

        return elpd_differences(self.table())

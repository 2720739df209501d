"""`Comparison`: how well models predict the same answers, as tables, words and a figure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from emotion_models.inference.loo import Loo
from emotion_models.inference.scores import By, PartScore
from emotion_models.models.spec import VARIANTS
from emotion_models.summarised import Summarised

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

Floats = NDArray[np.floating[Any]]
MANY_BAD: Final = 0.05
"""Share of unreliable Pareto k above which refitting is advised."""


@dataclass(frozen=True, repr=False)
class Comparison(Summarised):
    """Expected log predictive density (elpd) of models on the same answers.

    Parameters
    ----------
    models : tuple of str
        The fitted model first.
    loo : tuple of Loo
        In the same order, over journeys or over respondents.
    by : {"journey", "respondent"}
        What is left out at a time.
    parts : tuple of tuple of PartScore
        In the same order: each outcome by itself.
    about : mapping of str to str
        What a model is, in words, where it has a name of its own.
    caution : str
        From `Fit.caution`.
    """

    models: tuple[str, ...]
    loo: tuple[Loo, ...]
    by: By = "journey"
    parts: tuple[tuple[PartScore, ...], ...] = ()
    about: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    caution: str = ""

    def table(self) -> pd.DataFrame:
        """Return one row per model.

        Returns
        -------
        pandas.DataFrame
            model, elpd, difference (to the fitted model), se (of the difference), p_better
            (normal approximation), worst_k, threshold_k, weight (stacking).
        """
        import pandas as pd

        weights = stacking_weights(np.column_stack([each.elpd for each in self.loo]))
        rows = []
        for name, each, weight in zip(self.models, self.loo, weights, strict=True):
            difference, se = gain(each.elpd, self.loo[0].elpd)
            p = float(ndtr(difference / se)) if se > 0 else 0.5
            worst = float(each.k.max())
            rows.append((name, each.elpd.sum(), difference, se, p, worst, each.threshold, weight))
        columns = ["model", "elpd", "difference", "se", "p_better", "worst_k", "threshold_k"]
        return pd.DataFrame(rows, columns=[*columns, "weight"])

    def by_outcome(self) -> pd.DataFrame:
        """Return the accuracy of each outcome by itself, one row per outcome and model.

        Ratings and recall stand here where a model may differ in them (`stage_scores`).
        Each outcome's answers are predicted without any answer of the left-out journey (or
        respondent), from its ratings and controls; what outcomes share is integrated out of
        each. Outcomes that share a residual are dependent, so these rows do not add up to
        `table`.

        Returns
        -------
        pandas.DataFrame
            stage, outcome, model, units (answering), elpd, difference, se, worst_k.
        """
        return part_table(self.models, self.parts)

    def by_stage(self) -> pd.DataFrame:
        """Return the accuracy of each stage: the sum over its outcomes, each by itself.

        The standard error is of the differences summed within a journey (or respondent), so
        that outcomes that go together count as such.

        Returns
        -------
        pandas.DataFrame
            stage, model, units (answering any), elpd, difference, se, worst_k.
        """
        return stage_table(self.models, self.parts)

    def summary(self) -> str:
        """Say in words which model predicts better, and how sure that is."""
        lines = []
        if len(self.models) == 1:
            own = self.loo[0]
            lines.append(
                f"Nothing to compare with: the fitted model's elpd is {own.elpd.sum():.1f}; name "
                "rivals, e.g. 'valence-only'."
            )
        for model, each in zip(self.models[1:], self.loo[1:], strict=True):
            difference, se = gain(each.elpd, self.loo[0].elpd)
            ratio = abs(difference) / se if se > 0 else 0.0
            better = "better" if difference > 0 else "worse"
            sure = "clearly" if ratio >= 4 else "probably" if ratio >= 2 else "not clearly"
            about = self.about.get(model) or VARIANTS.get(model)
            lines.append(
                f"{model}{f' ({about})' if about else ''} predicts {sure} {better} than the fitted "
                f"model: elpd difference {difference:+.1f} (standard error {se:.1f})."
            )
            worst = float(each.k.max())
            if not worst <= each.threshold:
                lines.append(f"  Pareto k reaches {worst:.2f}: take this as rough.")
        if self.by == "respondent":
            lines.append(self._grouped())
        return "\n".join(lines)

    def _grouped(self) -> str:
        """Say what was left out, and what to do where that could not be approximated."""
        bad = max(float((~(each.k <= each.threshold)).mean()) for each in self.loo)
        text = "Whole respondents were left out, with all their journeys."
        if bad > MANY_BAD:
            text += (
                f" For {bad:.0%} of them importance sampling is not reliable: use "
                "em.crossvalidate(fit, ..., by='respondent'), which refits."
            )
        return text

    def plot(self) -> Figure:
        """Draw the differences with their standard errors."""
        from emotion_models.drawing.comparison import elpd_differences

        return elpd_differences(self.table())


def gain(elpd: Floats, reference: Floats) -> tuple[float, float]:
    """Sum over units of what a model gains, and its standard error.

    Parameters
    ----------
    elpd, reference : array, shape (U,)

    Returns
    -------
    tuple of float
        ``sum(d)`` and ``sqrt(U) sd(d)`` of the differences d (Vehtari et al. 2017).
    """
    each = elpd - reference
    if each.size < 2:
        return float(each.sum()), 0.0
    return float(each.sum()), float(np.sqrt(each.size) * each.std(ddof=1))


def part_table(models: tuple[str, ...], parts: tuple[tuple[PartScore, ...], ...]) -> pd.DataFrame:
    """Accuracy of each outcome by itself, one row per outcome and model.

    Parameters
    ----------
    models : tuple of str
    parts : tuple of tuple of PartScore
        In the same order; the first model's are what the others are measured against.

    Returns
    -------
    pandas.DataFrame
        stage, outcome, model, units, elpd, difference, se, worst_k.
    """
    import pandas as pd

    rows = []
    for reference in parts[0] if parts else ():
        for name, own in zip(models, parts, strict=True):
            part = next((each for each in own if each.outcome == reference.outcome), None)
            if part is None:
                continue
            some = np.isfinite(part.elpd)
            difference, se = gain(part.elpd[some], reference.elpd[some])
            worst = float(part.k[some].max()) if some.any() else np.nan
            head = (part.stage, part.outcome, name, int(some.sum()), part.elpd[some].sum())
            rows.append((*head, difference, se, worst))
    columns = ["stage", "outcome", "model", "units", "elpd", "difference", "se", "worst_k"]
    return pd.DataFrame(rows, columns=columns)


def stage_table(models: tuple[str, ...], parts: tuple[tuple[PartScore, ...], ...]) -> pd.DataFrame:
    """Accuracy of each stage, summed over its outcomes, one row per stage and model.

    Parameters
    ----------
    models : tuple of str
    parts : tuple of tuple of PartScore

    Returns
    -------
    pandas.DataFrame
        As `part_table`, without the outcome.
    """
    summed = tuple(
        tuple(_summed(stage, own) for stage in dict.fromkeys(part.stage for part in own))
        for own in parts
    )
    return part_table(models, summed).drop(columns="outcome")


def _summed(stage: str, parts: tuple[PartScore, ...]) -> PartScore:
    """Sum of a stage's scores in every unit that answered any; the worst k."""
    own = [part for part in parts if part.stage == stage]
    elpd, k = np.stack([part.elpd for part in own]), np.stack([part.k for part in own])
    some = np.isfinite(elpd).any(axis=0)
    worst = np.where(np.isfinite(k), k, -np.inf).max(axis=0)
    return PartScore(
        stage,
        stage,
        np.where(some, np.nansum(elpd, axis=0), np.nan),
        np.where(np.isfinite(worst), worst, np.nan),
    )


def stacking_weights(elpd: Floats, steps: int = 500) -> Floats:
    """Weights of the mixture of models that predicts best (Yao et al. 2018).

    Parameters
    ----------
    elpd : array, shape (J, models)
        Pointwise.
    steps : int
        Of the expectation-maximisation iteration for mixture weights, which is monotone.

    Returns
    -------
    array, shape (models,)
    """
    density = np.exp(elpd - elpd.max(axis=1, keepdims=True))
    weights = np.full(elpd.shape[1], 1 / elpd.shape[1])
    for _ in range(steps):
        share = density * weights
        weights = (share / share.sum(axis=1, keepdims=True)).mean(axis=0)
    return weights

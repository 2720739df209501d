"""`compare`: whether the fitted model predicts better than simpler ones."""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.stats import norm

from emotion_models.drawing.comparison import elpd_differences
from emotion_models.errors import InputProblems, Problem
from emotion_models.inference.checking import outcome_loo
from emotion_models.inference.loo import Loo, draws_for, journey_log_likelihood, loo
from emotion_models.inference.parallel import available_cores, sample
from emotion_models.inference.posterior import assemble, samples
from emotion_models.inference.progress import Progress
from emotion_models.inference.sampling import Job, Sampled, Settings
from emotion_models.models.design import make_design
from emotion_models.models.parameters import parameters
from emotion_models.models.spec import VARIANTS, JourneyModel

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from emotion_models.inference.result import Fit
    from emotion_models.models.design import Design

FITTED: Final = "fitted"
COMPARED_DRAWS: Final = 300
"""Draws per chain of a simpler model at most: its predictions are averaged, not reported."""


@dataclass(frozen=True)
class Comparison:
    """Expected log predictive density (elpd) of models on the same journeys.

    Parameters
    ----------
    models : tuple of str
        The fitted model first.
    loo : tuple of Loo
        In the same order.
    """

    models: tuple[str, ...]
    loo: tuple[Loo, ...]

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
            difference, se = self._gain(each)
            p = float(norm.cdf(difference / se)) if se > 0 else 0.5
            worst = float(each.k.max())
            rows.append((name, each.elpd.sum(), difference, se, p, worst, each.threshold, weight))
        columns = ["model", "elpd", "difference", "se", "p_better", "worst_k", "threshold_k"]
        return pd.DataFrame(rows, columns=[*columns, "weight"])

    def _gain(self, other: Loo) -> tuple[float, float]:
        """Elpd of a model beyond the fitted one's, and its standard error over journeys."""
        gain = other.elpd - self.loo[0].elpd
        return float(gain.sum()), float(np.sqrt(gain.size) * gain.std(ddof=1))

    def summary(self) -> str:
        """Say in words which model predicts better, and how sure that is."""
        lines = []
        for model, each in zip(self.models[1:], self.loo[1:], strict=True):
            difference, se = self._gain(each)
            ratio = abs(difference) / se if se > 0 else 0.0
            better = "better" if difference > 0 else "worse"
            sure = "clearly" if ratio >= 4 else "probably" if ratio >= 2 else "not clearly"
            lines.append(
                f"{model} ({VARIANTS.get(model, model)}) predicts {sure} {better} than the fitted "
                f"model: elpd difference {difference:+.1f} (standard error {se:.1f})."
            )
            worst = float(each.k.max())
            if not worst <= each.threshold:
                lines.append(f"  Pareto k reaches {worst:.2f}: take this as rough.")
        return "\n".join(lines)

    def plot(self) -> Figure:
        """Draw the differences with their standard errors."""
        return elpd_differences(self.table())

    def __repr__(self) -> str:
        return self.summary()

    def _repr_html_(self) -> str:
        return f"<pre>{html.escape(self.summary())}</pre>"


def compare(fit: Fit, *names: str, progress: bool = True) -> Comparison:
    """Refit simpler variants of a model to the same data and compare predictions.

    Stages 2 to 4 decide: stage 1 is the same in all variants.

    Parameters
    ----------
    fit : Fit
    *names : str
        Keys of `emotion_models.models.VARIANTS`, e.g. ``"valence-only"``, ``"mean-only"``.
    progress : bool

    Returns
    -------
    Comparison

    Raises
    ------
    InputProblems
        If a name is unknown or given twice, or the fit has no outcomes to predict.
    """
    variants = _variants(fit, names)
    designs = {
        name: make_design(variant, fit.survey.codebook, fit.data)
        for name, variant in variants.items()
    }
    jobs = {
        # Every step is kept: predictions mix better than the parameters that reports show.
        name: Job("outcomes", variant, designs[name])
        for name, variant in variants.items()
    }
    sizes = fit.posterior["posterior"].sizes
    draws = min(int(sizes["draw"]), COMPARED_DRAWS)
    settings = Settings(draws, 300, int(sizes["chain"]), available_cores(), fit.seed)
    reporter = Progress(shown=progress)
    with reporter.running():
        reporter.step("starting")
        sampled = sample(jobs, settings, reporter)
        if any(name not in sampled or not sampled[name].complete for name in jobs):
            raise KeyboardInterrupt
    refitted = (_loo(variant, designs[name], sampled[name]) for name, variant in variants.items())
    return Comparison((FITTED, *variants), (outcome_loo(fit), *refitted))


def _variants(fit: Fit, names: tuple[str, ...]) -> dict[str, JourneyModel]:
    problems = [
        Problem(f"variant '{name}'", "given twice", "name it once")
        for name in dict.fromkeys(names)
        if names.count(name) > 1
    ]
    if not fit.model.outcomes:
        problems.append(Problem("fit", "has no outcome to predict", "describe outcomes"))
    variants = {}
    for name in names:
        try:
            variants[name] = fit.model.variant(name)
        except InputProblems as error:
            problems += error.problems
    if problems:
        raise InputProblems("comparison", problems)
    return variants


def _loo(variant: JourneyModel, design: Design, sampled: Sampled) -> Loo:
    tree = assemble({"outcomes": sampled})
    draws, people = samples(
        tree["posterior"].to_dataset(), tree["people"].to_dataset(), draws_for(variant)
    )
    known = parameters(variant, design, draws)
    likelihood = journey_log_likelihood(variant, design, known, people)
    return loo(likelihood, design.exponents(variant))


def stacking_weights(elpd: np.ndarray, steps: int = 500) -> np.ndarray:
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

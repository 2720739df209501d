"""`design_corrected`: effects with intervals that know how the sample was drawn.

A posterior takes respondents for independent. Where whole clusters were sampled, they are not,
and the interval is too narrow; within strata it may be too wide. The correction is

    variance = posterior variance + V(design) - V(model)

with V the linearised variance of the posterior mean (`emotion_models.inference.influence`):
between sampling units under the design, and what the model takes for it, the sum of squared
influences of independent respondents. With P the posterior covariance, H the information of
the likelihood and J its variance under the design this is ``P + P (J - H) P``. With a vague
prior P is ``H^-1`` and the sandwich ``H^-1 J H^-1`` of Williams & Savitsky (2021) is left;
where the prior holds an effect, its share of the variance stays.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri, stdtrit

from emotion_models.effects.answers import Effects
from emotion_models.effects.estimate import effects
from emotion_models.effects.paths import by_journey
from emotion_models.effects.questions import By, chosen
from emotion_models.inference.estimands import ALL, averages
from emotion_models.inference.influence import (
    Sampling,
    by_respondent,
    exponents,
    influence,
    model_variance,
    respondent_log_likelihood,
    sampling_of,
    sampling_variance,
)
from emotion_models.inference.loo import draws_for
from emotion_models.intervals import UPPER
from emotion_models.summarised import Summarised

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from emotion_models.inference import Fit

Floats = NDArray[np.floating[Any]]
LEAST: Final = 0.25
"""Smallest design effect that is reported: a smaller estimate is Monte Carlo noise."""


@dataclass(frozen=True, eq=False, repr=False)
class DesignCorrected(Summarised):
    """Effects whose intervals follow the sampling design.

    Parameters
    ----------
    effects : Effects
        Of the same question, intervals of the model.
    deff : array, shape (outcome, path, emotion, touchpoint, segment)
        Design effect: corrected over posterior variance.
    sampling : Sampling
    """

    effects: Effects
    deff: NDArray[np.float64]
    sampling: Sampling

    @property
    def caution(self) -> str:
        """That of the effects."""
        return self.effects.caution

    @property
    def stretch(self) -> NDArray[np.float64]:
        """Factor on the distance of every draw from the mean.

        The square root of the design effect, times the ratio of Student's to the normal
        quantile: with few sampling units the variance between them is itself uncertain.
        """
        freedom = self.sampling.degrees_of_freedom
        few: NDArray[np.float64] = np.sqrt(self.deff) * (stdtrit(freedom, UPPER) / ndtri(UPPER))
        return few

    @property
    def corrected(self) -> Effects:
        """The effects with every draw moved away from the mean by `stretch`."""
        values = self.effects.values
        mean = values.mean(axis=-1, keepdims=True)
        return replace(self.effects, values=mean + (values - mean) * self.stretch[..., None])

    def table(self) -> pd.DataFrame:
        """Return one row per effect.

        Returns
        -------
        pandas.DataFrame
            As `Effects.table` with corrected sd, lower, upper and p_positive, and further
            model_sd, model_lower, model_upper and deff.
        """
        table, own = self.corrected.table(), self.effects.table()
        for name in ("sd", "lower", "upper"):
            table[f"model_{name}"] = own[name]
        table["deff"] = self.deff.ravel()
        return table

    def summary(self) -> str:
        """Say how the design widens the intervals, and then the corrected effects."""
        total = self.deff[:, 0]
        lines = [
            f"Sampling design: {self.sampling.words}; design effects of total effects between "
            f"{total.min():.2f} and {total.max():.2f} (median {np.median(total):.2f}).",
        ]
        if self.sampling.degrees_of_freedom < 30:
            lines.append(
                f"Few sampling units ({self.sampling.degrees_of_freedom} degrees of freedom): "
                "the correction is itself uncertain."
            )
        if self.sampling.lonely:
            lines.append(
                f"{self.sampling.lonely} strata have a single sampling unit; they are compared "
                "with all others, which overstates their part."
            )
        return "\n".join([*lines, self.corrected.summary()])

    def plot(self) -> Figure:
        """Draw the corrected total effects, one more point everywhere."""
        from emotion_models.drawing.forest import effects_forest

        table = self.corrected.table()
        shown = (table["path"] == "total") & (table["segment"] == ALL)
        return effects_forest(table[shown & (table["touchpoint"] == ALL)], self.effects.valence)


def design_corrected(fit: Fit, *, on: str | None = None, by: By = "emotion") -> DesignCorrected:
    """Estimate effects with intervals corrected for clusters, strata and weights.

    Parameters
    ----------
    fit : Fit
    on : str, optional
        One outcome; default: all.
    by : {"emotion", "touchpoint", "segment"}
        As in `effects`.

    Returns
    -------
    DesignCorrected

    Raises
    ------
    InputProblems
        If there is no such outcome, or no sampling units to compare.

    Notes
    -----
    Intervals of about nominal frequentist coverage for the population the sample stands
    for. What theory leaves open is in docs/surveys.md.
    """
    plain = effects(fit, on=on, by=by)
    sampling = sampling_of(fit)
    outcomes = chosen(fit, on, by)
    model_variance = plain.values.var(axis=-1, ddof=1)
    parts = fit.completed or (fit,)
    added = np.mean([_added(part, sampling, outcomes, by) for part in parts], axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        deff = np.where(model_variance > 0, 1 + added / model_variance, 1.0)
    return DesignCorrected(plain, np.maximum(deff, LEAST), sampling)


def _added(fit: Fit, sampling: Sampling, outcomes: tuple[str, ...], by: By) -> Floats:
    """Variance the design has beyond the model's, (outcome, path, emotion, place, segment)."""
    most = draws_for(fit.model)
    chain = fit.draws(most)[0]["chain"].to_numpy()
    likelihood = respondent_log_likelihood(fit, most)
    weights = [*averages(fit, by_segment=by == "segment").values()]
    found: dict[tuple[int, int], Floats] = {}
    for e, p, each in by_journey(fit, outcomes, by, most):
        paths = np.stack([path for outcome in outcomes for path in each[outcome]])
        found[e, p] = np.stack(
            [_beyond_model(fit, sampling, (likelihood, chain), paths, own) for own in weights],
            axis=-1,
        ).reshape((len(outcomes), -1, len(weights)))
    emotions, places = (max(key[k] for key in found) + 1 for k in (0, 1))
    grid = [[found[e, p] for p in range(places)] for e in range(emotions)]
    return np.moveaxis(np.array(grid), (0, 1), (2, 3))


def _beyond_model(
    fit: Fit,
    sampling: Sampling,
    likelihood: tuple[Floats, NDArray[np.int64]],
    values: Floats,
    weight: Floats,
) -> Floats:
    """V(design) - V(model) of weighted averages of answers (Q, S, J)."""
    average = np.einsum("qsj,j->sq", values, weight)
    moved = influence(average, *likelihood)
    model = model_variance(moved, exponents(fit))
    own = weight * (values.mean(axis=1) - average.mean(axis=0)[:, None])
    moved += by_respondent(fit.design, own).T
    return sampling_variance(sampling, moved) - model

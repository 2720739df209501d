"""`halo`: how much of each effect is shared answering style.

Emotions and outcomes are ticked by the same person on the same page; a person who ticks high
everywhere makes an effect out of nothing. The model holds the person's style (the index of
`emotion_models.models.controls.halo_index`) as a control; here every effect is shown with that
control and without it. The difference of two posteriors of the same data has no posterior, but
it has a sampling variance: that of the difference of the influences of respondents on the two
(`emotion_models.inference.influence`), who are the same respondents, so the interval is paired.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from emotion_models.effects.paths import by_journey
from emotion_models.effects.questions import chosen
from emotion_models.errors import InputProblems, Problem
from emotion_models.inference.estimands import averaged, averages, units
from emotion_models.inference.influence import (
    Sampling,
    influence,
    respondent_log_likelihood,
    sampling_of,
    sampling_variance,
)
from emotion_models.inference.loo import draws_for
from emotion_models.inference.refitting import refit
from emotion_models.intervals import PROBABILITY, UPPER, summarise
from emotion_models.models.controls import has_halo
from emotion_models.summarised import Summarised, as_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from matplotlib.figure import Figure

    from emotion_models.inference import Fit

Floats = NDArray[np.floating[Any]]


@dataclass(frozen=True, eq=False, repr=False)
class Halo(Summarised):
    """Total effects with and without the control for answering style.

    Parameters
    ----------
    held, free : array, shape (outcome, emotion, sample)
        Effects with the style held, and without the control.
    se : array, shape (outcome, emotion)
        Paired standard error of the difference of their means.
    outcomes, emotions : tuple of str
    units : mapping of outcome to str
    caution : str
        From `Fit.caution`.
    """

    held: Floats
    free: Floats
    se: Floats
    outcomes: tuple[str, ...]
    emotions: tuple[str, ...]
    units: Mapping[str, str]
    caution: str = ""

    def table(self) -> pd.DataFrame:
        """Return one row per effect.

        Returns
        -------
        pandas.DataFrame
            outcome, emotion, held, held_lower, held_upper, free, free_lower, free_upper,
            difference (free minus held: what the correction takes away), se, lower, upper, unit.
        """
        import pandas as pd

        names = (list(self.outcomes), list(self.emotions))
        table = pd.MultiIndex.from_product(names, names=["outcome", "emotion"]).to_frame(
            index=False
        )
        for name, values in (("held", self.held), ("free", self.free)):
            summary = summarise(np.moveaxis(values, -1, 0))
            table[name] = summary.mean.ravel()
            table[f"{name}_lower"] = summary.lower.ravel()
            table[f"{name}_upper"] = summary.upper.ravel()
        reach = ndtri(UPPER) * self.se.ravel()
        table["difference"] = table["free"] - table["held"]
        table["se"] = self.se.ravel()
        table["lower"], table["upper"] = table["difference"] - reach, table["difference"] + reach
        table["unit"] = table["outcome"].map(dict(self.units))
        return table

    def summary(self) -> str:
        """Say in words how large the correction is, and where it is largest."""
        table = self.table()
        lines = [
            "Effects of one more scale point everywhere, adjusted for answering style and not "
            f"({PROBABILITY:.0%} intervals):"
        ]
        for outcome in self.outcomes:
            own = table[table["outcome"] == outcome]
            size = own["held"].abs().mean()
            moved = own["difference"].abs().mean()
            row = own.iloc[int(own["difference"].abs().to_numpy().argmax())]
            share = f", {moved / size:.0%} of the mean effect" if size > 0 else ""
            lines.append(
                f"{outcome} ({self.units[outcome]}): the correction moves effects by {moved:.3g} "
                f"on average{share}; most {row['emotion']}: {row['free']:+.3g} without, "
                f"{row['held']:+.3g} with, difference {row['difference']:+.3g} "
                f"[{row['lower']:+.3g}, {row['upper']:+.3g}]"
            )
        return as_text(lines, self.caution)

    def plot(self) -> Figure:
        """Draw every effect with and without the control."""
        from emotion_models.drawing.halo import with_and_without

        return with_and_without(self.table())


def halo(fit: Fit, *, on: str | None = None, progress: bool = True) -> Halo:
    """Show every effect with and without the control for answering style.

    Stages 2 to 4 are fitted once more, with the control if the fit has none, else without.

    Parameters
    ----------
    fit : Fit
    on : str, optional
        One outcome; default: all.
    progress : bool

    Returns
    -------
    Halo

    Raises
    ------
    InputProblems
        If there is no such outcome, or emotions of one sign only, from which no style follows.
    """
    outcomes = chosen(fit, on, "emotion")
    if not has_halo(fit.design.valence):
        what = "emotions of one sign only: style cannot be told from feeling"
        raise InputProblems("halo", [Problem("codebook", what, "rate emotions of both signs")])
    other = fit.model.model_copy(update={"halo": not fit.model.halo})
    here = [_evaluated(part, outcomes) for part in fit.completed or (fit,)]
    there = [_evaluated(part, outcomes) for part in refit(fit, other, progress=progress)]
    sampling = sampling_of(fit)
    variance = np.mean(
        [
            _certainly(sampling, ours.moved - theirs.moved) + ours.noise + theirs.noise
            for ours, theirs in zip(here, there, strict=True)
        ],
        axis=0,
    )
    values = [np.concatenate([each.values for each in some], axis=-1) for some in (here, there)]
    held, free = values if fit.model.halo else values[::-1]
    shape = held.shape[:2]
    return Halo(
        held,
        free,
        np.sqrt(variance).reshape(shape),
        outcomes,
        fit.design.emotions,
        units(fit),
        fit.caution,
    )


def _certainly(sampling: Sampling, moved: Floats) -> Floats:
    """Variance from influences averaged over chains: noise makes it too large, never too small.

    The two effects are so alike that the unbiased estimate is often negative.
    """
    average = moved.mean(axis=0)
    return sampling_variance(sampling, np.stack([average, average]))


@dataclass(frozen=True)
class _Evaluated:
    """Effects (outcome, emotion, S), influences on them, and the noise of their means."""

    values: Floats
    moved: Floats
    noise: Floats


def _evaluated(fit: Fit, outcomes: tuple[str, ...]) -> _Evaluated:
    most = draws_for(fit.model)
    everybody = [next(iter(averages(fit, by_segment=False).values()))]
    values = np.stack(
        [
            [averaged(found[outcome][0], everybody)[0] for outcome in outcomes]
            for _, _, found in by_journey(fit, outcomes, "emotion", most)
        ],
        axis=1,
    )
    flat = values.reshape((-1, values.shape[-1])).T
    chain = fit.draws(most)[0]["chain"].to_numpy()
    moved = influence(flat, respondent_log_likelihood(fit, most), chain)
    return _Evaluated(values, moved, flat.var(axis=0, ddof=1) / flat.shape[0])

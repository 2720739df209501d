"""`robustness`: how strong an unmeasured cause must be to undo each total effect.

An effect is undone by a cause of both emotion and outcome that the model does not hold constant.
Its strength is the share it explains of what the measured variables leave of the emotion and of
the outcome. The *robustness value* is the share, the same on both sides, that brings an effect to
zero (Cinelli & Hazlett 2020). Every posterior draw has its own, and their distribution answers
both questions: at its median the sign of the effect is a toss-up, at its lower end the sign is
just no longer certain. For probabilities the E-value says the same as a risk ratio (VanderWeele &
Ding 2017), for one more scale point.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from emotion_models.effects.estimate import effects
from emotion_models.effects.questions import DRAWS
from emotion_models.errors import InputProblems, Problem, did_you_mean
from emotion_models.inference.asked import check_fit
from emotion_models.inference.estimands import ALL, averaged, averages, claim
from emotion_models.inference.latent_effects import latent_effects
from emotion_models.intervals import LOWER, UPPER
from emotion_models.models.response import outcomes_of
from emotion_models.science.equations.causal import e_value, robustness_value
from emotion_models.summarised import Summarised, as_text

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr
    from matplotlib.figure import Figure

    from emotion_models.inference import Fit

Floats = NDArray[np.floating[Any]]
SHOWN: Final = 3
LEAST: Final = 1e-12
"""Smallest probability that is divided by."""


@dataclass(frozen=True, eq=False, repr=False)
class Robustness(Summarised):
    """Strength of an unmeasured cause that would undo each total effect.

    Parameters
    ----------
    values : array, shape (row, emotion, sample)
        Robustness values in 0..1; 0 in draws whose effect has the other sign than most.
    direction : array, shape (row, emotion)
        Sign of the effect, 0 where the emotion does not act.
    e_values : mapping of row to array, shape (emotion, sample)
        Of yes-or-no outcomes.
    benchmark : array, shape (control, row, emotion)
        Strength of every measured control, on the scale of `values`.
    rows, emotions, controls : tuple of str
        A row is an outcome; an amount has two, whether any and how much.
    valence : mapping of emotion to float
    claims : mapping of (row, emotion) to str
        How far the total effect may be claimed, robust or not.
    caution : str
        From `Fit.caution`.
    """

    values: Floats
    direction: Floats
    e_values: Mapping[str, Floats]
    benchmark: Floats
    rows: tuple[str, ...]
    emotions: tuple[str, ...]
    controls: tuple[str, ...]
    valence: Mapping[str, float]
    claims: Mapping[tuple[str, str], str] = field(default_factory=dict)
    caution: str = ""

    @property
    def draws(self) -> xr.DataArray:
        """The draws, labelled."""
        import xarray as xr

        coords = {"outcome": list(self.rows), "emotion": list(self.emotions)}
        dims = ("outcome", "emotion", "sample")
        return xr.DataArray(self.values, dims=dims, coords=coords, name="robustness_value")

    def table(self) -> pd.DataFrame:
        """Return one row per outcome and emotion that acts on it.

        Returns
        -------
        pandas.DataFrame
            outcome, emotion, direction (``"+"`` or ``"-"``), to_zero and to_unsure (shares
            explained on both sides that make the sign a toss-up, and just uncertain), upper,
            e_zero and e_unsure (the same as E-values; NaN but for probabilities), benchmark
            (the strongest measured control), benchmark_strength and claim (of the effect:
            robustness does not change it).
        """
        import pandas as pd

        records = []
        for r, row in enumerate(self.rows):
            for e, emotion in enumerate(self.emotions):
                if self.direction[r, e] == 0:
                    continue
                unsure, zero, upper = np.quantile(self.values[r, e], [LOWER, 0.5, UPPER])
                e_unsure, e_zero = np.nan, np.nan
                if row in self.e_values:
                    e_unsure, e_zero = np.quantile(self.e_values[row][e], [LOWER, 0.5])
                strongest = int(self.benchmark[:, r, e].argmax()) if self.controls else -1
                sign = "+" if self.direction[r, e] > 0 else "-"
                strength = self.benchmark[strongest, r, e] if self.controls else np.nan
                name = self.controls[strongest] if self.controls else ""
                one = (row, emotion, sign, zero, unsure, upper, e_zero, e_unsure, name, strength)
                records.append((*one, self.claims.get((row, emotion), "")))
        columns = ["outcome", "emotion", "direction", "to_zero", "to_unsure", "upper"]
        columns += ["e_zero", "e_unsure", "benchmark", "benchmark_strength", "claim"]
        return pd.DataFrame(records, columns=columns)

    def summary(self) -> str:
        """Say in words how strong an unmeasured cause must be, per outcome."""
        table = self.table()
        lines = [
            "Share of what is left of both emotion and outcome that an unmeasured cause must "
            "explain to undo a total effect:"
        ]
        for row in self.rows:
            lines.append(row)
            part = table[table["outcome"] == row].sort_values("to_unsure", ascending=False)
            for one in part.head(SHOWN).to_dict("records"):
                words = f"  {one['emotion']} ({one['direction']}): {one['to_zero']:.1%} to zero, "
                words += (
                    f"{one['to_unsure']:.1%} to make its sign uncertain"
                    if one["to_unsure"] > 0
                    else "its sign is uncertain as it is"
                )
                if one["benchmark"]:
                    words += f"; {one['benchmark']} amounts to {one['benchmark_strength']:.1%}"
                lines.append(words)
        return as_text(lines, self.caution)

    def plot(self) -> Figure:
        """Draw the robustness value of every effect with its interval, one panel per outcome."""
        from emotion_models.drawing.dots import Dots, dots_grid

        table = self.table().rename(
            columns={"outcome": "panel", "emotion": "row", "to_zero": "mean", "to_unsure": "lower"}
        )
        axis = "Share an unmeasured cause must explain on both sides to undo the effect"
        return dots_grid(table, Dots(axis=axis, valence=self.valence, reference=None))


def robustness(fit: Fit, *, on: str | None = None) -> Robustness:
    """Say how strong an unmeasured cause must be to undo each total effect of an emotion.

    Parameters
    ----------
    fit : Fit
    on : str, optional
        One outcome; default: all.

    Returns
    -------
    Robustness

    Raises
    ------
    InputProblems
        If there is no such outcome, or the fit has none.
    """
    check_fit("robustness", fit)
    if not fit.model.outcomes:
        raise InputProblems("robustness", [Problem("fit", "has no outcomes", "describe some")])
    design = fit.design
    outcomes = outcomes_of(design)
    if on is not None and on not in outcomes:
        fix = did_you_mean(on, outcomes)
        raise InputProblems("robustness", [Problem(f"outcome '{on}'", "not in the fit", fix)])
    found = latent_effects(fit, DRAWS["touchpoint"])
    chosen = [r for r, row in enumerate(design.rows) if on in (None, row.outcome)]
    f = found.f[:, chosen]
    direction = np.sign(np.median(f, axis=0))
    values = robustness_value(np.maximum(f * direction, 0.0))
    return Robustness(
        np.moveaxis(values, 0, -1),
        direction,
        _e_values(fit, on),
        found.strength[:, chosen],
        tuple(design.rows[r].name for r in chosen),
        design.emotions,
        design.control_names,
        dict(zip(design.emotions, design.valence.tolist(), strict=True)),
        {
            (design.rows[r].name, emotion): claim(fit, emotion, design.rows[r].outcome)
            for r in chosen
            for emotion in design.emotions
        },
        fit.caution,
    )


def _e_values(fit: Fit, on: str | None) -> dict[str, Floats]:
    """E-values (E, S) of one more point everywhere on every probability."""
    yes_no = [
        row.outcome
        for row in fit.design.rows
        if row.likelihood == "binary" and row.name == row.outcome and on in (None, row.outcome)
    ]
    if not yes_no:
        return {}
    response = fit.response(DRAWS["emotion"])
    everybody = [averages(fit, by_segment=False)[ALL]]
    found = {}
    for outcome in yes_no:
        change = effects(fit, on=outcome).values[0, 0, :, 0, 0]
        before = averaged(response.mean(outcome), everybody)[0]
        after = np.maximum(before + change, LEAST)
        agrees = np.sign(change) == np.sign(np.median(change, axis=1, keepdims=True))
        found[outcome] = np.where(agrees, e_value(before, after), 1.0)
    return found

"""`Simulation`: outcomes before and after a change, in paired draws."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from emotion_models.errors import InputProblems, Problem, did_you_mean
from emotion_models.intervals import LOWER, PROBABILITY, UPPER, summarise
from emotion_models.summarised import Summarised, as_text

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr
    from matplotlib.figure import Figure

    from emotion_models.inference import Fit
    from emotion_models.simulation.change import Change
    from emotion_models.simulation.explained import Explained
    from emotion_models.simulation.kept import Kept
    from emotion_models.simulation.plan import Plan
    from emotion_models.simulation.uncertain import Uncertain
    from emotion_models.simulation.winners import Winners

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False, repr=False)
class Simulation(Summarised):
    """What a change does to every outcome.

    Parameters
    ----------
    change : Change
    outcomes, segments : tuple of str
    before, after : array, shape (outcome, segment, sample)
        Weighted mean over journeys, on the response scale counted from 0.
    starts : mapping of outcome to float
        Lowest value of the outcome's scale.
    units : mapping of outcome to str
    desirable : mapping of outcome to bool
    fit : Fit
        What was simulated with.
    plan : Plan
    draws_asked : int
    felt : mapping of (touchpoint, emotion) to array
        Draws of mean ratings after, where anything changed.
    gain : array, shape (outcome, J)
        Expected difference of every journey: what groups gain is made of it. Not to be shown.
    warnings : tuple of str
        Where the change goes beyond what was observed.
    claim : str
        The weakest over the outcomes.
    claims : mapping of outcome to str
        Where they differ.
    caution : str
        From `Fit.caution`.
    """

    change: Change
    outcomes: tuple[str, ...]
    segments: tuple[str, ...]
    before: Floats
    after: Floats
    starts: Mapping[str, float]
    units: Mapping[str, str]
    desirable: Mapping[str, bool]
    fit: Fit
    plan: Plan
    draws_asked: int
    felt: Mapping[tuple[str, str], Floats]
    gain: Floats
    warnings: tuple[str, ...]
    claim: str
    claims: Mapping[str, str] = field(default_factory=dict)
    caution: str = ""

    @property
    def draws(self) -> xr.DataArray:
        """Differences (after minus before), labelled."""
        import xarray as xr

        return xr.DataArray(
            self.after - self.before,
            dims=("outcome", "segment", "sample"),
            coords={"outcome": list(self.outcomes), "segment": list(self.segments)},
            name="difference",
        )

    def everybody(self, outcome: str) -> Floats:
        """Differences (S,) in an outcome, averaged over everybody."""
        o = self.outcomes.index(outcome)
        difference: Floats = self.after[o, 0] - self.before[o, 0]
        return difference

    def difference(self, outcome: str | None = None) -> Difference:
        """Return the difference in one outcome, or in all.

        Parameters
        ----------
        outcome : str, optional

        Returns
        -------
        Difference

        Raises
        ------
        InputProblems
            If there is no such outcome.
        """
        if outcome is not None and outcome not in self.outcomes:
            fix = did_you_mean(outcome, self.outcomes)
            raise InputProblems("simulation", [Problem(f"outcome '{outcome}'", "not here", fix)])
        return Difference(self, self.outcomes if outcome is None else (outcome,))

    def table(self) -> pd.DataFrame:
        """Return one row per outcome and segment, see `Difference.table`."""
        return self.difference().table()

    def summary(self) -> str:
        """Say in words what the change does."""
        return self.difference().summary()

    def plot(self) -> Figure:
        """Draw the differences in all outcomes."""
        return self.difference().plot()

    def curve(self) -> pd.DataFrame:
        """Emotion curve before and after.

        Returns
        -------
        pandas.DataFrame
            touchpoint, emotion, when (``"before"``, ``"after"``), mean, lower, upper. After, as
            the journey then goes; added touchpoints without changes are felt as their like.
        """
        from emotion_models.simulation.curves import curve

        return curve(self)

    def remembered(self) -> Kept:
        """What is remembered before and after: emotions, and touchpoints that come to mind."""
        from emotion_models.simulation.kept import kept

        return kept(self)

    def winners(self) -> Winners:
        """Who gains and who loses, in groups of ten people or more."""
        from emotion_models.simulation.winners import winners

        return winners(self)

    def why(self, outcome: str) -> Explained:
        """Along which paths an outcome changes; raises `InputProblems` if there is none such."""
        from emotion_models.simulation.explained import explained

        return explained(self, outcome)

    def uncertainty(
        self,
        outcome: str,
        *,
        rules: Mapping[str, Simulation] | None = None,
        strength: float = 0.01,
    ) -> Uncertain:
        """Where the uncertainty of a difference comes from.

        Parameters
        ----------
        outcome : str
        rules : mapping of str to Simulation, optional
            The same change simulated with fits of other memory rules.
        strength : float
            Of an unmeasured cause: the share it explains of what is left of every emotion and of
            the outcome.

        Returns
        -------
        Uncertain

        Raises
        ------
        InputProblems
            If there is no such outcome, or the strength is not a share below 1.
        """
        from emotion_models.simulation.uncertain import uncertain

        return uncertain(self, outcome, rules or {}, strength)


@dataclass(frozen=True, eq=False, repr=False)
class Difference(Summarised):
    """Difference in some outcomes of a simulation."""

    simulation: Simulation
    outcomes: tuple[str, ...]

    @property
    def caution(self) -> str:
        """That of the simulation."""
        return self.simulation.caution

    def table(self) -> pd.DataFrame:
        """Return one row per outcome and segment.

        Returns
        -------
        pandas.DataFrame
            outcome, segment, before, after, difference, lower, upper, p_harm, p_better, unit,
            claim.
        """
        import pandas as pd

        whole, rows = self.simulation, []
        for outcome in self.outcomes:
            o, start = whole.outcomes.index(outcome), whole.starts[outcome]
            sign = 1 if whole.desirable[outcome] else -1
            for g, segment in enumerate(whole.segments):
                before, after = whole.before[o, g], whole.after[o, g]
                summary = summarise(after - before)
                rows.append(
                    {
                        "outcome": outcome,
                        "segment": segment,
                        "before": before.mean() + start,
                        "after": after.mean() + start,
                        "difference": float(summary.mean),
                        "lower": float(summary.lower),
                        "upper": float(summary.upper),
                        "p_harm": float((sign * (after - before) < 0).mean()),
                        "p_better": float((sign * (after - before) > 0).mean()),
                        "unit": whole.units[outcome],
                        "claim": whole.claims.get(outcome, whole.claim),
                    }
                )
        return pd.DataFrame(rows)

    def summary(self) -> str:
        """Say in words how the outcomes change."""
        whole = self.simulation
        lines = [f"{whole.change} ({whole.claim}; {PROBABILITY:.0%} intervals):"]
        for outcome in self.outcomes:
            draws, sign = whole.everybody(outcome), 1 if whole.desirable[outcome] else -1
            unit = whole.units[outcome]
            factor, unit = (100, "of 100") if unit == "probability" else (1, unit)
            lower, upper = factor * np.quantile(draws, [LOWER, UPPER])
            lines.append(
                f"  {outcome}: {factor * draws.mean():+.2g} {unit}, "
                f"between {lower:+.2g} and {upper:+.2g}; "
                f"chance of harm {(sign * draws < 0).mean():.0%}"
            )
        lines += [f"  note: {warning}" for warning in whole.warnings]
        return as_text(lines, whole.caution)

    def plot(self) -> Figure:
        """Draw the differences."""
        from emotion_models.drawing.scenario import scenario_differences

        return scenario_differences(self.table())

"""`Effects`: draws of effects, labelled, until a table or a sentence is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from emotion_models.effects.ranks import ranked
from emotion_models.errors import InputProblems, Problem, did_you_mean
from emotion_models.inference.estimands import ALL
from emotion_models.intervals import PROBABILITY, summarise
from emotion_models.summarised import Summarised, as_text

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr
    from matplotlib.figure import Figure

SHAPES: Final = ("dots", "ridges")
_DIMS = ("outcome", "path", "emotion", "touchpoint", "segment", "sample")


@dataclass(frozen=True, eq=False, repr=False)
class Effects(Summarised):
    """Effects of one more scale point of each emotion.

    Parameters
    ----------
    values : array, shape (outcome, path, emotion, touchpoint, segment, sample)
        Differences on the response scale.
    outcomes, paths, emotions, touchpoints, segments : tuple of str
    units : mapping of outcome to str
    valence : mapping of emotion to float
    claim : str
        ``"association"``, ``"adjusted"`` or ``"causal"``: the weakest of all.
    claims : mapping of (outcome, path, emotion) to str
        Where they differ.
    weight : {"survey", "value"}
        Whether averages are over people, or over their customer value.
    caution : str
        From `Fit.caution`.
    """

    values: NDArray[np.float64]
    outcomes: tuple[str, ...]
    paths: tuple[str, ...]
    emotions: tuple[str, ...]
    touchpoints: tuple[str, ...]
    segments: tuple[str, ...]
    units: Mapping[str, str]
    valence: Mapping[str, float]
    claim: str
    claims: Mapping[tuple[str, str, str], str] = field(default_factory=dict)
    weight: str = "survey"
    caution: str = ""

    @property
    def draws(self) -> xr.DataArray:
        """The draws, labelled."""
        import xarray as xr

        labels = (self.outcomes, self.paths, self.emotions, self.touchpoints, self.segments)
        coords = {dim: list(names) for dim, names in zip(_DIMS[:-1], labels, strict=True)}
        return xr.DataArray(self.values, dims=_DIMS, coords=coords, name="effect")

    def table(self) -> pd.DataFrame:
        """Return one row per effect.

        Returns
        -------
        pandas.DataFrame
            outcome, path, emotion, touchpoint, segment, mean, sd, lower, upper, p_positive,
            unit, claim.
        """
        import pandas as pd

        summary = summarise(np.moveaxis(self.values, -1, 0))
        labels = (self.outcomes, self.paths, self.emotions, self.touchpoints, self.segments)
        index = pd.MultiIndex.from_product([list(names) for names in labels], names=_DIMS[:-1])
        columns = ("mean", "sd", "lower", "upper", "p_positive")
        table = index.to_frame(index=False)
        for name in columns:
            table[name] = getattr(summary, name).ravel()
        table["unit"] = table["outcome"].map(dict(self.units))
        places = zip(table["outcome"], table["path"], table["emotion"], strict=True)
        table["claim"] = [self.claims.get(place, self.claim) for place in places]
        return table

    def ranks(self) -> pd.DataFrame:
        """Rank emotions by the size of their total effect, with the uncertainty of the ranking.

        Returns
        -------
        pandas.DataFrame
            outcome, emotion, expected_rank (1 is largest), p_top1, p_top3. Emotions that the
            model does not let act on an outcome are not ranked there; ties share places.
        """
        import pandas as pd

        rows = []
        for outcome in self.outcomes:
            size = np.abs(self._total(outcome))
            acts = size.any(axis=1)
            names = [name for name, own in zip(self.emotions, acts, strict=True) if own]
            expected, among = ranked(size[acts])
            rows += [
                (outcome, *one) for one in zip(names, expected, among[1], among[3], strict=True)
            ]
        columns = ["outcome", "emotion", "expected_rank", "p_top1", "p_top3"]
        table = pd.DataFrame(rows, columns=columns)
        return table.sort_values(["outcome", "expected_rank"], kind="stable", ignore_index=True)

    def contrast(self, outcome: str, first: str, second: str) -> dict[str, float]:
        """Difference between the total effects of two emotions, from paired draws.

        Parameters
        ----------
        outcome, first, second : str

        Returns
        -------
        dict
            mean, lower, upper and p_positive of first minus second.
        """
        total = self._total(outcome)
        places = [self._place(name) for name in (first, second)]
        summary = summarise(total[places[0]] - total[places[1]])
        return {
            name: float(getattr(summary, name)) for name in ("mean", "lower", "upper", "p_positive")
        }

    def between(self, outcome: str, emotion: str, first: str, second: str) -> dict[str, float]:
        """Difference of an emotion's total effect between two groups, from paired draws.

        Parameters
        ----------
        outcome, emotion : str
        first, second : str
            Of `segments`, e.g. ``"high value"`` and ``"low value"``.

        Returns
        -------
        dict
            mean, lower, upper and p_positive of first minus second.
        """
        self._total(outcome)  # raises if there is none
        problems = [
            Problem(f"group '{name}'", "not here", did_you_mean(name, self.segments))
            for name in (first, second)
            if name not in self.segments
        ]
        if problems:
            raise InputProblems("effects", problems)
        own = self.values[self.outcomes.index(outcome), 0, self._place(emotion), 0]
        one, two = (own[self.segments.index(name)] for name in (first, second))
        summary = summarise(one - two)
        return {
            name: float(getattr(summary, name)) for name in ("mean", "lower", "upper", "p_positive")
        }

    def summary(self) -> str:
        """Say in words which emotions matter most for each outcome."""
        ranks, summary = self.ranks(), summarise(np.moveaxis(self.values[:, 0, :, 0, 0], -1, 0))
        over = ", averaged by customer value" if self.weight == "value" else ""
        lines = [
            f"One more scale point of an emotion at every touchpoint ({self.claim}; "
            f"{PROBABILITY:.0%} intervals{over}):"
        ]
        for o, outcome in enumerate(self.outcomes):
            lines.append(f"{outcome} ({self.units[outcome]})")
            best = ranks[ranks["outcome"] == outcome].head(3)
            for emotion, p_top3 in zip(best["emotion"], best["p_top3"], strict=True):
                e = self.emotions.index(emotion)
                lines.append(
                    f"  {emotion}: {summary.mean[o, e]:+.3g} "
                    f"[{summary.lower[o, e]:+.3g}, {summary.upper[o, e]:+.3g}], "
                    f"among the three largest with probability {p_top3:.0%}"
                )
                lines += self._elsewhere(o, e)
        return as_text(lines, self.caution)

    def _elsewhere(self, outcome: int, emotion: int) -> list[str]:
        """Say in words what an effect is at each touchpoint, or within each group."""
        own = self.values[outcome, 0, emotion]
        at = {name: own[place, 0] for place, name in enumerate(self.touchpoints)}
        within = {name: own[0, group] for group, name in enumerate(self.segments)}
        found = {name: summarise(draws) for name, draws in {**at, **within}.items() if name != ALL}
        return [
            f"    {name}: {one.mean:+.3g} [{one.lower:+.3g}, {one.upper:+.3g}]"
            for name, one in found.items()
        ]

    def plot(self, kind: str = "dots") -> Figure:
        """Draw the total effects: by touchpoint for one outcome, else one more point everywhere.

        Parameters
        ----------
        kind : {"dots", "ridges"}
            Means with intervals, or whole densities (of one more point everywhere).

        Returns
        -------
        Figure
        """
        if kind == "ridges":
            return self._ridges()
        if kind != "dots":
            fix = did_you_mean(kind, SHAPES)
            raise InputProblems("effects", [Problem(f"plot '{kind}'", "unknown", fix)])
        from emotion_models.drawing.forest import effects_forest
        from emotion_models.drawing.heatmap import effect_heatmap

        table = self.table()
        table = table[(table["path"] == "total") & (table["segment"] == ALL)]
        if len(self.outcomes) == 1 and len(self.touchpoints) > 1:
            return effect_heatmap(table[table["touchpoint"] != ALL])
        return effects_forest(table[table["touchpoint"] == ALL], self.valence)

    def _ridges(self) -> Figure:
        from emotion_models.drawing.ridges import ridges

        draws = {
            outcome: dict(zip(self.emotions, self._total(outcome), strict=True))
            for outcome in self.outcomes
        }
        axis = "Change per scale point of the emotion: density, and mean"
        return ridges(draws, self.valence, axis=axis)

    def _total(self, outcome: str) -> NDArray[np.float64]:
        if outcome not in self.outcomes:
            fix = did_you_mean(outcome, self.outcomes)
            raise InputProblems("effects", [Problem(f"outcome '{outcome}'", "not here", fix)])
        return self.values[self.outcomes.index(outcome), 0, :, 0, 0]

    def _place(self, emotion: str) -> int:
        if emotion not in self.emotions:
            fix = did_you_mean(emotion, self.emotions)
            raise InputProblems("effects", [Problem(f"emotion '{emotion}'", "not here", fix)])
        return self.emotions.index(emotion)

"""`Priorities`: draws of importance and performance, and who stands in which corner."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from emotion_models.decisions.words import NOT_CAUSAL, money
from emotion_models.intervals import PROBABILITY, summarise
from emotion_models.summarised import Summarised, as_text

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr
    from matplotlib.figure import Figure

Floats = NDArray[np.floating[Any]]
CORNERS: Final = ("act now", "keep it up", "no hurry", "more than needed")
"""Important and weak, important and strong, unimportant and weak, unimportant and strong: the
corners of Martilla & James 1977."""


@dataclass(frozen=True, eq=False, repr=False)
class Priorities(Summarised):
    """Where it matters, and where it falls short.

    Parameters
    ----------
    touchpoints, emotions : tuple of str
        Of every place, side by side.
    valence : tuple of float
    importance : array, shape (S, place)
        What one scale point in the good direction goes with; more is better.
    performance : array, shape (S, place)
        0 worst to 1 best. Borders of the corners are the averages over places, in every draw.
    on, unit : str
    left_out : tuple of str
        Emotions of unknown valence.
    claim : str
    caution : str
        From `Fit.caution`.
    """

    touchpoints: tuple[str, ...]
    emotions: tuple[str, ...]
    valence: tuple[float, ...]
    importance: Floats
    performance: Floats
    on: str
    unit: str
    left_out: tuple[str, ...]
    claim: str
    caution: str = ""

    @property
    def draws(self) -> xr.DataArray:
        """Both, labelled."""
        import xarray as xr

        place = [f"{e} at {t}" for t, e in zip(self.touchpoints, self.emotions, strict=True)]
        return xr.DataArray(
            np.stack([self.importance, self.performance]),
            dims=("quantity", "sample", "place"),
            coords={"quantity": ["importance", "performance"], "place": place},
        )

    def corners(self) -> Floats:
        """Probability of every place to be in each of `CORNERS`, shape (place, 4)."""
        important = self.importance > self.importance.mean(axis=1, keepdims=True)
        strong = self.performance >= self.performance.mean(axis=1, keepdims=True)
        inside = (important & ~strong, important & strong, ~important & ~strong)
        found = [each.mean(axis=0) for each in (*inside, ~important & strong)]
        return np.stack(found, axis=1)

    def ellipses(self) -> Floats:
        """Ellipse of every place: centre, axes and angle, shape (place, 5).

        Returns
        -------
        array
            Performance and importance of the centre, the two half axes, and the angle of the
            first axis in radians: the normal region with the probability of our intervals.
        """
        reach = np.sqrt(-2 * np.log(1 - PROBABILITY))
        found = np.empty((len(self.emotions), 5))
        for p in range(len(found)):
            both = np.stack([self.performance[:, p], self.importance[:, p]])
            size, axes = np.linalg.eigh(np.cov(both) if both.shape[1] > 1 else np.zeros((2, 2)))
            half = reach * np.sqrt(np.maximum(size, 0))
            angle = np.arctan2(axes[1, 1], axes[0, 1])
            found[p] = [*both.mean(axis=1), half[1], half[0], angle]
        return found

    def table(self) -> pd.DataFrame:
        """Return one row per emotion and touchpoint, those to act on first.

        Returns
        -------
        pandas.DataFrame
            touchpoint, emotion, importance with lower and upper, performance with its lower and
            upper, corner (the likeliest), p_act_now, unit (of importance), claim.
        """
        import pandas as pd

        chances = self.corners()
        matters, meets = summarise(self.importance), summarise(self.performance)
        table = pd.DataFrame(
            {
                "touchpoint": self.touchpoints,
                "emotion": self.emotions,
                "importance": matters.mean,
                "lower": matters.lower,
                "upper": matters.upper,
                "performance": meets.mean,
                "performance_lower": meets.lower,
                "performance_upper": meets.upper,
                "corner": [CORNERS[k] for k in chances.argmax(axis=1)],
                "p_act_now": chances[:, 0],
                "unit": self.unit,
                "claim": self.claim,
            }
        )
        by = ["p_act_now", "importance"]
        return table.sort_values(by, ascending=False, kind="stable", ignore_index=True)

    def summary(self) -> str:
        """Say in words where to act first."""
        lines = [
            f"Where to act for {self.on} ({self.claim}; {PROBABILITY:.0%} intervals; what a "
            "scale point in the good direction matters, and how it performs from 0 to 1):"
        ]
        lines += [
            f"  {row['emotion']} at {row['touchpoint']}: matters "
            f"{money(row['importance'], self.unit)}, between {money(row['lower'], self.unit)} and "
            f"{money(row['upper'], self.unit)}; performs {row['performance']:.2f}; "
            f"important and below average with probability {row['p_act_now']:.0%}"
            for row in self.table().head(5).to_dict("records")
        ]
        if self.left_out:
            lines.append(
                f"note: {', '.join(self.left_out)}: no valence, which side is good is not known"
            )
        return as_text([*lines, NOT_CAUSAL[self.claim]], self.caution)

    def plot(self) -> Figure:
        """Draw the map with ellipses."""
        import pandas as pd

        from emotion_models.drawing.priorities import priority_map

        columns = ["performance", "importance", "long", "short", "angle"]
        table = pd.DataFrame(self.ellipses(), columns=columns).assign(
            touchpoint=self.touchpoints,
            emotion=self.emotions,
            valence=self.valence,
            p_act_now=self.corners()[:, 0],
        )
        borders = float(self.performance.mean()), float(self.importance.mean())
        return priority_map(table, borders, f"Importance for {self.on}, {self.unit} per point")

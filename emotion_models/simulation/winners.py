"""Who gains and who loses by a change: shares of people, in groups that are large enough."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from emotion_models.errors import InputProblems
from emotion_models.inference.customer_value import value_thirds
from emotion_models.inference.estimands import ALL, people_in_segments
from emotion_models.small_groups import THRESHOLD, hidden_groups
from emotion_models.summarised import Summarised, as_text

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from emotion_models.simulation.answers import Simulation

NOTICED: Final = 1e-4
"""Smallest expected difference, as a share of the outcome's spread over people, that counts."""


@dataclass(frozen=True, eq=False, repr=False)
class Winners(Summarised):
    """Who gains and who loses.

    Parameters
    ----------
    rows : tuple of (outcome, kind, group, people, better, worse, mean)
        Kinds are ``"everybody"``, ``"segment"`` and ``"customer value"``.
    hidden : int
        Groups that are not shown, because they have fewer than ten people.
    caution : str
    """

    rows: tuple[tuple[str, str, str, int, float, float, float], ...]
    hidden: int
    caution: str = ""

    def table(self) -> pd.DataFrame:
        """Return one row per outcome and group.

        Returns
        -------
        pandas.DataFrame
            outcome, kind, group, people, better, worse (shares of people for whom the expected
            outcome gets better and worse), difference (mean).
        """
        import pandas as pd

        columns = ["outcome", "kind", "group", "people", "better", "worse", "difference"]
        return pd.DataFrame(self.rows, columns=columns)

    def summary(self) -> str:
        """Say in words who gains and who loses."""
        lines = ["Share of people whose expected outcome gets better (worse):"]
        for outcome, part in self.table().groupby("outcome", sort=False):
            shares = (
                f"{row['group']} {row['better']:.0%} ({row['worse']:.0%})"
                for row in part.to_dict("records")
            )
            lines.append(f"  {outcome}: {', '.join(shares)}")
        if self.hidden:
            lines.append(f"  {self.hidden} groups of fewer than {THRESHOLD} people are not shown")
        return as_text(lines, self.caution)

    def plot(self) -> Figure:
        """Draw the shares of people who gain, by group."""
        from emotion_models.drawing.dots import Dots, dots_grid

        table = self.table().rename(columns={"outcome": "panel", "group": "row", "better": "mean"})
        table = table.assign(lower=table["mean"], upper=table["mean"])
        return dots_grid(table, Dots(axis="Share of people who gain", reference=None, shares=True))


def winners(simulation: Simulation) -> Winners:
    """Say who gains and who loses.

    Parameters
    ----------
    simulation : Simulation

    Returns
    -------
    Winners
        Over people of the survey, by expected difference; no group under ten people.
    """
    design = simulation.fit.design
    weight = design.weight / design.weight.sum()
    groups, hidden = _groups(simulation)
    rows = []
    for o, outcome in enumerate(simulation.outcomes):
        gain = simulation.gain[o] * (1 if simulation.desirable[outcome] else -1)
        least = NOTICED * max(float(np.abs(simulation.before[o]).mean()), 1e-9)
        for (kind, name), member in groups.items():
            own = weight * member
            own = own / own.sum()
            people = len(np.unique(design.respondent[member > 0]))
            shares = (float(own @ (gain > least)), float(own @ (gain < -least)))
            rows.append((outcome, kind, name, people, *shares, float(own @ simulation.gain[o])))
    return Winners(tuple(rows), hidden, simulation.caution)


def _groups(simulation: Simulation) -> tuple[dict[tuple[str, str], NDArray[Any]], int]:
    """Groups of at least ten people; where one is hidden, so is the next smallest of its kind."""
    fit, design = simulation.fit, simulation.fit.design
    found: dict[tuple[str, str], NDArray[Any]] = {("everybody", ALL): np.ones(design.n_journeys)}
    small: frozenset[str] = frozenset()
    if len(design.segments) > 1:
        small = hidden_groups(people_in_segments(fit))
        members = zip(design.segments, design.membership.T, strict=True)
        found |= {("segment", name): own for name, own in members if name not in small}
    try:
        thirds = value_thirds(fit)
    except InputProblems:
        thirds = {}
    found |= {("customer value", name): own.astype(float) for name, own in thirds.items()}
    return found, len(small)

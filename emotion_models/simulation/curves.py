"""The emotion curve of a journey before and after a change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from emotion_models.inference.estimands import emotion_span
from emotion_models.intervals import LOWER, UPPER

if TYPE_CHECKING:
    import pandas as pd

    from emotion_models.simulation.answers import Simulation
    from emotion_models.simulation.moments import Moment

COLUMNS = ["touchpoint", "emotion", "when", "mean", "lower", "upper"]


def curve(simulation: Simulation) -> pd.DataFrame:
    """Mean ratings before, in the codebook's order, and after, as the journey then goes.

    Parameters
    ----------
    simulation : Simulation

    Returns
    -------
    pandas.DataFrame
        touchpoint, emotion, when, mean, lower, upper.
    """
    import pandas as pd

    observed = simulation.fit.emotion_curve().drop(columns="n")
    before = observed.assign(when="before")
    known = {(row["touchpoint"], row["emotion"]): row for row in observed.to_dict("records")}
    rows = []
    for moment in in_order(simulation):
        for e, emotion in enumerate(simulation.fit.design.emotions):
            found = _after(simulation, moment, e, emotion, known)
            if found is not None:
                rows.append((moment.name, emotion, "after", *found))
    after = pd.DataFrame(rows, columns=COLUMNS)
    return pd.concat([before[COLUMNS], after], ignore_index=True)


def in_order(simulation: Simulation) -> list[Moment]:
    """Moments of the changed journey that somebody meets, by their mean position.

    Parameters
    ----------
    simulation : Simulation

    Returns
    -------
    list of Moment
    """
    met = [moment for moment in simulation.plan.journey if moment.present.any()]
    if not simulation.plan.rebuilt:
        return met
    return sorted(met, key=lambda moment: float(moment.position[moment.present].mean()))


def _after(
    simulation: Simulation, moment: Moment, e: int, emotion: str, known: dict[Any, Any]
) -> tuple[float, float, float] | None:
    """Mean and interval of an emotion at a moment, if anything is known of it."""
    described = dict(moment.feels)
    if e in described:
        low, high = emotion_span(simulation.fit, emotion)
        value = low + described[e] * (high - low)
        return value, value, value
    draws = simulation.felt.get((moment.name, emotion))
    if draws is not None:
        lower, upper = np.quantile(draws, [LOWER, UPPER])
        return float(draws.mean()), float(lower), float(upper)
    source = simulation.fit.design.touchpoints[moment.source] if moment.source >= 0 else ""
    row = known.get((source, emotion))
    return None if row is None else (row["mean"], row["lower"], row["upper"])

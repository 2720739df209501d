"""Where the uncertainty of a simulated difference comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from emotion_models.errors import InputProblems, Problem, did_you_mean
from emotion_models.inference.latent_effects import latent_effects
from emotion_models.models.some_journeys import Journeys
from emotion_models.science.equations.causal import bias_of_confounder
from emotion_models.simulation.asking import summed
from emotion_models.simulation.averages import outcomes_after
from emotion_models.simulation.block import Block
from emotion_models.simulation.explained import explained
from emotion_models.summarised import Summarised, as_text

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from emotion_models.simulation.answers import Simulation
    from emotion_models.simulation.plan import Plan

DRAWS: Final = 100


@dataclass(frozen=True, eq=False, repr=False)
class Uncertain(Summarised):
    """Parts of the uncertainty of a difference.

    Parameters
    ----------
    outcome : str
    difference : float
    rows : tuple of (source, size, meaning)
        Standard deviations; of an unmeasured cause the largest shift.
    unit, caution : str
    """

    outcome: str
    difference: float
    rows: tuple[tuple[str, float, str], ...]
    unit: str
    caution: str = ""

    def table(self) -> pd.DataFrame:
        """Return one row per source: source, size (in the outcome's unit), meaning."""
        import pandas as pd

        return pd.DataFrame(self.rows, columns=["source", "size", "meaning"]).assign(unit=self.unit)

    def summary(self) -> str:
        """Say in words where the uncertainty comes from."""
        factor, unit = (100, "of 100") if self.unit == "probability" else (1, self.unit)
        lines = [f"{self.outcome}: {factor * self.difference:+.2g} {unit}; uncertain by"]
        lines += [f"  {factor * size:.2g} {meaning}" for _, size, meaning in self.rows]
        return as_text(lines, self.caution)

    def plot(self) -> Figure:
        """Draw the size of every source."""
        from emotion_models.drawing.dots import Dots, dots_grid

        table = self.table().rename(columns={"source": "row", "size": "mean"})
        table = table.assign(panel=self.outcome, lower=0.0, upper=table["mean"])
        return dots_grid(table, Dots(axis=f"Uncertainty ({self.unit})", columns=1))


def uncertain(
    simulation: Simulation, outcome: str, rules: Mapping[str, Simulation], strength: float
) -> Uncertain:
    """Split the uncertainty of a difference.

    Parameters
    ----------
    simulation : Simulation
    outcome : str
    rules : mapping of str to Simulation
        The same change with fits of other memory rules.
    strength : float
        Of an unmeasured cause: the share it explains of what is left of every emotion and of the
        outcome (`effects.robustness`).

    Returns
    -------
    Uncertain

    Raises
    ------
    InputProblems
        If there is no such outcome, or the strength is not from 0 to 1.
    """
    problems = []
    for name, one in {"": simulation, **rules}.items():
        if outcome not in one.outcomes:
            fix = did_you_mean(outcome, one.outcomes)
            problems.append(Problem(f"{name} outcome '{outcome}'".strip(), "not here", fix))
    if not 0 <= strength < 1:
        problems.append(Problem("strength", f"is {strength}", "give a share below 1"))
    if problems:
        raise InputProblems("simulation", problems)
    draws = simulation.everybody(outcome)
    fixed = _with_mean_weights(simulation, outcome)
    # What weights move a draw by; both parts need not add up, as parameters go together.
    weights = float((draws - fixed).std())
    rows = [
        ("parameters", float(fixed.std()), "because effects of levers and emotions are estimated"),
        ("memory weights", weights, "because the weights of memory are estimated"),
    ]
    if rules:
        means = [draws.mean(), *(one.everybody(outcome).mean() for one in rules.values())]
        words = f"between memory rules ({', '.join(rules)})"
        rows.append(("memory rule", float(np.std(means)), words))
    rows.append(("people", _people(simulation, outcome), "if other people had been asked"))
    bias = _confounding(simulation, outcome, strength)
    words = f"at most, were {strength:.0%} of emotions and outcome due to an unmeasured cause"
    rows.append(("unmeasured cause", bias, words))
    unit = simulation.units[outcome]
    return Uncertain(outcome, float(draws.mean()), tuple(rows), unit, simulation.caution)


def _with_mean_weights(simulation: Simulation, outcome: str) -> NDArray[Any]:
    """Differences (S,) were the weights of memory known: at their posterior means."""
    o = simulation.outcomes.index(outcome)

    def difference(block: Block, plan: Plan) -> NDArray[Any]:
        own = _mean_weighted(block)
        after = outcomes_after(own, own.remembered(plan)).outcome
        change: NDArray[Any] = after[o, 0] - own.before.outcome[o, 0]
        return change

    found: NDArray[Any] = summed(simulation, difference)
    return found


def _mean_weighted(block: Block) -> Block:
    known = block.journeys.known
    mean: dict[str, Any] = {
        name: np.broadcast_to(value.mean(axis=0), value.shape)
        for name in ("memory_weight", "salience", "step", "fading")
        for value in [getattr(known, name)]
    }
    at = Journeys(block.journeys.design, replace(known, **mean), block.journeys.people)
    return Block(block.fit, at, block.which, block.over, block.noise)


def _people(simulation: Simulation, outcome: str) -> float:
    """Standard error of the mean expected difference over respondents."""
    design = simulation.fit.design
    gain = simulation.gain[simulation.outcomes.index(outcome)]
    weight = design.weight / design.weight.sum()
    apart = weight * (gain - weight @ gain)
    return float(np.sqrt((np.bincount(design.respondent, apart) ** 2).sum()))


def _confounding(simulation: Simulation, outcome: str, strength: float) -> float:
    """Largest shift of the difference by a cause of every emotion and the outcome."""
    design = simulation.fit.design
    found = latent_effects(simulation.fit, DRAWS)
    rows = [r for r, row in enumerate(design.rows) if row.outcome == outcome]
    f = np.abs(found.f[:, rows]).mean(axis=(0, 1))
    share = bias_of_confounder(strength, strength) / np.maximum(f, 1e-9)
    parts = np.abs(explained(simulation, outcome).parts.sum(axis=1).mean(axis=-1))
    return float((parts * np.where(parts > 0, share, 0)).sum())

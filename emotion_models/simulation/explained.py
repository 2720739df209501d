"""Why an outcome changes: its difference split along emotion, memory, relationship, behaviour.

On the predictor's scale parts add up; on the outcome's scale each gets the share of the
difference that it has in the predictor's change, journey by journey and draw by draw. That is the
Aumann-Shapley value along the straight line from before to after (Aumann & Shapley 1974; as
*integrated gradients*, Sundararajan et al. 2017), so that parts sum to the whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from emotion_models.errors import InputProblems, Problem, did_you_mean
from emotion_models.inference.estimands import ALL
from emotion_models.intervals import PROBABILITY, summarise
from emotion_models.models.forward import effect_groups, row_mean
from emotion_models.simulation.asking import summed
from emotion_models.summarised import Summarised, as_text

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from emotion_models.simulation.answers import Simulation
    from emotion_models.simulation.block import Block
    from emotion_models.simulation.plan import Plan

Floats = NDArray[np.floating[Any]]
LEAST: Final = 1e-4
"""Change of a predictor below which the slope stands for the difference quotient."""
SHOWN: Final = 5
DIRECT: Final = "memory"


@dataclass(frozen=True, eq=False, repr=False)
class Explained(Summarised):
    """The difference in one outcome, split over paths.

    Parameters
    ----------
    outcome : str
    where : tuple of str
        Per emotion, the moments at which it changes.
    emotions, routes : tuple of str
        Routes are ``"memory"`` (straight from what is remembered) and the constructs.
    parts : array, shape (emotion, route, sample)
        In the outcome's unit; they sum to the difference.
    unit, claim, caution : str
    """

    outcome: str
    where: tuple[str, ...]
    emotions: tuple[str, ...]
    routes: tuple[str, ...]
    parts: Floats
    unit: str
    claim: str
    caution: str = ""

    def table(self) -> pd.DataFrame:
        """Return one row per path, the largest first.

        Returns
        -------
        pandas.DataFrame
            path, at, emotion, through, contribution, lower, upper, share (of the difference),
            p_same_sign, unit, claim.
        """
        import pandas as pd

        rows, total = [], float(self.parts.sum(axis=(0, 1)).mean())
        for e, emotion in enumerate(self.emotions):
            for r, route in enumerate(self.routes):
                draws = self.parts[e, r]
                if not draws.any():
                    continue
                found = summarise(draws)
                mean = float(found.mean)
                rows.append(
                    {
                        "path": self._path(e, route),
                        "at": self.where[e],
                        "emotion": emotion,
                        "through": route,
                        "contribution": mean,
                        "lower": float(found.lower),
                        "upper": float(found.upper),
                        "share": mean / total if total else np.nan,
                        "p_same_sign": float((np.sign(draws) == np.sign(mean)).mean()),
                        "unit": self.unit,
                        "claim": self.claim,
                    }
                )
        table = pd.DataFrame(rows)
        if table.empty:
            return table
        order = table["contribution"].abs().sort_values(ascending=False, kind="stable").index
        return table.loc[order].reset_index(drop=True)

    def _path(self, e: int, route: str) -> str:
        steps = [f"{self.emotions[e]} at {self.where[e]}", f"remembered {self.emotions[e]}"]
        return " -> ".join([*steps, *([] if route == DIRECT else [route]), self.outcome])

    def summary(self) -> str:
        """Say in words along which paths the outcome changes."""
        table = self.table()
        factor, unit = (100, "of 100") if self.unit == "probability" else (1, self.unit)
        total = factor * self.parts.sum(axis=(0, 1)).mean()
        lines = [
            f"{self.outcome}: {total:+.2g} {unit} ({self.claim}), of which "
            f"({PROBABILITY:.0%} intervals):"
        ]
        lines += [
            f"  {row['path']}: {factor * row['contribution']:+.2g} "
            f"({factor * row['lower']:+.2g} to {factor * row['upper']:+.2g})"
            for row in table.head(SHOWN).to_dict("records")
        ]
        if len(table) > SHOWN:
            rest = factor * table["contribution"].iloc[SHOWN:].sum()
            lines.append(f"  {len(table) - SHOWN} further paths together: {rest:+.2g}")
        return as_text(lines, self.caution)

    def plot(self) -> Figure:
        """Draw what every path contributes."""
        from emotion_models.drawing.dots import Dots, dots_grid

        table = self.table().head(15).rename(columns={"path": "row", "contribution": "mean"})
        table = table.assign(panel=self.outcome)
        return dots_grid(table, Dots(axis="Contribution to the difference", columns=1))


def explained(simulation: Simulation, outcome: str) -> Explained:
    """Split the difference in an outcome over the paths that lead to it.

    Parameters
    ----------
    simulation : Simulation
    outcome : str

    Returns
    -------
    Explained

    Raises
    ------
    InputProblems
        If there is no such outcome.
    """
    if outcome not in simulation.outcomes:
        fix = did_you_mean(outcome, simulation.outcomes)
        raise InputProblems("simulation", [Problem(f"outcome '{outcome}'", "not here", fix)])
    design = simulation.fit.design
    constructs = tuple(row.name for row in design.rows if row.stage == "relationship")
    parts = summed(simulation, lambda block, plan: _parts(block, plan, outcome))
    return Explained(
        outcome,
        tuple(_where(simulation, e) for e in range(len(design.emotions))),
        design.emotions,
        (DIRECT, *constructs),
        parts,
        simulation.units[outcome],
        simulation.claims.get(outcome, simulation.claim),
        simulation.caution,
    )


def _where(simulation: Simulation, emotion: int) -> str:
    """Moments at which an emotion is given anew."""
    plan = simulation.plan
    if plan.rebuilt:
        return "the rebuilt journey"
    names = [
        moment.name
        for p, moment in enumerate(plan.journey)
        if p in plan.exposure or any(move.emotion == emotion for move in moment.moves)
    ]
    return ", ".join(names) or "nowhere"


def _parts(block: Block, plan: Plan, outcome: str) -> Floats:
    """Contributions (E, routes, S) of a block's journeys, weighted."""
    response = block.response
    design, known = response.design, response.known
    felt = block.remembered(plan)
    shape = (len(design.emotions), 1 + known.relationship.size, known.n_draws)
    found = np.zeros(shape)
    if not felt:
        return found
    shift = response.shift(response.total, felt)
    rows = [r for r, row in enumerate(design.rows) if row.outcome == outcome]
    after = {r: row_mean(design, known, response.eta[:, r] + shift[:, r], r) for r in rows}
    before = {r: row_mean(design, known, response.eta[:, r], r) for r in rows}
    for r in rows:
        # Of an outcome that is a product each row's part is taken at the middle of the others.
        others = [(before[k] + after[k]) / 2 for k in rows if k != r]
        ratio = _ratio(block, r, shift[:, r], after[r] - before[r])
        for other in others:
            ratio = ratio * other
        ratio = ratio * block.over[ALL].astype(np.float32)
        for place, change in felt.items():
            weighed = ratio * change
            for k, slope in enumerate(_routes(block, r, place)):
                if slope is not None:
                    found[place % shape[0], k] += _average(block, weighed, slope)
    return found


def _ratio(block: Block, row: int, moved: Floats, difference: Floats) -> Floats:
    """Difference of the mean per unit of the predictor; its slope where that hardly moves."""
    response = block.response
    eta, small = response.eta[:, row], np.abs(moved) < LEAST
    nudged = row_mean(response.design, response.known, eta + np.float32(1e-2), row)
    lowered = row_mean(response.design, response.known, eta - np.float32(1e-2), row)
    slope = (nudged - lowered) / np.float32(2e-2)
    ratio: Floats = np.where(small, slope, difference / np.where(small, 1, moved))
    return ratio


def _routes(block: Block, row: int, place: int) -> list[Floats | None]:
    """Slopes (S, G) of a row on one remembered emotion: straight, and through each construct."""
    response = block.response
    known = response.known
    straight = response.direct[:, :, row, place]
    found: list[Floats | None] = [straight]
    behaviour = np.flatnonzero(known.behaviour == row)
    for c, construct in enumerate(known.relationship):
        if behaviour.size:
            bond = known.bond_effect[:, c, behaviour[0]]
            found.append(response.direct[:, :, construct, place] * bond[:, None])
        else:
            found.append(None)
    return found


def _average(block: Block, weighed: Floats, slope: Floats) -> Floats:
    """Sum over journeys (S,), with slopes that differ by segment and moderator."""
    groups = effect_groups(block.response.design, block.response.known)
    total = np.zeros(len(weighed))
    for g, share in enumerate(groups):
        member = np.atleast_2d(share)
        if len(groups) == 1:
            total += slope[:, g] * weighed.sum(axis=1)
        else:
            total += slope[:, g] * (weighed * member).sum(axis=1)
    return total

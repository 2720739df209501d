"""What is remembered before and after a change: emotions, and which touchpoints come to mind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from emotion_models.inference.estimands import ALL, emotion_span
from emotion_models.intervals import PROBABILITY, summarise
from emotion_models.models.forward import remembered
from emotion_models.models.recall import recall_terms
from emotion_models.science.equations.memory import recalled
from emotion_models.science.equations.ordinal import mean_category
from emotion_models.simulation.asking import summed
from emotion_models.simulation.engine import changed_ratings
from emotion_models.simulation.remembering import lived_after, lived_before, scores_after
from emotion_models.summarised import Summarised, as_text

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from emotion_models.models.changed_journeys import Lived
    from emotion_models.simulation.answers import Simulation
    from emotion_models.simulation.block import Block
    from emotion_models.simulation.plan import Plan

Floats = NDArray[np.floating[Any]]
NODES: Final = 9
"""Of the average over people who recall more or less in general."""
TERMS: Final = {"first": 0, "last": 1, "delay": 2}


@dataclass(frozen=True, eq=False, repr=False)
class Kept(Summarised):
    """What is remembered of the journey before and after a change.

    Parameters
    ----------
    emotions, touchpoints : tuple of str
        Touchpoints are empty where recall was not modelled.
    emotion : array, shape (2, emotion, sample)
        Remembered intensity on the emotion's own scale, before and after.
    recall : array, shape (2, touchpoint, sample)
        Share of those who were there that recall it, or mean vividness; NaN where nobody was.
    caution : str
    """

    emotions: tuple[str, ...]
    touchpoints: tuple[str, ...]
    emotion: Floats
    recall: Floats
    caution: str = ""

    def table(self) -> pd.DataFrame:
        """Return one row per emotion and touchpoint.

        Returns
        -------
        pandas.DataFrame
            what (``"emotion"``, ``"touchpoint"``), name, before, after, difference, lower, upper.
        """
        import pandas as pd

        rows = []
        parts = (("emotion", self.emotions, self.emotion),
                 ("touchpoint", self.touchpoints, self.recall))  # fmt: skip
        for what, names, values in parts:
            for k, name in enumerate(names):
                before, after = values[0, k], values[1, k]
                found = summarise(after - before)
                means = (float(before.mean()), float(after.mean()))
                interval = (float(found.mean), float(found.lower), float(found.upper))
                rows.append((what, name, *means, *interval))
        columns = ["what", "name", "before", "after", "difference", "lower", "upper"]
        return pd.DataFrame(rows, columns=columns)

    def summary(self) -> str:
        """Say in words what is remembered otherwise."""
        lines = [f"What is remembered ({PROBABILITY:.0%} intervals):"]
        yes_no = not np.nanmax(self.recall, initial=0) > 1
        for row in self.table().to_dict("records"):
            if row["lower"] == row["upper"] == 0:
                continue
            share = 100 if row["what"] == "touchpoint" and yes_no else 1
            numbers = ("before", "after", "difference", "lower", "upper")
            was, now, moved, low, high = (share * row[name] for name in numbers)
            unit = " of 100 recall it" if share == 100 else ""
            words = f"{was:.3g} to {now:.3g}{unit}, {moved:+.2g} ({low:+.2g} to {high:+.2g})"
            words = f"{now:.3g}{unit}, is new" if np.isnan(was) else words
            words = f"{was:.3g}{unit} before, is gone" if np.isnan(now) else words
            lines.append(f"  {row['name']}: {words}")
        return as_text(lines if len(lines) > 1 else [*lines, "  nothing changes"], self.caution)

    def plot(self) -> Figure:
        """Draw the change of everything remembered."""
        from emotion_models.drawing.dots import Dots, dots_grid

        names = {"emotion": "Remembered emotion", "touchpoint": "Touchpoint recalled"}
        table = self.table().rename(columns={"name": "row"}).drop(columns="before")
        table = table.assign(panel=table["what"].map(names), mean=table["difference"])
        return dots_grid(table, Dots(axis="Difference made by the change", symmetric=True))


def kept(simulation: Simulation) -> Kept:
    """Say what is remembered before and after.

    Parameters
    ----------
    simulation : Simulation

    Returns
    -------
    Kept
    """
    fit = simulation.fit
    emotion = summed(simulation, _emotions)
    span = np.array([emotion_span(fit, name) for name in fit.design.emotions])
    low, width = span[:, :1], np.diff(span, axis=1)
    names: tuple[str, ...] = ()
    recall = np.zeros((2, 0, emotion.shape[-1]))
    if fit.model.recall:
        names = tuple(moment.name for moment in simulation.plan.journey)
        sums = summed(simulation, _recall)
        with np.errstate(invalid="ignore", divide="ignore"):
            recall = sums[:2] / sums[2:]
    return Kept(fit.design.emotions, names, low + width * emotion, recall, simulation.caution)


def _emotions(block: Block, plan: Plan) -> Floats:
    """Remembered intensity (2, E, S) of everybody in the block, weighted."""
    at, weight = block.journeys, block.over[ALL]
    n_emotions = len(at.design.emotions)
    centred = remembered(block.fit.model, at.design, at.known)[..., :n_emotions]
    before = np.einsum("sje,j->es", centred, weight)
    before += weight.sum() * at.known.memory_centre.T
    after = before.copy()
    for e, change in block.remembered(plan).items():
        if e < n_emotions:
            after[e] += change @ weight
    return np.stack([before, after])


def _recall(block: Block, plan: Plan) -> Floats:
    """Weighted sums over people who were there: recalled before, after, and their weights."""
    moved = changed_ratings(block, plan)
    both = (lived_before(block), lived_after(block, plan, scores_after(block, plan, moved)))
    weight, n_moments = block.over[ALL], len(plan.journey)
    found = np.zeros((4, n_moments, block.journeys.known.n_draws))
    for when, lived in enumerate(both):
        for p in range(len(lived.source)):
            own = np.where(lived.position[p] >= 0, weight, 0.0)
            found[when, p] = _chance(block, lived, p) @ own
            found[2 + when, p] = own.sum()
    return found


def _chance(block: Block, lived: Lived, p: int) -> Floats:
    """Chance of recalling a moment, or mean vividness, (S, J)."""
    design, draws = block.journeys.design, block.draws
    whole = block.fit.design
    answered, valence = lived.answered[p].T, design.valence[:, None, None]
    scores = [lived.score(p, e) for e in range(len(design.emotions))]
    rows = max(len(score) for score in scores)
    score = np.stack([np.broadcast_to(x, (rows, x.shape[1])) for x in scores])
    count = np.maximum(answered.sum(axis=0), 1)
    middle = _centres(block)
    felt = (score * answered[:, None]).sum(axis=0) / count
    tone = (score * answered[:, None] * valence).sum(axis=0) / count
    rated = answered.any(axis=0)
    felt, tone = (np.where(rated, x - m, 0) for x, m in zip((felt, tone), middle, strict=True))
    last = lived.position[p] == lived.position.max(axis=0)
    first = lived.position[p] == 0
    order = np.stack([first, last & ~first, design.delay], axis=-1)
    kept_terms = [TERMS[name] for name in recall_terms(whole)[2:]]
    base = draws["recall_base"].to_numpy()
    source = int(lived.source[p])
    own: Any = base[:, [source]] if source >= 0 else base.mean(axis=1, keepdims=True)
    effects = draws["recall_effect"].to_numpy()
    eta: Any = recalled(felt[None], tone[None], own, order[None][..., kept_terms], effects)
    eta = eta[:, 0] if eta.ndim == 3 else eta
    node, weight = np.polynomial.hermite_e.hermegauss(NODES)
    sd = np.abs(draws["recall_sd"].to_numpy())[:, None]
    chance: Floats = np.zeros_like(eta)
    for z, w in zip(node, weight / weight.sum(), strict=True):
        chance = chance + w * _answer(block, eta + sd * z)
    return chance


def _answer(block: Block, eta: Floats) -> Floats:
    """Chance of recall, or mean vividness."""
    if block.journeys.design.recall_categories == 2:
        return mean_category(eta, np.zeros((len(eta), 1)))  # type: ignore[no-any-return]
    return mean_category(eta, block.draws["recall_cutpoint"].to_numpy()[:, 0])  # type: ignore[no-any-return]


def _centres(block: Block) -> tuple[float, float]:
    """What intensity and balance were centred by in the fit."""
    ratings, valence = block.fit.design.ratings, block.fit.design.valence
    count = ratings.answered.sum(axis=2)
    rated = count > 0
    felt = ratings.score.sum(axis=2)[rated] / count[rated]
    tone = (ratings.score * valence).sum(axis=2)[rated] / count[rated]
    return float(felt.mean()), float(tone.mean())

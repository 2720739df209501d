"""The engine against PyMC's own forward sampling of the whole chain under changed ratings."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pymc as pm
import pytest

import emotion_models as em
from emotion_models.inference import Fit
from emotion_models.models.chain import generative
from emotion_models.simulation.block import blocks
from emotion_models.simulation.engine import changed_ratings
from emotion_models.simulation.plan import make_plan
from tests.models.graphs import MODE

COUNT = 1500
CHANGE = (
    em.Change()
    .at("check-in").lever("wait_minutes", to=0).emotion("frustration", by=-1)
    .at("room").emotion("joy", by=1)
)  # fmt: skip


@pytest.mark.slow
def test_means_are_those_of_forward_draws(tiny: Fit) -> None:
    """``do`` on the generative model: parameters, people and the changed answers are set."""
    fit = replace(tiny)
    assert fit.design.ratings.filled == 0
    result = em.simulate(fit, CHANGE, draws=1)
    (block,) = blocks(fit, 1)
    category = fit.design.ratings.category.swapaxes(1, 2).astype("int64").copy()
    for (p, q), after in changed_ratings(block, make_plan(fit, CHANGE)).items():
        category[p, q] = after[0]
    assert (category != fit.design.ratings.category.swapaxes(1, 2)).mean() > 0.1
    chain = generative(fit.model, fit.design)
    parameters, people = fit.draws(1)
    value = {
        str(name): parameters[name].to_numpy()[0]
        for name in parameters.data_vars
        if name in chain.named_vars
    }
    value["bond_residual"] = people["bond_residual"].to_numpy()[0].astype(float)
    value["rating"] = np.maximum(category, 0)
    fixed = pm.do(chain, value)
    rng = np.random.default_rng(3)
    names = ["answer", "binary", "count"]
    drawn = pm.draw([fixed[name] for name in names], COUNT, random_seed=rng, mode=MODE)
    found = dict(zip(names, drawn, strict=True))
    weight = fit.design.weight / fit.design.weight.sum()
    rows, items = fit.design.rows, fit.design.items
    for o, outcome in enumerate(result.outcomes):
        own = [r for r, row in enumerate(rows) if row.outcome == outcome]
        if len(own) > 1:
            continue  # the amount's two parts are rows of their own
        kind = rows[own[0]].likelihood
        if kind == "ordinal":
            chosen = np.flatnonzero(items.ordinal_row == own[0])
            answers = _by_journey(found["answer"], fit)[..., chosen].mean(axis=-1)
        else:
            column = int(np.flatnonzero(items.others[kind].row == own[0])[0])
            answers = _by_journey(found[kind], fit)[..., column]
        mean = answers @ weight
        error = mean.std() / np.sqrt(COUNT)
        assert result.after[o, 0, 0] == pytest.approx(mean.mean(), abs=4 * error + 1e-3), outcome
        if outcome in ("overall", "return"):
            assert abs(result.before[o, 0, 0] - mean.mean()) > 10 * error


def _by_journey(drawn: np.ndarray, fit: Fit) -> np.ndarray:
    """Draws with journeys before items."""
    at = drawn.shape.index(fit.design.n_journeys)
    return np.moveaxis(drawn, at, 1)

"""Scores of single outcomes and of left-out respondents, against dense grids by hand."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest
import xarray as xr
from scipy import stats
from scipy.special import logsumexp

from emotion_models.inference import Fit, loo_panel, quadrature
from emotion_models.inference.loo import journey_log_likelihood
from emotion_models.inference.parts import answered, parts_of
from emotion_models.inference.scores import (
    part_densities,
    respondent_log_likelihood,
    score,
    state,
)
from emotion_models.models.design import Design
from emotion_models.models.forward import own_predictor, remembered
from emotion_models.models.parameters import Parameters
from emotion_models.models.prior_draws import prior_parameters
from emotion_models.models.spec import JourneyModel
from tests.models.builders import book, design

GRID = np.linspace(-5.5, 5.5, 45)
STEP = GRID[1] - GRID[0]
MODEL = JourneyModel(elicitation=False, respondents=True)
BOOK = book(
    recall=None,
    remembered=[{"name": "overall", "scale": "agree"}],
    relationship=[{"name": "trust", "items": [{"name": "trust_1", "scale": "agree"}]}],
    behaviours=[{"name": "return", "family": "bernoulli"}],
    segments=None,
    delay=None,
    levers=[],
)


@dataclass(frozen=True)
class Panel:
    """Six respondents with three journeys each, at a few draws from the prior."""

    design: Design
    known: Parameters
    eta: np.ndarray

    def item(self, s: int, name: str, predictor: np.ndarray, j: int) -> np.ndarray:
        """Log-probability of an ordinal answer by hand."""
        q = self.design.items.ordinal_names.index(name)
        category = int(self.design.items.ordinal[j, q])
        if category < 0:
            return np.zeros(predictor.shape)
        top = int(self.design.items.exists[q].sum())
        kappa = [-np.inf, *self.known.cutpoint[s, q, :top], np.inf]
        latent = self.known.loading[s, q] * predictor
        below, upto = (stats.logistic.cdf(kappa[c] - latent) for c in (category, category + 1))
        return np.log(upto - below)

    def returned(self, predictor: np.ndarray, j: int) -> np.ndarray:
        value = self.design.items.others["binary"].value[j, 0]
        sign = 0.0 if np.isnan(value) else 2 * value - 1
        return np.log(stats.logistic.cdf(sign * predictor)) if sign else np.zeros(predictor.shape)


@pytest.fixture(autouse=True)
def many_nodes(monkeypatch: pytest.MonkeyPatch) -> None:
    """So many that what is left between two routes is not the quadrature."""
    monkeypatch.setattr(quadrature, "PER_DIMENSION", {1: 25, 2: 15})
    monkeypatch.setattr(loo_panel, "INNER", 15)


@pytest.fixture(scope="module")
def panel() -> Panel:
    laid_out = design(MODEL, BOOK, n=18, per_person=3, seed=5)
    known = prior_parameters(MODEL, laid_out, np.random.default_rng(2), 2)
    # Nodes are laid once for all draws, as draws of one posterior resemble each other.
    known = replace(known, person_sd=np.tile([0.7, 0.9, 0.8], (2, 1)))
    eta = own_predictor(laid_out, known, remembered(MODEL, laid_out, known), np.zeros(1))
    return Panel(laid_out, known, eta)


def people(panel: Panel) -> xr.Dataset:
    """Layouts as wide as the prior: nodes need only cover the integrand."""
    rng = np.random.default_rng(8)
    shape = (4000, 3, panel.design.n_respondents)
    sd = panel.known.person_sd.mean(axis=0)[None, :, None]
    return xr.Dataset(
        {
            "person": (("sample", "any_row", "respondent"), 0.8 * sd * rng.normal(size=shape)),
            "bond_residual": (
                ("sample", "journey", "construct"),
                0.8 * rng.normal(size=(4000, 18, 1)),
            ),
        }
    )


def by_hand(panel: Panel, s: int, i: int, outcomes: set[str]) -> np.ndarray:
    """Log-likelihood (effect on trust, effect on return) of each journey of a respondent."""
    sd = panel.known.person_sd[s]
    bond_effect = panel.known.bond_effect[s, 0, 0]
    found = []
    for j in np.flatnonzero(panel.design.respondent == i):
        trust = panel.eta[s, j, 1] + sd[1] * GRID[:, None, None] + GRID[None, None, :]
        again = panel.eta[s, j, 2] + sd[2] * GRID[None, :, None] + bond_effect * trust
        each = np.zeros(np.broadcast_shapes(trust.shape, again.shape))
        if "trust" in outcomes:
            each = each + panel.item(s, "trust_1", trust, int(j))
        if "return" in outcomes:
            each = each + panel.returned(again, int(j))
        found.append(logsumexp(each + stats.norm.logpdf(GRID), axis=-1) + np.log(STEP))
    return np.stack(found)


def over_effects(each: np.ndarray) -> float:
    prior = stats.norm.logpdf(GRID)[:, None] + stats.norm.logpdf(GRID)[None, :]
    return float(logsumexp(each + prior) + 2 * np.log(STEP))


def overall(panel: Panel, s: int, i: int) -> np.ndarray:
    """Log-likelihood (journey, effect) of the one remembered rating."""
    sd = panel.known.person_sd[s, 0]
    own = np.flatnonzero(panel.design.respondent == i)
    return np.stack([panel.item(s, "overall", panel.eta[s, j, 0] + sd * GRID, int(j)) for j in own])


def over_one(each: np.ndarray) -> float:
    return float(logsumexp(each + stats.norm.logpdf(GRID)) + np.log(STEP))


@pytest.mark.parametrize("i", [0, 3])
def test_left_out_respondents_against_a_dense_grid(panel: Panel, i: int) -> None:
    at = state(MODEL, panel.design, panel.known, people(panel))
    found = respondent_log_likelihood(at)
    parts = [part.name for part in parts_of(panel.design)]
    assert parts == ["overall", "trust", "return"]
    single = dict(
        zip(parts, part_densities(at, parts_of(panel.design), by="respondent"), strict=True)
    )
    for s in range(2):
        first = over_one(overall(panel, s, i).sum(axis=0))
        both = over_effects(by_hand(panel, s, i, {"trust", "return"}).sum(axis=0))
        assert found[s, i] == pytest.approx(first + both, abs=0.1)
        assert single["overall"][s, i] == pytest.approx(first, abs=0.03)
        for name in ("trust", "return"):
            exact = over_effects(by_hand(panel, s, i, {name}).sum(axis=0))
            assert single[name][s, i] == pytest.approx(exact, abs=0.05), name


@pytest.mark.parametrize("i", [1, 4])
def test_outcomes_given_the_other_journeys_against_a_dense_grid(panel: Panel, i: int) -> None:
    """p(answer of one outcome | every answer of the respondent's other journeys)."""
    at = state(MODEL, panel.design, panel.known, people(panel))
    parts = parts_of(panel.design)
    names = [part.name for part in parts]
    found = dict(zip(names, part_densities(at, parts, by="journey"), strict=True))
    own = np.flatnonzero(panel.design.respondent == i)
    for s in range(2):
        joint = by_hand(panel, s, i, {"trust", "return"})
        one = overall(panel, s, i)
        for place, j in enumerate(own):
            rest = joint.sum(axis=0) - joint[place]
            for name in ("trust", "return"):
                alone = by_hand(panel, s, i, {name})[place]
                exact = over_effects(rest + alone) - over_effects(rest)
                assert found[name][s, j] == pytest.approx(exact, abs=0.05), name
            without = one.sum(axis=0) - one[place]
            exact = over_one(one.sum(axis=0)) - over_one(without)
            assert found["overall"][s, j] == pytest.approx(exact, abs=0.03)


def test_one_journey_each_is_the_same_by_journey_and_by_respondent(tiny: Fit) -> None:
    known, drawn = tiny.parameters(1000), tiny.draws(1000)[1]
    first, second = (
        score(tiny.model, tiny.design, known, drawn, by=by) for by in ("journey", "respondent")
    )
    assert first.loo.elpd == pytest.approx(second.loo.elpd)
    for left, right in zip(first.parts, second.parts, strict=True):
        assert left.elpd == pytest.approx(right.elpd, nan_ok=True)


def test_an_outcome_alone_is_the_whole_of_a_survey_without_the_others(tiny: Fit) -> None:
    """Hiding every other answer leaves the joint density of the one outcome."""
    known, drawn = tiny.parameters(1000), tiny.draws(1000)[1]
    parts = parts_of(tiny.design)
    densities = part_densities(state(tiny.model, tiny.design, known, drawn), parts, by="journey")
    rng = np.random.default_rng(1)
    shape = drawn["bond_residual"].shape
    wide = drawn.assign(bond_residual=(drawn["bond_residual"].dims, 0.9 * rng.normal(size=shape)))
    for part, density in zip(parts, densities, strict=True):
        items = tiny.design.items
        alone = replace(
            items,
            ordinal=np.where(np.isin(items.ordinal_row, part.rows), items.ordinal, -1),
            others={
                kind: replace(
                    some, value=np.where(np.isin(some.row, part.rows), some.value, np.nan)
                )
                for kind, some in items.others.items()
            },
        )
        hidden = replace(tiny.design, items=alone)
        expected = journey_log_likelihood(tiny.model, hidden, known, wide)
        assert density == pytest.approx(expected, abs=0.06), part.name
        assert density[:, ~answered(tiny.design, part)] == pytest.approx(0, abs=1e-3)

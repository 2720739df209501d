"""The whole chain: one joint draw, exact factorisation, and means that the equations predict."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pymc as pm
import pytest
import xarray as xr

from emotion_models.models.chain import block, generative
from emotion_models.models.design import Design
from emotion_models.models.parameters import parameters
from emotion_models.models.response import respond
from emotion_models.science.equations import elicitation, memory, ordinal
from tests.models.builders import FULL_MODEL, book, design
from tests.models.graphs import MODE, draws, log_density

ANSWERS = ("answer", "binary", "count", "amount")
MODEL = FULL_MODEL.model_copy(update={"recall": False, "respondents": True})
N_DRAWS = 1200


@dataclass(frozen=True)
class World:
    """One study: its model, everything in it at one value, and answers drawn at that value."""

    design: Design
    chain: pm.Model
    value: dict[str, Any]
    answers: dict[str, Any]


@pytest.fixture(scope="module")
def world() -> World:
    laid_out = design(MODEL, book(), per_person=2)
    assert laid_out.ratings.filled == 0
    chain = generative(MODEL, laid_out)
    free = [v.name for v in chain.free_RVs if v.name not in ANSWERS]
    value = dict(zip(free, draws([chain[name] for name in free], 1, seed=3), strict=True))
    # What people answered, not what was drawn, so that blocks and chain see the same ratings.
    value["rating"] = laid_out.ratings.category.swapaxes(1, 2).astype("int64")
    fixed = pm.do(chain, value)
    derived = [v.name for v in chain.deterministics]
    value |= dict(zip(derived, draws([fixed[name] for name in derived], 1), strict=True))
    answers = draws([fixed[name] for name in ANSWERS], N_DRAWS, seed=4)
    return World(laid_out, chain, value, dict(zip(ANSWERS, answers, strict=True)))


def test_one_joint_draw(world: World) -> None:
    chain, ratings = world.chain, world.design.ratings
    rating, answer, binary, count, amount = draws([chain[n] for n in ("rating", *ANSWERS)], 1)
    assert rating.shape == ratings.score.swapaxes(1, 2).shape
    assert (rating >= 0).all()
    assert (rating <= ratings.exists.sum(axis=1)[:, None]).all()
    assert (answer <= world.design.items.exists.sum(axis=1)[:, None]).all()
    assert set(np.unique(binary)) <= {0, 1}
    assert (count >= 0).all()
    assert np.isfinite(amount).all()


def test_another_draw_differs_and_a_seed_repeats(world: World) -> None:
    rating = world.chain["rating"]
    first, again, other = (draws(rating, 1, seed=seed) for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_stages_factorise(world: World) -> None:
    """Given ratings, the chain's density of stages 2 to 4 is the block's, wherever we are."""
    outcomes = block(MODEL, world.design, "outcomes")
    rng = np.random.default_rng(5)
    start = outcomes.initial_point()
    point = {name: value + rng.normal(0, 0.3, value.shape) for name, value in start.items()}
    answers = {name: outcomes[f"{name}_data"].get_value() for name in ANSWERS}
    names = [v.name for v in (*outcomes.free_RVs, *outcomes.observed_RVs)]
    density = world.chain.compile_logp(vars=[world.chain[name] for name in names], mode=MODE)
    everything = world.chain.initial_point() | point | answers
    together = density(everything | {"rating": world.value["rating"]})
    assert together == pytest.approx(log_density(outcomes, point), rel=1e-12)


def test_rating_frequencies(world: World) -> None:
    """Ratings come as often as the equations of stage 1 say, computed by hand in NumPy."""
    value, laid_out = world.value, world.design
    people = {v.name: value[v.name] for v in world.chain.free_RVs if v.name in value}
    people.pop("rating")
    drawn = draws(pm.do(world.chain, people)["rating"], N_DRAWS)
    who = laid_out.respondent
    style, mood = value["style"][who], value["mood"][who]
    loading = value["emotion_loading"]
    person = elicitation.halo(style, mood, laid_out.valence, value["affect"], loading)
    eta = elicitation.felt(value["base"].T, laid_out.exposure.value, _lever_effects(world), person)
    for e, exists in enumerate(laid_out.ratings.exists):
        expected = ordinal.category_probabilities(eta[:, e], value["rating_cutpoint"][e, exists])
        for category in range(expected.shape[-1]):
            share = (drawn[:, :, e] == category).mean(axis=0)
            assert share == pytest.approx(expected[..., category], abs=5 * 0.5 / N_DRAWS**0.5)


def _lever_effects(world: World) -> Any:
    exposure, value = world.design.exposure, world.value
    n_touchpoints, _, n_columns = exposure.value.shape
    effect = np.zeros((n_touchpoints, n_columns, len(world.design.emotions)))
    departures = iter(value["lever_departure"])
    for t, column in exposure.pairs:
        effect[t, column] = value["lever_effect"][column]
        if exposure.several[column]:
            effect[t, column] += next(departures)
    return effect


def test_means_of_answers(world: World) -> None:
    """Replicated answers average to what the equations say at the same parameters."""
    expected, items = _expected(world), world.design.items
    level = {kind: found.value for kind, found in items.others.items()}
    for name, drawn in world.answers.items():
        assert drawn.shape[1:] == (items.ordinal.T if name == "answer" else level[name]).shape
        error = drawn.std(axis=0) / N_DRAWS**0.5 + 2 / N_DRAWS  # an answer that is rare
        assert (np.abs(drawn.mean(axis=0) - expected[name]) < 5 * error).all(), name


def _expected(world: World) -> dict[str, Any]:
    """Mean answer of every journey and item, from the parameters by NumPy alone."""
    value, items, eta = world.value, world.design.items, _predictor(world)
    answer = np.empty(items.ordinal.T.shape)
    for q, (row, exists) in enumerate(zip(items.ordinal_row, items.exists, strict=True)):
        kappa = value["answer_cutpoint"][q, exists]
        answer[q] = ordinal.mean_category(value["item_loading"][q] * eta[:, row], kappa)
    others = items.others
    odds = eta[:, others["binary"].row] + value["intercept"]
    count, amount = others["count"], others["amount"]
    log_mean = eta[:, count.row] + value["count_intercept"] + count.level
    return {
        "answer": answer,
        "binary": 1 / (1 + np.exp(-odds)),
        "count": np.exp(log_mean),
        "amount": eta[:, amount.row] + value["amount_intercept"],
    }


def _predictor(world: World) -> Any:
    """Linear predictors without the intercepts of behaviours, shape (J, R)."""
    value, laid_out = world.value, world.design
    ratings, rows = laid_out.ratings, laid_out.rows
    mean = memory.salient_mean(value["salience"], ratings.score, ratings.answered)
    kept = memory.remembered(value["memory_weight"], (mean, *laid_out.features.values()))
    kept = kept - kept.mean(axis=0)
    eta = laid_out.controls @ value["control_effect"]
    eta += value["person"].T[laid_out.respondent]
    group = laid_out.membership.argmax(axis=1)
    pooled = value["effect_by_segment"]
    eta[:, : pooled.shape[2]] += np.einsum("je,jer->jr", kept, pooled[group])
    single = [r for r, row in enumerate(rows) if not row.pooled]
    eta[:, single] += kept[:, [rows[r].emotion for r in single]] * value["remembered_slope"]
    constructs = [r for r, row in enumerate(rows) if row.stage == "relationship"]
    behaviours = [r for r, row in enumerate(rows) if row.stage == "behaviour"]
    eta[:, constructs] += value["bond_residual"] @ value["bond_correlation"].T
    eta[:, behaviours] += eta[:, constructs] @ value["bond_effect"]
    return eta


def test_response_at_the_observed_journeys(world: World) -> None:
    """What effects and simulation start from is the mean of the model, found another way."""
    items, rows, expected = world.design.items, world.design.rows, _expected(world)
    labelled = {
        name: (("sample", *(f"{name}_{axis}" for axis in range(value.ndim))), value[None])
        for name, value in world.value.items()
    }
    known = parameters(MODEL, world.design, xr.Dataset(labelled))
    people = {name: world.value[name][None] for name in ("person", "bond_residual")}
    response = respond(MODEL, world.design, known, people)
    for index, row in enumerate(rows):
        if row.likelihood == "ordinal":
            mean = expected["answer"][items.ordinal_row == index].mean(axis=0)
        elif row.likelihood == "amount":
            any_at_all = expected["binary"][:, items.others["binary"].row == index - 1]
            log_mean = expected["amount"] + items.others["amount"].centre
            mean = any_at_all * np.exp(log_mean + world.value["amount_sd"] ** 2 / 2)
        elif row.name.endswith(": any"):
            continue
        else:
            mean = expected[row.likelihood][:, items.others[row.likelihood].row == index]
        assert response.mean(row.outcome)[0] == pytest.approx(mean.ravel()), row.name


def test_features_are_in_the_order_of_the_weights(world: World) -> None:
    assert world.chain.coords["feature"] == ("mean", *world.design.features)

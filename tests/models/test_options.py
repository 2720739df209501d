"""Every option of memory and effects: one model in PyMC, on draws, and under change."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import xarray as xr

from emotion_models.inference.likelihood import log_likelihood
from emotion_models.models.chain import block
from emotion_models.models.changes_of_memory import MemoryChange
from emotion_models.models.design import Design, make_design
from emotion_models.models.forward import (
    own_predictor,
    person_part,
    remembered,
    with_relationship,
)
from emotion_models.models.parameters import Parameters, parameters
from emotion_models.models.prior_draws import prior_parameters
from emotion_models.models.response import respond
from emotion_models.models.spec import JourneyModel
from emotion_models.models.symbolic import symbolic_features
from emotion_models.survey import Codebook
from tests.models.builders import FULL_MODEL, book, dataset
from tests.models.graphs import MODE, draws, evaluate

BASE = FULL_MODEL.with_options({"priors": "weak", "recall": False})
OPTIONS: dict[str, dict[str, Any]] = {
    "as usual": {},
    "with trend": {"memory": ("mean", "peak", "end", "first", "trend")},
    "trend alone": {"memory": ("trend",), "salience": False},
    "peak at the moment": {"peak": "moment"},
    "memory by segment": {"memory_by_segment": True},
    "fading": {"fading": True},
    "asymmetric": {"scoring": "asymmetric"},
    "monotonic": {"scoring": "monotonic", "memory": ("mean", "peak", "end", "first", "trend")},
    "by touchpoint": {"by_touchpoint": True},
    "by value": {"moderator": "value"},
    "identities in context": {"segments": True},
    "identities that remember": {"segments": True, "memory_by_segment": True},
    "everything": {
        "memory_by_segment": True,
        "fading": True,
        "scoring": "monotonic",
        "by_touchpoint": True,
        "moderator": "value",
    },
}


IDENTITIES = book(
    segments={"columns": ["is_new", "is_old"], "categories": ["new", "old"], "context": ["age"]}
)


def book_of(name: str) -> Codebook:
    return IDENTITIES if name.startswith("identities") else book()


def study(name: str = "", seed: int = 1) -> xr.Dataset:
    data = dataset(book_of(name), n=14, seed=seed)
    rng = np.random.default_rng(seed)
    value = np.where(rng.random(14) < 0.8, rng.lognormal(5, 1, 14), np.nan)
    data["customer_value"] = ("journey", value)
    if name.startswith("identities"):
        data["membership"][:] = rng.dirichlet([1, 1], 14)
    data["rating"][:3, :, 0] = -1  # journeys that never say how joyful they were
    return data


def laid_out(name: str) -> tuple[JourneyModel, Design]:
    model = BASE.with_options(OPTIONS[name])
    return model, make_design(model, book_of(name), study(name))


def draws_of(model: JourneyModel, design: Design, n_draws: int = 4) -> Parameters:
    return prior_parameters(model, design, np.random.default_rng(2), n_draws)


@pytest.mark.parametrize("name", OPTIONS)
def test_likelihood_on_draws_is_that_of_the_graph(name: str) -> None:
    model, design = laid_out(name)
    chain = block(model, design, "outcomes")
    start, rng = chain.initial_point(), np.random.default_rng(4)
    point = {key: value + rng.normal(0, 0.3, value.shape) for key, value in start.items()}
    answers = chain.compile_logp(vars=chain.observed_RVs, mode=MODE)(point)
    derived = [v.name for v in chain.deterministics] + [v.name for v in chain.free_RVs]
    inputs = {chain.rvs_to_values[rv].name: chain.rvs_to_values[rv] for rv in chain.free_RVs}
    values = evaluate(
        chain.replace_rvs_by_values([chain[n] for n in derived]),
        {symbol: point[key] for key, symbol in inputs.items()},
    )
    labelled = xr.Dataset(
        {
            key: (("sample", *(f"{key}_{axis}" for axis in range(np.ndim(value)))), value[None])
            for key, value in zip(derived, map(np.asarray, values), strict=True)
        }
    )
    known = parameters(model, design, labelled)
    people = {"bond_residual": labelled["bond_residual"].to_numpy()}
    memory = remembered(model, design, known)
    eta = with_relationship(
        known, own_predictor(design, known, memory, person_part(design, known, people))
    )
    rows = range(len(design.rows))
    ours = log_likelihood(design, known, lambda row: eta[:, :, row], rows).sum()
    # Amounts are log amounts in the graph: the intercept carries their centre in both.
    assert ours == pytest.approx(float(answers), rel=1e-9)


@pytest.mark.parametrize("name", OPTIONS)
def test_changed_memory_is_the_memory_of_changed_ratings(name: str) -> None:
    """Paired changes equal remembering the changed journeys anew, at any draw."""
    model, design = laid_out(name)
    known = draws_of(model, design)
    change = MemoryChange.for_design(model, design, known)
    rng = np.random.default_rng(5)
    category = design.ratings.category.copy()
    moved = [(t, e) for t in range(3) for e in range(3) if rng.random() < 0.5]
    scores: dict[int, dict[int, Any]] = {}
    for t, e in moved:
        top = design.ratings.exists[e].sum()
        other = rng.integers(0, top + 1, category.shape[1])
        category[t, :, e] = np.where(category[t, :, e] >= 0, other, -1)
        scores.setdefault(e, {})[t] = change.scoring.of(category[None, t, :, e], t, e)
    data = study(name)
    order = ("touchpoint", "journey", "emotion")
    data["rating"] = (order, category)
    again = make_design(model, book_of(name), data)
    carried = design.ratings.answered * (design.ratings.category < 0)
    assert again.ratings.answered == pytest.approx(design.ratings.answered)
    before, after = (remembered(model, each, known) for each in (design, again))
    difference = after - before
    n_emotions = len(design.emotions)
    if model.by_touchpoint:  # these are centred over journeys, which changes with the ratings
        shift = difference - difference.mean(axis=1, keepdims=True)
        difference[..., n_emotions:] = shift[..., n_emotions:]
    # Journeys that carry averages carry others' changed answers when read anew.
    own = carried.sum(axis=0) == 0
    found = change.after(scores)
    for place in range(difference.shape[-1]):
        emotion = place % n_emotions
        got = np.broadcast_to(found.get(place, 0.0), difference.shape[:2])
        expected = difference[..., place]
        if place >= n_emotions:
            got = got - got.mean(axis=1, keepdims=True)
            if not own[:, emotion].all():
                continue
        keep = own.all(axis=1) if model.peak == "moment" else own[:, emotion]
        assert got[:, keep] == pytest.approx(expected[:, keep], abs=2e-6), (name, place)


@pytest.mark.parametrize("name", OPTIONS)
def test_response_to_a_change_is_the_difference_of_predictors(name: str) -> None:
    model, design = laid_out(name)
    known = draws_of(model, design)
    response = respond(model, design, known, {})
    change = MemoryChange.for_design(model, design, known)
    scores = {0: {1: change.scoring.raised(1, 0)}, 1: {0: change.scoring.raised(0, 1)}}
    felt = change.after(scores)
    memory = remembered(model, design, known)
    for place, moved in felt.items():
        memory[..., place] += moved
    nobody = np.zeros((known.n_draws, design.n_journeys, len(design.rows)))
    after = with_relationship(known, own_predictor(design, known, memory, nobody))
    shifted = response.eta + response.shift(response.total, felt)
    assert shifted.swapaxes(1, 2) == pytest.approx(after, abs=1e-6)


@pytest.mark.parametrize("name", OPTIONS)
def test_symbolic_features_are_the_observed_ones(name: str) -> None:
    import pytensor.tensor as pt

    model = BASE.with_options(OPTIONS[name])
    data = study()
    data["rating"] = dataset(book(), n=14)["rating"]
    design = make_design(model, book(), data)
    assert design.ratings.filled == 0
    rating = pt.as_tensor(design.ratings.category.swapaxes(1, 2).astype("int64"))
    found = symbolic_features(model, design, rating)
    expected = {"score": design.scores, **design.features}
    values = evaluate([found[key] for key in expected])
    for (key, value), got in zip(expected.items(), values, strict=True):
        assert got == pytest.approx(value), key


@pytest.mark.parametrize("name", OPTIONS)
def test_draws_in_parts_are_the_draws(name: str) -> None:
    model, design = laid_out(name)
    known = draws_of(model, design)
    parts = [remembered(model, design, known.at(slice(k, k + 2))) for k in (0, 2)]
    assert np.concatenate(parts) == pytest.approx(remembered(model, design, known))


def test_equal_steps_are_linear_scores() -> None:
    free = BASE.with_options({"scoring": "monotonic"})
    data = study()
    data["rating"] = dataset(book(), n=14)["rating"]  # nobody carries others' averages
    design, above = (make_design(model, book(), data) for model in (BASE, free))
    known = draws_of(BASE, design)
    same = remembered(free, above, known)
    assert same == pytest.approx(remembered(BASE, design, known))


def test_the_trend_is_the_mean_and_a_sixth_of_the_rise() -> None:
    """The closed form that the equation promises, by least squares."""
    from emotion_models.science.equations.memory import moments

    score = np.random.default_rng(3).random((5, 4, 1))
    position = np.repeat(np.arange(5)[:, None], 4, axis=1)
    trend = moments(score, np.ones(score.shape, dtype=bool), position)["trend"]
    slope = np.polyfit(np.arange(5), score[:, :, 0], 1)[0]
    assert trend[:, 0] == pytest.approx(score[:, :, 0].mean(axis=0) + 4 * slope / 6)


def test_one_moment_is_all_its_features() -> None:
    from emotion_models.science.equations.memory import moments

    score = np.random.default_rng(3).random((3, 6, 2))
    position = np.where(np.arange(3)[:, None] == 1, 0, -1) * np.ones((1, 6), dtype=int)
    answered = (position >= 0)[:, :, None] & np.ones(score.shape, dtype=bool)
    for feature in moments(score, answered, position).values():
        assert np.array_equal(feature, score[1])


def test_peak_at_the_moment_of_greatest_intensity() -> None:
    design = laid_out("peak at the moment")[1]
    ratings = design.ratings
    for j in range(design.n_journeys):
        told = [t for t in range(3) if ratings.answered[t, j].any()]
        level = {
            t: sum(ratings.score[t, j] * ratings.answered[t, j]) / ratings.answered[t, j].sum()
            for t in told
        }
        moment = max(told, key=lambda t: (level[t], -t))
        for e in range(3):
            answers = [t for t in told if ratings.answered[t, j, e]]
            expected = max(ratings.score[t, j, e] for t in answers)
            if ratings.answered[moment, j, e]:
                expected = ratings.score[moment, j, e]
            assert design.features["peak"][j, e] == pytest.approx(expected)


def test_prior_draws_have_the_spread_of_the_graph() -> None:
    """Both routes to the prior agree about the options' own parameters."""
    model, design = laid_out("everything")
    chain = block(model, design, "outcomes")
    ours = prior_parameters(model, design, np.random.default_rng(6), 4000)
    names = ("rating_step", "fading", "memory_weight_by_segment")
    step, rate, weight = draws([chain[name] for name in names], 2000, seed=2)
    tone = (design.valence < 0).astype(int)
    for mine, theirs in (
        (ours.step, step),
        (ours.fading, rate[:, tone]),
        (ours.memory_weight, weight),
    ):
        assert mine.mean(axis=0) == pytest.approx(theirs.mean(axis=0), abs=0.03)
        assert mine.std(axis=0) == pytest.approx(theirs.std(axis=0), abs=0.03)

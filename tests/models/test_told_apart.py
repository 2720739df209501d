"""What a person adds to ratings is in the model as far as the ratings can show it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pymc as pm
import pytest

from emotion_models.models import priors
from emotion_models.models.chain import coords
from emotion_models.models.design import Design, make_design
from emotion_models.models.elicitation import add_elicitation
from emotion_models.models.information import INFORMATION, information, resolution
from emotion_models.models.memory import _salience
from emotion_models.models.prior_draws import prior_parameters
from emotion_models.models.prior_ratings import rating_predictor
from emotion_models.models.spec import JourneyModel
from emotion_models.models.told_apart import _features as told_features
from emotion_models.models.told_apart import memory_told_apart, salient, told_apart
from emotion_models.science.equations.memory import placed
from tests.models.builders import book, dataset, feelings, places
from tests.models.graphs import draws

MODEL = JourneyModel(outcomes=False)
TERMS = {"style", "mood", "affect"}
ALL = {*TERMS, "loadings"}
SCALE = {"style": "style_sd", "mood": "mood_sd", "affect": "affect_loading"}
SCALE |= {"loadings": "loading_spread"}
CASES = [  # touchpoints, emotions, journeys of each person, what can be told apart
    (3, 3, 1, ALL),
    (3, 2, 1, TERMS),
    (1, 3, 1, {"style", "affect", "loadings"}),
    (1, 3, 2, ALL),
    (3, 1, 1, {"style"}),
    (1, 1, 2, {"style"}),
    (1, 1, 1, set()),
]


def design_of(n_places: int, n_emotions: int, per_person: int) -> Design:
    codebook = book(
        touchpoints=places(n_places),
        emotions=feelings(*("joy", "anger", "relief")[:n_emotions]),
        levers=[{"name": "wait", "kind": "numeric", "at": ["t0"], "minimum": 0, "maximum": 60}],
        remembered=[{"name": "overall", "scale": "agree"}],
        recall=None,
    )
    data = dataset(codebook, n=24, per_person=per_person)
    # Everything rated: gaps are another matter, below.
    shape = data["rating"].shape
    filled = np.random.default_rng(1).integers(0, 4, shape).astype(np.int8)
    data["rating"] = (data["rating"].dims, filled)
    return make_design(MODEL, codebook, data)


@pytest.mark.parametrize(("n_places", "n_emotions", "per_person", "expected"), CASES)
def test_terms_of_a_person(
    n_places: int, n_emotions: int, per_person: int, expected: set[str]
) -> None:
    design = design_of(n_places, n_emotions, per_person)
    assert told_apart(design) == expected
    with pm.Model(coords=coords(MODEL, design)) as graph:
        priors.use(MODEL.prior_table)
        add_elicitation(design, None)
    assert {term for term, sd in SCALE.items() if sd in graph.named_vars} == expected
    assert {"style", "affect"} <= set(graph.named_vars)  # 0 where they cannot be told apart


@pytest.mark.parametrize(("n_places", "n_emotions", "per_person", "expected"), CASES)
def test_prior_draws_hold_the_same_terms(
    n_places: int, n_emotions: int, per_person: int, expected: set[str]
) -> None:
    """Without them journeys at the same levers are predicted alike."""
    design = design_of(n_places, n_emotions, per_person)
    object.__setattr__(design.exposure, "value", np.zeros_like(design.exposure.value))
    rng = np.random.default_rng(2)
    eta = rating_predictor(MODEL, design, rng, 50, np.arange(design.n_journeys))
    assert (np.ptp(eta, axis=-1).max() > 0) == bool(expected)


def test_a_second_emotion_that_nobody_rates_tells_nothing() -> None:
    design = design_of(3, 2, 1)
    category: Any = design.ratings.category
    category[:, :, 1] = -1
    assert told_apart(design) == {"style", "mood"}


def test_answers_on_the_predictors_own_scale_tell_more() -> None:
    """A number that follows the emotions closely is known to be told well."""
    behaviours = [
        {"name": "return", "family": "bernoulli"},
        {"name": "minutes", "family": "number"},
    ]
    codebook = book(behaviours=behaviours)
    data = dataset(codebook, n=60)
    free = make_design(JourneyModel(), codebook, data)
    named = {row.name: index for index, row in enumerate(free.rows)}
    joy = np.where(data["rating"].to_numpy()[..., 0] >= 0, data["rating"].to_numpy()[..., 0], 0)
    value = data["behaviour_value"].to_numpy().copy()
    value[:, 1] = 10 * free.ratings.score[:, :, 0].mean(axis=0) + 0.001 * joy[:, 0]
    follows = make_design(
        JourneyModel(), codebook, data.assign(behaviour_value=(data["behaviour_value"].dims, value))
    )
    told = information(follows)
    assert told[named["return"]] == INFORMATION
    assert told[named["minutes"]] > information(free)[named["minutes"]] > INFORMATION
    error = resolution(follows)
    assert error[named["minutes"]] < resolution(free)[named["minutes"]] < error[named["return"]]


def fixed_order(n_places: int, n_emotions: int, *, order: str = "same") -> Design:
    """Everybody rates everything, in one order or in any."""
    design = design_of(n_places, n_emotions, 1)
    rng, shape = np.random.default_rng(3), design.ratings.position.shape
    places_in_order = np.broadcast_to(np.arange(shape[0])[:, None], shape)
    position: Any = design.ratings.position
    position[:] = rng.permuted(places_in_order, axis=0) if order == "any" else places_in_order
    return design


EVERY = ("mean", "peak", "end", "first", "trend")
USUAL = EVERY[:4]


@pytest.mark.parametrize(
    ("n_places", "wanted", "kept", "salience"),
    [
        (1, USUAL, ("mean",), False),
        (2, USUAL, ("mean", "peak", "end"), False),  # the mean is that of first and end
        (2, ("mean", "peak"), ("mean", "peak"), True),
        (3, USUAL, USUAL, False),  # one touchpoint between first and end: the mean's own
        (4, USUAL, USUAL, True),
        (3, EVERY, USUAL, False),  # a trend of three is made of first, end and mean
    ],
)
def test_memory_in_one_order(
    n_places: int, wanted: tuple[Any, ...], kept: tuple[str, ...], salience: bool
) -> None:
    design = fixed_order(n_places, 3)
    assert memory_told_apart(design.ratings, wanted) == (kept, salience)


def test_ends_of_one_order_have_no_salience_of_their_own() -> None:
    same, mixed = fixed_order(4, 3), fixed_order(4, 3, order="any")
    assert salient(same.ratings, USUAL).tolist() == [False, True, True, False]
    assert salient(same.ratings, ("mean", "peak", "end")).tolist() == [True, True, True, False]
    assert salient(same.ratings, ("mean", "peak")).all()
    assert salient(mixed.ratings, USUAL).all()
    assert not salient(mixed.ratings, ("peak", "end")).any()


@pytest.mark.parametrize(("free", "missing"), [(slice(1, 3), 1), (slice(0, 4), 3)])
def test_rank_is_that_of_the_derivatives_of_what_is_remembered(free: slice, missing: int) -> None:
    """By brute force, in all weights and free shares; one direction is the shares' sum."""
    design = fixed_order(4, 3)
    rng, found = np.random.default_rng(5), told_features(design.ratings)
    share = placed(design.ratings.score, design.ratings.answered).reshape(24, 4, 3)
    weight, salience = rng.uniform(0.5, 1.5, (3, 4)), rng.dirichlet(np.full(4, 9.0))

    def remembered(point: Any) -> Any:
        weight, shares = point[:12].reshape(3, 4), salience.copy()
        shares[free] = point[12:]
        mean = np.einsum("t,jte->je", 4 * shares / shares.sum(), share)
        rest = sum(weight[:, k] * found[name] for k, name in enumerate(USUAL) if k)
        return (weight[:, 0] * mean + rest).sum(axis=1)

    point = np.concatenate([weight.ravel(), salience[free]])
    steps = 1e-5 * np.eye(point.size)
    slope = np.array([remembered(point + h) - remembered(point - h) for h in steps])
    slope -= slope.mean(axis=1, keepdims=True)
    values = np.linalg.svd(slope / np.linalg.norm(slope, axis=1, keepdims=True))[1]
    assert (values < 1e-6).sum() == missing


def test_salience_between_first_and_last_has_the_prior_of_all() -> None:
    """In the graph and in prior draws: a Dirichlet over those between, the ends at equal shares."""
    design = fixed_order(5, 3)
    model = JourneyModel(elicitation=False)
    object.__setattr__(design, "salient", salient(design.ratings, model.memory))
    with pm.Model(coords=coords(model, design)) as graph:
        priors.use(model.prior_table)
        found = draws(_salience(design), 200)
    assert "salience_between" in {variable.name for variable in graph.free_RVs}
    drawn = prior_parameters(model, design, np.random.default_rng(1), 200).salience
    for each in (found, drawn):
        assert each[:, [0, 4]] == pytest.approx(0.2)
        assert each.sum(axis=1) == pytest.approx(1)
        assert each[:, 1:4].std() == pytest.approx(0.6 * np.sqrt(2 / 9 / 13), rel=0.15)

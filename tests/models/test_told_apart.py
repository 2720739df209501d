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
from emotion_models.models.prior_ratings import rating_predictor
from emotion_models.models.spec import JourneyModel
from emotion_models.models.told_apart import told_apart
from tests.models.builders import book, dataset, feelings, places

MODEL = JourneyModel(outcomes=False)
ALL = {"style", "mood", "affect"}
SCALE = {"style": "style_sd", "mood": "mood_sd", "affect": "affect_loading"}
CASES = [  # touchpoints, emotions, journeys of each person, what can be told apart
    (3, 3, 1, ALL),
    (1, 3, 1, {"style", "affect"}),
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

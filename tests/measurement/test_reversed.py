"""A reversed item is its turned copy: the same data, the same posterior."""

from __future__ import annotations

import numpy as np
import pytest

import emotion_models as em
from emotion_models.models.chain import block
from emotion_models.models.design import Design, make_design
from emotion_models.models.spec import JourneyModel
from emotion_models.science.equations import ordinal
from tests.data.make_tiny_fit import CODEBOOK, stays
from tests.models.graphs import MODE

ITEM = 'name = "trust_2"\nscale = "agree"'


def read(codebook: str, *, turned: bool) -> tuple[JourneyModel, Design]:
    table = stays()
    if turned:
        table["trust_2"] = 6 - table["trust_2"]
    survey = em.read_survey(table, codebook=em.Codebook.from_toml(codebook))
    model = JourneyModel.for_survey(survey)
    return model, make_design(model, survey.codebook, survey.data)


@pytest.fixture(scope="module")
def plain() -> tuple[JourneyModel, Design]:
    return read(CODEBOOK, turned=False)


def test_same_posterior(plain: tuple[JourneyModel, Design]) -> None:
    """People who tick 1 for 5 on a reversed question have the same log-density everywhere."""
    assert ITEM in CODEBOOK
    model, laid_out = plain
    _, reversed_ = read(CODEBOOK.replace(ITEM, f"{ITEM}\nreversed = true"), turned=True)
    _, forgotten = read(CODEBOOK, turned=True)
    models = [block(model, each, "outcomes") for each in (laid_out, reversed_, forgotten)]
    rng = np.random.default_rng(1)
    start = models[0].initial_point()
    point = {name: value + rng.normal(0, 0.3, value.shape) for name, value in start.items()}
    density = [float(each.compile_logp(mode=MODE)(point)) for each in models]
    assert density[0] == density[1]
    assert abs(density[0] - density[2]) > 0.1  # the flag is what makes them equal


def test_a_negative_loading_is_a_turned_item() -> None:
    """The likelihood alone cannot tell them apart: hence the anchor and the codebook's flag."""
    rng = np.random.default_rng(2)
    eta, kappa = rng.normal(size=(50, 1)), np.array([[-1.0, 0.2, 1.7]])
    answer, exists = rng.integers(0, 4, (50, 1)), np.ones((1, 3), dtype=bool)
    straight = ordinal.log_probability(answer, 1.3 * eta, kappa, exists)
    turned = ordinal.log_probability(3 - answer, -1.3 * eta, -kappa[:, ::-1], exists)
    assert turned == pytest.approx(straight)

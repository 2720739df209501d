"""Memory's pull in products of weights and effects: the same density as of both apart."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from emotion_models.models import outcomes
from emotion_models.models.chain import block
from emotion_models.models.memory import plain
from emotion_models.models.spec import JourneyModel
from tests.models.builders import book, design
from tests.models.graphs import evaluate, log_density


@pytest.mark.parametrize(
    "option",
    [{"memory": ("mean",)}, {}, {"segments": True}, {"segments": True, "moderator": "value"}],
)
def test_products_give_the_same_density(
    monkeypatch: pytest.MonkeyPatch, option: dict[str, Any]
) -> None:
    codebook = book()
    model = JourneyModel(**option)
    studied = design(model, codebook, n=30)
    assert plain(model)
    by_products = block(model, studied, "outcomes", marginal=True)
    monkeypatch.setattr(outcomes, "plain", lambda *_: False)
    apart = block(model, studied, "outcomes", marginal=True)
    assert "pull_z" in by_products.named_vars
    assert "pull_z" not in apart.named_vars
    rng = np.random.default_rng(1)
    for _ in range(3):
        initial = apart.initial_point()
        point = {name: each + rng.normal(0, 0.3, each.shape) for name, each in initial.items()}
        found = log_density(by_products, point)
        assert found == pytest.approx(log_density(apart, point), rel=1e-12)
        for name in ("memory_centre", "memory_weight"):
            if name in apart.named_vars:
                values = []
                for each in (apart, by_products):
                    named, inputs = each.replace_rvs_by_values([each[name]]), each.value_vars
                    given = {value: point[value.name] for value in inputs}
                    values.append(evaluate(named[0], given))
                np.testing.assert_allclose(*values, atol=1e-12)


@pytest.mark.parametrize(
    "option",
    [{"by_touchpoint": True}, {"scoring": "monotonic"}, {"fading": True}],
)
def test_memory_that_varies_is_not_plain(option: dict[str, Any]) -> None:
    assert not plain(JourneyModel(**option))

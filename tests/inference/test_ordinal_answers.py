"""One pass over the answers gives what the equation gives; some journeys tell what all tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emotion_models.inference import checking
from emotion_models.inference.ordinal_answers import add_log_probability
from emotion_models.science.equations.ordinal import item_log_probability

if TYPE_CHECKING:
    from emotion_models.inference import Fit


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    cutpoints=st.integers(1, 10),
    spread=st.sampled_from([0.1, 3.0, 50.0]),
)
def test_one_pass_is_the_equation(seed: int, cutpoints: int, spread: float) -> None:
    rng = np.random.default_rng(seed)
    kappa = np.sort(rng.normal(0, min(spread, 20), size=(5, cutpoints)), axis=1)
    kappa += 1e-3 * np.arange(cutpoints)
    answer, eta = rng.integers(-1, cutpoints + 1, 30), rng.normal(0, spread, size=(5, 30))
    before = rng.normal(size=(5, 30))
    total = before.copy()
    add_log_probability(total, answer, eta, kappa)
    expected = before + item_log_probability(answer, eta, kappa[:, None, :])
    np.testing.assert_allclose(total, expected, rtol=1e-12, atol=1e-12)


def test_a_predictor_that_all_journeys_share() -> None:
    total, kappa = np.zeros((2, 3)), np.array([[-1.0, 1.0], [0.0, 2.0]])
    add_log_probability(total, np.array([0, 2, -1]), np.zeros((2, 1)), kappa)
    expected = item_log_probability(np.array([0, 2, -1]), np.zeros((2, 3)), kappa[:, None, :])
    np.testing.assert_allclose(total, expected, rtol=1e-14)


def test_a_check_of_some_journeys_is_that_of_all_at_these(
    tiny: Fit, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, some = checking.outcome_loo(tiny), checking.outcome_loo(tiny, 7)
    which = np.linspace(0, 39, 7).round().astype(int)
    # Nodes lie where the residuals of the journeys at hand do: the same integral, other nodes.
    np.testing.assert_allclose(some.elpd, whole.elpd[which], atol=0.02)
    monkeypatch.setattr(checking, "JOURNEYS", 7)
    found = {check.name: check for check in checking.check(tiny).checks}
    assert found["Pareto k: outcomes"].about.startswith("largest of 7 journeys")

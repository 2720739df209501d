"""Survey weights in the likelihood: exponents scaled to Kish's effective size."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from emotion_models.models.chain import block
from emotion_models.models.spec import JourneyModel
from emotion_models.models.variables import stages
from emotion_models.science.equations.weights import kish_scaled, kish_size
from tests.models.builders import FULL_MODEL, book, design
from tests.models.graphs import log_density


def test_kish() -> None:
    """By hand: (1 + 3)^2 / (1 + 9) = 1.6, shared 1 to 3; equal weights are all 1."""
    assert kish_size(np.array([1.0, 3.0])) == pytest.approx(1.6)
    assert kish_scaled(np.array([1.0, 3.0])) == pytest.approx([0.4, 1.2])
    assert kish_scaled(np.full(5, 7.0)) == pytest.approx(np.ones(5))


@pytest.mark.parametrize("vivid", [False, True])
def test_whole_weights_repeat_journeys(*, vivid: bool) -> None:
    """Every stage counts a journey of weight 2 twice, one of weight 0 not at all."""
    codebook = book(**({"recall": {"scale": "felt"}} if vivid else {}))
    weight = np.array([2.0, 0.0, *np.ones(10)])
    scale = weight.sum() / (weight**2).sum()
    laid_out = replace(design(FULL_MODEL, codebook), weight=weight)
    # How vivid is said to be remembered is a matter of recall alone.
    for stage in ["recall"] if vivid else stages(FULL_MODEL):
        once = _observed(FULL_MODEL, laid_out, stage)
        weighted = _observed(FULL_MODEL.with_options({"weighted": True}), laid_out, stage)
        alone = [
            _observed(FULL_MODEL.with_options({"weighted": True}), _only(laid_out, j), stage)
            for j in range(2)
        ]
        assert weighted == pytest.approx(scale * (once + alone[0] - alone[1]), rel=1e-9), stage


def _observed(model: JourneyModel, laid_out: object, stage: str) -> float:
    built = block(model, laid_out, stage)  # type: ignore[arg-type]
    rng = np.random.default_rng(1)
    start = built.initial_point()
    point = {name: value + rng.normal(0, 0.3, np.shape(value)) for name, value in start.items()}
    return log_density(built, point, built.observed_RVs)


def _only(laid_out: object, journey: int) -> object:
    """All weight on one journey: its log-likelihood, with an effective size of one."""
    weight = np.zeros(laid_out.n_journeys)  # type: ignore[attr-defined]
    weight[journey] = 1.0
    return replace(laid_out, weight=weight)  # type: ignore[type-var]

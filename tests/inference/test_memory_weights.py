"""Memory weights of a fit: as drawn, or averaged over the segments that have their own."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from emotion_models.inference import Fit


def test_means_are_those_of_the_draws(tiny: Fit) -> None:
    table = tiny.memory_weights()
    drawn = tiny.posterior["posterior"]["memory_weight"].mean(("chain", "draw"))
    assert table["mean"].to_numpy() == pytest.approx(drawn.to_numpy().ravel(), rel=1e-6)


def test_weights_by_segment_are_averaged(tiny: Fit) -> None:
    posterior = tiny.posterior.copy()
    draws = posterior["posterior"].to_dataset()
    weight = draws["memory_weight"].transpose("chain", "draw", "emotion", "feature").to_numpy()
    both = np.stack([weight, np.full_like(weight, 0.25)], axis=2)
    draws["memory_weight_by_segment"] = ("chain", "draw", "segment", "emotion", "feature"), both
    posterior["posterior"].dataset = draws
    model = tiny.model.with_options({"memory_by_segment": True})
    table = replace(tiny, model=model, posterior=posterior).memory_weights()
    business = (
        tiny.design.weight[tiny.design.membership[:, 0] == 1].sum() / tiny.design.weight.sum()
    )
    expected = business * weight.mean(axis=(0, 1)) + (1 - business) * 0.25
    assert table["mean"].to_numpy() == pytest.approx(expected.ravel(), rel=1e-5)

"""Priors drawn by NumPy are the priors of the PyMC model."""

from __future__ import annotations

from typing import Any

import numpy as np
import pymc as pm
import pytest

from emotion_models.models.chain import block
from emotion_models.models.prior_draws import correlation_factors, prior_parameters
from tests.models.builders import FULL_MODEL, book, design
from tests.models.graphs import draws

CHOICES = {"elicitation": False, "recall": False, "respondents": True, "invariance": "segment"}
MODEL = FULL_MODEL.with_options(CHOICES)
N_DRAWS = 2000
SAME = {
    "salience": "salience",
    "memory_weight": "memory_weight",
    "effect": "effect_by_segment",
    "control_effect": "control_effect",
    "bond_effect": "bond_effect",
    "loading": "item_loading",
    "cutpoint": "answer_cutpoint",
    "person_sd": "person_sd",
    "group_shift": "item_shift",
    "bond_factor": "bond_correlation",
}


@pytest.fixture(scope="module")
def both() -> tuple[Any, dict[str, Any]]:
    laid_out = design(MODEL, book(), per_person=2)
    ours = prior_parameters(MODEL, laid_out, np.random.default_rng(1), N_DRAWS)
    built = block(MODEL, laid_out, "outcomes")
    names = list(SAME.values())
    theirs = draws([built[name] for name in names], N_DRAWS, seed=2)
    exists = laid_out.items.exists
    found = dict(zip(names, theirs, strict=True))
    found["answer_cutpoint"] = np.where(exists, found["answer_cutpoint"], 0.0)
    return ours, found


@pytest.mark.parametrize("name", SAME)
def test_same_means_and_spreads(both: tuple[Any, dict[str, Any]], name: str) -> None:
    ours, theirs = getattr(both[0], name), both[1][SAME[name]]
    ours = ours[:, 0] if name == "memory_weight" else ours  # the same in all segments
    ours = ours[..., : theirs.shape[-1]]  # effects of remembered emotions stand apart in PyMC
    assert ours.shape == theirs.shape
    spread = theirs.std(axis=0)
    assert np.abs(ours.mean(axis=0) - theirs.mean(axis=0)) == pytest.approx(
        np.zeros(spread.shape), abs=float(6 * spread.max() / N_DRAWS**0.5) + 1e-9
    )
    assert ours.std(axis=0) == pytest.approx(spread, rel=0.15, abs=1e-9)


def test_correlations_of_three_constructs() -> None:
    ours = correlation_factors(np.random.default_rng(3), N_DRAWS, 3, shape=2)
    ours = ours @ np.swapaxes(ours, 1, 2)
    theirs = draws(pm.LKJCorr.dist(n=3, eta=2), N_DRAWS)
    theirs = theirs @ np.swapaxes(theirs, 1, 2)
    assert np.abs(ours.mean(axis=0) - theirs.mean(axis=0)).max() < 0.06
    assert np.abs(ours.std(axis=0) - theirs.std(axis=0)).max() < 0.03

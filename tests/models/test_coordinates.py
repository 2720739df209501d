"""Coordinates in which a sampler mixes: none of them changes the model."""

from __future__ import annotations

from typing import Any

import numpy as np
import pymc as pm
import pytest

from emotion_models.models.chain import block
from emotion_models.models.elicitation import _by_place
from emotion_models.models.priors import add_pooling
from emotion_models.models.spec import JourneyModel
from tests.models.builders import FULL, FULL_MODEL, book, design
from tests.models.graphs import draws

MANY = 4000
SOME = 400
"""Draws of a whole model."""


def near(n: int) -> float:
    """Four and a half standard errors of a mean or a correlation of standard normal draws."""
    return 4.5 / float(np.sqrt(n))


def standard(value: Any) -> None:
    """Hold draws (S, ...) to be standard normal, each of them."""
    flat = np.reshape(value, (len(value), -1))
    assert np.abs(flat.mean(axis=0)).max() < near(len(flat))
    assert np.abs((flat**2).mean(axis=0) - 1).max() < np.sqrt(2) * near(len(flat))


@pytest.mark.parametrize("resolution", [0.01, 0.3, 10.0])
def test_pooled_departures_have_their_scale(resolution: float) -> None:
    with pm.Model():
        scale, stretch = add_pooling("specificity", resolution)
        z = pm.Normal("z", 0, stretch, shape=2)
        size = pm.modelcontext(None)["specificity"]
    found, own = draws([scale * z, size], MANY)
    standard(found / own[:, None])


@pytest.mark.parametrize("resolution", [0.01, 0.3, 10.0])
def test_effects_at_places_depart_by_the_variation_from_what_they_share(resolution: float) -> None:
    with pm.Model(coords={"lever_place": range(3), "emotion": range(2)}):
        shared = pm.Normal("shared", 1.0, 2.0, shape=2)
        departure = _by_place(0.3, resolution, shared)
    found, mean = draws([departure, shared], MANY)
    standard(found / 0.3)
    for e in range(2):
        own = np.corrcoef(mean[:, e], found[:, :, e].T)[0, 1:]
        assert np.abs(own).max() < near(MANY)


@pytest.mark.parametrize("several", [True, False])
def test_residuals_of_constructs_are_standard_whatever_is_expected(several: bool) -> None:
    """Of one construct or correlated ones; around what answers leave to them."""
    constructs = FULL["relationship"] if several else FULL["relationship"][:1]
    codebook = book(relationship=constructs)
    model: JourneyModel = FULL_MODEL.model_copy(update={"by_touchpoint": False})
    built = block(model, design(model, codebook, n=3), "outcomes")
    found, control = draws([built["bond_residual"], built["control_effect"]], SOME)
    standard(found)
    assert np.abs(np.corrcoef(found[:, :, 0].T, control[:, 0, 1])[:-1, -1]).max() < near(SOME)

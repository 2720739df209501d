"""Quantities of a whole fit whose intervals are checked, as functions of the fit."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from fitted import draws_first

import emotion_models as em
from emotion_models.inference import Fit
from emotion_models.inference.latent_effects import latent_effects
from emotion_models.measurement.estimate import from_model

DRAWS: Final = 400
TOTAL: Final = 0
"""Place of the total among the paths of an effect."""


def reliability(fit: Fit) -> dict[str, Any]:
    """What `em.measure` says of constructs by the model."""
    found = from_model(fit.model, fit.design, fit.parameters(DRAWS))
    loading = found["loading"].to_numpy()
    return {
        # Remembered ratings have no loading.
        "standardised loading": loading[:, np.isfinite(loading).all(axis=0)],
        "omega": found["omega_latent"].to_numpy(),
        "omega of the ticks": found["omega_ticked"].to_numpy(),
        "AVE": found["ave"].to_numpy(),
        "correlation of constructs": found["correlation"].to_numpy(),
    }


def effects_of_points(fit: Fit) -> dict[str, Any]:
    """What one more point does: everywhere, at a touchpoint, and along each path."""
    values = em.effects(fit, by="touchpoint").values[..., 0, :]
    return {
        "total effect": draws_first(values[:, TOTAL, :, 0]),
        "effect at a touchpoint": draws_first(values[:, TOTAL, :, 1:]),
        "effect along a path": draws_first(values[:, TOTAL + 1 :, :, 0]),
    }


def shares(fit: Fit) -> dict[str, Any]:
    """How much memory explains, and the emotions' and touchpoints' shares in it."""
    found = em.importance(fit)
    memory = found.values.sum(axis=1)
    places = em.importance(fit, of="touchpoint").values
    return {
        "R2 of memory": draws_first(memory),
        "share of positivity": draws_first(found.positivity),
        "share of an emotion": draws_first(found.values / memory[:, None]),
        "share of a touchpoint": draws_first(places / places.sum(axis=1, keepdims=True)),
    }


def latent(fit: Fit) -> dict[str, Any]:
    """Effects against what is unexplained: what a robustness bound is computed from."""
    return {"partial f": latent_effects(fit, DRAWS).f}


def by_identity(fit: Fit) -> dict[str, Any]:
    """What one more point would do if one identity alone were salient."""
    values = em.effects(fit, by="identity").values
    return {"effect of an identity": draws_first(values[:, TOTAL, :, 0, 1:])}


def by_value(fit: Fit) -> dict[str, Any]:
    """What one more point does within thirds of customer value, and to the average value."""
    thirds = em.effects(fit, by="value").values[:, TOTAL, :, 0, 1:]
    valued = em.effects(fit, weight="value").values[:, TOTAL, :, 0, 0]
    return {
        "effect in a third of value": draws_first(thirds),
        "effect weighted by value": draws_first(valued),
    }

"""Groups that use single items differently, as a part of the PyMC model and on its draws."""

from __future__ import annotations

from typing import Any

import pymc as pm
import pytensor.tensor as pt

from emotion_models.models import priors
from emotion_models.models.design import Design
from emotion_models.models.groups import construct_columns, item_basis
from emotion_models.models.information import INFORMATION
from emotion_models.science.equations import measurement as equation


def add_invariance(design: Design, eta: Any, loading: Any) -> Any:
    """Add threshold shifts and loadings by group to the model in context.

    Parameters
    ----------
    design : Design
        With groups.
    eta : tensor, shape (J, Q)
        The construct behind each item.
    loading : tensor, shape (Q,)

    Returns
    -------
    tensor, shape (J, Q)
        Predictors of the items.
    """
    groups, items = design.answering, design.items
    known = (INFORMATION * design.n_journeys / len(groups.labels)) ** -0.5
    spread = priors.add("construct_spread", dims=("shared_construct", "answer_group")).T
    shift = pm.Deterministic(
        "item_shift", _departures(design, "shift", known), dims=("answer_group", "item")
    )
    stretch = pm.Deterministic(
        "item_stretch", _departures(design, "stretch", known), dims=("answer_group", "item")
    )
    own = equation.loading_by_group(loading, spread @ construct_columns(items).T, stretch, pt)
    return equation.shifted(eta, groups.membership @ own, groups.membership @ shift)


def _departures(design: Design, what: str, resolution: float) -> Any:
    """Pooled departures (G, Q) that sum to zero over groups and over a construct's items."""
    over_items, over_groups = item_basis(design.items), design.answering.basis
    scale, stretch = priors.add_pooling(f"item_{what}_sd", resolution)
    size = (over_groups.shape[1], over_items.shape[1])
    z = pm.Normal(f"{what}_departure_z", 0, stretch, shape=size)
    return scale * (over_groups @ z @ over_items.T)

"""Cutpoints of ordinal answers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pymc as pm
import pytensor.tensor as pt

from emotion_models.models import priors
from emotion_models.science.equations.ordinal import cutpoints


def add_cutpoints(name: str, exists: Any, item: str) -> Any:
    """Add cutpoints with an induced Dirichlet prior, one distribution per scale length.

    Parameters
    ----------
    name : str
        The probabilities are called ``{name}_probability:{categories}``.
    exists : bool array, shape (Q, C)
    item : str
        Dimension of the items.

    Returns
    -------
    TensorVariable, shape (Q, C)
        Saved as ``{name}_cutpoint``.
    """
    model = pm.modelcontext(None)
    lengths = exists.sum(axis=1) + 1
    names = np.asarray(model.coords[item])
    blocks, order = [], []
    for length in np.unique(lengths):
        members = np.flatnonzero(lengths == length)
        item_dim, category_dim = f"{item}:{length}", f"category:{length}"
        model.add_coords({item_dim: names[members], category_dim: np.arange(length)})
        probability = priors.add(
            f"{name}_probability:{length}",
            dims=(item_dim, category_dim),
            key="rating_probability" if name == "rating" else "answer_probability",
        )
        kappa = cutpoints(probability, pt)
        padding = exists.shape[1] - (length - 1)
        blocks.append(pt.concatenate([kappa] + [kappa[:, -1:]] * padding, axis=1))
        order.append(members)
    stacked = pt.concatenate(blocks, axis=0)[np.argsort(np.concatenate(order))]
    return pm.Deterministic(f"{name}_cutpoint", stacked, dims=(item, f"{name}_cut"))

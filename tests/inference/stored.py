"""The stored fit taken apart again, as if its blocks had just been sampled."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import xarray as xr

from emotion_models.inference import Fit
from emotion_models.inference.diagnostics import block_of
from emotion_models.inference.jobs import Sampled

OF_BLOCK = {"style": "elicitation", "mood": "elicitation", "affect": "elicitation"}
OF_BLOCK |= {"recall_person": "recall", "bond_residual": "outcomes", "person": "outcomes"}


def sampled(fit: Fit, block: str, *, complete: bool = True) -> Sampled:
    """Draws of one block of a fit that kept all draws of its people."""
    posterior, people = (fit.posterior[name].to_dataset() for name in ("posterior", "people"))
    own = posterior[[n for n in posterior.data_vars if block_of(str(n)) == block]]
    shape = (posterior.sizes["chain"], posterior.sizes["draw"])
    assert people.sizes["sample"] == shape[0] * shape[1]
    for name, variable in people.data_vars.items():
        if OF_BLOCK[str(name)] == block:
            values = variable.to_numpy().astype(float).reshape((*shape, *variable.shape[1:]))
            own[name] = (("chain", "draw", *variable.dims[1:]), values)
            own = own.assign_coords({d: people[d] for d in variable.dims[1:] if d in people.coords})
    stats = fit.posterior["sample_stats"].to_dataset().sel(block=block).drop_vars("block")
    return Sampled(own, stats, {"compile": 1.0, "slowest chain": 2.0}, complete)


def with_posterior(fit: Fit, **how: Callable[[Any], Any]) -> Fit:
    """The fit with some posterior variables changed; nothing cached."""
    tree = fit.posterior.copy()
    draws = tree["posterior"].to_dataset()
    for name, function in how.items():
        draws[name] = (draws[name].dims, function(draws[name].to_numpy()))
    tree["posterior"].dataset = draws
    return replace(fit, posterior=tree)


def identical(left: xr.Dataset, right: xr.Dataset) -> bool:
    """Same labels, types and bits."""
    same = left.identical(right)
    return same and all(
        left[name].dtype == right[name].dtype
        and np.array_equal(left[name].to_numpy(), right[name].to_numpy(), equal_nan=True)
        for name in left.data_vars
    )

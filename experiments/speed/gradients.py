"""Time of a log density with its gradient, as the sampler asks for it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Final

import numpy as np

CALLS, REPEATS = 20, 5
AT: Final = 0.1
"""Every unconstrained parameter."""


def callable_of(model: Any) -> Callable[[], Any]:
    """Compile a PyMC model, or find it compiled; a call of its gradient without arguments."""
    from emotion_models.inference.compiled.program import compiled

    return ready(compiled(model))


def ready(code: Any) -> Callable[[], Any]:
    """A call of the gradient of a model that nutpie has, after a first one."""
    function, at = code._make_logp_func(), np.full(code.n_dim, AT)
    function(at)
    return lambda: function(at)


def of_model(model: Any) -> float:
    """Seconds of one gradient: the median of repeats."""
    gradient, found = callable_of(model), []
    for _ in range(REPEATS):
        start = time.perf_counter()
        for _ in range(CALLS):
            gradient()
        found.append((time.perf_counter() - start) / CALLS)
    return float(np.median(found))

"""Running PyMC graphs by Python alone: nothing is compiled, so a test takes a moment."""

from __future__ import annotations

from typing import Any

import numpy as np
import pymc as pm
import pytensor
from pytensor.compile.mode import Mode

MODE = Mode(linker="py", optimizer=None)


def evaluate(outputs: Any, inputs: dict[Any, Any] | None = None) -> Any:
    """Values of a tensor (or a list of them) that depends on nothing random."""
    given = inputs or {}
    function = pytensor.function(list(given), outputs, mode=MODE, on_unused_input="ignore")
    return function(*given.values())


def log_density(model: pm.Model, point: dict[str, Any], variables: Any = None) -> float:
    """Joint log-density of a model, or of some of its variables."""
    return float(model.compile_logp(vars=variables, mode=MODE)(point))


def draws(variables: Any, count: int, seed: int = 1) -> Any:
    return pm.draw(variables, count, random_seed=np.random.default_rng(seed), mode=MODE)

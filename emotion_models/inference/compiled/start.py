"""Where sampling starts, without compiling anything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pymc as pm


def initial_point(model: pm.Model) -> dict[str, NDArray[Any]]:
    """Find PyMC's own starting point by Python alone.

    It is asked for once: simplifying its graph, or compiling C for it, takes longer than it saves.

    Parameters
    ----------
    model : pm.Model

    Returns
    -------
    dict of str to array
        By the names of value variables.
    """
    from pymc.initial_point import make_initial_point_expression
    from pytensor.compile.maker import function
    from pytensor.compile.mode import Mode

    values = make_initial_point_expression(
        free_rvs=model.free_RVs,
        rvs_to_transforms=model.rvs_to_transforms,
        initval_strategies=dict(model.rvs_to_initial_values),
        return_transformed=True,
    )
    as_written: Any = Mode(linker="py", optimizer=cast("str", None))
    found = function([], values, mode=as_written)()
    names = [model.rvs_to_values[variable].name for variable in model.free_RVs]
    return {str(name): np.asarray(value) for name, value in zip(names, found, strict=True)}

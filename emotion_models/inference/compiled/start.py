"""Where sampling starts, without a C compiler."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pymc as pm


def initial_point(model: pm.Model) -> dict[str, NDArray[Any]]:
    """Find PyMC's own starting point by Python alone.

    It is asked for once: compiling C for it takes longer than it saves, and PyTensor would look
    for a BLAS, which it warns about where there is none.

    Parameters
    ----------
    model : pm.Model

    Returns
    -------
    dict of str to array
        By the names of value variables.
    """
    from pytensor.configdefaults import config

    with config.change_flags(cxx=""):
        point = model.initial_point(random_seed=0)
    return {name: np.asarray(value) for name, value in point.items()}

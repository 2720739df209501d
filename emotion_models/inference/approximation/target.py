"""A block as functions of a vector: the machine code that NUTS uses, with its data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pymc as pm
    import xarray as xr

    from emotion_models.inference.compiled.density import Density
    from emotion_models.inference.compiled.program import Program

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Target:
    """A compiled block and its data.

    Parameters
    ----------
    program : Program
    data : sequence of array
        On JAX's device.
    model : pymc.Model
        Knows the labels of what is kept.
    """

    program: Program
    data: Sequence[Any]
    model: pm.Model

    def density(self, point: Floats) -> tuple[float, Floats]:
        """Log density and its gradient at a point."""
        value, slope = self.program.gradient(point, *self.data)
        return float(value), np.asarray(slope)

    def kept(self, points: Floats) -> xr.Dataset:
        """What draws (n, D) report, as one chain."""
        from emotion_models.inference.compiled.program import reported

        def kept(point: Floats) -> Any:
            return self.program.kept(point, *self.data)

        return reported(kept, self.program.shapes, self.model, points)


def target(model: pm.Model) -> Target:
    """Compile a block, or find it compiled.

    Parameters
    ----------
    model : pymc.Model

    Returns
    -------
    Target
    """
    from emotion_models.inference.compiled.program import prepared

    return bound(*prepared(model))


def bound(program: Program, equations: Density) -> Target:
    """Give a program its data and labels."""
    import jax

    data = [jax.device_put(each) for each in equations.data]
    return Target(program, data, equations.model)

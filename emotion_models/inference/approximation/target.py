"""A block as functions of a vector: the machine code that NUTS uses, with its data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
    dims : mapping of str to tuple of str
        Dimensions of what is kept.
    coords : mapping
        Labels along them.
    """

    program: Program
    data: Sequence[Any]
    dims: Mapping[str, tuple[str, ...]]
    coords: Mapping[str, Any]

    def density(self, point: Floats) -> tuple[float, Floats]:
        """Log density and its gradient at a point."""
        value, slope = self.program.gradient(point, *self.data)
        return float(value), np.asarray(slope)

    def kept(self, points: Floats) -> xr.Dataset:
        """What draws (n, D) report, as one chain."""
        import xarray as xr

        found = {
            name: np.empty((1, len(points), *shape)) for name, shape in self.program.shapes.items()
        }
        for i, point in enumerate(points):
            values = self.program.kept(point, *self.data)
            for name, value in zip(found, values, strict=True):
                found[name][0, i] = value
        variables = {
            name: (("chain", "draw", *self._dims(name, values.ndim - 2)), values)
            for name, values in found.items()
        }
        coords = {"chain": [0], "draw": np.arange(len(points)), **self.coords}
        return xr.Dataset(variables, coords)

    def _dims(self, name: str, n: int) -> tuple[str, ...]:
        return self.dims.get(name, tuple(f"{name}_dim_{k}" for k in range(n)))


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

    from emotion_models.inference.compiled.program import labels

    dims, coords = labels(equations.model, list(program.shapes))
    return Target(program, [jax.device_put(each) for each in equations.data], dims, coords)

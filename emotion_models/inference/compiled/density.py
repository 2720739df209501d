"""A block's log density and what is kept of a draw: equations on one side, data on the other."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pymc as pm

LARGE: Final = 16
"""Whole numbers are data where they are more than these; fewer belong to the equations."""


@dataclass(frozen=True)
class Density:
    """Equations of a block as a PyTensor graph.

    Parameters
    ----------
    model : pymc.Model
        The block, its data and dimensions frozen.
    free : list of TensorVariable
        The free parameters, unconstrained; joined in this order they are the sampler's vector.
    placeholders : list of TensorVariable
        Stand for the data.
    data : list of array
        In the order of `placeholders`.
    log_density : TensorVariable
    kept : dict of str to TensorVariable
        What a draw reports, by name.
    """

    model: pm.Model
    free: list[Any]
    placeholders: list[Any]
    data: list[NDArray[Any]]
    log_density: Any
    kept: dict[str, Any]

    @property
    def outputs(self) -> list[Any]:
        """The log density and then what is kept."""
        return [self.log_density, *self.kept.values()]


def density(model: pm.Model) -> Density:
    """Write down a model's log density and what is kept of a draw.

    What is only a part of something that is kept (`is_part`) is not.

    Parameters
    ----------
    model : pymc.Model

    Returns
    -------
    Density
    """
    from pymc.model.transform.optimization import freeze_dims_and_data
    from pytensor.graph.replace import clone_replace

    frozen = freeze_dims_and_data(model)
    free = [frozen.rvs_to_values[variable] for variable in frozen.free_RVs]
    kept = kept_of(frozen)
    whole = [frozen.logp(), *kept.values()]
    data = data_of(whole)
    stand_in = {
        each: each.type.clone(shape=each.data.shape)(f"data_{i}") for i, each in enumerate(data)
    }
    log_density, *others = clone_replace(whole, stand_in)
    return Density(
        frozen,
        free,
        list(stand_in.values()),
        [np.asarray(each.data) for each in data],
        log_density,
        dict(zip(kept, others, strict=True)),
    )


def kept_of(model: pm.Model) -> dict[str, Any]:
    """What a draw of a model reports, of the free parameters, by name."""
    from emotion_models.models.variables import is_part

    transformed = {
        model.rvs_to_values[variable].name
        for variable in model.free_RVs
        if model.rvs_to_transforms[variable] is not None
    }
    return {
        each.name: each
        for each in model.unobserved_value_vars
        if each.name not in transformed and not is_part(each.name)
    }


def data_of(outputs: list[Any], named: Collection[str] = ()) -> list[Any]:
    """Constants of the graph that are data, in an order that the graph decides.

    Single numbers are part of the equations, as are truth values: as an index they decide about
    shapes. Arrays of fractions are data however small: they are scales and averages of answers, so
    that studies of the same shapes share their program.

    Parameters
    ----------
    outputs : list of TensorVariable
    named : collection of str
        Constants that are data however small.
    """
    from pytensor.graph.basic import Constant
    from pytensor.graph.traversal import ancestors
    from pytensor.tensor.type import TensorType

    return [
        each
        for each in ancestors(outputs)
        if isinstance(each, Constant)
        and isinstance(each.type, TensorType)
        and each.type.dtype != "bool"
        and (each.data.size > LARGE or _fractions(each.data) or each.name in named)
    ]


def _fractions(values: NDArray[Any]) -> bool:
    return values.ndim > 0 and values.dtype.kind == "f"

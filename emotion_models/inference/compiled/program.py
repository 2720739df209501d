"""A block as machine code for the sampler: gradient of the log density, and what is kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from emotion_models.inference.compiled.code import (
    Code,
    Content,
    found_or_made,
    in_jax,
    one_vector,
    ready,
    serialized,
)
from emotion_models.inference.compiled.density import Density, density
from emotion_models.inference.compiled.start import initial_point

if TYPE_CHECKING:
    import pymc as pm
    import xarray as xr


@dataclass(frozen=True)
class Program:
    """Machine code of a block, for any data of the same shapes.

    Parameters
    ----------
    gradient : compiled function
        Log density and its gradient at a vector.
    kept : compiled function
        What a draw reports.
    start : float array, shape (D,)
        Where chains start with these data, before they are moved apart.
    shapes : dict of str to tuple of int
        Of what is kept, by name.
    """

    gradient: Code
    kept: Code
    start: NDArray[np.float64]
    shapes: dict[str, tuple[int, ...]]


def compiled(model: pm.Model) -> Any:
    """Compile a block for nutpie through JAX, or find it compiled.

    Parameters
    ----------
    model : pymc.Model

    Returns
    -------
    nutpie.CompiledModel
    """
    return _for_nutpie(*prepared(model))


def prepared(model: pm.Model) -> tuple[Program, Density]:
    """Compile a block, or find it compiled.

    Parameters
    ----------
    model : pymc.Model

    Returns
    -------
    program : Program
    equations : Density
        Hold the data that the program wants.
    """
    with ready():
        equations = density(model)
        lend([equations.log_density])
        inputs = [*equations.free, *equations.placeholders]
        start = initial_point(equations.model)
        values = [np.asarray(start[each.name], dtype="float64") for each in equations.free]
        bound = partial(Program, start=np.concatenate([value.ravel() for value in values]))
        shapes = [value.shape for value in values]
        make = partial(_made, equations, shapes)
        return found_or_made(inputs, equations.outputs, make, bound), equations


def lend(graphs: list[Any]) -> None:
    """Make our kernels known to JAX: machine code that was kept calls them by name.

    Larger ones only where they are in the equations: a machine compiles each once, in a while.
    """
    from pytensor.graph.traversal import ancestors

    from emotion_models.models.at_nodes.op import OrdinalAtNodes
    from emotion_models.models.fused import foreign
    from emotion_models.models.integrated.op import IntegratedRatings

    foreign.available()
    used = {type(each.owner.op) for each in ancestors(graphs) if each.owner is not None}
    if IntegratedRatings in used:
        from emotion_models.models.integrated import foreign as of_ratings

        of_ratings.available()
    if OrdinalAtNodes in used:
        from emotion_models.models.at_nodes import foreign as of_answers

        of_answers.available()


def _made(equations: Density, shapes: list[tuple[int, ...]]) -> Content:
    """Compile log density with its gradient, and what is kept, of parameters of these shapes."""
    import jax

    free = one_vector(equations.free, shapes)
    inputs = [free.variable, *equations.placeholders]
    outputs = free.into(equations.outputs)
    log_density, kept = in_jax(inputs, outputs[:1]), in_jax(inputs, outputs[1:])

    def gradient(point: Any, *data: Any) -> Any:
        return jax.value_and_grad(lambda x: log_density(x, *data)[0])(point)

    size = sum(int(np.prod(shape)) for shape in shapes)
    arguments = (np.zeros(size), *equations.data)
    reported = jax.eval_shape(kept, *arguments)
    return {
        "gradient": serialized(gradient, *arguments),
        "kept": serialized(kept, *arguments),
        "shapes": {name: each.shape for name, each in zip(equations.kept, reported, strict=True)},
    }


def _for_nutpie(program: Program, equations: Density) -> Any:
    """Hand a program and its data to nutpie."""
    import jax
    from nutpie.compiled_pyfunc import from_pyfunc

    data = [jax.device_put(each) for each in equations.data]
    names = list(program.shapes)

    def make_gradient() -> Callable[..., Any]:
        def gradient(point: Any) -> tuple[float, Any]:
            value, slope = program.gradient(point, *data)
            return float(value), np.asarray(slope)

        return gradient

    def make_kept(*_: Any) -> Callable[..., Any]:
        def kept(point: Any) -> dict[str, Any]:
            found = program.kept(point, *data)
            return {
                name: np.asarray(value, dtype="float64", order="C")
                for name, value in zip(names, found, strict=True)
            }

        return kept

    own, coords = labels(equations.model, names)
    return from_pyfunc(
        ndim=program.start.size,
        make_logp_fn=make_gradient,
        make_expand_fn=make_kept,
        make_initial_point_fn=lambda seed: moved(program.start, np.random.default_rng(seed)),
        expanded_dtypes=[np.dtype("float64")] * len(names),
        expanded_shapes=[program.shapes[name] for name in names],
        expanded_names=names,
        dims=own,
        coords=coords,
    )


def moved(start: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    """Move a start within one unit of every unconstrained parameter, as PyMC does."""
    return start + rng.uniform(-1, 1, start.size)


def reported(
    code: Callable[[Any], Any], shapes: dict[str, tuple[int, ...]], model: pm.Model, points: Any
) -> xr.Dataset:
    """What draws report, as one chain.

    Parameters
    ----------
    code : callable
        What a draw reports, of its vector.
    shapes : dict of str to tuple of int
        By name.
    model : pymc.Model
    points : array, shape (n, D)

    Returns
    -------
    xarray.Dataset
    """
    import xarray as xr

    found = {name: np.empty((1, len(points), *shape)) for name, shape in shapes.items()}
    for i, point in enumerate(points):
        for name, value in zip(found, code(point), strict=True):
            found[name][0, i] = value
    dims, coords = labels(model, list(shapes))
    variables = {}
    for name, values in found.items():
        own = dims.get(name) or tuple(f"{name}_dim_{k}" for k in range(values.ndim - 2))
        variables[name] = (("chain", "draw", *own), values)
    return xr.Dataset(variables, {"chain": [0], "draw": np.arange(len(points)), **coords})


def labels(model: pm.Model, names: list[str]) -> tuple[dict[str, tuple[str, ...]], dict[str, Any]]:
    """Dimensions of what is kept, by name, and the labels along them."""
    import pandas as pd

    dims = model.named_vars_to_dims
    own = {name: tuple(dims[name]) for name in names if name in dims}
    used = {dim for each in own.values() for dim in each if dim is not None}
    return own, {dim: pd.Index(model.coords[dim]) for dim in sorted(used)}

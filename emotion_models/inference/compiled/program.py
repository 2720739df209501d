"""A block as machine code for the sampler: gradient of the log density, and what is kept."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from emotion_models.inference.compiled import cache
from emotion_models.inference.compiled.density import Density, density
from emotion_models.inference.compiled.fingerprint import NotDescribed, fingerprint

if TYPE_CHECKING:
    import pymc as pm

Code = Any
"""A compiled JAX function of the vector and the data."""


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
        Where chains start, before they are moved apart.
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
    import jax

    configure: Any = jax.config.update
    configure("jax_enable_x64", True)
    with warnings.catch_warnings():
        # JAX brings its own linear algebra.
        warnings.filterwarnings("ignore", message="PyTensor could not link to a BLAS")
        # PyTensor's assertions have no JAX form; the priors they guard are constants here.
        warnings.filterwarnings("ignore", message="Skipping")
        equations = density(model)
        lend([equations.log_density])
        return _program(equations), equations


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


def _program(equations: Density) -> Program:
    """Find the program of some equations, or compile it."""
    try:
        key = fingerprint([*equations.free, *equations.placeholders], equations.outputs)
    except NotDescribed:
        return _loaded(_made(equations))

    def make() -> tuple[dict[str, Any], Program]:
        content = _made(equations)
        return content, _loaded(content)

    return cache.kept(key, _loaded, make)


def _made(equations: Density) -> dict[str, Any]:
    """Compile; in a form that can be kept in a file."""
    import jax
    from jax.experimental import serialize_executable

    start = equations.model.initial_point(random_seed=0)
    values = [np.asarray(start[each.name], dtype="float64") for each in equations.free]
    log_density, kept = _functions(equations, [value.shape for value in values])

    def gradient(point: Any, *data: Any) -> Any:
        return jax.value_and_grad(lambda x: log_density(x, *data)[0])(point)

    flat = np.concatenate([value.ravel() for value in values])
    arguments = (flat, *equations.data)
    reported = jax.eval_shape(kept, *arguments)
    return {
        "gradient": serialize_executable.serialize(jax.jit(gradient).lower(*arguments).compile()),
        "kept": serialize_executable.serialize(jax.jit(kept).lower(*arguments).compile()),
        "start": flat,
        "shapes": {name: each.shape for name, each in zip(equations.kept, reported, strict=True)},
    }


def _loaded(content: dict[str, Any]) -> Program:
    from jax.experimental import serialize_executable

    load = serialize_executable.deserialize_and_load
    code = {name: load(*content[name]) for name in ("gradient", "kept")}
    return Program(**{**content, **code})


def _functions(equations: Density, shapes: list[tuple[int, ...]]) -> Any:
    """Log density and what is kept as JAX functions of one vector and the data."""
    import pytensor.tensor as pt
    from pytensor.compile.mode import JAX
    from pytensor.graph.fg import FunctionGraph
    from pytensor.graph.replace import clone_replace
    from pytensor.link.jax.dispatch.basic import jax_funcify

    ends = np.cumsum([0, *(int(np.prod(shape)) for shape in shapes)])
    vector = pt.TensorType("float64", shape=(int(ends[-1]),))("vector")
    parts = {
        each: vector[ends[i] : ends[i + 1]].reshape(shape)
        for i, (each, shape) in enumerate(zip(equations.free, shapes, strict=True))
    }
    log_density, *kept = clone_replace(equations.outputs, parts)

    def function(outputs: list[Any]) -> Callable[..., Any]:
        graph = FunctionGraph([vector, *equations.placeholders], outputs, clone=True)
        JAX.optimizer.rewrite(graph)
        found: Callable[..., Any] = jax_funcify(graph)
        return found

    return function([log_density]), function(kept)


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


def labels(model: pm.Model, names: list[str]) -> tuple[dict[str, tuple[str, ...]], dict[str, Any]]:
    """Dimensions of what is kept, by name, and the labels along them."""
    import pandas as pd

    dims = model.named_vars_to_dims
    own = {name: tuple(dims[name]) for name in names if name in dims}
    used = {dim for each in own.values() for dim in each if dim is not None}
    return own, {dim: pd.Index(model.coords[dim]) for dim in sorted(used)}

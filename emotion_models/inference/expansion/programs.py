"""The parts of a split posterior as machine code, compiled once for any data of their shapes."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from emotion_models.inference.compiled import cache
from emotion_models.inference.compiled.fingerprint import NotDescribed, fingerprint
from emotion_models.inference.compiled.program import Code, lend
from emotion_models.inference.expansion.split import Split, split
from emotion_models.models.priors import is_signed

if TYPE_CHECKING:
    import pymc as pm

Floats = NDArray[np.float64]
SIGNED: Final = 0.5
"""Where signed scales start: both signs are the same, and zero is a saddle."""


@dataclass(frozen=True)
class Programs:
    """Compiled functions of a block's vector theta (D,), of what the likelihood reads phi (P,).

    `few` are the data that prior and phi need (`Split.of_prior`), `data` all of them.

    Parameters
    ----------
    read : compiled function
        ``(theta, slope, *few)``: log prior, phi, and the derivative of
        ``log prior + slope . phi`` by theta.
    likelihood : compiled function
        ``(phi, *data)``: log-likelihood and its derivative.
    surrogate : compiled function
        ``(theta, middle, slope, curvature, *few)``: log density and derivative where the
        log-likelihood is ``slope . d - d' curvature d / 2`` with ``d = phi - middle``.
    shares : compiled function or None
        ``(phi, *data)``: posterior share (N, I) of every node of a unit's latents, times the
        unit's weight. That is how the log-likelihood changes with the node's mass.
    kept : compiled function
        ``(theta, *data)``: what a draw reports.
    start : float array, shape (D,)
    n_read : int
        Length of phi.
    shapes : dict of str to tuple of int
        Of what is kept, by name.
    """

    read: Code
    likelihood: Code
    surrogate: Code
    shares: Code
    kept: Code
    start: Floats
    n_read: int
    shapes: dict[str, tuple[int, ...]]


def prepared(model: pm.Model) -> tuple[Programs, Split]:
    """Compile a marginal block, or find it compiled.

    Parameters
    ----------
    model : pymc.Model

    Returns
    -------
    programs : Programs
    parts : Split
        With the data that the programs want.
    """
    import jax

    configure: Any = jax.config.update
    configure("jax_enable_x64", True)
    with warnings.catch_warnings():
        # As in `emotion_models.inference.compiled.program`.
        warnings.filterwarnings("ignore", message="PyTensor could not link to a BLAS")
        warnings.filterwarnings("ignore", message="Skipping")
        parts = split(model)
        lend([parts.likelihood])
        return _programs(parts), parts


def _programs(parts: Split) -> Programs:
    try:
        inputs = [*parts.free, *parts.stand_in, *parts.placeholders]
        key = fingerprint(inputs, parts.outputs)
    except NotDescribed:
        return _loaded(_made(parts))

    def make() -> tuple[dict[str, Any], Programs]:
        content = _made(parts)
        return content, _loaded(content)

    return cache.kept(key, _loaded, make)


def _loaded(content: dict[str, Any]) -> Programs:
    from jax.experimental import serialize_executable

    load = serialize_executable.deserialize_and_load
    code = {name: load(*each) for name, each in content.items() if isinstance(each, tuple)}
    return Programs(**{**content, **code})


def _made(parts: Split) -> dict[str, Any]:
    """Compile; in a form that can be kept in a file."""
    import jax
    from jax.experimental import serialize_executable

    theta = starting_point(parts)
    functions = _Functions(parts, theta)
    data, few = parts.data, [parts.data[place] for place in parts.of_prior]
    phi = np.asarray(functions.read(theta, *few)[1])
    slope, curvature = np.zeros(phi.size), np.zeros((phi.size, phi.size))

    def compiled(function: Callable[..., Any], *arguments: Any) -> Any:
        return serialize_executable.serialize(jax.jit(function).lower(*arguments).compile())

    shares = None
    if parts.nodes:
        by_mass = jax.grad(functions.likelihood, argnums=1 + parts.nodes[1])
        shares = compiled(by_mass, phi, *data)
    surrogate = jax.value_and_grad(functions.surrogate)
    reported = jax.eval_shape(functions.kept, theta, *data)
    return {
        "read": compiled(functions.pulled, theta, slope, *few),
        "likelihood": compiled(jax.value_and_grad(functions.likelihood), phi, *data),
        "surrogate": compiled(surrogate, theta, phi, slope, curvature, *few),
        "shares": shares,
        "kept": compiled(functions.kept, theta, *data),
        "start": theta,
        "n_read": phi.size,
        "shapes": {name: each.shape for name, each in zip(parts.kept, reported, strict=True)},
    }


def starting_point(parts: Split) -> Floats:
    """Where a climb starts: PyMC's own, but a signed scale at one of its modes, not between."""
    initial = parts.model.initial_point(random_seed=0)
    values = []
    for each in parts.free:
        value = np.asarray(initial[each.name], dtype="float64")
        values.append(value.ravel() + SIGNED * is_signed(str(each.name)))
    return np.concatenate(values)


class _Functions:
    """The parts as JAX functions of vectors and data.

    Parameters
    ----------
    parts : Split
    theta : array, shape (D,)
        Any.
    """

    def __init__(self, parts: Split, theta: Floats) -> None:
        import jax
        import pytensor.tensor as pt

        initial = parts.model.initial_point(random_seed=0)
        free = _cut(parts.free, [np.shape(initial[each.name]) for each in parts.free])
        few = [parts.placeholders[place] for place in parts.of_prior]
        flat = pt.concatenate([each.ravel() for each in parts.read])
        self.read = _function([free.vector, *few], free.into([parts.prior, flat]))
        kept = free.into(list(parts.kept.values()))
        self.kept = _function([free.vector, *parts.placeholders], kept)
        shaped = _function([free.vector, *few], free.into(parts.read))
        sizes = jax.eval_shape(shaped, theta, *(parts.data[place] for place in parts.of_prior))
        read = _cut(parts.stand_in, [each.shape for each in sizes])
        self._likelihood = _function(
            [read.vector, *parts.placeholders], read.into([parts.likelihood])
        )

    def likelihood(self, phi: Any, *data: Any) -> Any:
        return self._likelihood(phi, *data)[0]

    def pulled(self, theta: Any, slope: Any, *few: Any) -> Any:
        import jax

        def value(theta: Any) -> Any:
            prior, phi = self.read(theta, *few)
            return prior + slope @ phi, (prior, phi)

        (_, (prior, phi)), found = jax.value_and_grad(value, has_aux=True)(theta)
        return prior, phi, found

    def surrogate(self, theta: Any, middle: Any, slope: Any, curvature: Any, *few: Any) -> Any:
        prior, phi = self.read(theta, *few)
        away = phi - middle
        return prior + slope @ away - 0.5 * away @ (curvature @ away)


@dataclass(frozen=True)
class _Cut:
    """One vector in place of several variables."""

    vector: Any
    parts: dict[Any, Any]

    def into(self, outputs: list[Any]) -> list[Any]:
        """Write the outputs in terms of the vector."""
        from pytensor.graph.replace import clone_replace

        found: list[Any] = clone_replace(outputs, self.parts)
        return found


def _cut(variables: list[Any], shapes: list[tuple[int, ...]]) -> _Cut:
    import pytensor.tensor as pt

    ends = np.cumsum([0, *(int(np.prod(shape)) for shape in shapes)])
    vector = pt.TensorType("float64", shape=(int(ends[-1]),))("vector")
    parts = {
        each: vector[ends[i] : ends[i + 1]].reshape(shape)
        for i, (each, shape) in enumerate(zip(variables, shapes, strict=True))
    }
    return _Cut(vector, parts)


def _function(inputs: list[Any], outputs: list[Any]) -> Callable[..., Any]:
    """PyTensor graphs as one JAX function."""
    from pytensor.compile.mode import JAX
    from pytensor.graph.fg import FunctionGraph
    from pytensor.link.jax.dispatch.basic import jax_funcify

    graph = FunctionGraph(inputs, outputs, clone=True)
    JAX.optimizer.rewrite(graph)
    found: Callable[..., Any] = jax_funcify(graph)
    return found

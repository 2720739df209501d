"""PyTensor equations as machine code, through JAX: how it is made, kept and found again."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

from emotion_models.inference.compiled import cache
from emotion_models.inference.compiled.fingerprint import NotDescribed, fingerprint

Code = Any
"""A compiled JAX function."""
Content = dict[str, Any]
"""Fields of a program, in a form that can be kept in a file; code as `serialized` gives it."""


@contextmanager
def ready() -> Iterator[None]:
    """Set JAX to double precision, and keep PyTensor from telling what does not matter here."""
    import jax

    configure: Any = jax.config.update
    configure("jax_enable_x64", True)
    with warnings.catch_warnings():
        # JAX brings its own linear algebra.
        warnings.filterwarnings("ignore", message="PyTensor could not link to a BLAS")
        # PyTensor's assertions have no JAX form; the priors they guard are constants here.
        warnings.filterwarnings("ignore", message="Skipping")
        yield


def found_or_made[T](
    inputs: list[Any], outputs: list[Any], make: Callable[[], Content], kind: Callable[..., T]
) -> T:
    """Find the program of some equations, or compile it.

    Parameters
    ----------
    inputs, outputs : list of PyTensor variables
        What the equations compute, of what.
    make : callable
    kind : callable
        Takes the fields of the content.

    Returns
    -------
    object
    """

    def load(content: Content) -> T:
        from jax.experimental.serialize_executable import deserialize_and_load

        return kind(
            **{
                name: deserialize_and_load(*each) if isinstance(each, tuple) else each
                for name, each in content.items()
            }
        )

    def both() -> tuple[Content, T]:
        content = make()
        return content, load(content)

    try:
        key = fingerprint(inputs, outputs)
    except NotDescribed:
        return both()[1]
    return cache.kept(key, load, both)


def serialized(function: Callable[..., Any], *arguments: Any) -> tuple[Any, ...]:
    """Compile a JAX function for arguments like these, in a form that can be kept."""
    import jax
    from jax.experimental.serialize_executable import serialize

    found: tuple[Any, ...] = serialize(jax.jit(function).lower(*arguments).compile())
    return found


def in_jax(inputs: list[Any], outputs: list[Any]) -> Callable[..., Any]:
    """PyTensor graphs as one JAX function."""
    from pytensor.compile.mode import JAX
    from pytensor.graph.fg import FunctionGraph
    from pytensor.link.jax.dispatch.basic import jax_funcify

    graph = FunctionGraph(inputs, outputs, clone=True)
    JAX.optimizer.rewrite(graph)
    found: Callable[..., Any] = jax_funcify(graph)
    return found


@dataclass(frozen=True)
class Vector:
    """One vector in place of several variables.

    Parameters
    ----------
    variable : TensorVariable
    parts : dict
        Of each of the variables, its part.
    """

    variable: Any
    parts: dict[Any, Any]

    def into(self, outputs: list[Any]) -> list[Any]:
        """Write outputs in terms of the vector."""
        from pytensor.graph.replace import clone_replace

        found: list[Any] = clone_replace(outputs, self.parts)
        return found


def one_vector(variables: list[Any], shapes: list[tuple[int, ...]]) -> Vector:
    """Join variables of these shapes, in their order."""
    import pytensor.tensor as pt

    ends = np.cumsum([0, *(int(np.prod(shape)) for shape in shapes)])
    vector = pt.TensorType("float64", shape=(int(ends[-1]),))("vector")
    parts = {
        each: vector[ends[i] : ends[i + 1]].reshape(shape)
        for i, (each, shape) in enumerate(zip(variables, shapes, strict=True))
    }
    return Vector(vector, parts)

"""A fingerprint of equations: two graphs have the same one when they compute the same.

It covers every operation with its properties, every small constant, the order in which they
are put together, and what the compiled form depends on beside: library versions, the
processor, the source of what is compiled with them.
"""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from types import BuiltinFunctionType, FunctionType
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from emotion_models.files import hash_of_code

LIBRARIES: Final = ("jax", "jaxlib", "numba", "numpy", "pytensor")
DERIVED: Final = frozenset({"fgraph", "tag", "inner_inputs", "inner_outputs"})
"""Attributes that repeat an inner graph, or say who made it."""
FLAGS: Final = ("XLA_FLAGS", "JAX_PLATFORMS", "JAX_ENABLE_X64")


class NotDescribed(Exception):
    """Something in the graph has no description that another process would find the same."""


def fingerprint(inputs: Sequence[Any], outputs: Sequence[Any]) -> str:
    """Fingerprint of the equations from `inputs` to `outputs` on this machine.

    Parameters
    ----------
    inputs, outputs : sequence of PyTensor variables

    Returns
    -------
    str
        Hexadecimal.

    Raises
    ------
    NotDescribed
        If an operation has a property that cannot be described.
    """
    found = sha256(repr(_surroundings()).encode())
    for line in _graph(inputs, outputs):
        found.update(line.encode())
        found.update(b"\n")
    return found.hexdigest()


@cache
def _surroundings() -> tuple[str, ...]:
    from llvmlite.binding import get_host_cpu_features, get_host_cpu_name

    from emotion_models.inference import expansion
    from emotion_models.models import at_nodes, fused, integrated
    from emotion_models.models.fused import foreign

    code = (at_nodes, expansion, fused, integrated)
    return (
        platform.python_version(),
        platform.machine(),
        get_host_cpu_name(),
        get_host_cpu_features().flatten(),
        str(foreign.available()),
        hash_of_code(Path(__file__).parent, *(Path(each.__path__[0]) for each in code)),
        *(version(name) for name in LIBRARIES),
        *(os.environ.get(name, "") for name in FLAGS),
    )


def _graph(inputs: Sequence[Any], outputs: Sequence[Any]) -> Iterator[str]:
    """Lines that describe a graph; variables are numbered in the order they are met."""
    from pytensor.graph.basic import Constant
    from pytensor.graph.traversal import io_toposort

    number: dict[Any, int] = {}

    def known(variable: Any) -> Iterator[str]:
        if variable in number:
            return
        number[variable] = len(number)
        value = f" = {_describe(variable.data)}" if isinstance(variable, Constant) else ""
        yield f"{number[variable]}: {_describe(variable.type)}{value}"

    for each in inputs:
        yield from known(each)
    for node in io_toposort(inputs, outputs):
        for each in node.inputs:
            yield from known(each)
        yield f"{_describe(node.op)} of {[number[each] for each in node.inputs]}"
        for each in node.outputs:
            yield from known(each)
    for each in outputs:
        yield from known(each)
    yield f"gives {[number[each] for each in outputs]}"


def _describe(thing: Any) -> str:
    """Describe a property, the same in every process."""
    match thing:
        case None | bool() | int() | float() | complex() | str() | bytes() | np.dtype():
            return repr(thing)
        case np.ndarray() | np.generic():
            return _values(np.ascontiguousarray(thing))
        case tuple() | list() | set() | frozenset() | Mapping():
            return _container(thing)
        case slice():
            return f"slice{_container((thing.start, thing.stop, thing.step))}"
        case type() | FunctionType() | BuiltinFunctionType():
            return _by_name(thing)
    return _object(thing)


def _values(array: NDArray[Any]) -> str:
    if array.dtype.hasobject:
        raise NotDescribed(f"an array of {array.dtype}")
    return f"{array.dtype}{array.shape}{sha256(array.tobytes()).hexdigest()}"


def _container(thing: Any) -> str:
    if isinstance(thing, Mapping):
        parts = sorted(f"{_describe(key)}: {_describe(value)}" for key, value in thing.items())
    elif isinstance(thing, set | frozenset):
        parts = sorted(map(_describe, thing))
    else:
        parts = list(map(_describe, thing))
    return f"{type(thing).__name__}[{', '.join(parts)}]"


def _object(thing: Any) -> str:
    """Describe an operation, a type, or what belongs to one, by class and properties."""
    if not type(thing).__module__.startswith(("pytensor.", "pymc.", "emotion_models.")):
        raise NotDescribed(f"{type(thing)}: {thing!r}")
    inner = getattr(thing, "fgraph", None)
    graph = list(_graph(inner.inputs, inner.outputs)) if inner is not None else []
    names = getattr(thing, "__props__", None)
    if names is None:
        names = sorted(name for name in vars(thing) if name not in DERIVED and name[0] != "_")
    properties = [(name, getattr(thing, name)) for name in names]
    return f"{_by_name(type(thing))}{_container([*properties, *graph])}"


def _by_name(thing: Any) -> str:
    """Name something that belongs to an installed library, whose version is known."""
    if "<locals>" in thing.__qualname__ or "<lambda>" in thing.__qualname__:
        raise NotDescribed(thing)
    return f"{thing.__module__}.{thing.__qualname__}"

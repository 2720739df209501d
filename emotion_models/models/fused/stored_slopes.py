"""Likelihoods whose derivatives are found together with their value, on every back end.

The gradient is the stored derivatives times what arrives from above: whoever asks for value and
gradient pays for one pass. Derivatives of the derivatives there are none.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

import pytensor.tensor as pt
from pytensor.gradient import DisconnectedType, disconnected_type
from pytensor.graph.basic import Apply
from pytensor.graph.op import Op

NO_SECOND = "the likelihood has no second derivatives"


class StoredSlopes(Op):
    """An operation that returns a likelihood and its derivatives by some of its inputs."""

    __props__ = ()
    dimensions: ClassVar[tuple[int, ...]]
    dtypes: ClassVar[tuple[str, ...]]
    differentiated: ClassVar[tuple[int, ...]]
    """Inputs by which there are derivatives, in the order of the outputs after the first."""

    def make_node(self, *inputs: Any) -> Apply[Any]:
        """Cast the inputs and type the outputs."""
        given = [
            pt.cast(pt.as_tensor(each), kind)
            for each, kind in zip(inputs, self.dtypes, strict=True)
        ]
        for i, (each, wanted) in enumerate(zip(given, self.dimensions, strict=True)):
            if each.type.ndim != wanted:
                raise TypeError(f"input {i} needs {wanted} dimensions, not {each.type.ndim}")
        return Apply(self, given, [pt.dscalar(), *(given[i].type() for i in self.differentiated)])

    def connection_pattern(self, node: Apply[Any]) -> list[list[bool]]:
        """Say what is data."""
        n_outputs = 1 + len(self.differentiated)
        return [[i in self.differentiated] * n_outputs for i in range(len(self.dtypes))]

    def pullback(
        self, inputs: Sequence[Any], outputs: Sequence[Any], cotangents: Sequence[Any]
    ) -> list[Any]:
        """Scale the stored derivatives."""
        outer, *second = cotangents
        if not all(isinstance(each.type, DisconnectedType) for each in second):
            raise NotImplementedError(NO_SECOND)
        found = [disconnected_type() for _ in self.dtypes]
        for place, slope in zip(self.differentiated, outputs[1:], strict=True):
            found[place] = outer * slope
        return found

    def infer_shape(self, node: Apply[Any], shapes: Sequence[Any]) -> list[Any]:
        """Shape the derivatives like what they are taken by."""
        return [(), *(shapes[i] for i in self.differentiated)]


def in_jax(plain: Callable[..., Any], kernel: Any, op: type[StoredSlopes]) -> Any:
    """Let JAX take the derivatives that a function returns instead of taking them itself.

    Parameters
    ----------
    plain : callable
        From the inputs of `op` to its outputs, for accelerators.
    kernel : Lent
        The same for processors (`emotion_models.models.fused.foreign`).
    op : type

    Returns
    -------
    callable
        The same function.
    """
    import jax

    def fastest(*inputs: Any) -> Any:
        if not kernel.available():
            return plain(*inputs)
        return jax.lax.platform_dependent(*inputs, cpu=kernel.call, default=plain)

    unused = jax.custom_derivatives.SymbolicZero

    def forward(*inputs: Any) -> Any:
        found = fastest(*(each.value for each in inputs))
        return found, found[1:]

    def backward(slopes: Any, cotangents: Any) -> Any:
        outer, *second = cotangents
        if not all(isinstance(each, unused) for each in second):
            raise NotImplementedError(NO_SECOND)
        found: list[Any] = [None] * len(op.dtypes)
        if not isinstance(outer, unused):
            for place, slope in zip(op.differentiated, slopes, strict=True):
                found[place] = outer * slope
        return tuple(found)

    function: Any = jax.custom_vjp(fastest)
    function.defvjp(forward, backward, symbolic_zeros=True)
    return function

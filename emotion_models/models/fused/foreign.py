"""Lends the Numba kernel to JAX on processors, through XLA's foreign function interface.

The kernel runs in XLA's own thread, without Python.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import jax
import numpy as np
from numba import cfunc, types

from emotion_models.models.fused import frame
from emotion_models.models.fused.kernel import OPTIONS, fill, in_users_cache
from emotion_models.models.fused.op import FusedOrdinal

_LOG: Final = logging.getLogger(__name__)

TARGET: Final = "emotion_models.fused_ordinal"


@in_users_cache
def _handle(record: Any) -> Any:
    """Serve XLA's call."""
    words = frame.opened(record)
    if words.size > 0:
        given, found = words[frame.ARGUMENTS], words[frame.RESULTS]
        d_eta, d_kappa = frame.cube(found, 1), frame.table(found, 2)
        value = fill(frame.ratings(given), d_eta, d_kappa)
        frame.scalar(found, 0)[0] = value
    return frame.pointer(0)


def offer(handle: Callable[..., Any], target: str) -> Any:
    """Compile a kernel and make it known to XLA; returns it, so that it stays in memory.

    Parameters
    ----------
    handle : function
        Of the address of a call's record, `in_users_cache`.
    target : str
        What JAX calls it by.
    """
    compiled = cfunc(types.voidptr(types.voidptr), cache=True, **OPTIONS)(handle)
    capsule: Any = jax.ffi.pycapsule
    jax.ffi.register_ffi_target(target, capsule(compiled.ctypes), platform="cpu")
    return compiled


@dataclass(frozen=True)
class Lent:
    """A kernel that JAX calls on processors.

    Parameters
    ----------
    handle : function
        See `offer`.
    target : str
        What JAX calls it by.
    differentiated : tuple of int
        Inputs by which it returns derivatives.
    """

    handle: Callable[..., Any]
    target: str
    differentiated: tuple[int, ...]

    def available(self) -> bool:
        """Whether this JAX takes the kernel; without it only speed is lost."""
        if not available():
            return False
        _offered(self.handle, self.target)
        return True

    def call(self, *inputs: Any) -> Any:
        """Value and derivatives, see the operation."""
        _offered(self.handle, self.target)
        return asked(self.target, inputs, self.differentiated)


_offered = cache(offer)
KERNEL: Final = Lent(_handle, TARGET, FusedOrdinal.differentiated)
call: Final = KERNEL.call


@cache
def available() -> bool:
    """Whether this JAX takes the kernel; without it only speed is lost."""
    try:
        _offered(_handle, TARGET)
    except (RuntimeError, ValueError, TypeError) as error:
        _LOG.warning("JAX does not take the compiled likelihood, which costs time: %s", error)
        return False
    return True


def asked(target: str, inputs: Sequence[Any], differentiated: Sequence[int]) -> Any:
    """Call a kernel that returns a value and its derivatives by some of its inputs.

    Parameters
    ----------
    target : str
        As it was offered.
    inputs : sequence of array
    differentiated : sequence of int
    """
    struct: Any = jax.ShapeDtypeStruct
    shapes = [struct(each, np.float64) for each in ((), *(inputs[i].shape for i in differentiated))]
    function = jax.ffi.ffi_call(target, shapes, vmap_method="sequential")
    return tuple(function(*inputs))

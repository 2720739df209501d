"""Lends the Numba kernel to JAX on processors, through XLA's foreign function interface.

XLA hands over a record of machine words that its header ``xla/ffi/api/c_api.h`` describes; that
layout is kept for at least a year after a change. The kernel runs in XLA's own thread, without
Python.
"""

from __future__ import annotations

import logging
from functools import cache
from typing import Any, Final

import jax
import numpy as np
from numba import cfunc, types
from numba.core import cgutils
from numba.extending import intrinsic, register_jitable
from numba.np.numpy_support import carray

from emotion_models.models.fused.kernel import OPTIONS, fill, in_users_cache

_LOG: Final = logging.getLogger(__name__)

TARGET: Final = "emotion_models.fused_ordinal"
INTERFACE: Final = (0, 1)
"""Major and minor version of the interface whose layout is read here."""

# Places in XLA_FFI_CallFrame, in words of 8 bytes; arguments and results are in it by value.
EXTENSION, ARGUMENTS, RESULTS, FRAME_WORDS = 1, 9, 14, 22
# In XLA_FFI_Metadata_Extension, which is of kind 1: what it points to; and there, in bytes, the
# version that it asks for.
KIND_BYTES, METADATA, VERSION_BYTES = 8, 3, 24
# In XLA_FFI_Buffer.
DATA, SHAPE = 3, 5


def _pointer_code(_: Any, address: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        return builder.inttoptr(values[0], cgutils.voidptr_t)

    return types.voidptr(address), generate


_pointer: Any = intrinsic(_pointer_code)


@register_jitable
def _words(address: int, count: int) -> Any:
    return carray(_pointer(address), count, np.int64)


@register_jitable
def _buffer(addresses: int, place: int) -> Any:
    """Address of the numbers, and dimensions, of an argument or a result."""
    buffer = _words(_words(addresses, place + 1)[place], SHAPE + 1)
    return _pointer(buffer[DATA]), _words(buffer[SHAPE], 3)


@register_jitable
def _kind(extension: int) -> Any:
    return carray(_pointer(extension + KIND_BYTES), 1, np.int32)[0]


@in_users_cache
def _handle(frame: Any) -> Any:
    """Serve XLA's call: say the version when asked, else run the kernel."""
    words = carray(frame, FRAME_WORDS, np.int64)
    if words[EXTENSION] != 0 and _kind(words[EXTENSION]) == 1:
        metadata = _words(words[EXTENSION], METADATA + 1)[METADATA]
        version = carray(_pointer(metadata + VERSION_BYTES), 2, np.int32)
        version[0], version[1] = INTERFACE
        return _pointer(0)
    given, found = words[ARGUMENTS], words[RESULTS]
    (eta, cells), (kappa, cuts) = _buffer(given, 0), _buffer(given, 1)
    weight, n_weights = _buffer(given, 4)
    shape = (cells[0], cells[1], cells[2])
    inputs = (
        carray(eta, shape, np.float64),
        carray(kappa, (cuts[0], cuts[1]), np.float64),
        carray(_buffer(given, 2)[0], cuts[0], np.int64),
        carray(_buffer(given, 3)[0], shape, np.int8),
        carray(weight, n_weights[0], np.float64),
    )
    d_eta = carray(_buffer(found, 1)[0], shape, np.float64)
    d_kappa = carray(_buffer(found, 2)[0], (cuts[0], cuts[1]), np.float64)
    carray(_buffer(found, 0)[0], 1, np.float64)[0] = fill(inputs, d_eta, d_kappa)
    return _pointer(0)


@cache
def _registered() -> Any:
    """Compile the kernel and make it known to XLA; returns it, so that it stays in memory."""
    compiled = cfunc(types.voidptr(types.voidptr), cache=True, **OPTIONS)(_handle)
    capsule: Any = jax.ffi.pycapsule
    jax.ffi.register_ffi_target(TARGET, capsule(compiled.ctypes), platform="cpu")
    return compiled


@cache
def available() -> bool:
    """Whether this JAX takes the kernel; without it only speed is lost."""
    try:
        _registered()
    except (RuntimeError, ValueError, TypeError) as error:
        _LOG.warning("JAX does not take the compiled likelihood, which costs time: %s", error)
        return False
    return True


def call(eta: Any, kappa: Any, lengths: Any, answers: Any, weight: Any) -> Any:
    """Log-likelihood of ordinal answers with its derivatives, see `reference`."""
    _registered()
    struct: Any = jax.ShapeDtypeStruct
    shapes = [struct(shape, np.float64) for shape in ((), eta.shape, kappa.shape)]
    function = jax.ffi.ffi_call(TARGET, shapes, vmap_method="sequential")
    return tuple(function(eta, kappa, lengths, answers, weight))

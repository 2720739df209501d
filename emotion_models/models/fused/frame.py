"""What XLA hands over when it calls foreign code on a processor, read in Numba.

A record of machine words that XLA's header ``xla/ffi/api/c_api.h`` describes; that layout is kept
for at least a year after a change.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic, register_jitable
from numba.np.numpy_support import carray

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


pointer: Any = intrinsic(_pointer_code)


@register_jitable
def _words(address: int, count: int) -> Any:
    return carray(pointer(address), count, np.int64)


@register_jitable
def opened(frame: Any) -> Any:
    """Words of a call's record; none after a question for the version, which is answered."""
    words = carray(frame, FRAME_WORDS, np.int64)
    extension = words[EXTENSION]
    if extension != 0 and carray(pointer(extension + KIND_BYTES), 1, np.int32)[0] == 1:
        metadata = _words(extension, METADATA + 1)[METADATA]
        version = carray(pointer(metadata + VERSION_BYTES), 2, np.int32)
        version[0], version[1] = INTERFACE
        return words[:0]
    return words


@register_jitable
def buffer(addresses: int, place: int) -> Any:
    """Address of the numbers, and dimensions, of an argument or a result."""
    found = _words(_words(addresses, place + 1)[place], SHAPE + 1)
    return pointer(found[DATA]), _words(found[SHAPE], 3)


@register_jitable
def scalar(addresses: int, place: int) -> Any:
    """Return the only number of an argument or a result, as a line."""
    return carray(buffer(addresses, place)[0], 1, np.float64)


@register_jitable
def line(addresses: int, place: int) -> Any:
    """Return the numbers of an argument or a result of one dimension."""
    data, size = buffer(addresses, place)
    return carray(data, size[0], np.float64)


@register_jitable
def table(addresses: int, place: int) -> Any:
    """Return the numbers of an argument or a result of two dimensions."""
    data, size = buffer(addresses, place)
    return carray(data, (size[0], size[1]), np.float64)


@register_jitable
def cube(addresses: int, place: int) -> Any:
    """Return the numbers of an argument or a result of three dimensions."""
    data, size = buffer(addresses, place)
    return carray(data, (size[0], size[1], size[2]), np.float64)


@register_jitable
def ratings(addresses: int) -> Any:
    """Return predictors, cutpoints, their numbers, answers and weights: the first of all."""
    eta, kappa = cube(addresses, 0), table(addresses, 1)
    lengths = carray(buffer(addresses, 2)[0], kappa.shape[0], np.int64)
    answers = carray(buffer(addresses, 3)[0], eta.shape, np.int8)
    return eta, kappa, lengths, answers, line(addresses, 4)

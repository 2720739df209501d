"""Lends the Numba kernel to JAX on processors, as `emotion_models.models.fused.foreign` does."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numba.np.numpy_support import carray

from emotion_models.models.at_nodes.kernel import fill
from emotion_models.models.at_nodes.op import OrdinalAtNodes
from emotion_models.models.fused import foreign, frame
from emotion_models.models.fused.kernel import in_users_cache

TARGET: Final = "emotion_models.ordinal_at_nodes"


@in_users_cache
def _handle(record: Any) -> Any:
    """Serve XLA's call."""
    words = frame.opened(record)
    if words.size > 0:
        given, found = words[frame.ARGUMENTS], words[frame.RESULTS]
        own, kappa = frame.table(given, 0), frame.table(given, 2)
        lengths = carray(frame.buffer(given, 3)[0], kappa.shape[0], np.int64)
        answers = carray(frame.buffer(given, 4)[0], own.shape, np.int8)
        nodes, mass, weight = frame.cube(given, 5), frame.table(given, 6), frame.line(given, 7)
        inputs = (own, frame.table(given, 1), kappa, lengths, answers, nodes, mass, weight)
        into = (
            frame.table(found, 1),
            frame.table(found, 2),
            frame.table(found, 3),
            frame.table(found, 4),
        )
        value = fill(inputs, into)
        frame.scalar(found, 0)[0] = value
    return frame.pointer(0)


KERNEL: Final = foreign.Lent(_handle, TARGET, OrdinalAtNodes.differentiated)
available: Final = KERNEL.available
call: Final = KERNEL.call

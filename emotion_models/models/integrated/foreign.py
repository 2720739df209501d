"""Lends the Numba kernel to JAX on processors, as `emotion_models.models.fused.foreign` does."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numba.np.numpy_support import carray

from emotion_models.models.fused import foreign, frame
from emotion_models.models.fused.kernel import in_users_cache
from emotion_models.models.integrated.kernel import fill
from emotion_models.models.integrated.op import IntegratedRatings

TARGET: Final = "emotion_models.ratings_without_people"


@in_users_cache
def _handle(record: Any) -> Any:
    """Serve XLA's call."""
    words = frame.opened(record)
    if words.size > 0:
        given, found = words[frame.ARGUMENTS], words[frame.RESULTS]
        ratings = frame.ratings(given)
        owner = carray(frame.buffer(given, 5)[0], ratings[0].shape[2], np.int64)
        how = (frame.line(given, 6), frame.line(given, 7), frame.line(given, 8))
        of_people = (frame.table(given, 9), frame.line(given, 10))
        of_affect = (frame.line(given, 11), frame.line(given, 12))
        into = (
            frame.cube(found, 1),
            frame.table(found, 2),
            frame.line(found, 3),
            frame.line(found, 4),
        )
        value = fill((*ratings, owner), how, (of_people, of_affect), into)
        frame.scalar(found, 0)[0] = value
    return frame.pointer(0)


KERNEL: Final = foreign.Lent(_handle, TARGET, IntegratedRatings.differentiated)
available: Final = KERNEL.available
call: Final = KERNEL.call

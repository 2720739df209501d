"""Small groups are not shown: results about few people could point to persons."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

THRESHOLD: Final = 10


def hidden_groups(counts: Mapping[str, int], threshold: int = THRESHOLD) -> frozenset[str]:
    """Groups that must not be shown.

    Groups with fewer than `threshold` people; and, when that is a single group, also the next
    smallest, because the hidden one could otherwise be worked out from the total.

    Parameters
    ----------
    counts : mapping of str to int
        People per group.
    threshold : int

    Returns
    -------
    frozenset of str
    """
    small = {name for name, count in counts.items() if count < threshold}
    if len(small) == 1 and len(counts) > 1 and counts[next(iter(small))] > 0:
        rest = {name: count for name, count in counts.items() if name not in small}
        small.add(min(rest, key=lambda name: rest[name]))
    return frozenset(small)

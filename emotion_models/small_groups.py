"""Small groups are not shown: results about few people could point to persons."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

THRESHOLD: Final = 10


def hidden_groups(counts: Mapping[str, int], threshold: int = THRESHOLD) -> frozenset[str]:
    """Groups that must not be shown.

    Groups with fewer than `threshold` people. What is hidden can be worked out from the total and
    what is shown, so that it must be at least two groups with people and `threshold` people in
    all: else the next smallest is hidden too.

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
    people = [counts[name] for name in small if counts[name] > 0]
    rest = {name: count for name, count in counts.items() if name not in small}
    if people and rest and (len(people) == 1 or sum(people) < threshold):
        small.add(min(rest, key=lambda name: rest[name]))
    return frozenset(small)

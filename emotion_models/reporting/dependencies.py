"""Which findings rest on which checks.

A check says what it is about after a colon, as in ``"posterior predictive: return"``; an outcome
or one of its items there ties it to that outcome. Other checks are known by words in their
names. A check that neither rule knows touches every finding: when in doubt, nothing is claimed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, Literal

Part = Literal["memory", "effects", "simulation", "comparison", "journey"]

# First match wins.
TOUCHES: Final[tuple[tuple[str, frozenset[Part]], ...]] = (
    ("collinear", frozenset({"effects"})),
    ("pareto", frozenset({"comparison"})),
    ("loo", frozenset({"comparison"})),
    ("elicitation", frozenset({"simulation"})),
    ("rating", frozenset({"simulation"})),
    ("recall", frozenset({"memory"})),
)


def depends_on(
    part: Part, checks: Iterable[str], *, owner: Mapping[str, str], outcome: str = ""
) -> tuple[str, ...]:
    """Names of the checks that a finding about `part` rests on.

    Parameters
    ----------
    part : {"memory", "effects", "simulation", "comparison", "journey"}
        The observed journey needs no model and rests on no check. A comparison adds up all
        outcomes, so it rests on the checks of each.
    checks : iterable of str
        Names of all checks of the fit.
    owner : mapping of str to str
        Outcome by the name of the outcome or of one of its items.
    outcome : str
        Name of the outcome the finding is about, if any.

    Returns
    -------
    tuple of str
    """
    if part == "journey":
        return ()
    return tuple(name for name in checks if _touches(name, part, owner, outcome))


def _touches(name: str, part: Part, owner: Mapping[str, str], outcome: str) -> bool:
    about = owner.get(name.partition(":")[2].strip())
    if about is not None:
        return part == "comparison" or about == outcome
    low = name.lower()
    return next((part in parts for word, parts in TOUCHES if word in low), True)

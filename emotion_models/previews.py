"""How a fit can be made, and what every output says where it is only a preview."""

from __future__ import annotations

from typing import Final, Literal

Method = Literal["nuts", "pathfinder", "laplace"]
METHODS: Final[tuple[Method, ...]] = ("nuts", "pathfinder", "laplace")
"""NUTS samples the posterior; the others approximate it, for iterating on a model."""
Wanted = Literal["auto", "nuts", "pathfinder", "laplace"]
WANTED: Final[tuple[Wanted, ...]] = ("auto", *METHODS)
"""What may be asked for: "auto" is NUTS, of an expanded likelihood where its weights allow."""
REFIT: Final = "refit with method='nuts'"


def caution_of(method: Method) -> str:
    """What every output of a preview says; nothing of NUTS."""
    if method == "nuts":
        return ""
    return f"Approximation ({method}), not a posterior sample: for iteration only."


def is_preview(caution: str) -> bool:
    """Whether a caution says that what it stands at comes from a preview."""
    return any(said and said in caution for said in map(caution_of, METHODS))

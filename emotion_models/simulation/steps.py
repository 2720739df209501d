"""The steps a change is made of: something set at a touchpoint, or the journey itself rebuilt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from emotion_models.simulation.who import EVERYBODY, Who

Kind = Literal["lever", "emotion"]
Built = Literal["remove", "move", "repeat", "merge", "add", "reorder"]
BUILT: Final[tuple[Built, ...]] = ("remove", "move", "repeat", "merge", "add", "reorder")
Side = Literal["before", "after"]


@dataclass(frozen=True)
class Step:
    """One lever or emotion at one touchpoint: set `to` a value, `by` an amount or `times`."""

    kind: Kind
    touchpoint: str
    name: str
    to: float | str | None = None
    by: float | None = None
    times: float | None = None
    who: Who = EVERYBODY

    def __str__(self) -> str:
        if self.to is not None:
            what = f"set to {self.to}"
        elif self.times is not None:
            what = f"times {_number(self.times)}"
        else:
            what = f"changed by {_signed(self.by)}"
        return f"{self.name} at {self.touchpoint} {what}{self.who}"


@dataclass(frozen=True)
class Rebuild:
    """One change of the journey's touchpoints.

    Parameters
    ----------
    kind : {"remove", "move", "repeat", "merge", "add", "reorder"}
    touchpoint : str
        What is removed, moved, repeated, merged into another, or added (its new name).
    beside : str
        The touchpoint it stands next to afterwards; of "merge" what it is merged into.
    side : {"before", "after"}
    like : str
        Of "add": the touchpoint whose answers it takes.
    feels : tuple of (emotion, scale value)
        Of "add": how it feels, where that is described.
    order : tuple of str
        Of "reorder".
    who : Who
    """

    kind: Built
    touchpoint: str = ""
    beside: str = ""
    side: Side = "after"
    like: str = ""
    feels: tuple[tuple[str, float], ...] = ()
    order: tuple[str, ...] = ()
    who: Who = EVERYBODY

    def __str__(self) -> str:
        place = f"{self.side} {self.beside}"
        match self.kind:
            case "remove":
                words = f"{self.touchpoint} removed"
            case "move":
                words = f"{self.touchpoint} moved {place}"
            case "repeat":
                words = f"{self.touchpoint} repeated {place}"
            case "merge":
                words = f"{self.touchpoint} merged into {self.beside}"
            case "add":
                words = f"{self.touchpoint} added {place}{self._profile()}"
            case "reorder":
                words = f"order {', '.join(self.order)}"
        return f"{words}{self.who}"

    def _profile(self) -> str:
        felt = ", ".join(f"{name} {_number(value)}" for name, value in self.feels)
        parts = [f"like {self.like}"] if self.like else []
        parts += [f"with {felt}"] if felt else []
        return f" ({', '.join(parts)})" if parts else ""


def _signed(amount: object) -> str:
    return f"{amount:+g}" if isinstance(amount, (int, float)) else str(amount)


def _number(amount: object) -> str:
    return f"{amount:g}" if isinstance(amount, (int, float)) else str(amount)

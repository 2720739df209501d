"""`Who`: the people a step of a change is for, and how many of them it reaches."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal, Self

from emotion_models.errors import Problem

Comparison = Literal["<=", ">=", "!=", "<", ">", "="]
_CONDITION: Final = re.compile(
    r"\s*(?P<name>[^<>=!]+?)(?:\s+at\s+(?P<touchpoint>[^<>=!]+?))?\s*"
    r"(?P<sign><=|>=|!=|==|<|>|=)\s*(?P<value>[^<>=!]+?)\s*"
)
FORM: Final = "write e.g. 'wait_minutes at check-in > 20', joined by ' and '"


@dataclass(frozen=True)
class Condition:
    """One comparison that journeys meet or do not.

    Parameters
    ----------
    name : str
        A control, ``customer_value``, ``delay``, or with a touchpoint a lever or an emotion.
    touchpoint : str
        Empty for what belongs to the whole journey.
    sign : {"<=", ">=", "!=", "<", ">", "="}
    value : str
        A number, or a category.
    """

    name: str
    touchpoint: str
    sign: Comparison
    value: str


def read_conditions(text: str) -> tuple[Condition, ...]:
    """Conditions that must all hold.

    Parameters
    ----------
    text : str
        E.g. ``"age >= 40 and wait_minutes at check-in > 20"``. Nothing is evaluated as code.

    Returns
    -------
    tuple of Condition

    Raises
    ------
    ValueError
        If a part has another form.
    """
    found = []
    for part in re.split(r"\s+and\s+", text.strip()):
        match = _CONDITION.fullmatch(part)
        if match is None:
            raise ValueError(f"cannot read the condition '{part}'")
        sign = "=" if match["sign"] == "==" else match["sign"]
        value = match["value"].strip("'\"")
        found.append(Condition(match["name"], match["touchpoint"] or "", sign, value))  # type: ignore[arg-type]
    return tuple(found)


@dataclass(frozen=True)
class Who:
    """Journeys that a step is for.

    Parameters
    ----------
    group : str
        A segment, or an identity: then a journey takes part with the weight it has in it.
    where : str
        Conditions, see `read_conditions`.
    share : float
        Of these journeys, the share that the step reaches.
    adherence : float
        Share of the reached that truly get it, as staff and systems keep to it.
    """

    group: str = ""
    where: str = ""
    share: float = 1.0
    adherence: float = 1.0

    @property
    def everybody(self) -> bool:
        """Whether the step is for all journeys."""
        return self == Who()

    @property
    def reach(self) -> float:
        """Share of the journeys in question that get the step."""
        return self.share * self.adherence

    def problems(self, where: str) -> list[Problem]:
        """What is wrong with these values by themselves."""
        found = []
        for name, value in (("share", self.share), ("adherence", self.adherence)):
            if not is_number(value) or not 0 <= value <= 1:
                found.append(Problem(where, f"{name} is {value!r}", "give a number from 0 to 1"))
        try:
            _ = read_conditions(self.where) if self.where else ()
        except ValueError as error:
            found.append(Problem(where, str(error), FORM))
        return found

    def to_table(self) -> dict[str, object]:
        """Keys of a TOML table; none where the step is for everybody."""
        plain = Who()
        return {key: value for key, value in vars(self).items() if value != getattr(plain, key)}

    @classmethod
    def from_table(cls, table: dict[str, object]) -> Self:
        """Take the keys of a TOML table that are about people."""
        return cls(**{key: table[key] for key in KEYS if key in table})  # type: ignore[arg-type]

    def __str__(self) -> str:
        words = [f" for {self.group}"] if self.group else []
        words += [f" where {self.where}"] if self.where else []
        words += [f" reaching {self.reach:.0%}"] if self.reach != 1 else []
        return "".join(words)


def is_number(value: object) -> bool:
    """Whether a value, as users and files give it, is a number and not a yes or no.

    A whole number that no machine number holds is none.
    """
    if isinstance(value, int):
        return not isinstance(value, bool) and abs(value) <= LARGEST
    return isinstance(value, float)


LARGEST: Final = 2**63 - 1


KEYS: Final = ("group", "where", "share", "adherence")
EVERYBODY: Final = Who()

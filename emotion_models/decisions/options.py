"""`Option`: something that could be changed, in one of several sizes, each at a cost."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self, cast

from emotion_models.decisions.options_file import read_options
from emotion_models.decisions.settings import Setting, costs_of
from emotion_models.errors import InputProblems, Problem
from emotion_models.simulation import Change


@dataclass(frozen=True)
class Option:
    """Something that could be changed, in one of several settings; or left as it is.

    ::

        Option.lever("check-in", "wait_minutes", by=[-5, -10], cost_per_unit=0.2)
        Option.lever("room", "upgrade", to=[1], cost=9)
        Option.emotion("breakfast", "joy", by=[0.5, 1], cost=[0.4, 1])
        Option.of("thank-you call", em.Change().add(...), cost=1.2)

    Parameters
    ----------
    name : str
    settings : tuple of Setting
    """

    name: str
    settings: tuple[Setting, ...]

    @classmethod
    def of(cls, name: str, change: Change, *, cost: float = 0.0, fixed: float = 0.0) -> Self:
        """Any change, taken or not.

        Parameters
        ----------
        name : str
        change : Change
        cost : float
            Per journey (of all journeys, reached or not).
        fixed : float
            Per period.

        Returns
        -------
        Option
        """
        return cls(name, (Setting(name, change, cost, fixed),))

    @classmethod
    def lever(
        cls,
        touchpoint: str,
        lever: str,
        *,
        to: float | str | Sequence[float | str] = (),
        by: float | Sequence[float] = (),
        where: str = "",
        cost: float | Sequence[float] = 0.0,
        cost_per_unit: float = 0.0,
        fixed: float | Sequence[float] = 0.0,
    ) -> Self:
        """A lever at a touchpoint, set to one of several values or moved by one of several amounts.

        Parameters
        ----------
        touchpoint, lever : str
        to, by : value or sequence
            The size, or the sizes to try, which are its bounds too.
        where : str
            Of which journeys, as `Change.among` takes it, e.g. ``"wait_minutes at check-in > 10"``.
        cost : float or sequence of float
            Per journey, for all sizes or one each.
        cost_per_unit : float
            Per unit that the lever is moved on average over journeys, in either direction.
        fixed : float or sequence of float
            Per period.

        Returns
        -------
        Option

        Raises
        ------
        InputProblems
            If sizes and costs do not fit together.
        """
        name = f"{lever} at {touchpoint}"
        here = Change().at(touchpoint).among(where=where)
        values, moves = _several(to), _several(by)
        if (len(values) == 0) == (len(moves) == 0):
            raise InputProblems("option", [Problem(name, "needs either to= or by=", "give one")])
        sizes = [(f"to {x}", here.lever(lever, to=x)) for x in values]
        sizes += [(f"by {x:+g}", here.lever(lever, by=x)) for x in moves]
        costs = costs_of(name, cost, fixed, len(sizes))
        return cls(
            name,
            tuple(
                Setting(label, change, *own, cost_per_unit)
                for (label, change), own in zip(sizes, costs, strict=True)
            ),
        )

    @classmethod
    def emotion(
        cls,
        touchpoint: str,
        emotion: str,
        *,
        by: float | Sequence[float],
        where: str = "",
        cost: float | Sequence[float] = 0.0,
        fixed: float | Sequence[float] = 0.0,
    ) -> Self:
        """An emotion at a touchpoint, moved by one of several amounts of scale points.

        Parameters
        ----------
        touchpoint, emotion : str
        by : float or sequence of float
        where : str
        cost, fixed : float or sequence of float
            As for `lever`.

        Returns
        -------
        Option

        Raises
        ------
        InputProblems
            If sizes and costs do not fit together.
        """
        name = f"{emotion} at {touchpoint}"
        here = Change().at(touchpoint).among(where=where)
        moves = _several(by)
        changes = [here.emotion(emotion, by=x) for x in moves]
        costs = costs_of(name, cost, fixed, len(changes))
        return cls(
            name,
            tuple(
                Setting(f"by {x:+g}", change, *own)
                for x, change, own in zip(moves, changes, costs, strict=True)
            ),
        )


def _several[T: float | str](sizes: T | Sequence[T]) -> Sequence[T]:
    """Sizes as a sequence; one alone, a word too, is a sequence of one."""
    if isinstance(sizes, str) or not isinstance(sizes, Sequence):
        return (cast("T", sizes),)
    return sizes


@dataclass(frozen=True)
class Options:
    """Options, and which of them exclude each other.

    Parameters
    ----------
    options : tuple of Option
    exclude : tuple of tuple of str
        Names of options of which at most one is taken.
    budget : float or None
        Most that may be spent per journey.
    """

    options: tuple[Option, ...]
    exclude: tuple[tuple[str, ...], ...] = field(default=())
    budget: float | None = None

    @classmethod
    def from_toml(cls, path: str | Path) -> Self:
        """Read options from a TOML file.

        ::

            budget = 5                      # most per journey; optional

            [[option]]
            touchpoint = "check-in"
            lever = "wait_minutes"
            to = [15, 10, 5]
            cost_per_unit = 0.2

            [[option]]
            name = "host"
            change = "host.toml"            # a change in a file of its own, beside this one
            cost = 1.2
            fixed = 4000

            [[exclude]]
            options = ["wait_minutes at check-in", "host"]

        Parameters
        ----------
        path : str or Path

        Returns
        -------
        Options

        Raises
        ------
        InputProblems
            With every problem of the file.
        """
        path = Path(path)
        try:
            content = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise InputProblems(path.name, [Problem("file", str(error), "see --help")]) from error
        made, exclude, budget = read_options(path, content, Option)
        return cls(tuple(made), exclude, budget)

"""`Change`: what a designer changes about a journey, as a value."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, Self

from emotion_models.errors import InputProblems, Problem, did_you_mean

Kind = Literal["lever", "emotion"]


@dataclass(frozen=True)
class Step:
    """One change of one thing at one touchpoint: either `to` a value or `by` an amount."""

    kind: Kind
    touchpoint: str
    name: str
    to: float | str | None
    by: float | None

    def __str__(self) -> str:
        what = f"set to {self.to}" if self.to is not None else f"changed by {_signed(self.by)}"
        return f"{self.name} at {self.touchpoint} {what}"


def _signed(amount: object) -> str:
    return f"{amount:+g}" if isinstance(amount, (int, float)) else str(amount)


@dataclass(frozen=True)
class Change:
    """A changed journey.

    Build it up from nothing; every method returns a new value::

        Change().at("check-in").lever("wait_minutes", to=5).emotion("frustration", by=-1)

    Parameters
    ----------
    steps : tuple of Step
        In the order they are applied.
    touchpoint : str
        Where the next step happens.
    """

    steps: tuple[Step, ...] = ()
    touchpoint: str = ""

    def at(self, touchpoint: str) -> Self:
        """Say where the following steps happen.

        Parameters
        ----------
        touchpoint : str

        Returns
        -------
        Change
        """
        return replace(self, touchpoint=touchpoint)

    def lever(self, name: str, *, to: float | str | None = None, by: float | None = None) -> Self:
        """Set a lever to a value, or move it by an amount, in its own unit.

        Parameters
        ----------
        name : str
        to : float or str, optional
            A number, 0 or 1, or a category.
        by : float, optional

        Returns
        -------
        Change

        Raises
        ------
        InputProblems
            If not exactly one of `to` and `by` is given, or `at` was not said.
        """
        return self._add("lever", name, to, by)

    def emotion(self, name: str, *, to: float | None = None, by: float | None = None) -> Self:
        """Set an emotion's rating to a scale value, or move it by scale points.

        Ratings stay within their scale.

        Parameters
        ----------
        name : str
        to, by : float, optional

        Returns
        -------
        Change

        Raises
        ------
        InputProblems
            As `lever`.
        """
        return self._add("emotion", name, to, by)

    def _add(self, kind: Kind, name: str, to: float | str | None, by: float | None) -> Self:
        problems = []
        if (to is None) == (by is None):
            problems.append(Problem(f"{kind} '{name}'", "needs either to= or by=", "give one"))
        if not self.touchpoint:
            problems.append(Problem(f"{kind} '{name}'", "no touchpoint", "say .at(...) first"))
        if problems:
            raise InputProblems("change", problems)
        return replace(self, steps=(*self.steps, Step(kind, self.touchpoint, name, to, by)))

    @classmethod
    def from_toml(cls, path: str | Path) -> Self:
        """Read a change from a TOML file.

        ::

            [[step]]
            touchpoint = "check-in"
            lever = "wait_minutes"
            to = 5

        Parameters
        ----------
        path : str or Path

        Returns
        -------
        Change

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
        return cls._from_tables(path.name, content)

    @classmethod
    def _from_tables(cls, subject: str, content: dict[str, object]) -> Self:
        tables = content.get("step", [])
        problems = [
            Problem(f"key '{key}'", "unknown", "use [[step]]") for key in content if key != "step"
        ]
        if not isinstance(tables, list) or not tables:
            problems.append(Problem("file", "no [[step]]", "describe at least one step"))
            tables = []
        steps = []
        for number, table in enumerate(tables, start=1):
            found = _read_step(f"step {number}", table)
            problems += found if isinstance(found, list) else []
            steps += [found] if isinstance(found, Step) else []
        if problems:
            raise InputProblems(subject, problems)
        return cls(tuple(steps))

    def to_toml(self) -> str:
        """Write as TOML that `from_toml` reads back to an equal change."""
        import tomli_w

        tables = []
        for step in self.steps:
            table: dict[str, object] = {"touchpoint": step.touchpoint, step.kind: step.name}
            table |= {"to": step.to} if step.to is not None else {"by": step.by}
            tables.append(table)
        return tomli_w.dumps({"step": tables})

    def __str__(self) -> str:
        return "; ".join(str(step) for step in self.steps) or "no change"


def _read_step(where: str, table: object) -> Step | list[Problem]:
    """One step of a file, or what is wrong with it."""
    if not isinstance(table, dict):
        return [Problem(where, "not a table", "write [[step]]")]
    known = ("touchpoint", "lever", "emotion", "to", "by")
    problems = [
        Problem(where, f"unknown key '{key}'", did_you_mean(str(key), known))
        for key in table
        if key not in known
    ]
    kinds: list[Kind] = [kind for kind in ("lever", "emotion") if kind in table]
    if len(kinds) != 1:
        problems.append(Problem(where, "needs either 'lever' or 'emotion'", "name one"))
    if ("to" in table) == ("by" in table):
        problems.append(Problem(where, "needs either 'to' or 'by'", "give one"))
    if not isinstance(table.get("touchpoint"), str):
        problems.append(Problem(where, "needs 'touchpoint'", "name one"))
    if "by" in table and not isinstance(table["by"], (int, float)):
        problems.append(Problem(where, f"'by' is {table['by']!r}", "give a number"))
    if problems:
        return problems
    return Step(
        kinds[0], table["touchpoint"], str(table[kinds[0]]), table.get("to"), table.get("by")
    )

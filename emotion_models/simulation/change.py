"""`Change`: what a designer changes about a journey, as a value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from emotion_models.errors import InputProblems, Problem
from emotion_models.simulation.change_file import read_steps, write_steps
from emotion_models.simulation.steps import Rebuild, Side, Step
from emotion_models.simulation.who import EVERYBODY, Who


@dataclass(frozen=True)
class Change:
    """A changed journey.

    Build it up from nothing; every method returns a new value::

        Change().at("check-in").lever("wait_minutes", to=5).emotion("frustration", by=-1)
        Change().among(segment="business").reaching(0.5).move("breakfast", before="room")

    Parameters
    ----------
    steps : tuple of Step or Rebuild
        In the order they are applied.
    touchpoint : str
        Where the next step happens.
    who : Who
        Whom the next step is for.
    """

    steps: tuple[Step | Rebuild, ...] = ()
    touchpoint: str = ""
    who: Who = EVERYBODY

    def at(self, touchpoint: str) -> Self:
        """Say where the following steps happen."""
        return replace(self, touchpoint=touchpoint)

    def among(self, *, segment: str = "", identity: str = "", where: str = "") -> Self:
        """Say whom the following steps are for; without arguments everybody again.

        Parameters
        ----------
        segment, identity : str, optional
            A group of the codebook. A journey takes part with its weight in the group.
        where : str, optional
            Conditions such as ``"wait_minutes at check-in > 20 and age >= 40"``.

        Returns
        -------
        Change
            The following steps reach all of them, see `reaching`.

        Raises
        ------
        InputProblems
            If both a segment and an identity are named, or the condition cannot be read.
        """
        problems = []
        if segment and identity:
            problems.append(Problem("among", "both a segment and an identity", "name one"))
        who = Who(segment or identity, where)
        return self._for(who, problems)

    def reaching(self, share: float, *, adherence: float = 1.0) -> Self:
        """Say how many of them the following steps reach.

        Every journey has its place in line once and for all: a larger share reaches the same
        journeys and further ones.

        Parameters
        ----------
        share : float
            Share of the journeys in question.
        adherence : float
            Share of those for whom it is truly done.

        Raises
        ------
        InputProblems
            If a share is not a number from 0 to 1.
        """
        return self._for(replace(self.who, share=share, adherence=adherence), [])

    def _for(self, who: Who, problems: list[Problem]) -> Self:
        problems = problems + who.problems("change")
        if problems:
            raise InputProblems("change", problems)
        return replace(self, who=who)

    def lever(
        self,
        name: str,
        *,
        to: float | str | None = None,
        by: float | None = None,
        times: float | None = None,
    ) -> Self:
        """Set a lever to a value, move it by an amount, or scale it, in its own unit.

        Parameters
        ----------
        name : str
        to : float or str, optional
            A number, 0 or 1, or a category.
        by, times : float, optional

        Returns
        -------
        Change

        Raises
        ------
        InputProblems
            If not exactly one of `to`, `by` and `times` is given, or `at` was not said.
        """
        return self._set(Step("lever", self.touchpoint, name, to, by, times, self.who))

    def emotion(
        self,
        name: str,
        *,
        to: float | None = None,
        by: float | None = None,
        times: float | None = None,
    ) -> Self:
        """Set an emotion's rating to a scale value, move it by scale points, or scale it.

        Ratings stay within their scale; `times` scales their distance from its lowest value.

        Parameters
        ----------
        name : str
        to, by, times : float, optional

        Returns
        -------
        Change

        Raises
        ------
        InputProblems
            As `lever`.
        """
        return self._set(Step("emotion", self.touchpoint, name, to, by, times, self.who))

    def _set(self, step: Step) -> Self:
        where, problems = f"{step.kind} '{step.name}'", []
        if sum(value is not None for value in (step.to, step.by, step.times)) != 1:
            problems.append(Problem(where, "needs one of to=, by= and times=", "give one"))
        if not self.touchpoint:
            problems.append(Problem(where, "no touchpoint", "say .at(...) first"))
        if problems:
            raise InputProblems("change", problems)
        return replace(self, steps=(*self.steps, step))

    def remove(self, touchpoint: str) -> Self:
        """Leave a touchpoint out of the journey."""
        return self._rebuild(Rebuild("remove", touchpoint))

    def move(self, touchpoint: str, *, before: str = "", after: str = "") -> Self:
        """Let a touchpoint happen right before or after another, for those who meet both.

        Parameters
        ----------
        touchpoint : str
        before, after : str
            One of them.

        Raises
        ------
        InputProblems
            If not exactly one of `before` and `after` is given.
        """
        return self._beside(Rebuild("move", touchpoint), before, after)

    def repeat(self, touchpoint: str, *, before: str = "", after: str = "") -> Self:
        """Let a touchpoint happen once more, as it was felt; ``"NAME (2)"`` is its name then.

        Parameters as of `move`; by default right after itself.
        """
        after = after or ("" if before else touchpoint)
        return self._beside(Rebuild("repeat", touchpoint), before, after)

    def merge(self, touchpoint: str, *, into: str) -> Self:
        """Let two touchpoints be one moment, felt as the average of the two."""
        return self._rebuild(Rebuild("merge", touchpoint, beside=into))

    def add(
        self,
        touchpoint: str,
        *,
        before: str = "",
        after: str = "",
        like: str = "",
        feels: Mapping[str, float] | None = None,
    ) -> Self:
        """Add a touchpoint, felt like another one or as described.

        Parameters
        ----------
        touchpoint : str
            Its new name.
        before, after : str
            One of them: those who meet that touchpoint get the new one.
        like : str
            The touchpoint whose answers it takes.
        feels : mapping of emotion to scale value, optional
            What is described; the other emotions are felt as in `like`, or, without it, as in
            the average over the person's own touchpoints.

        Raises
        ------
        InputProblems
            If neither `like` nor `feels` is given, or not exactly one of `before` and `after`.
        """
        step = Rebuild("add", touchpoint, like=like, feels=tuple((feels or {}).items()))
        return self._beside(step, before, after)

    def reorder(self, order: Sequence[str]) -> Self:
        """Let the named touchpoints happen in this order; others keep their places.

        Parameters
        ----------
        order : sequence of str
        """
        return self._rebuild(Rebuild("reorder", order=tuple(order)))

    def _beside(self, step: Rebuild, before: str, after: str) -> Self:
        where, problems = f"{step.kind} '{step.touchpoint}'", []
        if bool(before) == bool(after):
            problems.append(Problem(where, "needs either before= or after=", "give one"))
        if step.kind == "add" and not step.like and not step.feels:
            fix = "give like= a touchpoint, or feels= a mapping"
            problems.append(Problem(where, "nothing says how it feels", fix))
        if problems:
            raise InputProblems("change", problems)
        side: Side = "before" if before else "after"
        return self._rebuild(replace(step, beside=before or after, side=side))

    def _rebuild(self, step: Rebuild) -> Self:
        return replace(self, steps=(*self.steps, replace(step, who=self.who)))

    def then(self, other: Change) -> Self:
        """Return both changes, one after the other."""
        return replace(self, steps=(*self.steps, *other.steps))

    @classmethod
    def from_toml(cls, path: str | Path) -> Self:
        """Read a change from a TOML file.

        ::

            [[step]]
            touchpoint = "check-in"
            lever = "wait_minutes"
            to = 5
            group = "business"
            share = 0.5

            [[step]]
            move = "breakfast"
            before = "room"

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
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise InputProblems(path.name, [Problem("file", str(error), "see --help")]) from error
        return cls(read_steps(path.name, text))

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Read a change from text in the form of `to_toml`; raises as `from_toml`."""
        return cls(read_steps("change", text))

    def to_toml(self) -> str:
        """Write as TOML that `from_toml` reads back to an equal change."""
        return write_steps(self.steps)

    def __str__(self) -> str:
        return "; ".join(str(step) for step in self.steps) or "no change"

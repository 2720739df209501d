"""`Sketch`: what sliders and the order of stations say, and the `Change` it stands for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Self

from emotion_models.simulation import Change

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Value = float | str
Place = tuple[str, str]
"""Touchpoint, and the lever or emotion there."""
WHOLE: Final = 1.0


@dataclass(frozen=True)
class Stop:
    """One station of the journey.

    Parameters
    ----------
    name : str
    like : str
        The station it copies; empty for a station of the survey.
    again : bool
        Whether it is that station once more, rather than a new one that feels like it.
    off : bool
        Left out.
    into : str
        The station it is merged into.
    """

    name: str
    like: str = ""
    again: bool = False
    off: bool = False
    into: str = ""

    @property
    def shown(self) -> bool:
        """Whether the changed journey has it."""
        return not self.off and not self.into


@dataclass(frozen=True)
class Whom:
    """The people that the change is for.

    Parameters
    ----------
    group, where : str
    share, adherence : float
        0 to 1.
    """

    group: str = ""
    where: str = ""
    share: float = WHOLE
    adherence: float = WHOLE


@dataclass(frozen=True)
class Sketch:
    """A change as the page shows it.

    Parameters
    ----------
    stops : tuple of Stop
        In the order of the changed journey.
    levers : tuple of (place, value)
        Set to these values.
    emotions : tuple of (place, points)
        Moved by these points.
    whom : Whom
    kept : tuple of steps
        From a file, for which there is no slider; they come last.
    """

    stops: tuple[Stop, ...]
    levers: tuple[tuple[Place, Value], ...] = ()
    emotions: tuple[tuple[Place, float], ...] = ()
    whom: Whom = Whom()
    kept: tuple[Any, ...] = ()

    @classmethod
    def plain(cls, touchpoints: Sequence[str]) -> Self:
        """The journey as it is."""
        return cls(tuple(Stop(name) for name in touchpoints))

    @property
    def route(self) -> list[Stop]:
        """Stations of the changed journey, in order."""
        return [stop for stop in self.stops if stop.shown]

    @property
    def seen(self) -> Sketch:
        """The journey as it looks when the kept steps have rebuilt it, too."""
        found = self
        for step in self.kept:
            if step.kind not in {"lever", "emotion"}:
                found = found._moved(step) or found._with_rebuilt(step) or found
        return found

    def _moved(self, step: Any) -> Sketch | None:
        here = next((stop for stop in self.stops if stop.name == step.touchpoint), None)
        if step.kind != "move" or here is None or here.name == step.beside:
            return None
        rest = replace(self, stops=tuple(stop for stop in self.stops if stop is not here))
        return rest._beside(here, step)

    def change(self, touchpoints: Sequence[str]) -> Change:
        """Say it as a change.

        Parameters
        ----------
        touchpoints : sequence of str
            Of the survey, in their order.

        Returns
        -------
        Change

        Raises
        ------
        InputProblems
            If the people it is for cannot be read.
        """
        change = self._for(Change())
        change = self._rebuilt(change, touchpoints)
        for (touchpoint, name), value in self.levers:
            change = change.at(touchpoint).lever(name, to=value)
        for (touchpoint, name), points in self.emotions:
            change = change.at(touchpoint).emotion(name, by=points)
        return Change((*change.steps, *self.kept))

    def _for(self, change: Change) -> Change:
        whom = self.whom
        if whom.group or whom.where:
            change = change.among(segment=whom.group, where=whom.where)
        if (whom.share, whom.adherence) != (WHOLE, WHOLE):
            change = change.reaching(whom.share, adherence=whom.adherence)
        return change

    def _rebuilt(self, change: Change, touchpoints: Sequence[str]) -> Change:
        """Leave out, merge, reorder, then add: what is added stands beside what is there."""
        for stop in self.stops:
            if stop.off and not stop.like:
                change = change.remove(stop.name)
            elif stop.into:
                change = change.merge(stop.name, into=stop.into)
        own = [stop.name for stop in self.route if not stop.like]
        if own != [name for name in touchpoints if name in own]:
            change = change.reorder(tuple(own))
        for stop, before, after in self._anchored():
            if stop.again:
                change = change.repeat(stop.like, before=before, after=after)
            else:
                change = change.add(stop.name, like=stop.like, before=before, after=after)
        return change

    def _anchored(self) -> Iterator[tuple[Stop, str, str]]:
        """Added stations, each with the station it follows, or else comes before."""
        before = ""
        waiting: list[Stop] = []
        for stop in self.route:
            if not stop.like:
                for early in waiting:
                    yield early, stop.name, ""
                waiting = []
            elif before:
                yield stop, "", before
            else:
                waiting.append(stop)
                continue
            before = stop.name

    @classmethod
    def of(cls, change: Change, touchpoints: Sequence[str]) -> Self:
        """Show a change: sliders for what has sliders, the rest kept as it is.

        Parameters
        ----------
        change : Change
        touchpoints : sequence of str

        Returns
        -------
        Sketch
            Its `change` has the same steps.
        """
        plain = cls.plain(touchpoints)
        sketch = plain
        for step in change.steps:
            sketch = sketch._with(step, first=step is change.steps[0])
        again = sketch.change(touchpoints).steps
        same = len(again) == len(change.steps) and set(again) == set(change.steps)
        return sketch if same else replace(plain, kept=change.steps)

    def _with(self, step: Any, *, first: bool) -> Self:
        """One more step of a change."""
        whom = whom_of(step)
        if first:
            self = replace(self, whom=whom)
        kept = replace(self, kept=(*self.kept, step))
        if whom != self.whom or self.kept:  # what follows a kept step must not come before it
            return kept
        if step.kind in {"lever", "emotion"}:
            return self._with_value(step) or kept
        return self._with_rebuilt(step) or kept

    def _with_value(self, step: Any) -> Self | None:
        place = (step.touchpoint, step.name)
        here = next((stop for stop in self.stops if stop.name == step.touchpoint), None)
        if here is None:
            return None
        if (
            step.kind == "lever"
            and not here.like
            and step.to is not None
            and place not in dict(self.levers)
        ):
            return replace(self, levers=(*self.levers, (place, step.to)))
        if step.kind == "emotion" and step.by is not None and place not in dict(self.emotions):
            return replace(self, emotions=(*self.emotions, (place, step.by)))
        return None

    def _with_rebuilt(self, step: Any) -> Self | None:
        names = [stop.name for stop in self.stops]
        here = next((stop for stop in self.stops if stop.name == step.touchpoint), None)
        match step.kind:
            case "remove" if here is not None and here.shown:
                return self._swapped(here, replace(here, off=True))
            case "merge" if here is not None and here.shown and step.beside in names:
                return self._swapped(here, replace(here, into=step.beside))
            case "reorder" if not any(stop.like for stop in self.stops):
                return self._reordered(step.order)
            case "add" if step.like and not step.feels and here is None:
                return self._beside(Stop(step.touchpoint, step.like), step)
            case "repeat" if here is not None:
                name = name_again(step.touchpoint, names)
                return self._beside(Stop(name, step.touchpoint, again=True), step)
        return None

    def _swapped(self, old: Stop, new: Stop) -> Self:
        stops = tuple(new if stop is old else stop for stop in self.stops)
        return replace(self, stops=stops)

    def _reordered(self, order: Sequence[str]) -> Self | None:
        """The named stations in this order; the others keep their places."""
        known = {stop.name: stop for stop in self.stops}
        if not set(order) <= set(known) or len(set(order)) < len(order):
            return None
        following = iter(order)
        named = [known[next(following)] if s.name in order else s for s in self.stops]
        return replace(self, stops=tuple(named))

    def _beside(self, stop: Stop, step: Any) -> Self | None:
        names = [other.name for other in self.stops]
        if step.beside not in names:
            return None
        at = names.index(step.beside) + (step.side == "after")
        return replace(self, stops=(*self.stops[:at], stop, *self.stops[at:]))


def name_again(name: str, taken: Sequence[str]) -> str:
    """What a repeated station is called."""
    count = 2
    while f"{name} ({count})" in taken:
        count += 1
    return f"{name} ({count})"


def whom_of(step: Any) -> Whom:
    """The people that a step is for."""
    who = getattr(step, "who", None)
    return Whom() if who is None else Whom(who.group, who.where, who.share, who.adherence)

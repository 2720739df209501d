"""``emotion-models simulate``: what a changed journey would do to the outcomes."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

import emotion_models as em
from emotion_models.commands.console import (
    EXISTING_FILE,
    BadInput,
    deliver,
    gathered,
    open_fit,
    table_options,
)

if TYPE_CHECKING:
    from emotion_models.simulation import Change


def fit_and_change[**P, R](command: Callable[P, R]) -> Callable[P, R]:
    """Give a command the arguments FIT and CHANGE, and the option ``--set``."""
    levers = click.option(
        "--set",
        "levers",
        multiple=True,
        metavar="TOUCHPOINT.LEVER=VALUE",
        help="Set a lever, e.g. check-in.wait_minutes=5. Repeatable.",
    )
    change = click.argument("change", type=EXISTING_FILE, required=False)
    return click.argument("fit", type=EXISTING_FILE)(change(levers(command)))


@dataclass(frozen=True)
class Asked:
    """What is asked of the command."""

    fit: Path
    change: Path | None
    levers: tuple[str, ...]
    shifts: tuple[str, ...]
    segment: str
    where: str
    reach: float
    why: str | None
    uncertainty: str | None
    remembered: bool
    winners: bool
    draws: int | None
    csv: Path | None
    as_json: bool

    @property
    def who(self) -> tuple[str, str, float]:
        """Whom the inline settings are for: group, condition, share."""
        return self.segment, self.where, self.reach


@click.command(short_help="What a changed journey would do.")
@fit_and_change
@click.option(
    "--shift",
    "shifts",
    multiple=True,
    metavar="TOUCHPOINT.EMOTION=POINTS",
    help="Shift an emotion, e.g. check-in.frustration=-1. Repeatable.",
)
@click.option("--for", "segment", default="", help="Segment or identity they are for.")
@click.option("--where", default="", help="Whom: 'wait_minutes at check-in > 20'.")
@click.option("--reach", default=1.0, help="Share of them that is reached.")
@click.option("--why", metavar="OUTCOME", help="Along which paths this outcome changes.")
@click.option("--uncertainty", metavar="OUTCOME", help="Where its uncertainty comes from.")
@click.option("--remembered", is_flag=True, help="What is remembered before and after.")
@click.option("--winners", is_flag=True, help="Who gains and who loses.")
@click.option("--draws", type=click.IntRange(1), help="Posterior draws to use at most.")
@table_options
@gathered(Asked)
def simulate(asked: Asked) -> int:
    """Simulate a changed journey with the saved FIT; the change is in CHANGE (TOML) or inline."""
    wanted = [asked.why, asked.uncertainty, asked.remembered, asked.winners]
    if sum(map(bool, wanted)) > 1:
        raise BadInput("give one of --why, --uncertainty, --remembered and --winners")
    change = build_change(asked.change, asked.levers, asked.shifts, asked.who)
    draws = {} if asked.draws is None else {"draws": asked.draws}
    with in_blocks() as progress:
        result = em.simulate(open_fit(asked.fit), change, progress=progress, **draws)
    found: Any = result
    if asked.why:
        found = result.why(asked.why)
    elif asked.uncertainty:
        found = result.uncertainty(asked.uncertainty)
    elif asked.remembered or asked.winners:
        found = result.remembered() if asked.remembered else result.winners()
    return deliver(found, asked.csv, as_json=asked.as_json)


@contextlib.contextmanager
def in_blocks() -> Iterator[Callable[[int, int], None]]:
    """Show a bar where there are more journeys than are simulated together."""
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        tasks: list[Any] = []

        def tell(done: int, of: int) -> None:
            if of > 1:
                if not tasks:
                    tasks.append(bar.add_task("simulating", total=of))
                bar.update(tasks[0], completed=done)

        yield tell


def build_change(
    file: Path | None,
    levers: tuple[str, ...],
    shifts: tuple[str, ...],
    who: tuple[str, str, float] = ("", "", 1.0),
) -> Change:
    """Put a change together from a file and from inline settings.

    Parameters
    ----------
    file : Path or None
        A change in TOML.
    levers, shifts : tuple of str
        ``TOUCHPOINT.LEVER=VALUE`` and ``TOUCHPOINT.EMOTION=POINTS``.
    who : (group, condition, share)
        Whom the inline settings are for.

    Returns
    -------
    Change

    Raises
    ------
    BadInput
        Nothing changes, or a setting cannot be read.
    """
    if file is None and not levers and not shifts:
        raise BadInput("nothing to simulate; give a CHANGE file, --set or --shift")
    change = em.Change.from_toml(file) if file else em.Change()
    group, where, share = who
    if who != ("", "", 1.0):
        change = change.among(segment=group, where=where).reaching(share)
    for setting in levers:
        touchpoint, lever, value = split_setting(setting)
        change = change.at(touchpoint).lever(lever, to=_number(value, value))
    for setting in shifts:
        touchpoint, emotion, value = split_setting(setting)
        points = _number(value, None)
        if points is None:
            raise BadInput(f"'{setting}': '{value}' is not a number of scale points")
        change = change.at(touchpoint).emotion(emotion, by=points)
    return change


def split_setting(setting: str) -> tuple[str, str, str]:
    """Split ``TOUCHPOINT.NAME=VALUE``.

    Parameters
    ----------
    setting : str

    Returns
    -------
    tuple of three str

    Raises
    ------
    BadInput
        It does not have this form.
    """
    place, equals, value = setting.partition("=")
    touchpoint, dot, name = place.rpartition(".")
    parts = (touchpoint.strip(), name.strip(), value.strip())
    if not equals or not dot or not all(parts):
        raise BadInput(f"'{setting}' does not have the form TOUCHPOINT.NAME=VALUE")
    return parts


def _number[T](text: str, otherwise: T) -> float | T:
    try:
        return float(text)
    except ValueError:
        return otherwise

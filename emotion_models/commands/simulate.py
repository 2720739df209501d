"""``emotion-models simulate``: what a changed journey would do to the outcomes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

import emotion_models as em
from emotion_models.commands.console import (
    EXISTING_FILE,
    BadInput,
    deliver,
    open_fit,
    table_options,
)

if TYPE_CHECKING:
    from emotion_models.simulation import Change


@click.command(short_help="What a changed journey would do.")
@click.argument("fit", type=EXISTING_FILE)
@click.argument("change", type=EXISTING_FILE, required=False)
@click.option(
    "--set",
    "levers",
    multiple=True,
    metavar="TOUCHPOINT.LEVER=VALUE",
    help="Set a lever, e.g. check-in.wait_minutes=5. Repeatable.",
)
@click.option(
    "--shift",
    "shifts",
    multiple=True,
    metavar="TOUCHPOINT.EMOTION=POINTS",
    help="Shift an emotion, e.g. check-in.frustration=-1. Repeatable.",
)
@table_options
def simulate(
    fit: Path,
    change: Path | None,
    levers: tuple[str, ...],
    shifts: tuple[str, ...],
    csv: Path | None,
    as_json: bool,
) -> int:
    """Simulate a changed journey with the saved FIT; the change is in CHANGE (TOML) or inline."""
    planned = build_change(change, levers, shifts)
    result = em.simulate(open_fit(fit), planned)
    return deliver(result, csv, as_json=as_json)


def build_change(file: Path | None, levers: tuple[str, ...], shifts: tuple[str, ...]) -> Change:
    """Put a change together from a file and from inline settings.

    Parameters
    ----------
    file : Path or None
        A change in TOML.
    levers, shifts : tuple of str
        ``TOUCHPOINT.LEVER=VALUE`` and ``TOUCHPOINT.EMOTION=POINTS``.

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

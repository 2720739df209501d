"""``emotion-models effects``: what each emotion does to each outcome."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

import emotion_models as em
from emotion_models.commands.console import (
    EXISTING_FILE,
    EXIT_OK,
    NEW_FILE,
    check_writable,
    note,
    open_fit,
    records,
    show,
    show_json,
    write_csv,
)


@click.command(short_help="What each emotion does to each outcome.")
@click.argument("fit", type=EXISTING_FILE)
@click.option("--on", help="One outcome, e.g. return. Default: all.")
@click.option(
    "--by",
    type=click.Choice(["emotion", "touchpoint", "segment", "value"]),
    default="emotion",
    show_default=True,
    help="Everywhere at once, also at each touchpoint, or also within each segment or third of "
    "customer value.",
)
@click.option(
    "--weight",
    type=click.Choice(["survey", "value"]),
    default="survey",
    show_default=True,
    help="Whether people count by survey weight alone, or also by customer value.",
)
@click.option("--csv", type=NEW_FILE, help="Also write the table here.")
@click.option("--json", "as_json", is_flag=True, help="Print the table for a machine.")
def effects(
    fit: Path,
    on: str | None,
    by: Literal["emotion", "touchpoint", "segment", "value"],
    weight: Literal["survey", "value"],
    csv: Path | None,
    as_json: bool,
) -> int:
    """Effects of emotions on outcomes in the saved FIT, on the scale of the outcome."""
    if csv:
        check_writable(csv)
    result = em.effects(open_fit(fit), on=on, by=by, weight=weight)
    if as_json:
        show_json(records(result.table()))
    else:
        show(result.summary())
    if csv:
        write_csv(result.table(), csv)
        note(f"wrote {csv}")
    return EXIT_OK

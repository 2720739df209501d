"""``emotion-models effects``: what each emotion does to each outcome."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

import emotion_models as em
from emotion_models.commands.console import EXISTING_FILE, deliver, open_fit, table_options


@click.command(short_help="What each emotion does to each outcome.")
@click.argument("fit", type=EXISTING_FILE)
@click.option("--on", help="One outcome, e.g. return. Default: all.")
@click.option(
    "--by",
    type=click.Choice(["emotion", "touchpoint", "segment", "identity", "value"]),
    default="emotion",
    show_default=True,
    help="Everywhere at once, also at each touchpoint, or also within each segment, were each "
    "identity alone salient, or within each third of customer value.",
)
@click.option(
    "--weight",
    type=click.Choice(["survey", "value"]),
    default="survey",
    show_default=True,
    help="Whether people count by survey weight alone, or also by customer value.",
)
@table_options
def effects(
    fit: Path,
    on: str | None,
    by: Literal["emotion", "touchpoint", "segment", "identity", "value"],
    weight: Literal["survey", "value"],
    csv: Path | None,
    as_json: bool,
) -> int:
    """Effects of emotions on outcomes in the saved FIT, on the scale of the outcome."""
    result = em.effects(open_fit(fit), on=on, by=by, weight=weight)
    return deliver(result, csv, as_json=as_json)

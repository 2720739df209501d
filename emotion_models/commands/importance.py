"""``emotion-models importance``: which emotions explain how outcomes differ."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

import emotion_models as em
from emotion_models.commands.console import EXISTING_FILE, deliver, open_fit, table_options


@click.command(short_help="Which emotions explain the differences.")
@click.argument("fit", type=EXISTING_FILE)
@click.option("--on", help="One outcome, e.g. return. Default: all.")
@click.option(
    "--of",
    type=click.Choice(["emotion", "touchpoint"]),
    default="emotion",
    show_default=True,
    help="Among what to divide it.",
)
@table_options
def importance(
    fit: Path, on: str | None, of: Literal["emotion", "touchpoint"], csv: Path | None, as_json: bool
) -> int:
    """Divide what memory explains of each outcome among the emotions of the saved FIT.

    A share is what goes along with an outcome, not an effect.
    """
    return deliver(em.importance(open_fit(fit), on=on, of=of), csv, as_json=as_json)

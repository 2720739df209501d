"""``emotion-models specificity``: what specific emotions add to good and bad."""

from __future__ import annotations

from pathlib import Path

import click

import emotion_models as em
from emotion_models.commands.console import EXISTING_FILE, deliver, open_fit, table_options


@click.command(short_help="What naming the emotion adds.")
@click.argument("fit", type=EXISTING_FILE)
@table_options
def specificity(fit: Path, csv: Path | None, as_json: bool) -> int:
    """How far emotions of the saved FIT act beyond their valence; one model is sampled anew."""
    return deliver(em.specificity(open_fit(fit)), csv, as_json=as_json)

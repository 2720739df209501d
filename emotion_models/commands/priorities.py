"""``emotion-models priorities``: where it matters, and where it falls short."""

from __future__ import annotations

from pathlib import Path

import click

import emotion_models as em
from emotion_models.commands.console import EXISTING_FILE, deliver, open_fit, table_options
from emotion_models.commands.decisions import codebook_option, values_of


@click.command(short_help="Importance against performance.")
@click.argument("fit", type=EXISTING_FILE)
@click.option("--on", required=True, help="One outcome, e.g. return, or 'value'.")
@codebook_option
@table_options
def priorities(fit: Path, on: str, codebook: Path | None, csv: Path | None, as_json: bool) -> int:
    """Place every emotion at every touchpoint of the saved FIT by importance and performance."""
    result = em.priorities(open_fit(fit), on, codebook=values_of(codebook))
    return deliver(result, csv, as_json=as_json)

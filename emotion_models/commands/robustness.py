"""``emotion-models robustness``: what would undo each effect."""

from __future__ import annotations

from pathlib import Path

import click

import emotion_models as em
from emotion_models.commands.console import EXISTING_FILE, deliver, open_fit, table_options


@click.command(short_help="What would undo each effect.")
@click.argument("fit", type=EXISTING_FILE)
@click.option("--on", help="One outcome, e.g. return. Default: all.")
@table_options
def robustness(fit: Path, on: str | None, csv: Path | None, as_json: bool) -> int:
    """How strong an unmeasured cause must be to undo each effect in the saved FIT."""
    return deliver(em.robustness(open_fit(fit), on=on), csv, as_json=as_json)

"""``emotion-models halo``: how much of each effect is answering style."""

from __future__ import annotations

from pathlib import Path

import click

import emotion_models as em
from emotion_models.commands.console import EXISTING_FILE, deliver, open_fit, table_options


@click.command(short_help="How much is answering style.")
@click.argument("fit", type=EXISTING_FILE)
@click.option("--on", help="One outcome, e.g. return. Default: all.")
@table_options
def halo(fit: Path, on: str | None, csv: Path | None, as_json: bool) -> int:
    """Effects in the saved FIT with the control for answering style and without.

    The outcomes are sampled anew.
    """
    return deliver(em.halo(open_fit(fit), on=on), csv, as_json=as_json)

"""``emotion-models measure``: how well the items measure their constructs."""

from __future__ import annotations

from pathlib import Path

import click

import emotion_models as em
from emotion_models.commands.console import EXISTING_FILE, deliver, open_fit, table_options


@click.command(short_help="How well the items measure their constructs.")
@click.argument("fit", type=EXISTING_FILE)
@table_options
def measure(fit: Path, csv: Path | None, as_json: bool) -> int:
    """Loadings, reliability and discriminant validity of the items of the saved FIT."""
    result = em.measure(open_fit(fit))
    return deliver(result, csv, as_json=as_json)

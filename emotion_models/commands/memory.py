"""``emotion-models memory``: what is kept of what was felt."""

from __future__ import annotations

from pathlib import Path

import click

import emotion_models as em
from emotion_models.commands.console import EXISTING_FILE, deliver, open_fit, table_options


@click.command(short_help="What is kept of what was felt.")
@click.argument("fit", type=EXISTING_FILE)
@click.option(
    "--rule",
    "rules",
    multiple=True,
    help="Compare with a rule, e.g. peak-end; may be repeated. Each is sampled anew.",
)
@table_options
def memory(fit: Path, rules: tuple[str, ...], csv: Path | None, as_json: bool) -> int:
    """Memory weights, salience, fading and rules of memory in the saved FIT."""
    return deliver(em.memory(open_fit(fit), rules=rules), csv, as_json=as_json)

"""``emotion-models memory``: what is kept of what was felt."""

from __future__ import annotations

from pathlib import Path

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


@click.command(short_help="What is kept of what was felt.")
@click.argument("fit", type=EXISTING_FILE)
@click.option(
    "--rule",
    "rules",
    multiple=True,
    help="Compare with a rule, e.g. peak-end; may be repeated. Each is sampled anew.",
)
@click.option("--csv", type=NEW_FILE, help="Also write the weights here.")
@click.option("--json", "as_json", is_flag=True, help="Print the weights for a machine.")
def memory(fit: Path, rules: tuple[str, ...], csv: Path | None, as_json: bool) -> int:
    """Memory weights, salience, fading and rules of memory in the saved FIT."""
    if csv:
        check_writable(csv)
    result = em.memory(open_fit(fit), rules=rules)
    if as_json:
        show_json(records(result.weights))
    else:
        show(result.summary())
    if csv:
        write_csv(result.weights, csv)
        note(f"wrote {csv}")
    return EXIT_OK

"""``emotion-models measure``: how well the items measure their constructs."""

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


@click.command(short_help="How well the items measure their constructs.")
@click.argument("fit", type=EXISTING_FILE)
@click.option("--csv", type=NEW_FILE, help="Also write the table here.")
@click.option("--json", "as_json", is_flag=True, help="Print the table for a machine.")
def measure(fit: Path, csv: Path | None, as_json: bool) -> int:
    """Loadings, reliability and discriminant validity of the items of the saved FIT."""
    if csv:
        check_writable(csv)
    result = em.measure(open_fit(fit))
    if as_json:
        show_json(records(result.table()))
    else:
        show(result.summary())
    if csv:
        write_csv(result.table(), csv)
        note(f"wrote {csv}")
    return EXIT_OK

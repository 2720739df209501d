"""``emotion-models criticise``: where the model and the answers disagree."""

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


@click.command(short_help="Where the model and the answers disagree.")
@click.argument("fit", type=EXISTING_FILE)
@click.option("--csv", type=NEW_FILE, help="Also write the table of predictive checks here.")
@click.option("--json", "as_json", is_flag=True, help="Print all tables for a machine.")
def criticise(fit: Path, csv: Path | None, as_json: bool) -> int:
    """Hold every answer against what the saved FIT predicts.

    Replicated answers by item and touchpoint, and calibration of predicted probabilities.
    """
    if csv:
        check_writable(csv)
    result = em.criticise(open_fit(fit))
    if as_json:
        tables = {
            "answers": result.table(),
            "calibration": result.calibration(),
            "reliability": result.reliability(),
            "transforms": result.pit(),
        }
        show_json({name: records(table) for name, table in tables.items()})
    else:
        show(result.summary())
    if csv:
        write_csv(result.table(), csv)
        note(f"wrote {csv}")
    return EXIT_OK

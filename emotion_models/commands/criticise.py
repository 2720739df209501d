"""``emotion-models criticise``: where the model and the answers disagree."""

from __future__ import annotations

from pathlib import Path

import click

import emotion_models as em
from emotion_models.commands.console import EXISTING_FILE, deliver, open_fit, table_options


@click.command(short_help="Where the model and the answers disagree.")
@click.argument("fit", type=EXISTING_FILE)
@table_options
def criticise(fit: Path, csv: Path | None, as_json: bool) -> int:
    """Hold every answer against what the saved FIT predicts.

    Replicated answers by item and touchpoint, and calibration of predicted probabilities.
    """
    result = em.criticise(open_fit(fit))
    tables = {
        "answers": result.table(),
        "calibration": result.calibration(),
        "reliability": result.reliability(),
        "transforms": result.pit(),
    }
    return deliver(result, csv, as_json=as_json, tables=tables)

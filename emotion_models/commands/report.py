"""``emotion-models report``: the findings of a fit as a document."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

import emotion_models as em
from emotion_models.commands.console import (
    EXISTING_FILE,
    EXIT_OK,
    NEW_FILE,
    BadInput,
    check_writable,
    note,
    open_fit,
)

FORMATS: Final = (".pdf", ".html", ".md", ".json")


@click.command(short_help="Write the findings as a document.")
@click.argument("fit", type=EXISTING_FILE)
@click.option("--out", type=NEW_FILE, required=True, help=f"One of {', '.join(FORMATS)}.")
@click.option("--change", type=EXISTING_FILE, help="A change to simulate and report (TOML).")
def report(fit: Path, out: Path, change: Path | None) -> int:
    """Write the report of the saved FIT; the ending of --out decides the format."""
    if out.suffix.lower() not in FORMATS:
        raise BadInput(f"{out}: a report ends in one of {', '.join(FORMATS)}")
    check_writable(out)
    opened = open_fit(fit)
    simulations = [em.simulate(opened, em.Change.from_toml(change))] if change else []
    em.report(opened, *simulations).save(out)
    note(f"wrote {out}")
    return EXIT_OK

"""``emotion-models codebook``: draft a codebook from a data file."""

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
    show,
)
from emotion_models.files import write_text


@click.command(short_help="Draft a codebook from a data file.")
@click.argument("file", type=EXISTING_FILE)
@click.option("--out", type=NEW_FILE, help="Write the draft here instead of printing it.")
@click.option("--taxonomy", help="Set of emotion words to set beside those of FILE.")
def codebook(file: Path, out: Path | None, taxonomy: str | None) -> int:
    """Draft a codebook (TOML) from the data file FILE; complete it by hand, then `check`."""
    if out:
        check_writable(out)
    draft = em.draft_codebook(file, taxonomy=taxonomy)
    if out is None:
        show(draft)
        return EXIT_OK
    write_text(out, draft)
    note(f"wrote {out}; complete it, then: emotion-models check {file} --codebook {out}")
    return EXIT_OK

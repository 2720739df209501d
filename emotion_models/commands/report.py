"""``emotion-models report``: the findings of a fit as a document."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import click

import emotion_models as em
from emotion_models.commands.console import (
    EXISTING_FILE,
    EXIT_OK,
    NEW_FILE,
    NEW_FOLDER,
    BadInput,
    check_writable,
    note,
    open_fit,
)

FORMATS: Final = (".pdf", ".html", ".md", ".json")
AUDIENCES: Final = ("board", "team", "paper")


@click.command(short_help="Write the findings as a document.")
@click.argument("fit", type=EXISTING_FILE)
@click.option("--out", type=NEW_FILE, required=True, help=f"One of {', '.join(FORMATS)}.")
@click.option("--change", type=EXISTING_FILE, help="A change to simulate and report (TOML).")
@click.option("--audience", type=click.Choice(AUDIENCES), help="Default: paper.")
@click.option("--section", "sections", multiple=True, help="Only these sections. Repeatable.")
@click.option("--title", help="Default: the label of the study.")
@click.option("--accent", help="Colour of headings, e.g. '#17517E'.")
@click.option("--logo", type=EXISTING_FILE, help="An .svg or .png for the first page.")
@click.option("--smallest-group", type=int, help="Respondents, at least 10.")
@click.option("--supplement", type=NEW_FOLDER, help="A new folder for all tables and figures.")
def report(
    fit: Path, out: Path, change: Path | None, supplement: Path | None, **options: Any
) -> int:
    """Write the report of the saved FIT; the ending of --out decides the format.

    --audience board: one page, changes, limits; team: all answers; paper: methods and checks, too.

    --supplement writes what a journal takes beside a paper: every finding, table and figure as a
    file of its own.
    """
    if out.suffix.lower() not in FORMATS:
        raise BadInput(f"{out}: a report ends in one of {', '.join(FORMATS)}")
    check_writable(out)
    if supplement:
        if supplement.exists():
            raise BadInput(f"{supplement}: exists already; name a new folder")
        check_writable(supplement)
    look = {key: options.pop(key) for key in ("accent", "logo") if options[key]}
    asked = {key: value for key, value in options.items() if value not in (None, ())}
    if look:
        asked["look"] = em.Look(**look)
    opened = open_fit(fit)
    simulations = [em.simulate(opened, em.Change.from_toml(change))] if change else []
    written = em.report(opened, *simulations, **asked)
    written.save(out)
    note(f"wrote {out}")
    if supplement:
        written.supplement(supplement)
        note(f"wrote {supplement}")
    return EXIT_OK

"""``emotion-models report``: the findings of a fit as a document."""

from __future__ import annotations

from dataclasses import dataclass
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
    gathered,
    note,
    open_fit,
)

FORMATS: Final = (".pdf", ".html", ".md", ".json")
AUDIENCES: Final = ("board", "team", "paper")


@dataclass(frozen=True)
class Asked:
    """What is asked of the command."""

    fit: Path
    out: Path
    change: Path | None
    audience: str | None
    sections: tuple[str, ...]
    title: str | None
    accent: str | None
    logo: Path | None
    smallest_group: int | None
    supplement: Path | None

    @property
    def options(self) -> dict[str, Any]:
        """What `em.report` is told; what was not asked keeps its default."""
        look = {"accent": self.accent, "logo": self.logo}
        given: dict[str, Any] = {key: value for key, value in look.items() if value is not None}
        options = {
            "audience": self.audience,
            "sections": self.sections or None,
            "title": self.title,
            "smallest_group": self.smallest_group,
            "look": em.Look(**given) if given else None,
        }
        return {key: value for key, value in options.items() if value is not None}


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
@gathered(Asked)
def report(asked: Asked) -> int:
    """Write the report of the saved FIT; the ending of --out decides the format.

    --audience board: one page, changes, limits; team: all answers; paper: methods and checks, too.

    --supplement writes what a journal takes beside a paper: every finding, table and figure as a
    file of its own.
    """
    if asked.out.suffix.lower() not in FORMATS:
        raise BadInput(f"{asked.out}: a report ends in one of {', '.join(FORMATS)}")
    check_writable(asked.out)
    if asked.supplement:
        if asked.supplement.exists():
            raise BadInput(f"{asked.supplement}: exists already; name a new folder")
        check_writable(asked.supplement)
    options = asked.options
    opened = open_fit(asked.fit)
    simulations = []
    if asked.change:
        simulations.append(em.simulate(opened, em.Change.from_toml(asked.change)))
    written = em.report(opened, *simulations, **options)
    written.save(asked.out)
    note(f"wrote {asked.out}")
    if asked.supplement:
        written.supplement(asked.supplement)
        note(f"wrote {asked.supplement}")
    return EXIT_OK

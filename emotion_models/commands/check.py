"""``emotion-models check``: read a survey and say everything that is wrong with it."""

from __future__ import annotations

from pathlib import Path

import click

import emotion_models as em
from emotion_models.commands.console import (
    EXISTING_FILE,
    EXIT_CHECK_FAILED,
    EXIT_OK,
    note,
    show,
    show_json,
)
from emotion_models.errors import InputProblems


@click.command(short_help="Read a survey: summary and audit, or every problem.")
@click.argument("file", type=EXISTING_FILE)
@click.option("--codebook", type=EXISTING_FILE, required=True, help="The codebook (TOML).")
@click.option("--journeys", type=EXISTING_FILE, help="Long form: the file with one row a journey.")
@click.option("--json", "as_json", is_flag=True, help="Print the verdict for a machine.")
def check(file: Path, codebook: Path, journeys: Path | None, as_json: bool) -> int:
    """Read the survey FILE; print a summary and audit, or every problem at once (exit code 1)."""
    try:
        survey = em.read_survey(file, codebook=codebook, journeys=journeys)
    except InputProblems as error:
        if as_json:
            problems = [{"where": p.where, "what": p.what, "fix": p.fix} for p in error.problems]
            show_json({"ok": False, "subject": error.subject, "problems": problems})
        else:
            note(error)
        return EXIT_CHECK_FAILED
    if as_json:
        sizes = {"journeys": survey.n_journeys, "respondents": survey.n_respondents}
        trail = survey.audit.as_dict()
        show_json({"ok": True, **sizes, "hash": survey.hash, "audit": trail, "problems": []})
    else:
        show(repr(survey))
        show(survey.audit)
    return EXIT_OK

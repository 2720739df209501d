"""``emotion-models compare``: whether the model predicts better than simpler rules."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

import emotion_models as em
from emotion_models.commands.console import (
    EXISTING_FILE,
    EXIT_OK,
    open_fit,
    records,
    show,
    show_json,
)


@click.command(short_help="Compare a fit with simpler rules.")
@click.argument("fit", type=EXISTING_FILE)
@click.argument("names", nargs=-1, required=True)
@click.option(
    "--by",
    type=click.Choice(["journey", "respondent"]),
    default="journey",
    show_default=True,
    help="What is left out at a time.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the table for a machine.")
def compare(
    fit: Path, names: tuple[str, ...], by: Literal["journey", "respondent"], as_json: bool
) -> int:
    """Refit the saved FIT under simpler rules NAMES (e.g. valence-only mean-only) and compare.

    The figure compared is the expected log predictive density (elpd) of unseen journeys, or of
    unseen respondents.
    """
    result = em.compare(open_fit(fit), *names, by=by)
    if as_json:
        show_json(records(result.table()))
    else:
        show(result.summary())
    return EXIT_OK

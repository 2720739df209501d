"""``emotion-models sequence``: the best order of touchpoints."""

from __future__ import annotations

from pathlib import Path

import click

import emotion_models as em
from emotion_models.commands.console import (
    EXISTING_FILE,
    BadInput,
    deliver,
    open_fit,
    table_options,
)
from emotion_models.commands.decisions import OBJECTIVE, codebook_option, values_of


@click.command(short_help="The best order of touchpoints.")
@click.argument("fit", type=EXISTING_FILE)
@click.option("--objective", default="value", show_default=True, help=OBJECTIVE)
@click.option("--fixed", multiple=True, metavar="TOUCHPOINT", help="Keeps its place. Repeatable.")
@click.option(
    "--before",
    multiple=True,
    metavar="FIRST:SECOND",
    help="FIRST has to come before SECOND, e.g. check-in:room. Repeatable.",
)
@codebook_option
@table_options
def sequence(
    fit: Path,
    objective: str,
    fixed: tuple[str, ...],
    before: tuple[str, ...],
    codebook: Path | None,
    csv: Path | None,
    as_json: bool,
) -> int:
    """Find the best order of touchpoints under the memory weights of the saved FIT."""
    pairs = [_pair(text) for text in before]
    values = values_of(codebook)
    result = em.sequence(
        open_fit(fit), objective=objective, fixed=fixed, before=pairs, codebook=values
    )
    return deliver(result, csv, as_json=as_json)


def _pair(text: str) -> tuple[str, str]:
    first, colon, second = (part.strip() for part in text.partition(":"))
    if not (first and colon and second):
        raise BadInput(f"'{text}' does not have the form FIRST:SECOND")
    return first, second

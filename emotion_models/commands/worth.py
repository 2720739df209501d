"""``emotion-models worth``: what a change is worth."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import click

import emotion_models as em
from emotion_models.commands.console import (
    deliver,
    gathered,
    open_fit,
    table_options,
)
from emotion_models.commands.decisions import codebook_option, values_of
from emotion_models.commands.simulate import build_change, fit_and_change


@dataclass(frozen=True)
class WorthOptions:
    """What ``worth`` is told."""

    fit: Path
    change: Path | None
    levers: tuple[str, ...]
    by: Literal["everybody", "segment", "value"]
    cost: float
    codebook: Path | None
    csv: Path | None
    as_json: bool


@click.command(short_help="What a change is worth.")
@fit_and_change
@click.option(
    "--by",
    type=click.Choice(["everybody", "segment", "value"]),
    default="segment",
    show_default=True,
    help="Also within segments, or within thirds of customer value.",
)
@click.option("--cost", type=float, default=0.0, help="Cost of the change per journey.")
@codebook_option
@table_options
@gathered(WorthOptions)
def worth(o: WorthOptions) -> int:
    """Say what a change of the journeys of the saved FIT is worth; it is in CHANGE or inline."""
    planned, values = build_change(o.change, o.levers, ()), values_of(o.codebook)
    result = em.worth(open_fit(o.fit), planned, by=o.by, cost=o.cost, codebook=values)
    tables = {"worth": result.table(), "balance": result.balance()}
    return deliver(result, o.csv, as_json=o.as_json, tables=tables)

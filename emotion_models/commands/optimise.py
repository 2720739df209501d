"""``emotion-models optimise``: the best set of changes under a budget."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import click

import emotion_models as em
from emotion_models.commands.console import (
    EXISTING_FILE,
    NEW_FILE,
    check_writable,
    deliver,
    gathered,
    note,
    open_fit,
    show,
    table_options,
)
from emotion_models.commands.decisions import OBJECTIVE, codebook_option, values_of

HELP: Final = """Find the best set and size of the changes in OPTIONS for the saved FIT.

OPTIONS is a TOML file; costs are per journey:

\b
  budget = 8
  [[option]]
  touchpoint = "check-in"
  lever = "wait_minutes"
  where = "wait_minutes at check-in > 5"
  to = [15, 10, 5]
  cost_per_unit = 0.3
  [[option]]
  name = "host"
  change = "host.toml"
  cost = 1.2
  [[exclude]]
  options = ["wait_minutes at check-in", "host"]
"""


@dataclass(frozen=True)
class OptimiseOptions:
    """What ``optimise`` is told."""

    fit: Path
    options: Path
    budget: float | None
    objective: str
    out: Path | None
    learn: bool
    codebook: Path | None
    csv: Path | None
    as_json: bool


@click.command(short_help="The best set of changes.", help=HELP)
@click.argument("fit", type=EXISTING_FILE)
@click.argument("options", type=EXISTING_FILE)
@click.option("--budget", type=float, help="Most per journey. Default: that of OPTIONS, or none.")
@click.option("--objective", default="value", show_default=True, help=OBJECTIVE)
@click.option("--out", type=NEW_FILE, help="Write the best set here, as a change (TOML).")
@click.option("--learn", is_flag=True, help="Also say what to measure next.")
@codebook_option
@table_options
@gathered(OptimiseOptions)
def optimise(o: OptimiseOptions) -> int:
    """Find the best set and size of the changes in OPTIONS (TOML) for the saved FIT."""
    from emotion_models.files import write_text

    if o.out:
        check_writable(o.out)
    given, fit, values = em.Options.from_toml(o.options), open_fit(o.fit), values_of(o.codebook)
    result = em.optimise(fit, given, budget=o.budget, objective=o.objective, codebook=values)
    tables = {"choices": result.table(), "frontier": result.frontier()}
    learnt = em.information(fit, result) if o.learn else None
    tables |= {} if learnt is None else {"information": learnt.table()}
    code = deliver(result, o.csv, as_json=o.as_json, tables=tables)
    if learnt is not None and not o.as_json:
        show(learnt.summary())
    if o.out:
        write_text(o.out, result.change.to_toml())
        note(f"wrote {o.out}")
    return code

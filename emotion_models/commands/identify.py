"""``emotion-models identify``: how far each effect may be claimed under declared assumptions."""

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
    open_fit,
    records,
    show,
    show_json,
)


@click.command(short_help="How far each effect may be claimed.")
@click.argument("fit", type=EXISTING_FILE)
@click.argument("assumptions", type=EXISTING_FILE)
@click.option("--out", type=NEW_FILE, help="Save the fit with its assumptions here.")
@click.option("--json", "as_json", is_flag=True, help="Print the tables for a machine.")
def identify(fit: Path, assumptions: Path, out: Path | None, as_json: bool) -> int:
    """Judge the effects in the saved FIT under ASSUMPTIONS.toml.

    Says which effects are causal, adjusted or associations and why, and tests what the
    assumptions imply for the data. A fit saved with --out carries them into effects,
    simulations and reports.
    """
    if out:
        check_writable(out)
    declared = open_fit(fit).under(em.Assumptions.from_toml(assumptions))
    found, tests = em.identify(declared), em.independences(declared)
    if as_json:
        tables = {"claims": found.table(), "independences": tests.table()}
        show_json({name: records(table) for name, table in tables.items()})
    else:
        show(found.summary())
        show(tests.summary())
    if out:
        em.save(declared, out)
        note(f"wrote {out}")
    return EXIT_OK

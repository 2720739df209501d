"""``emotion-models fit``: fit the journey model to a survey and save the fit."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

import emotion_models as em
from emotion_models.commands.console import (
    EXISTING_FILE,
    EXIT_CHECK_FAILED,
    EXIT_OK,
    NEW_FILE,
    BadInput,
    check_writable,
    gathered,
    note,
    show,
)
from emotion_models.fit_status import told_beside
from emotion_models.previews import WANTED, Wanted, is_preview

if TYPE_CHECKING:
    from emotion_models.inference import Fit


@dataclass(frozen=True)
class FitOptions:
    """What ``emotion-models fit`` is told."""

    file: Path
    codebook: Path
    journeys: Path | None
    out: Path
    seed: int
    draws: int
    tune: int
    chains: int
    method: Wanted
    memory: str
    priors: Literal["weak", "literature"]
    options: tuple[str, ...]
    quiet: bool


@click.command(short_help="Fit the model to a survey.")
@click.argument("file", type=EXISTING_FILE)
@click.option("--codebook", type=EXISTING_FILE, required=True, help="The codebook (TOML).")
@click.option("--journeys", type=EXISTING_FILE, help="Long form: the file with one row a journey.")
@click.option("--out", type=NEW_FILE, required=True, help="Save the fit here, e.g. stays.fit.")
@click.option("--seed", type=int, default=0, show_default=True, help="Same seed, same fit.")
@click.option("--draws", type=click.IntRange(1), default=500, show_default=True, help="Per chain.")
@click.option("--tune", type=click.IntRange(1), default=400, show_default=True, help="Warm-up.")
@click.option("--chains", type=click.IntRange(1), default=4, show_default=True, help="Chains.")
@click.option(
    "--method",
    type=click.Choice(WANTED),
    default="auto",
    show_default=True,
    help="auto and nuts sample (auto faster); the others preview: in seconds, not for reports.",
)
@click.option(
    "--memory",
    default="mean+peak+end+first",
    show_default=True,
    help="What is remembered of the emotions at the touchpoints.",
)
@click.option(
    "--priors",
    type=click.Choice(["weak", "literature"]),
    default="weak",
    show_default=True,
    help="Whether published directions enter as small prior means.",
)
@click.option(
    "--option",
    "options",
    multiple=True,
    metavar="NAME=VALUE",
    help="Any other option of the model, e.g. scoring=monotonic or weighted=true. Repeatable.",
)
@click.option("--quiet", is_flag=True, help="No progress.")
@gathered(FitOptions)
def fit(options: FitOptions) -> int:
    """Fit the journey model to the survey FILE. Exit code 1: fitted and saved, a check failed."""
    check_writable(options.out)
    with told_beside(options.out):
        fitted = _fitted(options)
        em.save(fitted, options.out)
    show(fitted.checks)
    if is_preview(fitted.caution):
        show(fitted.caution)
    note(f"wrote {options.out}")
    return EXIT_CHECK_FAILED if fitted.checks.status == "FAIL" else EXIT_OK


def _fitted(options: FitOptions) -> Fit:
    survey = em.read_survey(options.file, codebook=options.codebook, journeys=options.journeys)
    model = em.JourneyModel.for_survey(survey, memory=options.memory, priors=options.priors)
    if options.options:
        model = model.with_options(read_options(options.options))
    return em.fit(
        model,
        survey,
        seed=options.seed,
        draws=options.draws,
        tune=options.tune,
        chains=options.chains,
        method=options.method,
        progress=not options.quiet,
    )


def read_options(settings: tuple[str, ...]) -> dict[str, Any]:
    """Read ``NAME=VALUE``; a value is what TOML takes it for, else a word.

    Parameters
    ----------
    settings : tuple of str

    Returns
    -------
    dict of str to value

    Raises
    ------
    BadInput
        One does not have this form.
    """
    found: dict[str, Any] = {}
    for setting in settings:
        name, equals, value = (part.strip() for part in setting.partition("="))
        if not (name and equals and value):
            raise BadInput(f"'{setting}' does not have the form NAME=VALUE")
        try:
            found[name] = tomllib.loads(f"value = {value}")["value"]
        except tomllib.TOMLDecodeError:
            found[name] = value
    return found

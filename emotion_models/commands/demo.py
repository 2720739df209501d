"""``emotion-models demo``: the whole way from a survey to a report, on the hotel study."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

import emotion_models as em
from emotion_models.commands.console import (
    EXIT_CHECK_FAILED,
    EXIT_OK,
    NEW_FOLDER,
    show,
    write_csv,
)
from emotion_models.errors import StoreError

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from emotion_models.inference import Fit

DATASET: Final = "hotel-stays"
QUICK: Final = {"draws": 100, "tune": 150, "chains": 2}
FULL: Final = {"draws": 500, "tune": 400, "chains": 4}


@click.command(short_help="The whole way, on the hotel study.")
@click.option(
    "--out", type=NEW_FOLDER, default="demo-output", show_default=True, help="Folder to write to."
)
@click.option("--seed", type=int, default=7, show_default=True, help="Same seed, same result.")
@click.option("--quick", is_flag=True, help="Too few draws to trust, enough to look around.")
def demo(out: Path, seed: int, quick: bool) -> int:
    """Fit the hotel study, ask it what matters, simulate a faster check-in, write a report."""
    folder = _make(out)
    times: dict[str, float] = {}
    sampling = QUICK if quick else FULL
    with _timed(times, "read the survey"):
        survey = em.load_dataset(DATASET)
    show(repr(survey))
    with _timed(times, "fit"):
        model = em.JourneyModel.for_survey(survey)
        fit = em.fit(
            model,
            survey,
            seed=seed,
            draws=sampling["draws"],
            tune=sampling["tune"],
            chains=sampling["chains"],
        )
        em.save(fit, folder / "stays.fit")
    _answer(fit, folder, times)
    show("\nSeconds per step:")
    for step, seconds in times.items():
        show(f"  {seconds:8.1f}  {step}")
    show(f"\nChecks: {fit.checks.status}. Open {folder / 'report.html'} or report.pdf.")
    return EXIT_CHECK_FAILED if fit.checks.status == "FAIL" else EXIT_OK


def _answer(fit: Fit, folder: Path, times: dict[str, float]) -> None:
    """Ask the fit every question and write the answers."""
    with _timed(times, "effects"):
        effects = em.effects(fit)
    with _timed(times, "compare with a valence-only model"):
        comparison = em.compare(fit, "valence-only")
    with _timed(times, "simulate a faster check-in"):
        change = em.Change().at("check-in").lever("wait_minutes", to=5).lever("room_ready", to=1)
        simulation = em.simulate(fit, change)
    with _timed(times, "tables and figures"):
        _write(folder / "effects", effects.table(), effects.plot())
        _write(folder / "comparison", comparison.table(), comparison.plot())
        _write(folder / "simulation", simulation.table(), simulation.plot())
        write_csv(fit.checks.table(), folder / "checks.csv")
    with _timed(times, "report, PDF and HTML"):
        document = em.report(fit, comparison, simulation)
        document.save(folder / "report.pdf")
        document.save(folder / "report.html")
    for result in (effects, comparison, simulation):
        show(f"\n{result.summary()}")


def _write(stem: Path, table: pd.DataFrame, figure: Figure) -> None:
    from emotion_models.files import atomic_path

    write_csv(table, stem.with_suffix(".csv"))
    with atomic_path(stem.with_suffix(".png")) as part:
        figure.savefig(part, format="png", dpi=150)


def _make(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"{folder}: cannot be made ({error.strerror})") from error
    return folder


@contextmanager
def _timed(times: dict[str, float], step: str) -> Iterator[None]:
    start = time.perf_counter()
    yield
    times[step] = time.perf_counter() - start

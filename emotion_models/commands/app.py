"""``emotion-models app``: the designers' page of a saved fit, or of a fit in progress."""

from __future__ import annotations

import os
import sys
import webbrowser
from pathlib import Path

import click

from emotion_models.commands.console import (
    EXIT_INTERRUPTED,
    EXIT_OK,
    NEW_FILE,
    NEW_FOLDER,
    BadInput,
    note,
    show,
)

FOLDER = ".scenarios"


@click.command(short_help="The designers' page: change the journey, see what follows.")
@click.argument("fit", type=NEW_FILE)
@click.option(
    "--scenarios",
    type=NEW_FOLDER,
    help="Folder of the scenarios.  [default: beside the fit, NAME.scenarios]",
)
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="0 (default): a free one.")
@click.option("--draws", type=click.IntRange(1), help="Posterior draws used at most.")
@click.option("--browser/--no-browser", default=True, help="Open the page.  [default: yes]")
def app(fit: Path, scenarios: Path | None, port: int, draws: int | None, browser: bool) -> int:
    """Serve the designers' page of the saved FIT on this machine, until Ctrl-C.

    FIT may be a fit in progress: the page then shows how far it is. Ctrl-C ends with exit code
    130, as everywhere; all that was done is saved.
    """
    from emotion_models.app.desk import DRAWS
    from emotion_models.app.serve import PortTaken, make_page, serve, stop_on_terminate

    check_fit(fit)
    folder = scenarios or fit.with_name(fit.stem + FOLDER)
    check_folder(folder)
    try:
        page = make_page(fit, folder, port=port, draws=draws or DRAWS)
    except PortTaken as error:
        raise BadInput(f"{error}; use another --port, or 0 for a free one") from error

    def ready() -> None:
        show(f"The page of {fit.name}: {page.address}")
        note(f"Scenarios are kept in {folder}. Ctrl-C ends the page.")
        if browser:
            webbrowser.open(page.address)

    stop_on_terminate()
    try:
        serve(page, ready=ready)
    finally:
        if not page.desk.close():
            # Compiled code in a thread that Python ends under would abort the process.
            note("interrupted")
            sys.stdout.flush()
            os._exit(EXIT_INTERRUPTED)
    return EXIT_OK


def check_fit(fit: Path) -> None:
    """Refuse a path where there is neither a fit nor one in progress."""
    from emotion_models.fit_status import status_path

    if not fit.exists() and not status_path(fit).exists():
        raise BadInput(
            f"{fit}: there is no such file, and no fit in progress says it will be there; "
            "start `emotion-models fit ... --out` first"
        )


def check_folder(folder: Path) -> None:
    """Refuse now, rather than at the first edit, a folder that cannot be written to."""
    there = folder if folder.is_dir() else folder.parent
    if not there.is_dir():
        raise BadInput(f"{folder}: the folder {there} does not exist")
    if not os.access(there, os.W_OK):
        raise BadInput(f"{folder}: may not be written to; use --scenarios DIR")

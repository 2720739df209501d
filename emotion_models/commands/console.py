"""What the commands share: showing results, opening fits, minding output files."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

import click

import emotion_models as em
from emotion_models.errors import StoreError
from emotion_models.previews import is_preview

if TYPE_CHECKING:
    import pandas as pd

    from emotion_models.inference import Fit

EXIT_OK: Final = 0
EXIT_CHECK_FAILED: Final = 1
EXIT_BAD_INPUT: Final = 2
EXIT_FAILURE: Final = 3
EXIT_INTERRUPTED: Final = 130

EXISTING_FILE: Final = click.Path(exists=True, dir_okay=False, path_type=Path)
NEW_FILE: Final = click.Path(dir_okay=False, path_type=Path)
JSON_HELP: Final = "Print the table for a machine."
NEW_FOLDER: Final = click.Path(file_okay=False, path_type=Path)


class Answer(Protocol):
    """What verbs return: words and a table."""

    def summary(self) -> str:
        """Say it in words."""

    def table(self) -> pd.DataFrame:
        """Return it as a table."""


class BadInput(click.ClickException):
    """An input the user must change."""

    exit_code = EXIT_BAD_INPUT


def show(text: object) -> None:
    """Print a result."""
    click.echo(str(text))


def note(text: object) -> None:
    """Print a remark beside the result, which may be piped elsewhere."""
    click.echo(str(text), err=True)


def show_json(value: object) -> None:
    """Print a result for a machine: one JSON value."""
    click.echo(json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False))


def records(frame: pd.DataFrame) -> Any:
    """Return the rows of a table as plain JSON values, missing ones as ``None``."""
    return json.loads(frame.to_json(orient="records", double_precision=15))


def write_csv(frame: pd.DataFrame, path: Path) -> None:
    """Write a table to a CSV file, whole or not at all."""
    from emotion_models.files import write_text

    write_text(path, frame.to_csv(index=False))


def open_fit(path: Path) -> Fit:
    """Load a saved fit, and remark on checks it did not pass."""
    try:
        fit = em.load(path)
    except StoreError as error:
        raise BadInput(str(error)) from error
    if is_preview(fit.caution):
        note(f"{path}: {fit.caution}")
    elif fit.checks.status != "PASS":
        note(f"{path}: the checks of this fit say {fit.checks.status}; see `emotion-models report`")
    return fit


def check_writable(path: Path) -> None:
    """Refuse an output path now rather than after minutes of work."""
    folder = path.parent
    if not folder.is_dir():
        raise BadInput(f"{path}: the folder {folder} does not exist")
    if not os.access(folder, os.W_OK):
        raise BadInput(f"{path}: the folder {folder} may not be written to")


def _writable(_: click.Context, __: click.Parameter, path: Path | None) -> Path | None:
    if path:
        check_writable(path)
    return path


def table_options[**P, R](command: Callable[P, R]) -> Callable[P, R]:
    """Give a command the options ``--csv`` and ``--json``."""
    csv = click.option(
        "--csv", type=NEW_FILE, callback=_writable, help="Also write the table here."
    )
    return csv(click.option("--json", "as_json", is_flag=True, help=JSON_HELP)(command))


def deliver(
    result: Answer,
    csv: Path | None,
    *,
    as_json: bool,
    tables: Mapping[str, pd.DataFrame] | None = None,
) -> int:
    """Show an answer as words or for a machine, and write its table to a file.

    Parameters
    ----------
    result : Answer
    csv : Path or None
    as_json : bool
    tables : mapping of str to DataFrame, optional
        What a machine is shown, by name; default: the answer's table.

    Returns
    -------
    int
        The exit code.
    """
    if not as_json:
        show(result.summary())
    elif tables is None:
        show_json(records(result.table()))
    else:
        show_json({name: records(table) for name, table in tables.items()})
    if csv:
        write_csv(result.table(), csv)
        note(f"wrote {csv}")
    return EXIT_OK


def gathered[T](options: Callable[..., T]) -> Callable[[Callable[[T], int]], Callable[..., int]]:
    """Hand a command its many options as one frozen value."""

    def decorate(command: Callable[[T], int]) -> Callable[..., int]:
        def call(**values: Any) -> int:
            return command(options(**values))

        call.__doc__, call.__name__ = command.__doc__, command.__name__
        return call

    return decorate

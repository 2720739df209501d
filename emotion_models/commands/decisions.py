"""What the commands that prepare decisions share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

import emotion_models as em
from emotion_models.commands.console import EXISTING_FILE

if TYPE_CHECKING:
    from emotion_models.survey import Codebook

OBJECTIVE = "What counts: 'value', with values of the codebook, or one outcome."


def codebook_option[**P, R](command: Callable[P, R]) -> Callable[P, R]:
    """Give a command the option ``--codebook``."""
    told = "Take values of behaviours from here; default: as when the fit was made."
    return click.option("--codebook", type=EXISTING_FILE, help=told)(command)


def values_of(codebook: Path | None) -> Codebook | None:
    """Open the codebook that was named, if one was.

    Parameters
    ----------
    codebook : Path or None

    Returns
    -------
    Codebook or None
    """
    return None if codebook is None else em.Codebook.load(codebook)

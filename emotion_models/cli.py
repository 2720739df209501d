"""The command line: ``emotion-models codebook | check | fit | effects | ...``.

Exit codes: 0 done; 1 a check failed (of the survey, or of the fit); 2 an input must be changed;
3 sampling or something else failed; 130 interrupted.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence
from typing import Final

import click

import emotion_models as em
from emotion_models.commands.app import app
from emotion_models.commands.check import check
from emotion_models.commands.codebook import codebook
from emotion_models.commands.compare import compare
from emotion_models.commands.console import (
    EXIT_BAD_INPUT,
    EXIT_FAILURE,
    EXIT_INTERRUPTED,
    EXIT_OK,
    note,
)
from emotion_models.commands.criticise import criticise
from emotion_models.commands.demo import demo
from emotion_models.commands.effects import effects
from emotion_models.commands.fit import fit
from emotion_models.commands.halo import halo
from emotion_models.commands.identify import identify
from emotion_models.commands.importance import importance
from emotion_models.commands.measure import measure
from emotion_models.commands.memory import memory
from emotion_models.commands.optimise import optimise
from emotion_models.commands.priorities import priorities
from emotion_models.commands.report import report
from emotion_models.commands.robustness import robustness
from emotion_models.commands.sequence import sequence
from emotion_models.commands.simulate import simulate
from emotion_models.commands.specificity import specificity
from emotion_models.commands.taxonomy import taxonomy
from emotion_models.commands.worth import worth
from emotion_models.errors import EmotionModelsError, InputProblems

TRACEBACK: Final = "EMOTION_MODELS_TRACEBACK"


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(em.__version__, prog_name="emotion-models")
def group() -> None:
    """Model how service encounters elicit emotions and how emotions drive behaviour."""


_COMMANDS: Final = (
    *(codebook, check, fit, measure, effects, importance, memory, identify, robustness, halo),
    *(compare, specificity, criticise, simulate, worth, optimise, sequence, priorities),
    *(report, app, demo, taxonomy),
)
for _command in _COMMANDS:
    group.add_command(_command)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command.

    Parameters
    ----------
    arguments : sequence of str, optional
        Default: those of the process.

    Returns
    -------
    int
        The exit code.
    """
    try:
        code = group.main(
            args=None if arguments is None else list(arguments),
            prog_name="emotion-models",
            standalone_mode=False,
        )
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        note("interrupted")
        return EXIT_INTERRUPTED
    except EmotionModelsError as error:
        note(f"Error: {error}")
        return EXIT_BAD_INPUT if isinstance(error, InputProblems) else EXIT_FAILURE
    except OSError as error:
        note(f"Error: {error}")
        return EXIT_FAILURE
    except Exception as error:  # noqa: BLE001  # the last door: words instead of a traceback
        return _unexpected(error)
    return code if isinstance(code, int) else EXIT_OK


def _unexpected(error: Exception) -> int:
    if os.environ.get(TRACEBACK):
        traceback.print_exception(error)
    else:
        note(f"Error: {type(error).__name__}: {error}")
        note(f"This was not foreseen; set {TRACEBACK}=1 to see where it happened.")
    return EXIT_FAILURE


if __name__ == "__main__":
    sys.exit(main())

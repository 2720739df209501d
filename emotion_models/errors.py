"""The errors a user can meet, each saying what is wrong, where, and what to do."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

SHOWN_PROBLEMS = 50
SHOWN_VALUE = 60


class EmotionModelsError(Exception):
    """Base class of every error this package raises on purpose."""


@dataclass(frozen=True)
class Problem:
    """One fault of an input.

    Parameters
    ----------
    where : str
        File, row, column or key, in the user's words, e.g. ``"row 17, column 'joy'"``.
    what : str
        What is wrong, with the offending value.
    fix : str
        What the user can do about it; may be empty.
    """

    where: str
    what: str
    fix: str = ""

    def __str__(self) -> str:
        return f"{self.where}: {self.what}" + (f"; {self.fix}" if self.fix else "")


class InputProblems(EmotionModelsError):
    """Raised once for an input, with every problem found in it.

    Parameters
    ----------
    subject : str
        What was read, e.g. a file name or ``"codebook stays.toml"``.
    problems : iterable of Problem
        All faults, in the order of the input.
    """

    def __init__(self, subject: str, problems: Iterable[Problem]) -> None:
        self.subject = subject
        self.problems = tuple(problems)
        count = len(self.problems)
        lines = [f"{subject}: {count} problem{'s' if count != 1 else ''}"]
        lines += [f"  - {problem}" for problem in self.problems[:SHOWN_PROBLEMS]]
        if count > SHOWN_PROBLEMS:
            lines.append(f"  ... and {count - SHOWN_PROBLEMS} more (see .problems)")
        super().__init__("\n".join(lines))


class StoreError(EmotionModelsError):
    """A saved fit cannot be read or written; the message says why and what to do."""


class SamplingError(EmotionModelsError):
    """The model could not be sampled; the message says why and what to do."""


def expected(
    subject: str, name: str, value: object, kind: type | tuple[type, ...], fix: str
) -> None:
    """Refuse an argument of another kind than a verb takes.

    Parameters
    ----------
    subject : str
        What was asked for, e.g. ``"effects"``.
    name : str
        Of the argument.
    value : object
    kind : type or tuple of type
    fix : str
        What to give instead.

    Raises
    ------
    InputProblems
        If the value is not of that kind.
    """
    if not isinstance(value, kind):
        shown = repr(value)
        shown = shown if len(shown) <= SHOWN_VALUE else shown[:SHOWN_VALUE] + "..."
        what = f"cannot be {shown} (of type {type(value).__name__})"
        raise InputProblems(subject, [Problem(name, what, fix)])


def did_you_mean(name: object, valid: Sequence[str]) -> str:
    """Suggest the nearest valid name, else list the valid ones.

    Parameters
    ----------
    name : object
        The name that was not found; may be no text at all.
    valid : sequence of str
        The names that would have been accepted.

    Returns
    -------
    str
        ``"did you mean 'x'?"`` or ``"valid names: 'a', 'b'"``.
    """
    close = difflib.get_close_matches(str(name), valid, n=1, cutoff=0.6)
    if close:
        return f"did you mean '{close[0]}'?"
    if not valid:
        return "there is none to choose from"
    return "valid names: " + ", ".join(f"'{item}'" for item in valid)

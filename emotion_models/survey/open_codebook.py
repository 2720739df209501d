"""Opens the codebook for a reader, keeping what can be used of a faulty one.

The faults of codebook and file are reported together. To find those of the file, the faulty
parts are left out and the rest is used; a codebook whose layout, touchpoints, scales or missing
codes are at fault is not used at all, so that no problem is reported which is not one.
"""

from __future__ import annotations

import copy
import tomllib
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from emotion_models.errors import InputProblems, Problem
from emotion_models.survey.codebook import Codebook, read_toml_text
from emotion_models.survey.document import Document
from emotion_models.survey.translate import Fault, toml_problem, translate

_NEEDED = frozenset({"layout", "touchpoints", "scales", "missing", "study"})
_ROUNDS = 4


def open_codebook(source: object) -> tuple[Codebook | None, list[Problem]]:
    """Open a codebook as far as it is sound.

    Parameters
    ----------
    source : Codebook, str or Path

    Returns
    -------
    codebook : Codebook or None
        Without its faulty parts; None when too little is left.
    problems : list of Problem
        All faults of the codebook.
    """
    if isinstance(source, Codebook):
        return source, []
    if not isinstance(source, (str, Path)):
        kind = type(source).__name__
        return None, [Problem("codebook", f"a {kind} is no codebook", "give a path or a Codebook")]
    try:
        data = tomllib.loads(read_toml_text(Path(source)))
    except InputProblems as error:
        return None, list(error.problems)
    except tomllib.TOMLDecodeError as error:
        return None, [toml_problem(error)]
    book, faults = _validate(data)
    problems = [fault.problem for fault in faults]
    for _ in range(_ROUNDS):
        if book is not None:
            break
        rest = _without(data, faults)
        if rest is None:
            break
        data = rest
        book, faults = _validate(data)
    return book, problems


def _validate(data: dict[str, Any]) -> tuple[Codebook | None, list[Fault]]:
    try:
        return Codebook.model_validate(data), []
    except ValidationError as error:
        return None, translate(error, data, Document)


def _without(data: dict[str, Any], faults: list[Fault]) -> dict[str, Any] | None:
    """Leave out the parts that are at fault; None when one of them is needed."""
    left = copy.deepcopy(data)
    away: set[tuple[str, int | None]] = set()
    for fault in faults:
        if not fault.loc or fault.loc[0] in _NEEDED:
            return None
        member = fault.loc[1] if len(fault.loc) > 1 else None
        away.add((str(fault.loc[0]), member if isinstance(member, int) else None))
    for key, member in sorted(away, key=lambda item: (item[0], -(item[1] or 0))):
        if key not in left:
            continue
        if member is None or not isinstance(left[key], list) or len(left[key]) <= 1:
            del left[key]
        else:
            del left[key][member]
    return left

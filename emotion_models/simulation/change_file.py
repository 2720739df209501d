"""Changes as TOML: one ``[[step]]`` per step, named by what it does."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from typing import Any, Final

from emotion_models.errors import InputProblems, Problem, did_you_mean
from emotion_models.simulation.steps import BUILT, Rebuild, Step
from emotion_models.simulation.who import KEYS, Who, is_number

Table = dict[str, Any]
MOST_STEPS: Final = 1000
_AMOUNTS: Final = ("to", "by", "times")
_KINDS: Final = ("lever", "emotion", *BUILT)
_PLACES: Final = ("before", "after")
_ALLOWED: Final[dict[str, tuple[str, ...]]] = {
    "lever": ("touchpoint", *_AMOUNTS),
    "emotion": ("touchpoint", *_AMOUNTS),
    "remove": (),
    "move": _PLACES,
    "repeat": _PLACES,
    "merge": ("into",),
    "add": (*_PLACES, "like", "feels"),
    "reorder": (),
}


def read_steps(subject: str, text: str) -> tuple[Step | Rebuild, ...]:
    """Steps of a change.

    Parameters
    ----------
    subject : str
        What errors call the text, e.g. the file's name.
    text : str
        TOML.

    Returns
    -------
    tuple of Step or Rebuild

    Raises
    ------
    InputProblems
        With every problem.
    """
    try:
        content = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise InputProblems(subject, [Problem("file", str(error), "see --help")]) from error
    tables = content.get("step", [])
    problems = [
        Problem(f"key '{key}'", "unknown", "use [[step]]") for key in content if key != "step"
    ]
    if not isinstance(tables, list) or not tables:
        problems.append(Problem("file", "no [[step]]", "describe at least one step"))
        tables = []
    if len(tables) > MOST_STEPS:
        problems.append(Problem("file", f"{len(tables)} steps", f"use at most {MOST_STEPS}"))
        tables = []
    steps: list[Step | Rebuild] = []
    for number, table in enumerate(tables, start=1):
        found = _read(f"step {number}", table)
        if isinstance(found, list):
            problems += found
        else:
            steps.append(found)
    if problems:
        raise InputProblems(subject, problems)
    return tuple(steps)


def _read(where: str, table: object) -> Step | Rebuild | list[Problem]:
    """One step of a file, or what is wrong with it."""
    if not isinstance(table, dict):
        return [Problem(where, "not a table", "write [[step]]")]
    kinds = [kind for kind in _KINDS if kind in table]
    allowed = (*_KINDS, *KEYS, *(key for kind in kinds or _KINDS for key in _ALLOWED[kind]))
    problems = [
        Problem(where, f"unknown key '{key}'", did_you_mean(str(key), allowed))
        for key in table
        if key not in allowed
    ]
    if len(kinds) != 1:
        names = ", ".join(f"'{kind}'" for kind in _KINDS)
        problems.append(Problem(where, f"needs one of {names}", "name one"))
    if {"lever", "emotion"} & {*kinds} or not kinds:
        problems += _problems_of_setting(where, table)
    for kind in kinds:
        problems += _problems_of_building(where, kind, table) if kind in BUILT else []
    texts = ("group", "where")
    problems += _not(where, table, texts, lambda value: isinstance(value, str), "give text")
    if not problems:
        who = Who.from_table(table)
        problems = who.problems(where)
    if problems:
        return problems
    kind = kinds[0]
    return _built(kind, table, who) if kind in BUILT else _setting(kind, table, who)


def _problems_of_setting(where: str, table: Table) -> list[Problem]:
    problems = []
    if sum(key in table for key in _AMOUNTS) != 1:
        problems.append(Problem(where, "needs one of 'to', 'by' and 'times'", "give one"))
    if not isinstance(table.get("touchpoint"), str):
        problems.append(Problem(where, "needs 'touchpoint'", "name one"))
    problems += _not(where, table, ("by", "times"), is_number, "give a number")
    return problems + _not(where, table, ("to",), _is_value, "give a number or a category")


def _problems_of_building(where: str, kind: str, table: Table) -> list[Problem]:
    """What is wrong with the keys of a step that rebuilds the journey."""
    if kind == "reorder":
        order = table[kind]
        good = isinstance(order, list) and all(isinstance(name, str) for name in order)
        fix = "list touchpoints in their new order"
        return [] if good else [Problem(where, f"'reorder' is {order!r}", fix)]
    texts = (kind, *_PLACES, "into", "like")
    problems = _not(where, table, texts, lambda value: isinstance(value, str) and value, "name one")
    if kind == "merge" and "into" not in table:
        problems.append(Problem(where, "needs 'into'", "name the touchpoint it becomes part of"))
    if kind in ("move", "add", "repeat") and sum(key in table for key in _PLACES) != 1:
        problems.append(Problem(where, "needs either 'before' or 'after'", "give one"))
    if kind == "add":
        feels = table.get("feels", {})
        if not isinstance(feels, dict) or not all(is_number(each) for each in feels.values()):
            fix = "write { emotion = value }"
            problems.append(Problem(where, f"'feels' is {feels!r}", fix))
        if not feels and "like" not in table:
            problems.append(Problem(where, "nothing says how it feels", "give 'like' or 'feels'"))
    return problems


def _not(
    where: str, table: Table, keys: tuple[str, ...], good: Callable[[Any], Any], fix: str
) -> list[Problem]:
    return [
        Problem(where, f"'{key}' is {table[key]!r}", fix)
        for key in keys
        if key in table and not good(table[key])
    ]


def _is_value(value: object) -> bool:
    return isinstance(value, str) or is_number(value)


def _setting(kind: str, table: Table, who: Who) -> Step:
    to, by, times = (table.get(key) for key in _AMOUNTS)
    return Step(kind, table["touchpoint"], table[kind], to, by, times, who)  # type: ignore[arg-type]


def _built(kind: str, table: Table, who: Who) -> Rebuild:
    if kind == "reorder":
        return Rebuild(kind, order=tuple(table[kind]), who=who)  # type: ignore[arg-type]
    side = "before" if "before" in table else "after"
    return Rebuild(
        kind,  # type: ignore[arg-type]
        table[kind],
        str(table.get("into", table.get(side, ""))),
        side,  # type: ignore[arg-type]
        table.get("like", ""),
        tuple(table.get("feels", {}).items()),
        who=who,
    )


def write_steps(steps: tuple[Step | Rebuild, ...]) -> str:
    """TOML that `read_steps` reads back to equal steps.

    Parameters
    ----------
    steps : tuple of Step or Rebuild

    Returns
    -------
    str
    """
    import tomli_w

    return tomli_w.dumps({"step": [_table(step) | step.who.to_table() for step in steps]})


def _table(step: Step | Rebuild) -> Table:
    if isinstance(step, Step):
        amounts = {key: getattr(step, key) for key in _AMOUNTS if getattr(step, key) is not None}
        return {"touchpoint": step.touchpoint, step.kind: step.name} | amounts
    if step.kind == "reorder":
        return {"reorder": list(step.order)}
    table: Table = {step.kind: step.touchpoint}
    if step.beside:
        table["into" if step.kind == "merge" else step.side] = step.beside
    table |= {"like": step.like} if step.like else {}
    return table | ({"feels": dict(step.feels)} if step.feels else {})

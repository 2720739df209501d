"""Options in TOML: tables read, every fault named."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import tomli_w

from emotion_models.errors import InputProblems, Problem, did_you_mean
from emotion_models.simulation import Change

if TYPE_CHECKING:
    from emotion_models.decisions.options import Option

_TOP: Final = ("option", "exclude", "budget")
_KEYS: Final = (
    *("name", "touchpoint", "lever", "emotion", "to", "by", "where"),
    *("change", "step", "cost", "cost_per_unit", "fixed"),
)
Read = tuple[list["Option"], tuple[tuple[str, ...], ...], float | None]


def read_options(path: Path, content: Mapping[str, Any], kind: type[Option]) -> Read:
    """Make options of the tables of a file.

    Parameters
    ----------
    path : Path
        Of the file: changes in files of their own are looked for beside it.
    content : mapping
    kind : type
        `Option`.

    Returns
    -------
    options, exclude, budget

    Raises
    ------
    InputProblems
        With every problem.
    """
    problems = [
        Problem(f"key '{key}'", "unknown", did_you_mean(key, _TOP))
        for key in content
        if key not in _TOP
    ]
    tables, made = _tables(content, "option", problems), []
    if not tables:
        problems.append(Problem("file", "no [[option]]", "describe at least one option"))
    for number, table in enumerate(tables, start=1):
        where = f"option {number}"
        own = [
            Problem(where, f"unknown key '{key}'", did_you_mean(str(key), _KEYS))
            for key in table
            if key not in _KEYS
        ]
        try:
            made += [] if own else [_option(path, table, where, kind)]
        except InputProblems as error:
            own += [
                Problem(f"{where}, {each.where}", each.what, each.fix) for each in error.problems
            ]
        problems += own
    exclude = []
    for number, table in enumerate(_tables(content, "exclude", problems), start=1):
        names: Any = table.get("options")
        if not _is_list(names, str) or len(names) < 2:
            fix = "write options = [...] with two names or more"
            problems.append(Problem(f"exclude {number}", "names no options", fix))
        else:
            exclude.append(tuple(names))
    budget = content.get("budget")
    if budget is not None and (isinstance(budget, bool) or not isinstance(budget, (int, float))):
        problems.append(Problem("budget", f"is {budget!r}", "give a number"))
    if problems:
        raise InputProblems(path.name, problems)
    return made, tuple(exclude), None if budget is None else float(budget)


def _tables(content: Mapping[str, Any], key: str, problems: list[Problem]) -> list[dict[str, Any]]:
    found = content.get(key, [])
    if _is_list(found, dict):
        return list(found)
    problems.append(Problem(f"key '{key}'", "is no list of tables", f"write [[{key}]]"))
    return []


def _is_list(value: Any, kind: type | tuple[type, ...]) -> bool:
    return isinstance(value, list) and all(isinstance(each, kind) for each in value)


def _option(path: Path, table: dict[str, Any], where: str, kind: type[Option]) -> Option:
    forms = [key for key in ("lever", "emotion", "change", "step") if key in table]
    if len(forms) != 1:
        fix = "name one of lever, emotion, change (a file), step (tables of a change)"
        raise InputProblems(where, [Problem("form", "needs exactly one thing to change", fix)])
    costs = {key: table[key] for key in ("cost", "fixed") if key in table}
    if forms[0] in ("change", "step"):
        name = str(table.get("name", where))
        return kind.of(name, _change(path, table, forms[0]), **costs)
    sizes: dict[str, Any] = {key: table[key] for key in ("to", "by") if key in table}
    problems = [
        Problem(key, "is no list", "write e.g. [10, 5]")
        for key, value in sizes.items()
        if not _is_list(value, (int, float, str))
    ]
    if not isinstance(table.get("touchpoint"), str):
        problems.append(Problem("touchpoint", "is missing", "name one"))
    if forms[0] == "emotion" and ("by" not in sizes or len(sizes) != 1):
        problems.append(Problem("by", "is how an emotion is moved", "write e.g. by = [1]"))
    if problems:
        raise InputProblems(where, problems)
    sizes |= {"where": str(table["where"])} if "where" in table else {}
    if forms[0] == "lever":
        extra = {"cost_per_unit": table["cost_per_unit"]} if "cost_per_unit" in table else {}
        found = kind.lever(table["touchpoint"], str(table["lever"]), **sizes, **costs, **extra)
    else:
        found = kind.emotion(table["touchpoint"], str(table["emotion"]), **sizes, **costs)
    return kind(str(table["name"]), found.settings) if "name" in table else found


def _change(path: Path, table: dict[str, Any], form: str) -> Change:
    if form == "change":
        beside = Path(str(table["change"]))
        if beside.is_absolute() or ".." in beside.parts:
            fix = "name a file beside this one"
            raise InputProblems("change", [Problem("change", f"'{beside}' is elsewhere", fix)])
        return Change.from_toml(path.parent / beside)
    if not _is_list(table["step"], dict):
        raise InputProblems("step", [Problem("step", "is no list of tables", "see Change")])
    return Change.from_text(tomli_w.dumps({"step": table["step"]}))

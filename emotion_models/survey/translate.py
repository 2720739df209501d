"""Faults of a codebook in the words of its TOML, from pydantic's and from the cross-check."""

from __future__ import annotations

import re
import tomllib
import types
import typing
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from emotion_models.errors import Problem, did_you_mean
from emotion_models.survey.codes import show

Loc = tuple[int | str, ...]
_TOO_FEW = "holds too few: it needs at least"
_WORDS = {
    "model_type": ("is not a table", "see the example codebook"),
    "dict_type": ("is not a table", "see the example codebook"),
    "tuple_type": ("is not a list", "write it in square brackets"),
    "string_type": ("is not text", "write it in quotation marks"),
    "float_type": ("is not a number", ""),
    "float_parsing": ("is not a number", ""),
    "int_type": ("is not a whole number", ""),
    "int_parsing": ("is not a whole number", ""),
    "int_from_float": ("is not a whole number", ""),
    "bool_parsing": ("is neither true nor false", ""),
    "bool_type": ("is neither true nor false", ""),
    "finite_number": ("is not a finite number", ""),
    "string_too_short": ("is empty", "fill it in"),
}


@dataclass(frozen=True)
class Fault:
    """A problem of a codebook and the path of the key it is about."""

    loc: Loc
    problem: Problem


class FaultsError(ValueError):
    """Carries the faults of a cross-check through pydantic."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(str(fault.problem) for fault in faults))


def describe(loc: Loc, data: object) -> str:
    """Say where a key stands: ``codebook, [[emotions]] 'joy', key 'scale'``.

    Parameters
    ----------
    loc : tuple
        Keys and list positions from the root.
    data : object
        The document, to look up the names of list members.
    """
    words = ["codebook"]
    node = data
    for depth, step in enumerate(loc):
        node = _child(node, step)
        if isinstance(step, int):
            name = node.get("name") if isinstance(node, Mapping) else None
            words[-1] += f" {show(name)}" if isinstance(name, str) else f" number {step + 1}"
        elif isinstance(node, Mapping):
            inside = depth > 0 and words[-1].startswith("[") and words[-1].endswith("]")
            words[-1:] = [f"{words[-1][:-1]}.{step}]"] if inside else [words[-1], f"[{step}]"]
        elif _holds_tables(node) and depth < len(loc) - 1:
            words.append(f"[[{step}]]")
        else:
            words.append(f"key {show(step)}")
    return ", ".join(words)


def translate(error: ValidationError, data: object, model: type[BaseModel]) -> list[Fault]:
    """Turn pydantic's errors into faults, one for each place, in the order of the document.

    Parameters
    ----------
    error : ValidationError
    data : object
        What was validated.
    model : type of BaseModel
        What it was validated against.
    """
    faults: dict[tuple[Loc, str], Fault] = {}
    for detail in error.errors(include_url=False):
        cause = detail.get("ctx", {}).get("error")
        if isinstance(cause, FaultsError):
            faults |= {(fault.loc, fault.problem.what): fault for fault in cause.faults}
            continue
        loc = _own_loc(detail["loc"], data)
        faults.setdefault((loc, ""), Fault(loc, _problem(detail, loc, data, model)))
    # A list is too short when a member of it is at fault: the member says enough.
    inner = {fault.loc[:depth] for fault in faults.values() for depth in range(len(fault.loc))}
    return [fault for fault in faults.values() if not _is_echo(fault, inner)]


def toml_problem(error: tomllib.TOMLDecodeError) -> Problem:
    """Say where TOML text is malformed."""
    message = re.sub(r" \(at .*\)$", "", str(error))
    place = re.search(r"\(at (.*)\)$", str(error))
    where = f"codebook, {place.group(1)}" if place else "codebook"
    return Problem(where, f"is not valid TOML: {message}", "see the example codebook")


def _is_echo(fault: Fault, inner: set[Loc]) -> bool:
    return fault.problem.what.startswith(_TOO_FEW) and fault.loc in inner


def _problem(detail: ErrorDetails, loc: Loc, data: object, model: type[BaseModel]) -> Problem:
    kind, where = detail["type"], describe(loc, data)
    if kind == "extra_forbidden":
        valid = _keys_at(model, loc[:-1])
        return Problem(
            describe(loc[:-1], data),
            f"the key {show(str(loc[-1]))} does not exist",
            did_you_mean(str(loc[-1]), valid),
        )
    if kind == "missing":
        return Problem(describe(loc[:-1], data), f"the key '{loc[-1]}' is missing", "add it")
    if kind == "literal_error":
        valid = re.findall(r"'([^']*)'", str(detail.get("ctx", {}).get("expected", "")))
        return Problem(
            where,
            f"{show(detail['input'])} is not a choice",
            did_you_mean(str(detail["input"]), valid),
        )
    cause = detail.get("ctx", {}).get("error")
    if cause is not None:
        return Problem(where, str(cause))
    given = detail["input"]
    shown = f"{show(given)} " if isinstance(given, (str, int, float)) else ""
    if kind in _WORDS:
        what, fix = _WORDS[kind]
        if kind == "tuple_type" and isinstance(given, Mapping):
            fix = f"write [[{loc[-1]}]] before each of them"
        return Problem(where, shown + what, fix)
    if kind == "too_short":
        return Problem(where, f"{_TOO_FEW} {detail['ctx']['min_length']}")
    message = detail["msg"]
    return Problem(
        where, shown.rstrip() + (": " if shown else "") + message[:1].lower() + message[1:]
    )


def _own_loc(loc: Loc, data: object) -> Loc:
    """Drop what pydantic appends for the members of a union ('int', 'float', 'str', ...)."""
    known: list[int | str] = []
    node = data
    for step in loc:
        if isinstance(step, str) and not isinstance(node, Mapping):
            break
        known.append(step)
        node = _child(node, step)
    return tuple(known)


def _child(node: object, step: int | str) -> object:
    if isinstance(node, Mapping):
        return node.get(step)
    if isinstance(node, Sequence) and isinstance(step, int) and not isinstance(node, str):
        return node[step] if step < len(node) else None
    return None


def _holds_tables(node: object) -> bool:
    return isinstance(node, (list, tuple)) and bool(node) and isinstance(node[0], Mapping)


def _keys_at(model: type[BaseModel], loc: Loc) -> list[str]:
    """Keys that the table at `loc` may have."""
    kind: Any = model
    named = False  # the next step is a name that the user gave, as in [scales.agreement]
    for step in loc:
        if named or isinstance(step, int):
            named = False
        elif isinstance(kind, type) and issubclass(kind, BaseModel) and step in kind.model_fields:
            annotation = kind.model_fields[step].annotation
            kind, named = _inner(annotation), typing.get_origin(annotation) is dict
        else:
            return []
    return list(kind.model_fields) if issubclass(kind, BaseModel) else []


def _inner(annotation: Any) -> Any:
    """Find the model inside ``tuple[X, ...]``, ``dict[str, X]`` or ``X | None``."""
    origin = typing.get_origin(annotation)
    if origin in (tuple, dict, typing.Union, types.UnionType):
        members = [_inner(member) for member in typing.get_args(annotation)]
        models = [m for m in members if isinstance(m, type) and issubclass(m, BaseModel)]
        return models[0] if models else annotation
    return annotation

"""A scenario as text: a change in TOML under a few facts in comments."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import Any, Final

import tomli_w

from emotion_models.errors import InputProblems, Problem
from emotion_models.simulation import Change

MAX_STEPS: Final = 300
MAX_NAME: Final = 80
_FIRST: Final = "# A scenario of `emotion-models app`; `emotion-models simulate FIT FILE` reads it."
_FACT: Final = "#: "


@dataclass(frozen=True)
class Scenario:
    """A named change on disk.

    Parameters
    ----------
    id : str
        Name of the file without its ending.
    name : str
    change : Change
    fit : str
        Hash of the data of the fit it was made for; empty where the file does not say.
    version : int
    tab : str
        Who wrote this version.
    shown : tuple of str
        Emotions in the picture; empty for those that the page chooses.
    saved : str
        When.
    """

    id: str
    name: str
    change: Change
    fit: str = ""
    version: int = 0
    tab: str = ""
    shown: tuple[str, ...] = ()
    saved: str = ""


def clean_name(name: str) -> str:
    """A name as it may be shown: one line, not too long, never empty."""
    text = " ".join("".join(c if c.isprintable() else " " for c in name).split())
    return text[:MAX_NAME] or "Scenario"


def scenario_text(scenario: Scenario) -> str:
    """Write a scenario as TOML with its facts in comments."""
    facts = {
        key: getattr(scenario, key) for key in ("name", "fit", "version", "tab", "shown", "saved")
    }
    above = tomli_w.dumps({**facts, "shown": list(scenario.shown)})
    lines = [_FACT + line for line in above.strip().splitlines()]
    steps = scenario.change.to_toml() if scenario.change.steps else "# no change\n"
    return "\n".join([_FIRST, *lines, "", steps])


def scenario_from(text: str, id_: str) -> Scenario:
    """Read a scenario; the facts may be missing, as in a change written by hand.

    Raises
    ------
    InputProblems
        With every problem of the change.
    """
    facts = _facts(text)
    change = read_change(text)
    return Scenario(
        id=id_,
        name=clean_name(str(facts.get("name", "") or id_.replace("-", " ").capitalize())),
        change=change,
        fit=str(facts.get("fit", "")),
        version=facts["version"] if isinstance(facts.get("version"), int) else 0,
        tab=str(facts.get("tab", "")),
        shown=tuple(str(one) for one in _list(facts.get("shown"))),
        saved=str(facts.get("saved", "")),
    )


def read_change(text: str) -> Change:
    """Read a change, which may have no steps.

    Raises
    ------
    InputProblems
        With every problem.
    """
    try:
        empty = not tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise InputProblems("change", [Problem("file", f"not TOML: {error}")]) from error
    change = Change() if empty else Change.from_text(text)
    if len(change.steps) > MAX_STEPS:
        problem = Problem("file", f"{len(change.steps)} steps", f"use at most {MAX_STEPS}")
        raise InputProblems("change", [problem])
    return change


def _facts(text: str) -> dict[str, Any]:
    lines = [line[len(_FACT) :] for line in text.splitlines()[:60] if line.startswith(_FACT)]
    try:
        return tomllib.loads("\n".join(lines))
    except tomllib.TOMLDecodeError:
        return {}


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []

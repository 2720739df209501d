"""Further answers about a scenario, on request: why, what is remembered, who gains, priorities."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from emotion_models.errors import InputProblems, Problem, did_you_mean
from emotion_models.inference.estimands import ALL
from emotion_models.reporting.numbers import capital, percent

if TYPE_CHECKING:
    from emotion_models.app.desk import Desk
    from emotion_models.app.study import Study
    from emotion_models.simulation import Change, Simulation

SHOWN: Final = 10
EVERYBODY: Final = "Everybody"


@dataclass(frozen=True)
class Further:
    """A table with its words.

    Parameters
    ----------
    heading, words : str
    head : tuple of str
    rows : sequence of tuple of str
    """

    heading: str
    words: str
    head: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]


def further(desk: Desk, change: Change, kind: str, outcome: str) -> Further:
    """Answer one of `KINDS` about a change.

    Parameters
    ----------
    desk : Desk
    change : Change
    kind : str
    outcome : str

    Returns
    -------
    Further

    Raises
    ------
    InputProblems
        If there is no such question, or no such outcome.
    """
    simulation = desk.simulate(change)
    if kind not in KINDS:
        raise InputProblems("page", [Problem(f"'{kind}'", "no such question", "")])
    if outcome not in simulation.outcomes:
        fix = did_you_mean(outcome, simulation.outcomes)
        raise InputProblems("page", [Problem(f"outcome '{outcome}'", "not here", fix)])
    _, answered = KINDS[kind]
    return answered(desk.study, simulation, outcome)


def _why(study: Study, simulation: Simulation, outcome: str) -> Further:
    found = simulation.why(outcome).table().head(SHOWN)
    label, times = study.names.outcomes[outcome], _times(simulation, outcome)
    rows = [
        (
            _path(study, row, label),
            f"{times * row['contribution']:+.2g}",
            f"{times * row['lower']:+.2g} to {times * row['upper']:+.2g}",
        )
        for row in found.to_dict("records")
    ]
    words = f"What each path brings to the difference in {label}, {_unit(times)}90% intervals."
    return Further(f"Why: {label}", words, ("Path", "Brings", "Between"), rows)


def _path(study: Study, row: dict[Any, Any], label: str) -> str:
    """A path by the labels of the codebook."""
    names = study.names
    at = ", ".join(names.touchpoints.get(name, name) for name in str(row["at"]).split(", "))
    steps = [f"{capital(names.emotions[row['emotion']])} ({at})", "memory"]
    steps += [names.outcomes[row["through"]]] if row["through"] in names.outcomes else []
    return " → ".join([*steps, label])


def _remembered(study: Study, simulation: Simulation, _: str) -> Further:
    rows = []
    for row in simulation.remembered().table().to_dict("records"):
        emotion = row["what"] == "emotion"
        names = study.names.emotions if emotion else study.names.touchpoints
        label = capital(names.get(row["name"], row["name"]))
        show: Callable[[float], str] = (lambda x: f"{x:.2f}") if emotion else percent
        now, then = ("" if np.isnan(row[key]) else show(row[key]) for key in ("before", "after"))
        rows.append((f"{label}{'' if emotion else ', recalled'}", now, then))
    words = "How strongly each emotion is remembered, and how many recall each station."
    return Further("What is remembered", words, ("Emotion or station", "Today", "Then"), rows)


def _winners(study: Study, simulation: Simulation, outcome: str) -> Further:
    table = simulation.winners().table()
    label = study.names.outcomes[outcome]
    rows = [
        (
            EVERYBODY
            if row["group"] == ALL
            else study.names.segments.get(row["group"], row["group"]),
            percent(row["better"]),
            percent(row["worse"]),
        )
        for row in table[table["outcome"] == outcome].to_dict("records")
        if row["group"] not in study.hidden
    ]
    words = f"Share of people whose expected {label} gets better, and worse."
    return Further(f"Who gains: {label}", words, ("Group", "Better", "Worse"), rows)


def _priorities(study: Study, simulation: Simulation, outcome: str) -> Further:
    from emotion_models.decisions import priorities

    table = priorities(simulation.fit, on=outcome).table()
    table = table.sort_values("p_act_now", ascending=False, kind="stable").head(SHOWN)
    label = study.names.outcomes[outcome]
    rows = [
        (
            f"{capital(study.names.emotions[row['emotion']])} at "
            f"{study.names.touchpoints[row['touchpoint']]}",
            percent(row["p_act_now"]),
        )
        for row in table.to_dict("records")
    ]
    words = (
        f"Feelings that matter more than most for {label} and stand worse than most, as the "
        "journey is today: how sure that is."
    )
    return Further(f"Where to act: {label}", words, ("Feeling", "Chance"), rows)


def _times(simulation: Simulation, outcome: str) -> int:
    return 100 if simulation.units[outcome] == "probability" else 1


def _unit(times: int) -> str:
    return "of 100; " if times == 100 else ""


KINDS: Final[dict[str, tuple[str, Callable[[Any, Any, str], Further]]]] = {
    "why": ("Why?", _why),
    "remembered": ("What is remembered?", _remembered),
    "winners": ("Who gains?", _winners),
    "priorities": ("Where to act?", _priorities),
}
"""Every question in words, and who answers it."""

"""Changes and answers with labels in the place of names, so that they speak the survey's words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any, Final

from emotion_models.reporting.names import Names

if TYPE_CHECKING:
    from emotion_models.summarised import Summarised

Kinds = Mapping[str, tuple[str, ...]]
"""Names of `Names`' own fields by that of another value: whose labels stand there."""
_ANSWERS: Final[Mapping[str, Kinds]] = {
    "Priorities": {
        "touchpoints": ("touchpoints",),
        "emotions": ("emotions",),
        "left_out": ("emotions",),
        "on": ("outcomes",),
    },
    "Importance": {"names": ("touchpoints", "emotions"), "rows": ("outcomes",)},
    "Worth": {"outcomes": ("outcomes",), "segments": ("segments",), "journeys": ("segments",)},
}
"""Fields that are names and nothing else hangs on, by kind of answer."""
_STEPS: Final[Kinds] = {
    "name": ("levers", "emotions"),
    "feels": ("emotions",),
    **dict.fromkeys(("touchpoint", "beside", "like", "order"), ("touchpoints",)),
}
"""Those of the steps of a change."""


def spoken(change: object, names: Names) -> str:
    """Say a change in labels.

    Parameters
    ----------
    change : Change
        Anything else says itself.
    names : Names

    Returns
    -------
    str
    """
    return str(_in_labels(change, names))


def _in_labels(change: Any, names: Names) -> Any:
    if not hasattr(change, "steps"):
        return change
    return replace(change, steps=tuple(_with(step, _STEPS, names) for step in change.steps))


def relabelled(result: Summarised, names: Names) -> Any:
    """Give an answer labels where it can take them; others come back as they are.

    Parameters
    ----------
    result : Summarised
    names : Names

    Returns
    -------
    Summarised
    """
    kinds = _ANSWERS.get(type(result).__name__, {})
    said: Any = _with(result, kinds, names) if kinds else result
    if kinds and hasattr(said, "change"):
        said = replace(said, change=_in_labels(said.change, names))
    return said


def _with(value: Any, kinds: Kinds, names: Names) -> Any:
    """A dataclass with labels in some of its fields."""
    changed = {}
    for field in fields(value):
        known: dict[str, str] = {}
        for kind in kinds.get(field.name, ()):
            known |= getattr(names, kind)
        if known:
            changed[field.name] = _label(getattr(value, field.name), known)
    return replace(value, **changed)


def _label(value: Any, labels: Mapping[str, str]) -> Any:
    if isinstance(value, tuple):
        return tuple(_label(each, labels) for each in value)
    if isinstance(value, Mapping):
        return {labels.get(key, key): own for key, own in value.items()}
    return labels.get(value, value) if isinstance(value, str) else value

"""What a fit is compared with: named variants, other specifications, other fits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pydantic import BaseModel

from emotion_models.errors import InputProblems, Problem, expected
from emotion_models.inference.asked import check_fit, check_units
from emotion_models.inference.result import Fit
from emotion_models.models.spec import VARIANTS, JourneyModel

SAME = "same model"
OUTCOME_OPTIONS: Final = frozenset(
    {"memory", "peak", "memory_by_segment", "fading", "scoring", "salience", "specific"}
    | {"priors", "halo", "outcomes", "by_touchpoint", "moderator", "respondents"}
)
"""Options that no rating and no recall depends on; any other is taken to touch all stages."""


@dataclass(frozen=True)
class Rival:
    """A model to compare with.

    Parameters
    ----------
    name : str
        Unique in the comparison.
    model : JourneyModel
    about : str
        What differs, in words.
    fit : Fit or None
        Where it need not be fitted again.
    """

    name: str
    model: JourneyModel
    about: str
    fit: Fit | None = None


def rivals_of(
    fit: Fit, others: Sequence[str | JourneyModel | Fit], *, by: str = "journey"
) -> tuple[Rival, ...]:
    """Read what a fit is compared with, and refuse what cannot be.

    Parameters
    ----------
    fit : Fit
    others : sequence of str, JourneyModel or Fit
    by : {"journey", "respondent"}
        What is to be left out.

    Returns
    -------
    tuple of Rival

    Raises
    ------
    InputProblems
        With every fault: not a fit, no such units, nothing to predict, unknown variants, models
        given twice, models without outcomes, fits to another survey.
    """
    check_fit("comparison", fit)
    problems = [*check_units(by), *_twice(others)]
    if not fit.model.outcomes:
        problems.append(Problem("fit", "has no outcome to predict", "describe outcomes"))
    found: list[Rival] = []
    for other in others:
        try:
            found.append(_rival(fit, other))
        except InputProblems as error:
            problems += error.problems
    if problems:
        raise InputProblems("comparison", problems)
    return _unique(found)


def _twice(others: Sequence[str | JourneyModel | Fit]) -> list[Problem]:
    """Name what is given more than once."""
    given = [other if isinstance(other, str | JourneyModel) else id(other) for other in others]
    again = dict.fromkeys(other for other in given if given.count(other) > 1)
    return [Problem(_called(other), "given twice", "name it once") for other in again]


def _called(other: str | JourneyModel | int) -> str:
    return f"variant '{other}'" if isinstance(other, str) else "a model"


def _rival(fit: Fit, other: str | JourneyModel | Fit) -> Rival:
    if isinstance(other, str):
        return Rival(other, fit.model.variant(other), VARIANTS[other])
    fix = "give the name of a variant, a JourneyModel or a Fit"
    expected("comparison", "rival", other, (JourneyModel, Fit), fix)
    model = other if isinstance(other, JourneyModel) else other.model
    name = differences(fit.model, model) or SAME
    problems = []
    if not model.outcomes:
        problems.append(
            Problem(f"model '{name}'", "has no outcome to predict", "set outcomes=True")
        )
    if isinstance(other, JourneyModel):
        own: Fit | None = None
    else:
        own = other
        if other.survey.hash != fit.survey.hash:
            problems.append(
                Problem(
                    f"fit '{other.survey.codebook.study.label}'",
                    "was fitted to another survey",
                    "compare fits of the same codebook and the same answers",
                )
            )
    if problems:
        raise InputProblems("comparison", problems)
    return Rival(name, model, "", own)


def _unique(rivals: Sequence[Rival]) -> tuple[Rival, ...]:
    """Number the rivals whose names would be the same."""
    names = [rival.name for rival in rivals]
    found = []
    for place, rival in enumerate(rivals):
        before = names[:place].count(rival.name)
        name = rival.name if not before else f"{rival.name} ({before + 1})"
        found.append(Rival(name, rival.model, rival.about, rival.fit))
    return tuple(found)


def differences(fitted: JourneyModel, other: JourneyModel) -> str:
    """Say what of another model differs, e.g. ``"memory=peak+end, specific=no"``.

    Parameters
    ----------
    fitted, other : JourneyModel

    Returns
    -------
    str
        Empty where nothing differs.
    """
    return ", ".join(
        f"{name}={words(getattr(other, name))}"
        for name in type(other).model_fields
        if getattr(other, name) != getattr(fitted, name)
    )


def touches_ratings(fitted: JourneyModel, other: JourneyModel) -> bool:
    """Whether another model may differ in stage 1 or in recall.

    Parameters
    ----------
    fitted, other : JourneyModel

    Returns
    -------
    bool
    """
    left, right = fitted.model_dump(), other.model_dump()
    return any(left[name] != right[name] for name in left if name not in OUTCOME_OPTIONS)


def words(value: Any) -> str:
    """Write the value of an option as a person would.

    Parameters
    ----------
    value : bool, str, number, tuple, mapping or model

    Returns
    -------
    str
    """
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None:
        return "none"
    if isinstance(value, BaseModel):
        value = value.model_dump(exclude_defaults=True)
    if isinstance(value, Mapping):
        return "{" + "; ".join(f"{key}: {words(each)}" for key, each in value.items()) + "}"
    if isinstance(value, tuple | list | set | frozenset):
        return "+".join(words(each) for each in value) or "none"
    return str(value)

"""Priors that a user sets instead of those of the table, checked by name and family."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from types import MappingProxyType
from typing import Annotated, Any, Final

from pydantic import AfterValidator, PlainSerializer

from emotion_models.errors import Problem, did_you_mean
from emotion_models.models.prior import Family, Prior, PriorProblems
from emotion_models.models.priors import PRIORS

SCALES: Final = frozenset(
    {"style_sd", "mood_sd", "affect_loading", "lever_spread", "loading_spread"}
    | {"recall_sd", "amount_sd"}
)
"""Standard deviations sampled as they are, so that any positive family serves. The others are
sampled as magnitudes of normal variables (`priors.add_signed`) and stay half-normal."""


class FrozenPriors(Mapping[str, Prior]):
    """Priors by name: equal by content, hashable, never changed.

    Parameters
    ----------
    priors : mapping of str to Prior
    """

    def __init__(self, priors: Mapping[str, Prior]) -> None:
        self._priors = dict(priors)

    def __getitem__(self, name: str) -> Prior:
        return self._priors[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._priors)

    def __len__(self) -> int:
        return len(self._priors)

    def __hash__(self) -> int:
        return hash(frozenset(self._priors.items()))

    def __repr__(self) -> str:
        return "{" + ", ".join(f"{name!r}: {prior}" for name, prior in self.items()) + "}"


def fitting_families(name: str) -> tuple[Family, ...]:
    """Families that a parameter can have, its default's first.

    Parameters
    ----------
    name : str
        Key of `PRIORS`.

    Returns
    -------
    tuple of str
    """
    match PRIORS[name].family:
        case "normal" if name != "published":
            return ("normal", "half-normal", "lognormal")
        case "half-normal" if name in SCALES:
            return ("half-normal", "lognormal")
        case "lognormal":
            return ("lognormal", "half-normal")
        case "gamma":
            return ("gamma", "lognormal")
        case family:
            return (family,)


def frozen(priors: Mapping[str, Prior]) -> FrozenPriors:
    """Freeze overrides.

    Parameters
    ----------
    priors : mapping of str to Prior

    Returns
    -------
    FrozenPriors

    Raises
    ------
    PriorProblems
        With every name that is no parameter and every family that does not fit.
    """
    problems = []
    for name, prior in priors.items():
        if name not in PRIORS:
            fix = did_you_mean(name, list(PRIORS))
            problems.append(Problem(f"prior '{name}'", "unknown", fix))
        elif prior.family not in fitting_families(name):
            names = " or ".join(fitting_families(name))
            what = f"{prior} does not fit this parameter"
            problems.append(Problem(f"prior '{name}'", what, f"use {names}"))
        elif name == "published" and prior.location:
            what = f"{prior} moves all published means one way"
            problems.append(Problem("prior 'published'", what, "set its scale only"))
    if problems:
        raise PriorProblems("model", problems)
    return FrozenPriors(priors)


def table_with(overrides: Mapping[str, Prior]) -> Mapping[str, Prior]:
    """`PRIORS` with some of them overridden; what an override says in words is kept."""
    own = {
        name: replace(prior, why=prior.why or PRIORS[name].why) for name, prior in overrides.items()
    }
    return MappingProxyType({**PRIORS, **own})


def _as_plain(priors: Mapping[str, Prior]) -> dict[str, Any]:
    return {name: asdict(prior) for name, prior in priors.items()}


NONE: Final = FrozenPriors({})
Overrides = Annotated[Mapping[str, Prior], AfterValidator(frozen), PlainSerializer(_as_plain)]
"""Type of a pydantic field that holds overrides."""

"""Where the checks of a fit fail, every summary of it says so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

import emotion_models as em
from emotion_models.inference import Fit
from emotion_models.inference.checks import Check, Checks, Status

VERBS: tuple[Callable[[Fit], Any], ...] = (
    em.effects,
    em.importance,
    em.robustness,
    em.measure,
    em.memory,
    lambda fit: em.simulate(fit, em.Change().at("room").lever("upgrade", to=1), draws=20),
    lambda fit: em.optimise(
        fit, [em.Option.lever("room", "upgrade", to=[1])], objective="return", draws=20
    ),
    lambda fit: em.sequence(fit, objective="return", draws=20),
    lambda fit: em.priorities(fit, "return", draws=20),
)
NAMES = ("R-hat: outcomes", "divergences: outcomes", "draws: outcomes", "recall")


def checked(fit: Fit, status: Status) -> Fit:
    checks = [Check(name, status, 1.0, 0.5, "a figure", "refit") for name in NAMES]
    return replace(fit, checks=Checks(checks))


@pytest.mark.parametrize("verb", VERBS)
def test_a_summary_says_that_checks_fail(tiny: Fit, verb: Callable[[Fit], Any]) -> None:
    assert "FAIL" not in verb(checked(tiny, "REVIEW")).summary()
    last = verb(checked(tiny, "FAIL")).summary().splitlines()[-1]
    assert last == (
        "Checks of this fit FAIL (R-hat: outcomes, divergences: outcomes, draws: outcomes and 1 "
        "more): do not rely on these figures; see fit.checks."
    )


def test_few_failed_checks_are_all_named() -> None:
    check = Check("recall", "FAIL", 1.0, 0.5, "a figure", "refit")
    assert "FAIL (recall): do not" in Checks([check]).caution
    assert Checks([replace(check, status="REVIEW")]).caution == ""

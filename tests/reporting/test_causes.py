"""What the report says about causes: nothing undeclared, everything declared."""

from __future__ import annotations

from dataclasses import replace

import fakes
import pytest

import emotion_models as em
from emotion_models.errors import InputProblems
from emotion_models.inference import Fit
from emotion_models.reporting.blocks import Bullets, Section
from emotion_models.reporting.content import build
from emotion_models.reporting.gathering import gather
from emotion_models.reporting.sections.causes import causes_section
from emotion_models.reporting.tables import Table

DECLARED = em.Assumptions(
    randomised=["upgrade"], confounders=["style"], latent={"luck": ["worry", "return"]}
)


def section(fit: Fit) -> Section:
    found = causes_section(gather(fit, [], threshold=1))
    assert found is not None
    return found


def test_declared_assumptions_are_printed(tiny: Fit) -> None:
    made = section(tiny.under(DECLARED))
    bullets = [block for block in made.blocks if isinstance(block, Bullets)]
    assert bullets[0].items == DECLARED.sentences()
    titles = [part.title for part in made.subsections]
    assert titles == [
        "What follows", "The diagram against the data", "What would undo the effects",
    ]  # fmt: skip
    table = next(b for b in made.subsections[0].blocks if isinstance(b, Table))
    assert "causal" in str(table.rows)
    assert "luck" in str(table.rows)


def test_nothing_declared_nothing_causal(tiny: Fit) -> None:
    made = section(tiny)
    assert [part.title for part in made.subsections] == ["What would undo the effects"]
    content = build(gather(tiny, [], threshold=1))
    assert all(finding.level != "causal" for finding in content.findings)


def test_causal_findings_come_with_their_assumptions(tiny: Fit) -> None:
    fit = tiny.under(em.Assumptions(confounders=["style"]))
    good = tuple(replace(check, status="PASS") for check in fit.checks)
    content = build(
        gather(replace(fit, checks=type(fit.checks)(good)), [], threshold=1),
    )  # fmt: skip
    assert any(finding.level == "causal" for finding in content.findings)
    assert any(part.title == "What is assumed about causes" for part in content.sections)
    text = str(content.sections)
    assert "causal effect (as far as randomisation or the declared causal diagram" in text


def test_a_claim_without_its_assumptions_is_refused(study: fakes.FakeFit) -> None:
    with pytest.raises(InputProblems, match="result 1: claims a cause, but the fit carries no"):
        gather(study, [fakes.FakeEffects(study, claim="causal")], threshold=1)
    declared = replace(study, assumptions=em.Assumptions(confounders=[]))
    assert gather(declared, [fakes.FakeEffects(declared, claim="causal")], threshold=1)


def test_effects_of_a_failed_fit_are_not_shown(tiny: Fit) -> None:
    inputs = gather(tiny, [], threshold=1)
    failed = tuple(replace(check, status="FAIL") for check in tiny.checks)
    made = causes_section(replace(inputs, fit=replace(tiny, checks=type(tiny.checks)(failed))))
    assert made is not None
    assert not [b for b in made.subsections[-1].blocks if isinstance(b, Table)]


def test_nothing_is_promised_where_everything_is_withheld(tiny: Fit) -> None:
    """The stored fit is too short: no table, and it says why."""
    part = section(tiny).subsections[-1]
    assert not any(isinstance(block, Table) for block in part.blocks)
    assert "Withheld" in str(part.blocks)

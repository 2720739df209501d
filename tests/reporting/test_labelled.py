"""Changes and answers in the survey's words."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import emotion_models as em
from emotion_models.decisions.answers import Worth
from emotion_models.decisions.priority_map import Priorities
from emotion_models.reporting.labelled import relabelled, spoken
from emotion_models.reporting.names import Names
from emotion_models.reporting.sections import further
from emotion_models.reporting.tables import Table
from tests.models import builders


def names() -> Names:
    book = builders.book().model_dump()
    for kind in ("touchpoints", "emotions", "levers", "behaviours"):
        for part in book[kind]:
            part["label"] = part["name"].upper()
    return Names.of(em.Codebook.model_validate(book))


def test_a_change_speaks_labels_at_every_step() -> None:
    known = names()
    first, second = list(known.touchpoints)[:2]
    emotion, lever = next(iter(known.emotions)), next(iter(known.levers))
    change = em.Change().at(first).lever(lever, to=5).emotion(emotion, by=-1)
    change = change.move(first, after=second).add("new", after=first, feels={emotion: 2})
    said = spoken(change, known)
    assert said == (
        f"{lever.upper()} at {first.upper()} set to 5; {emotion.upper()} at {first.upper()} changed"
        f" by -1; {first.upper()} moved after {second.upper()}; new added after {first.upper()}"
        f" (with {emotion.upper()} 2)"
    )
    assert spoken("said by hand", known) == "said by hand"


def test_an_answer_speaks_labels() -> None:
    known = names()
    touchpoint, emotion = next(iter(known.touchpoints)), next(iter(known.emotions))
    outcome = list(known.outcomes)[-1]
    rng = np.random.default_rng(1)
    values = rng.normal(size=(2, 50, 1))
    answer = Priorities(
        (touchpoint,), (emotion,), (1.0,), values[0], values[1], outcome, "points", (), "adjusted"
    )
    said = relabelled(answer, known)
    assert f"{emotion.upper()} at {touchpoint.upper()}: matters" in said.summary()
    assert f"Where to act for {outcome.upper()}" in said.summary()
    assert (said.importance == answer.importance).all()


def test_worth_speaks_labels_of_change_outcomes_and_segments() -> None:
    known = replace(names(), segments={"b": "Business"})
    outcome, touchpoint = list(known.outcomes)[-1], next(iter(known.touchpoints))
    values = np.random.default_rng(1).normal(size=(1, 2, 50))
    change = em.Change().remove(touchpoint)
    answer = Worth(
        change, (outcome,), ("(all)", "b"), values, values + 1, "EUR", "year",
        {"(all)": 10.0, "b": 4.0}, 0.0, "survey", "", (), "adjusted",
    )  # fmt: skip
    said = relabelled(answer, known)
    assert said.summary().startswith(f"{touchpoint.upper()} removed")
    assert f"{outcome.upper()}:" in said.summary()
    assert "Business" in said.summary()
    assert said.table()["difference"].tolist() == answer.table()["difference"].tolist()
    assert said.table()["all_journeys"].tolist() == answer.table()["all_journeys"].tolist()


def test_a_hidden_group_is_left_out_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """Groups are hidden by name; their labels must not bring them back into the table."""
    known = replace(names(), segments={"b": "Business"})
    values = np.random.default_rng(1).normal(size=(1, 2, 50))
    answer = Worth(
        em.Change(), (list(known.outcomes)[-1],), ("(all)", "b"), values, values + 1, "EUR", "year",
        {}, 0.0, "survey", "", (), "adjusted",
    )  # fmt: skip
    monkeypatch.setattr(further, "svg", lambda _: b"<svg/>")
    fit = SimpleNamespace(checks=())
    inputs: Any = SimpleNamespace(fit=fit, names=known, further=(answer,), hidden=frozenset({"b"}))
    (section,) = further.further_sections(inputs)
    (table,) = [block for block in section.blocks if isinstance(block, Table)]
    assert "Business" not in str(table.shown())
    assert "Business" not in str(section.blocks)
    shown = SimpleNamespace(**{**vars(inputs), "hidden": frozenset()})
    assert "Business" in str(further.further_sections(shown)[0].blocks)

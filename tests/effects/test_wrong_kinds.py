"""What is of the wrong kind is refused by every public verb, in words, before any work."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import emotion_models as em
from emotion_models.commands.fit import read_options
from emotion_models.errors import InputProblems, did_you_mean
from emotion_models.inference import Fit

OF_A_FIT = {
    name: getattr(em, name)
    for name in ("effects", "importance", "robustness", "halo", "memory", "design_corrected",
                 "measure", "compare", "crossvalidate", "criticise", "specificity", "identify",
                 "independences", "report")
}  # fmt: skip
FURTHER: dict[str, Callable[[Any], object]] = {
    "simulate": lambda wrong: em.simulate(wrong, em.Change()),
    "worth": lambda wrong: em.worth(wrong, em.Change()),
    "optimise": lambda wrong: em.optimise(wrong, ()),
    "sequence": em.sequence,
    "priorities": lambda wrong: em.priorities(wrong, "return"),
    "information": lambda wrong: em.information(wrong, wrong),
    "save": lambda wrong: em.save(wrong, Path("never.fit")),
    "fit": lambda wrong: em.fit(wrong, wrong),
    "careless": em.careless,
    "without_flagged": em.without_flagged,
    "for_survey": em.JourneyModel.for_survey,
}
ANYTHING: dict[str, Callable[[Any], object]] = {**OF_A_FIT, **FURTHER}


@pytest.mark.parametrize("wrong", [1, None, "stays.fit", {"fit": 1}])
@pytest.mark.parametrize("verb", ANYTHING)
def test_no_fit_and_no_survey(verb: str, wrong: object) -> None:
    with pytest.raises(InputProblems, match=f"of type {type(wrong).__name__}"):
        ANYTHING[verb](wrong)


ASKED: dict[str, Callable[[Fit], object]] = {
    "by '3'": lambda fit: em.effects(fit, by=3),  # type: ignore[arg-type]
    "by '.'emotion'.'": lambda fit: em.effects(fit, by=["emotion"]),  # type: ignore[arg-type]
    "weight '2'": lambda fit: em.effects(fit, weight=2),  # type: ignore[arg-type]
    "outcome '5'": lambda fit: em.importance(fit, on=5),  # type: ignore[arg-type]
    "of '5'": lambda fit: em.importance(fit, of=5),  # type: ignore[arg-type]
    "outcome '6'": lambda fit: em.robustness(fit, on=6),  # type: ignore[arg-type]
    "rival: cannot be 1": lambda fit: em.compare(fit, 1),  # type: ignore[arg-type]
    "by 'visit'": lambda fit: em.compare(fit, by="visit"),  # type: ignore[arg-type]
    "by 'None'": lambda fit: em.crossvalidate(fit, by=None),  # type: ignore[arg-type]
    "folds: cannot be 'x'": lambda fit: em.crossvalidate(fit, folds="x"),  # type: ignore[arg-type]
    "rules: cannot be 'peak-end'": lambda fit: em.memory(fit, rules="peak-end"),  # type: ignore[arg-type]
    "change: cannot be 1": lambda fit: em.simulate(fit, 1),  # type: ignore[arg-type]
    "draws: cannot be 'x'": lambda fit: em.simulate(fit, em.Change(), draws="x"),  # type: ignore[arg-type]
    "assumptions: cannot be 1": lambda fit: fit.under(1),  # type: ignore[arg-type]
    "options: cannot be 1": lambda fit: fit.model.with_options(1),  # type: ignore[arg-type]
    "option 'halo': 2 is": lambda fit: fit.model.with_options({"halo": 2}),
    "option 'overrides': 3 is": lambda fit: fit.model.with_options({"overrides": 3}),
}


@pytest.mark.parametrize("said", ASKED)
def test_wrong_names_and_values(tiny: Fit, said: str) -> None:
    with pytest.raises(InputProblems, match=said):
        ASKED[said](tiny)


def test_a_path_that_is_none() -> None:
    with pytest.raises(InputProblems, match="path: cannot be 1"):
        em.load(1)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "read"),
    [("yes", True), ("no", False), ("true", True), ("false", False), ("on", True), ("off", False),
     ("True", True), ("NO", False)],
)  # fmt: skip
def test_yes_and_no_as_text(text: str, read: bool) -> None:
    model = em.JourneyModel()
    assert model.with_options({"weighted": text}).weighted is read
    assert model.with_options(read_options((f"weighted={text}",))).weighted is read


@pytest.mark.parametrize("text", ["perhaps", "ja", "truth", "none", "2", "yes please"])
def test_other_words_are_neither(text: str) -> None:
    with pytest.raises(InputProblems, match="true or false, yes or no, on or off"):
        em.JourneyModel().with_options(read_options((f"weighted={text}",)))


def test_names_of_any_kind_are_compared_as_text() -> None:
    assert did_you_mean(3, ["a", "b"]) == "valid names: 'a', 'b'"
    assert did_you_mean(["emotion"], ["emotion"]) == "did you mean 'emotion'?"


def test_long_values_are_cut() -> None:
    with pytest.raises(InputProblems) as caught:
        em.measure("x" * 500)  # type: ignore[arg-type]
    assert len(str(caught.value)) < 200

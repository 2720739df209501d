"""`JourneyModel`: what a survey can inform, variants, errors, JSON."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from emotion_models.errors import InputProblems
from emotion_models.models import VARIANTS, JourneyModel
from emotion_models.models.spec import USUAL
from emotion_models.survey.survey import Survey
from tests.models import builders


def for_survey(codebook: Any = None, **choices: Any) -> JourneyModel:
    survey = builders.survey(codebook or builders.book())
    return JourneyModel.for_survey(survey, **choices)


def test_full_survey() -> None:
    expected = JourneyModel(recall=True, segments=True)
    assert for_survey() == expected
    assert for_survey(memory="first + mean + end + peak + mean").memory == USUAL


def test_what_a_survey_lacks_is_left_out() -> None:
    model = for_survey(
        builders.book(
            touchpoints=builders.places(1),
            emotions=builders.feelings("joy"),
            levers=None,
            recall=None,
            remembered=None,
            relationship=None,
            segments=None,
        )
    )
    assert model.memory == ("mean",)
    off = {"salience", "specific", "recall", "segments", "respondents"}
    assert not any(getattr(model, name) for name in off)
    assert model.outcomes
    assert model.elicitation


def test_one_moment_in_many_places() -> None:
    """Every journey answered at one touchpoint only: no rule of memory can be told apart."""
    survey = builders.survey(builders.book())
    data = builders.dataset(survey.codebook)
    data["rating"][:, 1:, :] = -1
    model = JourneyModel.for_survey(Survey(survey.codebook, data, survey.audit))
    assert (model.memory, model.salience) == (("mean",), False)


def test_panel() -> None:
    survey = builders.survey(builders.book(), per_person=3)
    assert JourneyModel.for_survey(survey).respondents


def test_ratings_only() -> None:
    codebook = builders.book(remembered=None, relationship=None, behaviours=None)
    assert not for_survey(codebook).outcomes


GOLDEN = {
    "unknown feature": (
        {"memory": "mean+peek"},
        "model: 1 problem\n  - memory feature 'peek': unknown; did you mean 'peak'?",
    ),
    "several": (
        {"memory": "men+zzz"},
        "model: 2 problems\n"
        "  - memory feature 'men': unknown; did you mean 'mean'?\n"
        "  - memory feature 'zzz': unknown; valid names: 'mean', 'peak', 'end', 'first', 'trend'",
    ),
    "none": (
        {"memory": " + "},
        "model: 1 problem\n  - memory: no feature named; use e.g. 'mean+peak+end+first'",
    ),
}


@pytest.mark.parametrize("case", GOLDEN)
def test_memory_errors(case: str) -> None:
    choices, text = GOLDEN[case]
    with pytest.raises(InputProblems) as caught:
        for_survey(**choices)
    assert str(caught.value) == text


def test_nothing_to_estimate() -> None:
    codebook = builders.book(remembered=None, relationship=None, behaviours=None, recall=None)
    with pytest.raises(InputProblems) as caught:
        for_survey(codebook, elicitation=False)
    assert str(caught.value) == (
        "model: 1 problem\n  - survey: no stage left to estimate; describe outcomes or levers"
    )


def test_recall_alone_is_a_stage() -> None:
    codebook = builders.book(remembered=None, relationship=None, behaviours=None)
    model = for_survey(codebook, elicitation=False)
    assert (model.elicitation, model.recall, model.outcomes) == (False, True, False)


@pytest.mark.parametrize("name", VARIANTS)
def test_variants(name: str) -> None:
    model = JourneyModel(priors="literature")
    variant = model.variant(name)
    changed = {
        key for key, value in variant.model_dump().items() if value != model.model_dump()[key]
    }
    other = {"valence-only": {"specific"}, "peak-moment": {"peak"}}
    assert changed <= other.get(name, {"memory", "salience"})
    assert variant.salience == (name in {*other, "all-features", "with-trend"})
    assert variant.variant(name) == variant
    assert model == JourneyModel(priors="literature")


def test_unknown_variant() -> None:
    with pytest.raises(InputProblems) as caught:
        JourneyModel().variant("peak-only")
    assert str(caught.value) == (
        "comparison: 1 problem\n  - variant 'peak-only': unknown; did you mean 'mean-only'?"
    )


def test_json_round_trip() -> None:
    model = JourneyModel(memory=("peak", "end"), salience=False, priors="literature", halo=False)
    assert JourneyModel.model_validate_json(model.model_dump_json()) == model


@pytest.mark.parametrize(
    "wrong", [{"memmory": ("mean",)}, {"memory": ("average",)}, {"priors": "strong"}]
)
def test_unknown_choices(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        JourneyModel(**wrong)


def test_frozen() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        JourneyModel().halo = False  # type: ignore[misc]


def test_options_are_set_by_name() -> None:
    model = for_survey()
    assert model.with_options({"specific": False}) == model.model_copy(update={"specific": False})
    assert model.with_options({}) == model


def test_options_that_are_not_there() -> None:
    with pytest.raises(InputProblems) as raised:
        for_survey().with_options({"specfic": True, "priors": "strong"})
    text = str(raised.value)
    assert "option 'specfic': unknown; did you mean 'specific'?" in text
    assert "option 'priors': 'strong' is not possible" in text
    assert "'weak' or 'literature'" in text


def test_options_that_do_not_go_together() -> None:
    with pytest.raises(InputProblems, match="peak 'moment' needs scoring 'linear'"):
        for_survey().with_options({"peak": "moment", "scoring": "monotonic"})
    with pytest.raises(InputProblems, match="'memory_by_segment' needs 'segments'"):
        for_survey().with_options({"memory_by_segment": True, "segments": False})


def test_memory_is_never_empty_twice_or_out_of_order() -> None:
    model = JourneyModel()
    assert model.with_options({"memory": "end+mean+end"}).memory == ("mean", "end")
    assert model.with_options({"memory": ("end", "mean", "end")}).memory == ("mean", "end")
    for nothing in ("", ()):
        with pytest.raises(InputProblems):
            model.with_options({"memory": nothing})
    with pytest.raises(InputProblems, match="memory feature 'peek': unknown; did you mean 'peak'"):
        model.with_options({"memory": "mean+peek"})

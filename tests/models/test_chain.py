"""Every shape of survey builds, and its log-density is finite where sampling starts."""

from __future__ import annotations

from typing import Any

import numpy as np
import pymc as pm
import pytest

from emotion_models.models.chain import block
from emotion_models.models.spec import JourneyModel
from emotion_models.models.variables import PEOPLE, Block, stages
from tests.models.builders import FULL, FULL_MODEL, book, design, feelings, places
from tests.models.graphs import MODE, log_density

ONLY_ELICITATION = {"recall": False, "outcomes": False}
ONLY_RECALL = {"elicitation": False, "outcomes": False}
ONLY_OUTCOMES = {"elicitation": False, "recall": False}
PLAIN = {**ONLY_OUTCOMES, "halo": False, "segments": False}

JOY, THREE = feelings("joy"), FULL["emotions"]
MIXED = [*feelings("joy", scale="agree"), *feelings("anger", scale="ticked"), THREE[2]]
ALONE: dict[str, Any] = {
    "remembered": None,
    "relationship": None,
    "behaviours": None,
    "controls": None,
}
KEPT = [{"name": f"kept_{e}", "scale": "felt", "emotion": e} for e in ("relief", "joy", "anger")]
BEHAVIOURS, ONE_LEVER, ONE_PLACE = FULL["behaviours"], FULL["levers"][1:], places(1)
BARE: dict[str, Any] = {"levers": None, "segments": None, "recall": None, "controls": None}

# Changes of the full codebook, of the full model, and the number of journeys per person.
CASES: dict[str, tuple[dict[str, Any], dict[str, Any], int]] = {
    "everything": ({}, {}, 1),
    "nothing optional": (BARE, {"recall": False, "segments": False, "halo": False}, 1),
    "ratings only": ({**ALONE, **BARE}, ONLY_ELICITATION, 1),
    "levers at one place": ({"levers": ONE_LEVER}, ONLY_ELICITATION, 1),
    "panel": ({}, {"respondents": True}, 3),
    "items differ by segment": (
        {**ALONE, "relationship": FULL["relationship"][:1]},
        {**PLAIN, "invariance": "segment"},
        1,
    ),
    # shapes of the journey
    "one touchpoint": (
        {"touchpoints": ONE_PLACE, "levers": ONE_LEVER},
        {"memory": ("mean",), "salience": False},
        1,
    ),
    "one touchpoint, all rules": ({"touchpoints": ONE_PLACE, "levers": None}, PLAIN, 1),
    "one emotion": ({"emotions": JOY}, {"specific": False, "halo": False}, 1),
    "one emotion, specific": ({"emotions": JOY}, PLAIN, 1),
    "emotions of one sign": ({"emotions": feelings("joy", "relief")}, ONLY_OUTCOMES, 1),
    "no valence": ({"emotions": feelings("this", "that"), "remembered": None}, {}, 1),
    # scales
    "checkboxes": ({"emotions": feelings("joy", "anger", scale="ticked")}, ONLY_ELICITATION, 1),
    "mixed scales": ({"emotions": MIXED}, ONLY_ELICITATION, 1),
    "vividness": ({"recall": {"scale": "felt"}}, ONLY_RECALL, 1),
    # outcomes
    "only bernoulli": ({**ALONE, "behaviours": BEHAVIOURS[:1]}, PLAIN, 1),
    "only ordinal": ({**ALONE, "behaviours": BEHAVIOURS[1:2]}, PLAIN, 1),
    "only count": ({**ALONE, "behaviours": BEHAVIOURS[2:3]}, PLAIN, 1),
    "only amount": ({**ALONE, "behaviours": BEHAVIOURS[3:]}, PLAIN, 1),
    "only one construct": ({**ALONE, "relationship": FULL["relationship"][:1]}, PLAIN, 1),
    "only two constructs": ({**ALONE, "relationship": FULL["relationship"]}, PLAIN, 1),
    "only remembered": ({**ALONE, "remembered": FULL["remembered"]}, PLAIN, 1),
    "only remembered emotions": ({**ALONE, "remembered": KEPT}, ONLY_OUTCOMES, 1),
    "no relationship": ({"relationship": None, "remembered": KEPT}, ONLY_OUTCOMES, 1),
    # hypotheses
    "valence only": ({}, {**PLAIN, "specific": False}, 1),
    "peak and end": ({}, {**PLAIN, "memory": ("peak", "end")}, 1),
    "end only": ({}, {**PLAIN, "memory": ("end",)}, 1),
    "weak priors, equal salience": ({}, {**PLAIN, "priors": "weak", "salience": False}, 1),
}


@pytest.mark.parametrize("case", CASES)
def test_builds(case: str) -> None:
    tables, choices, per_person = CASES[case]
    model = JourneyModel.model_validate(FULL_MODEL.model_dump() | choices)
    laid_out = design(model, book(**tables), per_person=per_person)
    wanted = ("outcomes", "recall", "elicitation")
    assert stages(model) == tuple(stage for stage in wanted if getattr(model, stage))
    for stage in stages(model):
        built = block(model, laid_out, stage)
        assert np.isfinite(log_density(built, built.initial_point())), stage


@pytest.fixture(scope="module")
def panel() -> dict[Block, pm.Model]:
    """All stages, with respondent effects."""
    model = FULL_MODEL.model_copy(update={"respondents": True})
    laid_out = design(model, book(), per_person=2)
    return {stage: block(model, laid_out, stage) for stage in stages(model)}


def test_stages_share_no_variable(panel: dict[Block, pm.Model]) -> None:
    names = [{variable.name for variable in built.free_RVs} for built in panel.values()]
    assert sum(map(len, names)) == len(set().union(*names))


def test_people_are_the_variables_of_people(panel: dict[Block, pm.Model]) -> None:
    """What is never reported one by one has a dimension of people, and nothing else has."""
    for built in panel.values():
        for variable in built.free_RVs:
            dims = set(built.named_vars_to_dims.get(variable.name, ()))
            assert bool(dims & {"journey", "respondent"}) == (variable.name in PEOPLE)


@pytest.mark.parametrize(
    ("choice", "gone"),
    [
        (
            {"specific": False},
            {"specificity", "departure_z", "published", "positivity_z"},  # of few emotions
        ),
        ({"priors": "weak"}, {"published", "positivity_z"}),
        ({"salience": False}, {"salience"}),
        ({"segments": False}, {"segment_spread_signed_z", "segment_z"}),
        ({"respondents": False}, {"person_sd_signed_z", "person_z"}),
        ({"memory": ("mean",)}, {"memory_rule", "memory_spread_signed_z", "memory_z"}),
        (
            {"memory": ("end",)},
            {"memory_rule", "memory_spread_signed_z", "memory_z", "salience"},
        ),
    ],
)
def test_switches(panel: dict[Block, pm.Model], choice: dict[str, Any], gone: set[str]) -> None:
    model = FULL_MODEL.model_copy(update={"respondents": True, **ONLY_OUTCOMES, **choice})
    less = block(model, design(model, book(), per_person=2), "outcomes")
    assert _free(panel["outcomes"]) - _free(less) == gone


def _free(built: pm.Model) -> set[str]:
    return {variable.name for variable in built.free_RVs}


def test_a_missing_answer_leaves_the_likelihood() -> None:
    """Blanking an answer takes away the log-probability of that answer and nothing else."""
    model = FULL_MODEL.model_copy(update={**PLAIN, "priors": "weak"})
    laid_out = design(model, book(**{**ALONE, "behaviours": BEHAVIOURS[:1]}))
    answers = laid_out.items.others["binary"].value
    for _ in range(3):
        built = block(model, laid_out, "outcomes")
        density = built.compile_logp(vars=built.observed_RVs, sum=False, mode=MODE)
        # With no effect and a zero intercept every yes and every no has probability one half.
        point = {name: np.zeros_like(value) for name, value in built.initial_point().items()}
        assert density(point)[0] == pytest.approx(np.isfinite(answers).sum() * np.log(0.5))
        answers[np.flatnonzero(np.isfinite(answers))[0]] = np.nan

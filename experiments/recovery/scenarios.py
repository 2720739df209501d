"""What is recovered: one line per capability of the model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from emotion_models.models.chain import Block
from emotion_models.models.prior import Prior
from emotion_models.models.spec import JourneyModel

SEGMENTS: Final = {"column": "group", "categories": ["new", "old"]}
IDENTITIES: Final = {
    "columns": ["is_parent", "is_manager"],
    "categories": ["parent", "manager"],
}
TWO_CONSTRUCTS: Final = [
    {"name": name, "items": [{"name": f"{name} {q}", "scale": "agree"} for q in range(4)]}
    for name in ("trust", "commitment")
]
ONLY_OUTCOMES: Final = JourneyModel(elicitation=False)
ONLY_RATINGS: Final = JourneyModel(outcomes=False)


@dataclass(frozen=True)
class Scenario:
    """A capability and the variables in which it must be recovered.

    Parameters
    ----------
    about : str
    model : JourneyModel
    variables : tuple of str
        Posterior variables that are compared with the truth.
    block : str
        The factor of the posterior that is fitted.
    tables : mapping
        Changes of the codebook.
    """

    about: str
    model: JourneyModel
    variables: tuple[str, ...]
    block: Block = "outcomes"
    tables: Mapping[str, Any] = field(default_factory=dict)


def outcomes(**options: Any) -> JourneyModel:
    """The default model of stages 2 to 4 with some options."""
    return ONLY_OUTCOMES.with_options(options)


EFFECTS: Final = ("effect", "positivity", "specificity")
MEMORY: Final = ("memory_weight", "memory_rule")

SCENARIOS: Final[dict[str, Scenario]] = {
    "default": Scenario(
        "the default chain, stages 2 to 4",
        outcomes(),
        (*EFFECTS, *MEMORY, "salience", "item_loading", "bond_effect", "control_effect"),
    ),
    "elicitation": Scenario(
        "stage 1: levers, style, mood and affect",
        ONLY_RATINGS,
        ("lever_effect", "base", "style_sd", "mood_sd", "affect_loading", "emotion_loading"),
        "elicitation",
    ),
    "levers-by-segment": Scenario(
        "levers that move segments differently",
        ONLY_RATINGS.with_options({"segments": True, "levers_by_segment": True}),
        ("lever_effect", "lever_effect_in_segment", "lever_segment_spread"),
        "elicitation",
        {"segments": SEGMENTS},
    ),
    "recall": Scenario(
        "recall of touchpoints",
        JourneyModel(outcomes=False, elicitation=False, recall=True),
        ("recall_base", "recall_effect", "recall_sd"),
        "recall",
        {
            "recall": {"scale": "ticked"},
            "scales": {
                "ticked": {"values": [0, 1]},
                "felt": {"values": [0, 1, 2, 3, 4]},
                "agree": {"values": [1, 2, 3, 4, 5, 6, 7]},
            },
        },
    ),
    "trend": Scenario(
        "five features of memory",
        outcomes(memory=("mean", "peak", "end", "first", "trend")),
        (*EFFECTS, *MEMORY),
    ),
    "peak-moment": Scenario(
        "the peak at the most intense moment", outcomes(peak="moment"), (*EFFECTS, *MEMORY)
    ),
    "memory-by-segment": Scenario(
        "weights and effects by segment",
        outcomes(segments=True, memory_by_segment=True),
        ("effect_by_segment", "segment_spread", "memory_weight_by_segment"),
        tables={"segments": SEGMENTS},
    ),
    "fading": Scenario(
        "emotions that fade with delay",
        outcomes(fading=True),
        ("fading", *EFFECTS),
        tables={"delay": {"column": "days"}},
    ),
    "asymmetric": Scenario(
        "steps below and above the middle",
        outcomes(scoring="asymmetric"),
        ("asymmetry", "asymmetry_by_emotion", "rating_step", *EFFECTS),
    ),
    "monotonic": Scenario(
        "all steps estimated", outcomes(scoring="monotonic"), ("rating_step", *EFFECTS)
    ),
    "by-touchpoint": Scenario(
        "effects by touchpoint",
        outcomes(by_touchpoint=True),
        ("effect_at_touchpoint", "touchpoint_spread", *EFFECTS),
    ),
    "by-value": Scenario(
        "effects that change with customer value",
        outcomes(moderator="value"),
        ("effect_of_value", "value_spread", *EFFECTS),
    ),
    "invariance": Scenario(
        "items that segments use differently",
        outcomes(invariance="segment"),
        ("item_shift", "item_stretch", "construct_spread", "item_loading", "control_effect"),
        tables={"segments": SEGMENTS, "relationship": TWO_CONSTRUCTS},
    ),
    "literature": Scenario(
        "published directions as uncertain prior means",
        outcomes(priors="literature"),
        ("published", *EFFECTS),
    ),
    "overrides": Scenario(
        "priors set by name",
        outcomes(
            overrides={
                "positivity": Prior.normal(1, 0.5),
                "specificity": Prior.half_normal(0.5),
                "bond_effect": Prior.normal(0, 0.5),
            }
        ),
        (*EFFECTS, "bond_effect"),
    ),
    "context": Scenario(
        "identities that context makes salient",
        outcomes(segments=True),
        ("identity_salience", "effect_by_segment", "segment_spread"),
        tables={
            "segments": {**IDENTITIES, "context": ["children along"]},
            "controls": [
                {"name": "children along", "kind": "numeric", "minimum": -2, "maximum": 2}
            ],
        },
    ),
    "identities": Scenario(
        "several identities at a time",
        outcomes(segments=True),
        ("effect_by_segment", "segment_spread", *EFFECTS),
        tables={"segments": IDENTITIES},
    ),
}

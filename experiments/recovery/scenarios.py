"""What is recovered: one line per capability of the model."""

from __future__ import annotations

from typing import Any, Final

from fitted import Scenario
from questions import by_identity, by_value, effects_of_points, latent, reliability, shares
from study import TABLES, Setting
from surveys import PER_CLUSTER, clustered, imputed, selected

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
WAVES: Final = {"column": "wave", "categories": ["before", "after"]}
SCALES: Final = TABLES["scales"] | {
    "ticked": {"values": [0, 1]},
    "slide": {"kind": "slider", "minimum": 0, "maximum": 100},
}
ITEMS: Final[list[dict[str, Any]]] = [
    {
        "name": "joy",
        "items": [
            {"name": "glad", "scale": "felt"},
            {"name": "merry", "scale": "felt"},
            {"name": "sad", "scale": "agree", "reversed": True},
        ],
    },
    {"name": "gratitude", "scale": "ticked"},
    {"name": "anger", "scale": "slide"},
    {"name": "worry", "scale": "felt"},
]
FAMILIES: Final = [
    {"name": "return", "family": "bernoulli"},
    {"name": "recommend", "family": "ordinal", "scale": "agree"},
    {"name": "visits", "family": "count"},
    {"name": "spend", "family": "amount", "unit": "EUR"},
    {"name": "balance", "family": "number", "unit": "points"},
    {"name": "churn", "family": "duration", "event": "left", "horizon": 6, "desirable": False},
]
MODEST: Final = {
    "positivity": Prior.normal(0, 1),
    "specificity": Prior.half_normal(0.5),
    "bond_effect": Prior.normal(0, 0.5),
    "control_effect": Prior.normal(0, 0.5),
    "remembered_slope": Prior.normal(0, 2),
}
ONLY_OUTCOMES: Final = JourneyModel(elicitation=False)
ONLY_RATINGS: Final = JourneyModel(outcomes=False)


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
        Setting({"segments": SEGMENTS}),
    ),
    "recall": Scenario(
        "recall of touchpoints",
        JourneyModel(outcomes=False, elicitation=False, recall=True),
        ("recall_base", "recall_effect", "recall_sd"),
        "recall",
        Setting({"recall": {"scale": "ticked"}, "scales": SCALES}),
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
        setting=Setting({"segments": SEGMENTS}),
    ),
    "fading": Scenario(
        "emotions that fade with delay",
        outcomes(fading=True),
        ("fading", *EFFECTS),
        setting=Setting({"delay": {"column": "days"}}),
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
        setting=Setting({"segments": SEGMENTS, "relationship": TWO_CONSTRUCTS}),
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
        setting=Setting(
            {
                "segments": {**IDENTITIES, "context": ["children along"]},
                "controls": [
                    {"name": "children along", "kind": "numeric", "minimum": -2, "maximum": 2}
                ],
            }
        ),
    ),
    "identities": Scenario(
        "several identities at a time",
        outcomes(segments=True),
        ("effect_by_segment", "segment_spread", *EFFECTS),
        setting=Setting({"segments": IDENTITIES}),
    ),
    "items": Scenario(
        "an emotion asked by three items, one reversed; ticked boxes and sliders",
        ONLY_RATINGS,
        (
            *("emotion_item_loading", "emotion_moment_sd", "lever_effect", "base"),
            *("style_sd", "mood_sd", "affect_loading", "emotion_loading"),
        ),
        "elicitation",
        Setting({"scales": SCALES, "emotions": ITEMS}),
    ),
    "families": Scenario(
        "six kinds of behaviour, their levels and shapes",
        # Wide priors draw counts in thousands and amounts over eight powers of ten.
        outcomes(overrides=MODEST),
        (
            *(*EFFECTS, "intercept", "count_intercept", "count_dispersion", "amount_intercept"),
            *("amount_sd", "number_intercept", "number_sd", "number_df", "duration_intercept"),
            "duration_baseline",
        ),
        setting=Setting({"behaviours": FAMILIES}),
        answers=(effects_of_points,),
    ),
    "skipped": Scenario(
        "journeys that skip a third of the touchpoints",
        outcomes(),
        (*EFFECTS, *MEMORY, "salience"),
        setting=Setting(skipped=0.4),
    ),
    "waves": Scenario(
        "items that waves use differently",
        outcomes(invariance="wave"),
        ("item_shift", "item_stretch", "construct_spread", "item_loading", "control_effect"),
        setting=Setting({"wave": WAVES, "relationship": TWO_CONSTRUCTS}),
    ),
    "measurement": Scenario(
        "reliability of two constructs, and what they share beyond emotion",
        outcomes(),
        ("residual_correlation", "bond_effect"),
        setting=Setting({"relationship": TWO_CONSTRUCTS}),
        answers=(reliability,),
    ),
    "effects": Scenario(
        "answers: effects, shares in what is explained, and the robustness bound's ground",
        outcomes(),
        answers=(effects_of_points, shares, latent),
    ),
    "effects-by-identity": Scenario(
        "answers: effects by identity",
        outcomes(segments=True),
        setting=Setting({"segments": IDENTITIES}),
        answers=(by_identity,),
    ),
    "effects-by-value": Scenario(
        "answers: effects in thirds of customer value",
        outcomes(moderator="value"),
        setting=Setting({"customer_value": {"column": "spent"}}),
        answers=(by_value,),
    ),
    "panel": Scenario(
        "five journeys of each respondent, stages 2 to 4",
        outcomes(respondents=True),
        ("person_sd", *EFFECTS, "bond_effect", "item_loading"),
        setting=Setting(per_person=5),
    ),
    "panel-ratings": Scenario(
        "five journeys of each respondent, stage 1",
        ONLY_RATINGS.with_options({"respondents": True}),
        ("style_sd", "mood_sd", "affect_loading", "emotion_loading", "lever_effect"),
        "elicitation",
        Setting(per_person=5),
    ),
    "weights": Scenario(
        "who takes part depends on group and trust: averages of the population",
        outcomes(halo=False),
        setting=Setting({"segments": SEGMENTS}),
        study=selected,
    ),
    "clusters": Scenario(
        "clusters that share moods and outcomes: averages of the population",
        outcomes(halo=False),
        setting=Setting({"cluster": {"column": "site"}}, per_person=PER_CLUSTER),
        study=clustered,
    ),
    "imputation": Scenario(
        "ratings missing at random: available cases and imputed",
        JourneyModel(halo=False),
        ("effect", "positivity", "memory_weight"),
        study=imputed,
    ),
}

"""The tables and keys of a codebook document."""

from __future__ import annotations

from typing import Any

from pydantic import Field, model_validator

from emotion_models.survey.base import Missing, Part, Scale
from emotion_models.survey.parts import (
    Behaviour,
    Construct,
    Control,
    EmotionItem,
    Lever,
    Recall,
    RememberedItem,
    Touchpoint,
)
from emotion_models.survey.roles import (
    Careless,
    CustomerValue,
    Date,
    Delay,
    Duration,
    Grouping,
    Layout,
    Order,
    Segments,
    Study,
    Wave,
    Weights,
)
from emotion_models.survey.value import Value


class Document(Part):
    """The keys of a codebook, each part valid by itself."""

    study: Study
    layout: Layout
    missing: Missing = Missing()
    scales: dict[str, Scale] = Field(min_length=1)
    touchpoints: tuple[Touchpoint, ...] = Field(min_length=1)
    emotions: tuple[EmotionItem, ...] = Field(min_length=1)
    levers: tuple[Lever, ...] = ()
    recall: Recall | None = None
    remembered: tuple[RememberedItem, ...] = ()
    relationship: tuple[Construct, ...] = ()
    behaviours: tuple[Behaviour, ...] = ()
    controls: tuple[Control, ...] = ()
    segments: Segments | None = None
    weights: Weights | None = None
    customer_value: CustomerValue | None = None
    value: Value | None = None
    delay: Delay | None = None
    date: Date | None = None
    wave: Wave | None = None
    cluster: Grouping | None = None
    stratum: Grouping | None = None
    duration: Duration | None = None
    order: Order | None = None
    careless: Careless = Careless()

    @model_validator(mode="before")
    @classmethod
    def _long_form_columns(cls, data: Any) -> Any:
        """In long form a touchpoint column is called as its role, without the touchpoint."""
        layout = data.get("layout") if isinstance(data, dict) else None
        if not isinstance(layout, dict) or layout.get("form") != "long":
            return data
        defaults = {
            role: {**data[role], "column": role}
            for role in ("recall", "duration")
            if isinstance(data.get(role), dict) and "column" not in data[role]
        }
        return {**data, **defaults}

"""What is calibrated: stages and options of the model, at sizes of surveys that people have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from study import TABLES, Setting

from emotion_models.models.spec import JourneyModel
from emotion_models.models.variables import Block


@dataclass(frozen=True)
class Case:
    """A stage of a model, and studies drawn from it.

    Parameters
    ----------
    about : str
    block : str
        The factor of the posterior that is calibrated: factors share no parameter.
    journeys : int
    options : mapping
        Of `JourneyModel`.
    tables : mapping
        Changes of the codebook of experiments/recovery.
    """

    about: str
    block: Block
    journeys: int = 150
    options: Mapping[str, Any] = field(default_factory=dict)
    tables: Mapping[str, Any] = field(default_factory=dict)

    @property
    def model(self) -> JourneyModel:
        """The model that is drawn from and fitted."""
        return JourneyModel(**{"recall": self.block == "recall", **self.options})

    @property
    def setting(self) -> Setting:
        """What is known of a study before anybody answers."""
        return Setting(self.tables)


SMALL: Final = {
    "touchpoints": [{"name": f"touchpoint {t}"} for t in range(3)],
    "emotions": [{"name": name, "scale": "felt"} for name in ("joy", "anger", "worry")],
}
"""Three touchpoints, three emotions: seconds a fit, so that hundreds are possible."""
RECALLED: Final = {
    **SMALL,
    "scales": {**TABLES["scales"], "ticked": {"values": [0, 1]}},
    "recall": {"scale": "ticked"},
}
ONE_NUMBER: Final = {**SMALL, "relationship": [], "remembered": []}

CASES: Final = {
    "outcomes": Case("stages 2 to 4", "outcomes", tables=SMALL),
    "outcomes-600": Case("stages 2 to 4", "outcomes", 600, tables=SMALL),
    "elicitation": Case("stage 1", "elicitation", tables=SMALL),
    "recall": Case("recall", "recall", tables=RECALLED),
    "literature": Case(
        "published directions as priors", "outcomes", options={"priors": "literature"}, tables=SMALL
    ),
    "counts": Case(
        "a count and an amount",
        "outcomes",
        tables={
            **ONE_NUMBER,
            "behaviours": [
                {"name": "visits", "family": "count"},
                {"name": "spend", "family": "amount"},
            ],
        },
    ),
    "mean": Case(
        "memory is the mean alone", "outcomes", options={"memory": ("mean",)}, tables=SMALL
    ),
}

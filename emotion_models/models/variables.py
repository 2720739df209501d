"""Names of the chain's blocks and variables, for readers of a posterior: no PyMC is needed here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from emotion_models.models.spec import JourneyModel

Block = Literal["elicitation", "recall", "outcomes"]
PEOPLE: Final[frozenset[str]] = frozenset(
    {"style", "mood", "affect", "recall_person", "bond_residual", "person"}
    | {"emotion_moment", "emotion_moment_z"}
    | {"style_z", "mood_z", "affect_z", "recall_person_z", "bond_residual_z", "person_z"}
)
"""Variables with a value per respondent or journey: many, and never reported one by one."""


def is_part(name: str) -> bool:
    """Whether a variable is only a part of one that is kept: a standardised value, often many."""
    return name.endswith("_z")


def stages(model: JourneyModel) -> tuple[Block, ...]:
    """Blocks that the model has, most wanted first."""
    wanted: tuple[Block, ...] = ("outcomes", "recall", "elicitation")
    return tuple(name for name in wanted if getattr(model, name))

"""What a posterior says emotions do, which of them matter, and what is remembered."""

from emotion_models.effects.answers import Effects
from emotion_models.effects.decompose import importance
from emotion_models.effects.design_based import DesignCorrected, design_corrected
from emotion_models.effects.estimate import effects
from emotion_models.effects.halo import Halo, halo
from emotion_models.effects.remembering import RULES, Memory, memory
from emotion_models.effects.robustness import Robustness, robustness
from emotion_models.effects.shares import Importance

__all__ = [
    "RULES",
    "DesignCorrected",
    "Effects",
    "Halo",
    "Importance",
    "Memory",
    "Robustness",
    "design_corrected",
    "effects",
    "halo",
    "importance",
    "memory",
    "robustness",
]

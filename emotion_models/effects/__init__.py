"""What a posterior says one more point of an emotion does."""

from emotion_models.effects.answers import Effects
from emotion_models.effects.design_based import DesignCorrected, design_corrected
from emotion_models.effects.estimate import effects
from emotion_models.effects.halo import Halo, halo
from emotion_models.effects.remembering import RULES, Memory, memory

__all__ = [
    "RULES",
    "DesignCorrected",
    "Effects",
    "Halo",
    "Memory",
    "design_corrected",
    "effects",
    "halo",
    "memory",
]

"""What a posterior says one more point of an emotion does."""

from emotion_models.effects.answers import Effects
from emotion_models.effects.estimate import effects
from emotion_models.effects.remembering import RULES, Memory, memory
from emotion_models.effects.robustness import Robustness, robustness

__all__ = ["RULES", "Effects", "Memory", "Robustness", "effects", "memory", "robustness"]

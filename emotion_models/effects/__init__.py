"""What a posterior says one more point of an emotion does."""

from emotion_models.effects.answers import Effects
from emotion_models.effects.estimate import effects

__all__ = ["Effects", "effects"]

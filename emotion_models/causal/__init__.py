"""What a reader must believe for an effect to be causal, as a diagram that can be argued with."""

from emotion_models.causal.assumptions import Assumptions
from emotion_models.causal.identification import Identification, identify
from emotion_models.causal.independences import Independences, independences
from emotion_models.causal.ladder import Level, weakest

__all__ = [
    "Assumptions",
    "Identification",
    "Independences",
    "Level",
    "identify",
    "independences",
    "weakest",
]

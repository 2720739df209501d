"""How well the items measure what they are meant to."""

from emotion_models.measurement.estimate import measure
from emotion_models.measurement.result import Measurement

__all__ = ["Measurement", "measure"]

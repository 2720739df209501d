"""Frozen model specifications and the generative model they stand for."""

from emotion_models.models.literature import directions
from emotion_models.models.prior import Prior
from emotion_models.models.spec import VARIANTS, JourneyModel

__all__ = ["VARIANTS", "JourneyModel", "Prior", "directions"]

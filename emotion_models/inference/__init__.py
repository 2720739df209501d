"""A model and a survey become a `Fit`; checks, comparison, and the store."""

from emotion_models.inference.checks import Check, Checks
from emotion_models.inference.comparing import compare
from emotion_models.inference.comparison import Comparison
from emotion_models.inference.fitting import fit
from emotion_models.inference.result import Fit
from emotion_models.inference.store import load, save

__all__ = ["Check", "Checks", "Comparison", "Fit", "compare", "fit", "load", "save"]

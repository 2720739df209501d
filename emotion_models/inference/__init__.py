"""A model and a survey become a `Fit`; checks, comparison, and the store."""

from emotion_models.inference.beyond_valence import Specificity, specificity
from emotion_models.inference.checks import Check, Checks
from emotion_models.inference.comparing import compare
from emotion_models.inference.comparison import Comparison
from emotion_models.inference.criticising import criticise
from emotion_models.inference.criticism import Criticism
from emotion_models.inference.crossvalidation import CrossValidation
from emotion_models.inference.fitting import fit
from emotion_models.inference.folding import crossvalidate
from emotion_models.inference.result import Fit
from emotion_models.inference.store import load, save

__all__ = [
    "Check",
    "Checks",
    "Comparison",
    "Criticism",
    "CrossValidation",
    "Fit",
    "Specificity",
    "compare",
    "criticise",
    "crossvalidate",
    "fit",
    "load",
    "save",
    "specificity",
]

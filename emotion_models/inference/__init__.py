"""A model and a survey become a `Fit`; checks, comparison, and the store.

Asking for a name imports what it needs and no more: reading a saved fit wants no sampler.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from emotion_models.by_name import imports

if TYPE_CHECKING:
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

_HOME: Final[dict[str, str]] = {
    "Check": "checks",
    "Checks": "checks",
    "Comparison": "comparison",
    "Criticism": "criticism",
    "CrossValidation": "crossvalidation",
    "Fit": "result",
    "Specificity": "beyond_valence",
    "compare": "comparing",
    "criticise": "criticising",
    "crossvalidate": "folding",
    "fit": "fitting",
    "load": "store",
    "save": "store",
    "specificity": "beyond_valence",
}


__getattr__ = imports(__name__, _HOME)

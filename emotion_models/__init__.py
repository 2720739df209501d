"""Bayesian models of how service encounters elicit emotions and how emotions drive behaviour.

The verbs are functions, the nouns are frozen. Nothing heavy is imported until a verb is used::

    import emotion_models as em

    survey = em.load_dataset("hotel-stays")
    model = em.JourneyModel.for_survey(survey)
    fit = em.fit(model, survey, seed=7)
    print(em.effects(fit, on="return").summary())
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Final

from emotion_models.by_name import imports

if TYPE_CHECKING:
    from collections.abc import Callable

    from emotion_models.causal import Assumptions, identify, independences
    from emotion_models.datasets import load_dataset
    from emotion_models.decisions import (
        Option,
        Options,
        information,
        optimise,
        priorities,
        sequence,
        worth,
    )
    from emotion_models.effects import (
        design_corrected,
        effects,
        halo,
        importance,
        memory,
        robustness,
    )
    from emotion_models.errors import EmotionModelsError, InputProblems
    from emotion_models.inference import (
        Fit,
        compare,
        criticise,
        crossvalidate,
        fit,
        load,
        save,
        specificity,
    )
    from emotion_models.measurement import measure
    from emotion_models.models import JourneyModel, Prior, directions
    from emotion_models.reporting import Look, report, track
    from emotion_models.simulation import Change, simulate
    from emotion_models.survey import (
        Codebook,
        Survey,
        careless,
        draft_codebook,
        read_survey,
        taxonomy,
        without_flagged,
    )

__version__ = "0.1.0"

__all__ = [
    "Assumptions",
    "Change",
    "Codebook",
    "EmotionModelsError",
    "Fit",
    "InputProblems",
    "JourneyModel",
    "Look",
    "Option",
    "Options",
    "Prior",
    "Survey",
    "__version__",
    "careless",
    "compare",
    "criticise",
    "crossvalidate",
    "design_corrected",
    "directions",
    "draft_codebook",
    "effects",
    "fit",
    "halo",
    "identify",
    "importance",
    "independences",
    "information",
    "load",
    "load_dataset",
    "measure",
    "memory",
    "optimise",
    "priorities",
    "read_survey",
    "report",
    "robustness",
    "save",
    "sequence",
    "simulate",
    "specificity",
    "taxonomy",
    "track",
    "without_flagged",
    "worth",
]

_HOME: Final[dict[str, str]] = {
    "Assumptions": "causal",
    "Change": "simulation",
    "Codebook": "survey",
    "EmotionModelsError": "errors",
    "Fit": "inference",
    "InputProblems": "errors",
    "JourneyModel": "models",
    "Look": "reporting",
    "Option": "decisions",
    "Options": "decisions",
    "Prior": "models",
    "Survey": "survey",
    "careless": "survey",
    "compare": "inference",
    "criticise": "inference",
    "crossvalidate": "inference",
    "design_corrected": "effects",
    "directions": "models",
    "draft_codebook": "survey",
    "effects": "effects",
    "fit": "inference",
    "halo": "effects",
    "identify": "causal",
    "importance": "effects",
    "independences": "causal",
    "information": "decisions",
    "load": "inference",
    "load_dataset": "datasets",
    "measure": "measurement",
    "memory": "effects",
    "optimise": "decisions",
    "priorities": "decisions",
    "read_survey": "survey",
    "report": "reporting",
    "robustness": "effects",
    "save": "inference",
    "sequence": "decisions",
    "simulate": "simulation",
    "specificity": "inference",
    "taxonomy": "survey",
    "track": "reporting",
    "without_flagged": "survey",
    "worth": "decisions",
}


__getattr__ = imports(__name__, _HOME)


def __dir__() -> list[str]:
    return sorted({*__all__, *globals()})


class _Package(ModuleType):
    """The package, in which a public name is never replaced by a submodule of that name.

    ``em.effects`` is a verb, and ``emotion_models.effects`` is also the subpackage it lives in.
    Importing a subpackage makes Python set it as an attribute of its parent, so without this
    class ``em.effects`` would be the function or the module depending on what was imported
    first. Here the verb always wins; the subpackage stays reachable in the usual way,
    ``from emotion_models.effects import ...`` (which looks in `sys.modules`).
    """

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in _HOME and isinstance(value, ModuleType)):
            super().__setattr__(name, value)

    def __reduce__(self) -> tuple[Callable[[str], ModuleType], tuple[str]]:
        """Pickle the package by its name: workers of other processes want it."""
        return import_module, (self.__name__,)


sys.modules[__name__].__class__ = _Package

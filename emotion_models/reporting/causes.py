"""What a report says about causes: gathered from a fit, and from nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from emotion_models.errors import Problem

if TYPE_CHECKING:
    from emotion_models.causal import Identification, Independences
    from emotion_models.effects import Robustness


@dataclass(frozen=True)
class Causes:
    """Answers about causes; each None where it was not asked or cannot be given.

    Parameters
    ----------
    identification : Identification, optional
    independences : Independences, optional
    robustness : Robustness, optional
    """

    identification: Identification | None = None
    independences: Independences | None = None
    robustness: Robustness | None = None


def causes_of(fit: Any) -> Causes:
    """Ask a fit about causes; anything that only looks like a fit is not asked.

    Parameters
    ----------
    fit : Fit

    Returns
    -------
    Causes
    """
    from emotion_models.causal import independences
    from emotion_models.effects import robustness
    from emotion_models.inference import Fit
    from emotion_models.inference.estimands import identification

    if not isinstance(fit, Fit) or not fit.model.outcomes:
        return Causes()
    if fit.assumptions is None:
        return Causes(robustness=robustness(fit))
    return Causes(identification(fit), independences(fit), robustness(fit))


def unwarranted(fit: Any, results: Sequence[Any]) -> list[Problem]:
    """Find results that claim causes although the fit declares nothing about them."""
    if getattr(fit, "assumptions", None) is not None:
        return []
    fix = "report fit.under(assumptions), so that they are printed"
    return [
        Problem(f"result {index}", "claims a cause, but the fit carries no assumptions", fix)
        for index, result in enumerate(results, start=1)
        if "causal" in set(result.table().get("claim", ()))
    ]

"""Results sorted by kind, and what must stay hidden: all that the sections are built from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from emotion_models.errors import InputProblems, Problem
from emotion_models.previews import REFIT, is_preview
from emotion_models.reporting.anonymity import hidden_groups
from emotion_models.reporting.causes import causes_of, unwarranted
from emotion_models.reporting.inputs import (
    ComparisonLike,
    EffectsLike,
    FitLike,
    HaloLike,
    Inputs,
    SimulationLike,
    segment_counts,
)
from emotion_models.reporting.names import Names
from emotion_models.reporting.sections.further import TITLES
from emotion_models.summarised import Summarised

if TYPE_CHECKING:
    from collections.abc import Sequence

Result = EffectsLike | SimulationLike | ComparisonLike | HaloLike | Summarised


def gather(fit: FitLike, results: Sequence[object], *, threshold: int) -> Inputs:
    """Sort results by kind and work out what must stay hidden.

    Parameters
    ----------
    fit : FitLike
    results : sequence of Effects, Simulation, Comparison, Halo, or a kind of `TITLES`
        In any order; of several effects the first is the main one. Effects are computed when
        none are given and the model has outcomes.
    threshold : int
        Smallest group that may be shown.

    Returns
    -------
    Inputs

    Raises
    ------
    InputProblems
        For a result of another kind or from a preview, or two comparisons or halos.
    """
    simulations: list[SimulationLike] = []
    effects: list[EffectsLike] = []
    comparisons: list[ComparisonLike] = []
    halos: list[HaloLike] = []
    further: list[Summarised] = []
    problems: list[Problem] = []
    for index, result in enumerate(results, start=1):
        if isinstance(result, Summarised) and type(result).__name__ in TITLES:
            further.append(result)
        elif isinstance(result, SimulationLike):
            simulations.append(result)
        elif isinstance(result, EffectsLike):
            effects.append(result)
        elif isinstance(result, ComparisonLike) and "elpd" in result.table():
            comparisons.append(result)
        elif isinstance(result, HaloLike) and "held" in result.table():
            halos.append(result)
        else:
            what = f"a {type(result).__name__} cannot be reported"
            fix = "give what a verb of emotion_models answers about this fit"
            problems.append(Problem(f"result {index}", what, fix))
    problems += [
        Problem(f"result {index}", "comes from a preview", REFIT)
        for index, result in enumerate(results, start=1)
        if is_preview(getattr(result, "caution", ""))
    ]
    problems += unwarranted(fit, [*simulations, *effects, *further])
    problems += [
        Problem(name, f"given {len(found)} times", "give one")
        for name, found in (("comparison", comparisons), ("halo", halos))
        if len(found) > 1
    ]
    if problems:
        raise InputProblems("report", problems)
    names = Names.of(fit.survey.codebook)
    effects = effects or _effects_of(fit, names)
    return Inputs(
        fit=fit,
        names=names,
        effects=effects[0] if effects else None,
        closer=tuple(effects[1:]),
        simulations=tuple(simulations),
        comparison=comparisons[0] if comparisons else None,
        halo=halos[0] if halos else None,
        further=tuple(further),
        hidden=hidden_groups(segment_counts(fit), threshold),
        threshold=threshold,
        causes=causes_of(fit),
    )


def _effects_of(fit: FitLike, names: Names) -> list[EffectsLike]:
    """Effects on all outcomes, and a closer look at those the report is about."""
    if not fit.model.outcomes:
        return []
    from emotion_models.effects import effects

    # Only a real Fit comes here without effects of its own.
    compute = cast("Any", effects)
    found = [compute(fit)]
    # One kind after the other: a fit keeps what it found at one number of draws.
    for by in ("segment", "touchpoint") if fit.model.segments else ("touchpoint",):
        found += [compute(fit, on=outcome, by=by) for outcome in names.focus]
    return cast("list[EffectsLike]", found)

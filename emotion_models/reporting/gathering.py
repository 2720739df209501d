"""Results sorted by kind, and what must stay hidden: all that the sections are built from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

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

_CLAIMING: Final = ("simulation", "effects", "further")
"""Kinds whose tables say how far they may be claimed."""

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
    kinds = [_kind(result) for result in results]
    problems = [*_problems(results, kinds), *unwarranted(fit, _of(results, kinds, _CLAIMING))]
    if problems:
        raise InputProblems("report", problems)
    names = Names.of(fit.survey.codebook)
    effects = _of(results, kinds, ["effects"]) or _effects_of(fit, names)
    return Inputs(
        fit=fit,
        names=names,
        effects=next(iter(effects), None),
        closer=tuple(effects[1:]),
        simulations=tuple(_of(results, kinds, ["simulation"])),
        comparison=next(iter(_of(results, kinds, ["comparison"])), None),
        halo=next(iter(_of(results, kinds, ["halo"])), None),
        further=tuple(_of(results, kinds, ["further"])),
        hidden=hidden_groups(segment_counts(fit), threshold),
        threshold=threshold,
        causes=causes_of(fit),
    )


def _kind(result: object) -> str:
    """What a result is to a report; empty where it is nothing."""
    if isinstance(result, Summarised) and type(result).__name__ in TITLES:
        return "further"
    if isinstance(result, SimulationLike):
        return "simulation"
    if isinstance(result, EffectsLike):
        return "effects"
    if isinstance(result, ComparisonLike) and "elpd" in result.table():
        return "comparison"
    if isinstance(result, HaloLike) and "held" in result.table():
        return "halo"
    return ""


def _of(results: Sequence[Any], kinds: Sequence[str], wanted: Sequence[str]) -> list[Any]:
    return [result for result, kind in zip(results, kinds, strict=True) if kind in wanted]


def _problems(results: Sequence[object], kinds: Sequence[str]) -> list[Problem]:
    """Results that cannot be reported, that are previews, or that are one too many."""
    fix = "give what a verb of emotion_models answers about this fit"
    numbered = list(enumerate(zip(results, kinds, strict=True), start=1))
    problems = [
        Problem(f"result {index}", f"a {type(result).__name__} cannot be reported", fix)
        for index, (result, kind) in numbered
        if not kind
    ]
    problems += [
        Problem(f"result {index}", "comes from a preview", REFIT)
        for index, (result, _) in numbered
        if is_preview(getattr(result, "caution", ""))
    ]
    problems += [
        Problem(kind, f"given {kinds.count(kind)} times", "give one")
        for kind in ("comparison", "halo")
        if kinds.count(kind) > 1
    ]
    return problems


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

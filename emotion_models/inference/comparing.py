"""`compare`: whether the fitted model predicts better than others of the same answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from emotion_models.errors import InputProblems, Problem
from emotion_models.inference.checks import Checks
from emotion_models.inference.comparison import Comparison
from emotion_models.inference.jobs import Job, Sampled
from emotion_models.inference.loo import draws_for
from emotion_models.inference.posterior import assemble
from emotion_models.inference.refitting import sample_all
from emotion_models.inference.rivals import Rival, rivals_of, touches_ratings
from emotion_models.inference.scores import By, Score, score
from emotion_models.inference.stage_scores import stage_scores
from emotion_models.models.design import make_design
from emotion_models.models.spec import JourneyModel
from emotion_models.models.variables import Block, stages

if TYPE_CHECKING:
    from emotion_models.inference.result import Fit
    from emotion_models.models.design import Design

FITTED: Final = "fitted"
COMPARED_DRAWS: Final = 300
"""Draws per chain of another model at most: its predictions are averaged, not reported."""
COMPARED_TUNE: Final = 300


def compare(
    fit: Fit, *others: str | JourneyModel | Fit, by: By = "journey", progress: bool = True
) -> Comparison:
    """Compare the predictions of a fit with those of other models of the same answers.

    Names and specifications are fitted to the same data; fits are taken as they are. Stages 2
    to 4 decide; where an option may change stage 1 or recall, these are fitted too and stand in
    `Comparison.by_outcome`.

    Parameters
    ----------
    fit : Fit
    *others : str, JourneyModel or Fit
        Keys of `emotion_models.models.VARIANTS`, e.g. ``"valence-only"``; specifications, e.g.
        ``fit.model.with_options({"halo": False})``, called by what differs; or fits of the same
        survey.
    by : {"journey", "respondent"}
        What is left out at a time. A respondent is predicted from the population, a journey of
        a respondent with several from the other journeys.
    progress : bool

    Returns
    -------
    Comparison

    Raises
    ------
    InputProblems
        If a name is unknown, anything is given twice, a model or fit predicts other answers,
        or the fit has no outcomes to predict.
    """
    rivals = rivals_of(fit, others, by=by)
    codebook, data = fit.survey.codebook, fit.data
    designs = {
        rival.name: make_design(rival.model, codebook, data)
        if rival.fit is None
        else rival.fit.design
        for rival in rivals
    }
    _same_answers(fit.design, designs)
    fits = (fit, *_refitted(fit, rivals, designs, progress=progress))
    scores = [_score_of(each, by) for each in fits]
    parts = [each.parts for each in scores]
    other_stages = [touches_ratings(fit.model, rival.model) for rival in rivals]
    if any(other_stages):
        own = stage_scores(fit, by=by)
        more = [
            # Given the ratings, stages share no parameter: what is untouched is the fit's.
            stage_scores(each, by=by) if touched else own
            for each, touched in zip(fits, (False, *other_stages), strict=True)
        ]
        parts = [left + right for left, right in zip(parts, more, strict=True)]
    return Comparison(
        (FITTED, *(rival.name for rival in rivals)),
        tuple(each.loo for each in scores),
        by,
        tuple(parts),
        MappingProxyType({rival.name: rival.about for rival in rivals if rival.about}),
        _caution((fit, *(rival.fit for rival in rivals if rival.fit is not None))),
    )


def _caution(fits: Sequence[Fit]) -> str:
    """What is to be minded about any of some fits, each thing once."""
    return " ".join(dict.fromkeys(fit.caution for fit in fits if fit.caution))


def _score_of(fit: Fit, by: By) -> Score:
    """Score a fit; kept for the next comparison."""
    if ("score", by) not in fit.cache:
        most = draws_for(fit.model)
        known, people = fit.parameters(most), fit.draws(most)[1]
        fit.cache["score", by] = score(fit.model, fit.design, known, people, by=by)
    found: Score = fit.cache["score", by]
    return found


def _same_answers(own: Design, designs: Mapping[str, Design]) -> None:
    """Refuse models that predict other answers: their densities are not comparable."""
    answers = _answers(own)
    problems = [
        Problem(f"model '{name}'", "predicts other answers", "compare models of the same outcomes")
        for name, design in designs.items()
        if _answers(design) != answers
    ]
    if problems:
        raise InputProblems("comparison", problems)


def _answers(design: Design) -> tuple[object, ...]:
    names = tuple((row.outcome, row.likelihood) for row in design.rows)
    items = design.items
    others = tuple(answers.value.tobytes() for answers in items.others.values())
    return (names, items.ordinal_names, items.ordinal.tobytes(), others)


def _refitted(
    fit: Fit, rivals: Sequence[Rival], designs: Mapping[str, Design], *, progress: bool
) -> list[Fit]:
    """Sample what is not fitted yet, in one pool, and hand out a fit (unchecked) of each rival."""
    jobs: dict[str, Job] = {}
    blocks: dict[str, list[Block]] = {}
    for rival in rivals:
        if rival.fit is None:
            touched = touches_ratings(fit.model, rival.model)
            blocks[rival.name] = list(stages(rival.model)) if touched else ["outcomes"]
            for block in blocks[rival.name]:
                # Of outcomes every step is kept: predictions mix better than the parameters
                # that reports show.
                job = Job(block, rival.model, designs[rival.name])
                jobs[rival.name if block == "outcomes" else f"{rival.name}: {block}"] = job
    sampled = sample_rivals(fit, jobs, progress=progress)
    found = []
    for rival in rivals:
        if rival.fit is not None:
            found.append(rival.fit)
            continue
        drawn: dict[str, Sampled] = {
            block: sampled[rival.name if block == "outcomes" else f"{rival.name}: {block}"]
            for block in blocks[rival.name]
        }
        tree = assemble(drawn, designs[rival.name])
        found.append(replace(fit, model=rival.model, posterior=tree, checks=Checks()))
    return found


def sample_rivals(fit: Fit, jobs: Mapping[str, Job], *, progress: bool) -> dict[str, Sampled]:
    """Sample jobs for predictions, which need fewer draws than reports; all of them or none.

    Raises
    ------
    KeyboardInterrupt
        If interrupted.
    """
    return sample_all(fit, jobs, draws=COMPARED_DRAWS, tune=COMPARED_TUNE, progress=progress)

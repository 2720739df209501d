"""`crossvalidate`: refit without groups of respondents or journeys, and predict those.

Where importance sampling cannot leave something out (Pareto k above its threshold), refitting
can. The answers of a fold are hidden, its ratings and controls stay: the posterior is then
exactly that of the remaining answers, and every scale and category is still the codebook's.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from numbers import Integral
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp

from emotion_models.errors import InputProblems, Problem, expected
from emotion_models.inference.comparing import FITTED, sample_rivals
from emotion_models.inference.crossvalidation import CrossValidation
from emotion_models.inference.jobs import Job, Sampled
from emotion_models.inference.loo import draws_for, given_residuals
from emotion_models.inference.parts import Part, answered, parts_of
from emotion_models.inference.posterior import assemble, samples
from emotion_models.inference.rivals import rivals_of
from emotion_models.inference.scores import (
    By,
    PartScore,
    State,
    part_densities,
    respondent_log_likelihood,
    starts,
    state,
    units,
)
from emotion_models.models.design import make_design
from emotion_models.models.forward import arrays_of, person_part
from emotion_models.models.parameters import parameters

if TYPE_CHECKING:
    import xarray as xr

    from emotion_models.inference.result import Fit
    from emotion_models.models.design import Design
    from emotion_models.models.spec import JourneyModel

Floats = NDArray[np.floating[Any]]
Folds = NDArray[np.int64]
HIDDEN: Final[Mapping[str, float]] = {
    "remembered": -1,
    "relationship": -1,
    "behaviour_value": np.nan,
}
"""Answers that are hidden, and the value that says so."""


def crossvalidate(
    fit: Fit,
    *others: str | JourneyModel | Fit,
    folds: int = 10,
    by: By = "respondent",
    seed: int | None = None,
    progress: bool = True,
) -> CrossValidation:
    """Refit without one fold at a time and score its answers (K-fold cross-validation).

    Exact where `compare` approximates, at the cost of ``folds`` fits for each model. A left-out
    respondent is predicted from the population; a left-out journey also from the respondent's
    journeys that are kept.

    Parameters
    ----------
    fit : Fit
    *others : str, JourneyModel or Fit
        As in `compare`; all are fitted again, without each fold.
    folds : int
    by : {"respondent", "journey"}
        What is never split between folds. Journeys of one respondent resemble each other:
        leaving out whole respondents says how well new people are predicted.
    seed : int, optional
        Of the assignment to folds; default: the fit's.
    progress : bool

    Returns
    -------
    CrossValidation

    Raises
    ------
    InputProblems
        As in `compare`; if there are fewer units than folds; or if an outcome was answered in
        one fold alone.
    """
    rivals = rivals_of(fit, others, by=by)
    expected("cross-validation", "folds", folds, Integral, "use a whole number of folds")
    design = fit.design
    n_units = design.n_respondents if by == "respondent" else design.n_journeys
    if not 2 <= folds <= n_units:
        fix = f"choose 2 to {n_units}"
        raise InputProblems("cross-validation", [Problem("folds", f"cannot be {folds}", fix)])
    models = {FITTED: fit.model} | {rival.name: rival.model for rival in rivals}
    fold = assign(design, folds, by=by, seed=fit.seed if seed is None else seed)
    of_journey = fold if by == "journey" else fold[design.respondent]
    kept = {k: hide(fit.data, of_journey == k) for k in range(folds)}
    jobs = {
        (name, k): Job("outcomes", model, make_design(model, fit.survey.codebook, kept[k]))
        for name, model in models.items()
        for k in range(folds)
    }
    check_answered(design, of_journey)
    named = {f"{name}, fold {k + 1}": job for (name, k), job in jobs.items()}
    sampled = sample_rivals(fit, named, progress=progress)
    joint: dict[str, Floats] = {}
    parts: dict[str, tuple[PartScore, ...]] = {}
    for name, model in models.items():
        full = make_design(model, fit.survey.codebook, fit.data)
        tested = [
            _tested(fit, jobs[name, k], full, sampled[f"{name}, fold {k + 1}"], by)
            for k in range(folds)
        ]
        place = (fold, np.arange(n_units))
        joint[name] = np.stack([each[0] for each in tested])[place]
        parts[name] = tuple(
            replace(part, elpd=np.stack([each[1][p].elpd for each in tested])[place])
            for p, part in enumerate(tested[0][1])
        )
    scores = (tuple(joint.values()), tuple(parts.values()))
    return CrossValidation(tuple(models), by, fold, *scores, fit.caution)


def assign(design: Design, folds: int, *, by: By, seed: int) -> Folds:
    """Assign units to folds at random, the folds with about equally many journeys.

    Parameters
    ----------
    design : Design
    folds : int
    by : {"journey", "respondent"}
    seed : int

    Returns
    -------
    int array, shape (U,)
        Same seed and survey: same folds.
    """
    rng = np.random.default_rng([seed, folds])
    if by == "journey":
        size = np.ones(design.n_journeys, dtype=int)
    else:
        size = np.bincount(design.respondent, minlength=design.n_respondents)
    found: Folds = np.zeros(size.size, dtype=np.int64)
    filled = np.zeros(folds, dtype=int)
    order = rng.permutation(size.size)
    for unit in order[np.argsort(-size[order], kind="stable")]:
        found[unit] = filled.argmin()
        filled[found[unit]] += size[unit]
    return found


def hide(
    data: xr.Dataset, journeys: NDArray[np.bool_], items: Collection[str] | None = None
) -> xr.Dataset:
    """Return the survey with some journeys' outcomes unanswered.

    Parameters
    ----------
    data : xarray.Dataset
    journeys : bool array, shape (J,)
    items : collection of str, optional
        Remembered or relationship items, or behaviours; default: all.

    Returns
    -------
    xarray.Dataset
    """
    hidden = data.copy()
    for name, blank in HIDDEN.items():
        if name in hidden:
            asked = hidden[hidden[name].dims[1]].to_numpy()
            values = hidden[name].to_numpy().copy()
            values[np.ix_(journeys, np.isin(asked, list(asked if items is None else items)))] = (
                blank
            )
            hidden[name] = hidden[name].copy(data=values)
    return hidden


def on_scale_of(kept: Design, full: Design) -> Design:
    """Return a design with all answers, in the units in which the kept ones were fitted.

    Parameters
    ----------
    kept, full : Design
        With some answers hidden, and with all of them.

    Returns
    -------
    Design
    """
    others = {}
    for kind, answers in full.items.others.items():
        own = kept.items.others[kind]
        raw = (answers.value + answers.centre) * answers.unit
        others[kind] = replace(own, value=raw / own.unit - own.centre)
    return replace(kept, items=replace(kept.items, ordinal=full.items.ordinal, others=others))


def change_of_unit(kept: Design, full: Design, part: Part) -> Floats:
    """Log of the unit of all answers over that of the kept ones, summed over answers, (J,).

    Densities of numbers are per unit; scores of all folds are in the unit of the whole survey.
    """
    total: Floats = np.zeros(full.n_journeys)
    for kind, answers in full.items.others.items():
        ratio = np.log(answers.unit / kept.items.others[kind].unit)
        own = np.isin(answers.row, part.rows)
        total = total + np.isfinite(answers.value[:, own]) @ ratio[own]
    return total


def check_answered(design: Design, fold: Folds) -> None:
    """Refuse folds without which nobody answered an outcome.

    Raises
    ------
    InputProblems
    """
    fix = "use fewer folds, another seed, or leave the outcome out of the codebook"
    problems = []
    for part in parts_of(design):
        where = np.unique(fold[answered(design, part)])
        if where.size == 1:
            problems.append(Problem(f"outcome '{part.name}'", "answered in one fold alone", fix))
    if problems:
        raise InputProblems("cross-validation", problems)


def _tested(
    fit: Fit, job: Job, full: Design, sampled: Sampled, by: By
) -> tuple[Floats, tuple[PartScore, ...]]:
    """Score all units with a posterior that has not seen a fold; only the fold's count."""
    tree = assemble({"outcomes": sampled}, job.design)
    draws, people = samples(
        tree["posterior"].to_dataset(), tree["people"].to_dataset(), draws_for(job.model)
    )
    # Levels and units are measured where the kept answers lie: parameters belong to that design.
    known = parameters(job.model, job.design, draws)
    tested = on_scale_of(job.design, full)
    at = _around(fit, state(job.model, tested, known, people))
    if by == "journey":
        drawn = arrays_of(people)
        own = {"person": drawn["person"]} if "person" in drawn else {}
        eta = at.eta + person_part(tested, known, own)
        at = State(tested, known, eta, None, at.residual)
        joint = given_residuals(tested, known, at.eta, at.residual)
    else:
        joint = respondent_log_likelihood(at)
    total, scores = _mean(joint), []
    parts = parts_of(full)
    for part, density in zip(parts, part_densities(at, parts, by=by), strict=True):
        some = units(full, answered(full, part), by=by)
        unit = change_of_unit(job.design, full, part)
        if by == "respondent":
            unit = np.add.reduceat(unit, starts(full))
        total = total + unit
        elpd = np.where(some, _mean(density) + unit, np.nan)
        scores.append(PartScore(part.stage, part.name, elpd, np.full(elpd.shape, np.nan)))
    return total, tuple(scores)


def _around(fit: Fit, at: State) -> State:
    """Lay nodes where the whole fit puts latents: hidden answers leave them at their prior."""
    people = fit.draws(draws_for(fit.model))[1]

    def layout(own: Floats | None, name: str) -> Floats | None:
        if own is None or name not in people:
            return own
        return people[name].to_numpy().astype(float)

    person, residual = layout(at.person, "person"), layout(at.residual, "bond_residual")
    return replace(at, person=person, residual=residual)


def _mean(log_density: Floats) -> Floats:
    """Log of the mean density over draws."""
    total: Floats = logsumexp(log_density, axis=0) - np.log(log_density.shape[0])
    return total

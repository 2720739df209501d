"""Checks of the data themselves, known before anything is sampled.

What is found here does not stop a fit: the priors are proper, so that the posterior exists and
mixes where maximum likelihood would have no finite answer (perfect separation: Albert & Anderson
1984). It says which numbers are the prior's rather than the data's.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from emotion_models.inference.checks import Check, judge
from emotion_models.models.scoring import equal_steps
from emotion_models.models.told_apart import memory_told_apart
from emotion_models.science.equations.memory import salient_mean, scored

if TYPE_CHECKING:
    from emotion_models.models.design import Design
    from emotion_models.models.spec import JourneyModel

Floats = NDArray[np.floating[Any]]
INFLATION: Final = 10.0
"""Variance inflation from which emotions count as hard to tell apart (a common rule of thumb)."""
SMALLEST: Final = 1e-12
"""Eigenvalues of a correlation matrix below this are rounding: perfect collinearity."""
TOLD_APART: Final = 5
"""Fewer journeys told apart by one predictor are no separation worth a remark."""
MOST_KINDS: Final = 50
"""Numbers with more different values than this are in perfect order with nothing but copies."""
NEVER: Final = float("inf")


def data_checks(model: JourneyModel, design: Design) -> list[Check]:
    """Check what the outcomes of a survey can tell.

    Parameters
    ----------
    model : JourneyModel
    design : Design

    Returns
    -------
    list of Check
        PASS or REVIEW, never FAIL: emotions, or features of memory, that cannot be told apart;
        outcomes that never or
        always happen; answers that one remembered emotion or control separates perfectly;
        constructs with a single item. Empty for a model without outcomes.
    """
    if not model.outcomes:
        return []
    found = [_collinear(model, design), _memory(model, design)]
    found += _or_one([_varies(*one) for one in _answers(design)], "answers vary")
    found += _or_one(_separated(model, design), "no answer is perfectly separated")
    return found + _single_items(design)


def _or_one(checks: list[Check], words: str) -> list[Check]:
    """Only what needs a look; where nothing does, one check that says so."""
    worth = [check for check in checks if check.status != "PASS"]
    if worth:
        return worth
    about = "outcomes that need a look"
    return [judge(f"data: {words}", 0.0, passes=0, fails=NEVER, about=about, advice="")]


def _memory(model: JourneyModel, design: Design) -> Check:
    """Whether journeys differ enough to tell the features of memory and the touchpoints apart."""
    kept, salience = memory_told_apart(design.ratings, model.memory)
    beyond = [name for name in model.memory if name not in kept]
    extra = int(bool(design.salient.any() and not salience))
    advice = f"the rest is the prior's: use memory='{'+'.join(kept)}'"
    return judge(
        "data: memory can be told apart",
        float(len(beyond) + extra),
        passes=0,
        fails=NEVER,
        about="features of memory, or salience, that are sums of others in these journeys",
        advice=advice + (", salience=False" if extra else ""),
    )


def remembered_plainly(model: JourneyModel, design: Design) -> dict[str, Floats]:
    """Memory features of equal salience and steps, and their average: memory before any fit.

    Parameters
    ----------
    model : JourneyModel
    design : Design

    Returns
    -------
    dict of str to array, shape (J, E)
        The features of the model by name, and ``"memory"``.
    """
    ratings = design.ratings
    mean = salient_mean(np.ones(len(design.touchpoints)), ratings.score, ratings.answered)
    features = design.features
    if model.scoring != "linear":
        step, n_steps = equal_steps(ratings.exists), ratings.exists.shape[1]
        features = {name: scored(step, feature, n_steps) for name, feature in features.items()}
    found: dict[str, Floats] = {
        name: mean if name == "mean" else features[name] for name in model.memory
    }
    return {**found, "memory": np.mean(list(found.values()), axis=0)}


def inflation(values: Floats) -> Floats:
    """Variance inflation of each column given the others: the diagonal of the inverse correlation.

    Parameters
    ----------
    values : array, shape (J, P)

    Returns
    -------
    array, shape (P,)
        1 where uncorrelated with all others, very large where determined by them; 1 for a
        column that does not vary.
    """
    result = np.ones(values.shape[1])
    varies = values.std(axis=0) > 0
    if varies.sum() > 1:
        correlation = np.corrcoef(values[:, varies], rowvar=False)
        size, direction = np.linalg.eigh(correlation)
        result[varies] = direction**2 @ (1 / np.maximum(size, SMALLEST))
    return result


def _collinear(model: JourneyModel, design: Design) -> Check:
    memory = remembered_plainly(model, design)["memory"]
    # Controls count, too: of few emotions, the answering style is nearly their sum.
    found = inflation(np.column_stack([memory, design.controls]))[: memory.shape[1]]
    named = [name for name, own in zip(design.emotions, found, strict=True) if own > INFLATION]
    return judge(
        "data: collinear emotions",
        float(found.max()),
        passes=INFLATION,
        fails=NEVER,
        about="largest variance inflation of a remembered emotion by the others and the controls"
        + (f" ({', '.join(named)})" if named else ""),
        advice="the survey hardly tells these emotions apart: what each does by itself rests on "
        "the prior. Ranks allow for it; ask for em.importance, or merge them",
    )


def _answers(design: Design) -> Iterator[tuple[str, Floats]]:
    """Name and answers (J,) of every item and behaviour; NaN where there is none."""
    items = design.items
    for q, name in enumerate(items.ordinal_names):
        yield name, np.where(items.ordinal[:, q] >= 0, items.ordinal[:, q], np.nan)
    for kind, found in items.others.items():
        # How much is known only where there is any, which is a row of its own.
        if kind != "amount" and found.value.ndim == 2:
            for k, row in enumerate(found.row):
                yield design.rows[row].outcome, found.value[:, k]


def _varies(name: str, answers: Floats) -> Check:
    counts = np.unique(answers[np.isfinite(answers)], return_counts=True)[1]
    about = f"of {counts.sum()} answers, those unlike the commonest"
    return judge(
        f"data variation: {name}",
        float(counts.sum() - counts.max(initial=0)),
        passes=1,
        fails=-1,  # a count: never below
        about=about if counts.size else "there is no answer at all",
        advice="it never or always happens, so that nothing can be learnt about what drives it: "
        "its effects are the prior's",
    )


def _separated(model: JourneyModel, design: Design) -> list[Check]:
    """Answers that some predictor puts in perfect order, by outcome or item."""
    labels, columns = [], []
    for values in remembered_plainly(model, design).values():
        labels += [f"remembered {emotion}" for emotion in design.emotions]
        columns += list(values.T)
    labels += [f"control {name}" for name in design.control_names]
    predictors = np.column_stack([*columns, design.controls])
    checks = []
    for name, answers in _answers(design):
        told = separates(answers, predictors)
        guilty = list(dict.fromkeys(np.array(labels)[told].tolist()))
        checks.append(
            judge(
                f"data separation: {name}",
                float(len(guilty)),
                passes=0,
                fails=NEVER,
                about="predictors that alone tell the answers apart"
                + (f": {', '.join(guilty)}" if guilty else ""),
                advice="without its prior such an effect would be infinite: its direction is the "
                "data's, its size the prior's",
            )
        )
    return checks


def separates(answers: Floats, predictors: Floats) -> NDArray[np.bool_]:
    """Which predictors order the answers without overlap.

    Complete separation, or quasi-complete: higher answers go with values at least as high, and
    at least `TOLD_APART` journeys do not share their value with another answer.

    Parameters
    ----------
    answers : array, shape (J,)
        NaN where there is none.
    predictors : array, shape (J, P)

    Returns
    -------
    bool array, shape (P,)
        All False where fewer than two, or more than `MOST_KINDS`, different answers are given.
    """
    known = np.isfinite(answers)
    kinds = np.unique(answers[known])
    told = np.zeros(predictors.shape[1], dtype=bool)
    if not 2 <= kinds.size <= MOST_KINDS:
        return told
    groups = [predictors[known & (answers == kind)] for kind in kinds]
    for sign in (1, -1):
        low = np.array([(sign * group).min(axis=0) for group in groups])
        high = np.array([(sign * group).max(axis=0) for group in groups])
        ordered = (high[:-1] <= low[1:]).all(axis=0)
        for p in np.flatnonzero(ordered & ~told):
            shared = high[:-1, p][high[:-1, p] == low[1:, p]]
            apart = ~np.isin(sign * predictors[known, p], shared)
            told[p] = apart.sum() >= TOLD_APART
    return told


def _single_items(design: Design) -> list[Check]:
    """Constructs with one item; nothing is wrong with them, but something is not known."""
    items = design.items
    counts = np.bincount(items.ordinal_row[items.loaded], minlength=len(design.rows))
    about = (
        "items; effects on its one item can be estimated, its loading, its reliability and what "
        "the construct is beyond the item cannot: they rest on the prior"
    )
    return [
        judge(f"data one item: {row.name}", 1.0, passes=1, fails=0, about=about, advice="")
        for row, count in zip(design.rows, counts, strict=True)
        if count == 1
    ]

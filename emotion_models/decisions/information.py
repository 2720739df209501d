"""`information`: what to measure next before deciding, and how many answers it takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from emotion_models.decisions.learning import Information
from emotion_models.decisions.optimum import Optimum
from emotion_models.decisions.sequences import Sequences
from emotion_models.decisions.worth import problems_of_costs
from emotion_models.errors import InputProblems, Problem, expected
from emotion_models.inference.asked import check_fit
from emotion_models.inference.elicited import lever_effects
from emotion_models.science.equations.information import explained_by, sampled

if TYPE_CHECKING:
    from emotion_models.inference import Fit

Floats = NDArray[np.floating[Any]]
SIZES: Final = (50, 100, 200, 400, 800, 1600, 3200, 6400, 12800, 25600)
EVERYTHING: Final = "all of it"
WHAT: Final[Mapping[str, str]] = {
    "levers": "how levers move emotions: ratings where levers were varied, at best by experiment",
    "memory": "what is kept: remembered experience, right after and later",
    "relationship and behaviour": "what remembered emotions do: the relationship, and what people "
    "then did",
    EVERYTHING: "all questions, of further people",
}


def information(
    fit: Fit,
    decision: Optimum | Sequences,
    *,
    sizes: Sequence[int] = SIZES,
    cost_per_answer: float | None = None,
) -> Information:
    """Say what it would be worth to know more before choosing.

    Parameters
    ----------
    fit : Fit
        Of which the decision was made.
    decision : Optimum or Sequences
    sizes : sequence of int
        Numbers of further people to ask.
    cost_per_answer : float, optional
        Of asking one more person; then the best number is found. Needs ``[value] journeys``.

    Returns
    -------
    Information

    Raises
    ------
    InputProblems
        With everything wrong with the question.
    """
    check_fit("information", fit)
    expected(
        "information", "decision", decision, (Optimum, Sequences), "give what em.optimise says"
    )
    problems = []
    if not sizes or not all(_is_count(n) for n in sizes):
        fix = "give whole numbers, 1 or more"
        problems.append(Problem("sizes", f"are {list(sizes)!r}", fix))
    if cost_per_answer is not None:
        problems += problems_of_costs({"cost_per_answer": cost_per_answer})
        if decision.journeys is None:
            fix = "say [value] journeys in the codebook"
            problems.append(Problem("cost_per_answer", "of how many journeys is not known", fix))
    if problems:
        raise InputProblems("information", problems)
    scores = decision.scores[:, decision.within]
    groups = _groups(fit, scores.shape[0])
    explained = {name: explained_by(scores, own) for name, own in groups.items()}
    explained[EVERYTHING] = scores
    so_far = effective_people(fit)
    worth = np.array(
        [[sampled(own, n, so_far) for n in (*sizes, np.inf)] for own in explained.values()]
    )
    return Information(
        groups=tuple(explained),
        what=tuple(WHAT[name] for name in explained),
        sizes=tuple(int(n) for n in sizes),
        worth=worth[:, :-1],
        perfect=worth[:, -1],
        so_far=so_far,
        unit=decision.unit,
        journeys=decision.journeys,
        period=decision.period,
        cost_per_answer=cost_per_answer,
        claim=decision.claim,
        caution=fit.caution,
    )


def _is_count(value: object) -> bool:
    return isinstance(value, (int, np.integer)) and value is not True and int(value) >= 1


def effective_people(fit: Fit) -> float:
    """People that the posterior rests on, fewer where survey weights differ (Kish).

    Parameters
    ----------
    fit : Fit

    Returns
    -------
    float
    """
    design = fit.design
    weight = np.bincount(design.respondent, weights=design.weight, minlength=design.n_respondents)
    return float(weight.sum() ** 2 / (weight**2).sum())


def _groups(fit: Fit, n_draws: int) -> dict[str, Floats]:
    """Parameters (S, P) that one kind of further answers informs."""
    parts = fit.completed or (fit,)
    most = -(-n_draws // len(parts))
    found: dict[str, list[Floats]] = {name: [] for name in WHAT if name != EVERYTHING}
    for part in parts:
        known = part.parameters(most)
        n = known.n_draws
        if part.model.elicitation:
            found["levers"].append(lever_effects(part, most).reshape(n, -1))
        memory = [known.memory_weight, known.salience]
        found["memory"].append(_flat(memory, n))
        effects = [known.effect, known.bond_effect, known.intercept]
        found["relationship and behaviour"].append(_flat(effects, n))
    return {name: np.concatenate(each) for name, each in found.items() if each}


def _flat(arrays: Sequence[Floats], n: int) -> Floats:
    """Arrays (S, ...) side by side, (S, P)."""
    return np.concatenate([np.reshape(each, (n, -1)) for each in arrays if each.shape[0] == n], 1)

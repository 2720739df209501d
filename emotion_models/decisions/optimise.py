"""`optimise`: the best set and size of changes under a budget, over the posterior."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from emotion_models.decisions.asked import check_decision, claim_of
from emotion_models.decisions.optimum import Optimum
from emotion_models.decisions.options import Option, Options
from emotion_models.decisions.space import Combo, Space, make_space
from emotion_models.decisions.surrogate import SCREENING, Guess, guessed
from emotion_models.decisions.valuation import MONEY, Valuation, valuation
from emotion_models.decisions.worth import averages_of, problems_of_costs
from emotion_models.errors import InputProblems, Problem, did_you_mean, expected
from emotion_models.inference.estimands import ALL, WEIGHTS, Weight, averages
from emotion_models.simulation.plan import make_plan
from emotion_models.simulation.simulate import DRAWS

if TYPE_CHECKING:
    from emotion_models.inference import Fit
    from emotion_models.survey import Codebook

Floats = NDArray[np.floating[Any]]
FINALISTS: Final = 12
"""Combinations simulated in full at first."""
MOST_FINALISTS: Final = 36
FRONTIER: Final = 8
"""Points of the frontier that are simulated in full."""


def optimise(
    fit: Fit,
    options: Options | Sequence[Option],
    *,
    budget: float | None = None,
    objective: str = MONEY,
    weight: Weight = "survey",
    codebook: Codebook | None = None,
    draws: int = DRAWS,
) -> Optimum:
    """Find the best set and size of changes.

    All combinations are ranked by a guess (`emotion_models.decisions.surrogate`); the best of
    them are simulated in full, and more of them for as long as one not yet simulated might win,
    given how far off the guess has been. All figures come from full simulations.

    Parameters
    ----------
    fit : Fit
    options : Options or sequence of Option
    budget : float, optional
        Most that may be spent per journey; default: that of the options, or no limit.
    objective : str
        ``"value"``: worth less cost, with values from the codebook. Or one outcome, which is
        raised (lowered, where less is desirable) as far as the budget allows.
    weight : {"survey", "value"}
        Whether journeys count by their survey weight, or also by what the customer is worth.
    codebook : Codebook, optional
        Whose values to take; default: that of the fit.
    draws : int
        Posterior draws to use at most.

    Returns
    -------
    Optimum

    Raises
    ------
    InputProblems
        With everything wrong with the question, or with an option.
    """
    check_decision("optimise", fit, draws)
    given = _options(options)
    limit = _limit(budget if budget is not None else given.budget, weight)
    money = valuation(fit, objective, codebook)
    journeys = ((codebook or fit.survey.codebook).value or money.value).journeys
    space = make_space(fit, given, journeys)
    over = {ALL: money.known_only(averages(fit, by_segment=False, weight=weight)[ALL])}

    def evaluate(combo: Combo, most: int = draws) -> Floats:
        return averages_of(fit, money, space.change(combo), over, most)[:, 0]

    few = min(SCREENING, draws)
    guess = guessed(space, money, lambda combo: evaluate(combo, few))
    before = money.factors @ evaluate((0,) * len(given.options))
    search = _Search(space, money, guess, limit)
    for row in search.rows():
        try:
            search.found[row] = money.factors @ evaluate(search.combo(row)) - before
        except InputProblems:  # single options are possible, together these are not
            search.guess[row] = np.nan
    return _result(fit, search, journeys)


class _Search:
    """Which combinations to simulate in full, given those that have been."""

    def __init__(self, space: Space, money: Valuation, guess: Guess, limit: float) -> None:
        self.space, self.money, self.limit = space, money, limit
        self.guess, self.size = guess.mean.copy(), guess.size
        self.found: dict[int, Floats] = {}
        self.cost = space.cost

    def combo(self, row: int) -> Combo:
        return tuple(self.space.combos[row].tolist())

    def score(self, difference: Floats, cost: Floats) -> Floats:
        """What is to be as large as possible; a tie goes to the cheaper one."""
        if self.money.name == MONEY:
            return difference - cost
        return self.money.sign * difference - 1e-9 * cost

    def rows(self) -> Iterator[int]:
        """Rows to simulate; reads what was found meanwhile."""
        yield from self._new([0, *self._frontier()])
        for more in range(FINALISTS, MOST_FINALISTS + 1, FINALISTS):
            yield from self._new(self._best(more))
            if not self.open_rows().size:
                return

    def _new(self, rows: Sequence[int]) -> list[int]:
        known = np.isfinite(self.guess)
        return [row for row in dict.fromkeys(rows) if row not in self.found and known[row]]

    def _best(self, n: int) -> list[int]:
        score = np.where(self.allowed(), self.score(self.guess, self.cost), -np.inf)
        order = np.argsort(-np.nan_to_num(score, nan=-np.inf), kind="stable")[:n]
        return [int(row) for row in order if np.isfinite(score[row])]

    def allowed(self) -> NDArray[np.bool_]:
        """Within the budget, and possible."""
        return (self.cost <= self.limit + 1e-9) & np.isfinite(self.guess)

    def _frontier(self) -> list[int]:
        """Best guess at each of a few budgets."""
        gain = np.nan_to_num(self.money.sign * self.guess, nan=-np.inf)
        rows, best = [], -np.inf
        for row in np.lexsort((-gain, self.cost)):
            if gain[row] > best:
                best = float(gain[row])
                rows.append(int(row))
        if len(rows) > FRONTIER:
            rows = [rows[i] for i in np.linspace(0, len(rows) - 1, FRONTIER).round().astype(int)]
        return rows

    def open_rows(self) -> NDArray[np.int64]:
        """Rows not simulated that may still be better, were their guess as far off as the worst.

        That is, in proportion to what their settings do one by one.
        """
        rows = np.array(list(self.found))
        full = np.array([self.found[row].mean() for row in rows])
        score = self.score(full, self.cost[rows])
        short = score - self.score(self.guess[rows], self.cost[rows])
        moved = self.size[rows] > 0
        rate = (short[moved] / self.size[rows][moved]).max(initial=0.0)
        best = score[self.allowed()[rows]].max()
        hoped = self.score(self.guess, self.cost) + rate * self.size
        hoped[rows] = -np.inf
        return np.flatnonzero(self.allowed() & (hoped > best + 1e-12))


def _options(options: Options | Sequence[Option]) -> Options:
    if isinstance(options, Options):
        return options
    kind = isinstance(options, (list, tuple)) and all(isinstance(o, Option) for o in options)
    if not kind:
        expected("optimise", "options", options, Options, "give em.Option(...)s or em.Options")
    return Options(tuple(options))


def _limit(budget: float | None, weight: Weight) -> float:
    problems = [] if budget is None else problems_of_costs({"budget": budget})
    if weight not in WEIGHTS:
        problems.append(Problem(f"weight '{weight}'", "unknown", did_you_mean(weight, WEIGHTS)))
    if problems:
        raise InputProblems("optimise", problems)
    return np.inf if budget is None else float(budget)


def _result(fit: Fit, search: _Search, journeys: float | None) -> Optimum:
    space, rows = search.space, list(search.found)
    values = np.stack([search.found[row] for row in rows], axis=1)
    cost, within = search.cost[rows], search.allowed()[rows]
    score = np.stack([search.score(values[s], cost) for s in range(len(values))])
    best = int(np.argmax(np.where(within, score.mean(axis=0), -np.inf)))
    chosen = space.change(search.combo(rows[best]))
    value = search.money.value
    return Optimum(
        labels=tuple(space.label(search.combo(row)) for row in rows),
        settings=tuple(space.settings(search.combo(row)) for row in rows),
        changes=tuple(space.change(search.combo(row)) for row in rows),
        values=values,
        scores=score,
        costs=cost,
        within=within,
        best=best,
        guesses=search.guess[rows],
        combinations=int(np.isfinite(search.guess).sum()),
        unsure=int(search.open_rows().size),
        objective=search.money.name,
        unit=search.money.unit,
        sign=search.money.sign,
        budget=search.limit,
        journeys=journeys,
        period=value.period,
        warnings=make_plan(fit, chosen).warnings,
        claim=claim_of(fit, chosen, search.money.outcomes),
        caution=fit.caution,
    )

"""`Valuation`: what outcomes of a journey are worth, in money or as one outcome by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from emotion_models.errors import InputProblems, Problem, did_you_mean
from emotion_models.inference.customer_value import customer_value
from emotion_models.inference.estimands import desirable, units
from emotion_models.models.response import outcomes_of
from emotion_models.science.equations.lifetime import retained_periods, retention_of_event
from emotion_models.survey.value import Value

if TYPE_CHECKING:
    from emotion_models.inference import Fit
    from emotion_models.survey import Codebook
    from emotion_models.survey.parts import Behaviour

Floats = NDArray[np.floating[Any]]
MONEY: Final = "value"
"""Name of the objective that adds up what all behaviours are worth."""
EVERY_ONE: Final = slice(None)
How = Literal["once", "every journey", "retained"]


@dataclass(frozen=True)
class Part:
    """What one outcome adds.

    Parameters
    ----------
    outcome : str
    factor : float
        Worth of one unit.
    how : {"once", "every journey", "retained"}
        Whether it counts at this journey, also at each later one, or is the coming again itself.
    top : float
        Largest possible quantity; infinite where there is none, NaN where it may be negative.
    """

    outcome: str
    factor: float
    how: How
    top: float


@dataclass(frozen=True, eq=False)
class Valuation:
    """How outcomes of a journey add up.

    Parameters
    ----------
    name : str
        ``"value"``, or an outcome.
    parts : tuple of Part
    unit : str
        Currency, or the unit of the outcome.
    sign : int
        1 where more is better, -1 where less is.
    value : Value
        Horizon, discount, retention.
    margin : array, shape (J,) or None
        Worth of a retained period by journey, where it is the customer's own; NaN unknown.
    retention : Behaviour or None
    """

    name: str
    parts: tuple[Part, ...]
    unit: str
    sign: int
    value: Value
    margin: Floats | None = None
    retention: Behaviour | None = None

    @property
    def outcomes(self) -> tuple[str, ...]:
        """Outcomes that are needed."""
        needed = [part.outcome for part in self.parts]
        needed += [self.retention.name] if self.retention else []
        return tuple(dict.fromkeys(needed))

    @property
    def factors(self) -> Floats:
        """Worth of a unit of every part (P,)."""
        return np.array([part.factor for part in self.parts])

    def quantities(
        self, expected: Mapping[str, Floats], which: NDArray[np.int64] | slice = EVERY_ONE
    ) -> list[Floats]:
        """Quantity of every part.

        Parameters
        ----------
        expected : mapping of outcome to array, shape (S, J)
        which : int array, shape (J,), optional
            The journeys; default: all of them.

        Returns
        -------
        list of array, shape (S, J)
            Times `factors` they are in money.
        """
        later: Floats = np.zeros(1)
        if self.retention is not None:
            later = self._later(expected[self.retention.name])
        found: list[Floats] = []
        for part in self.parts:
            if part.how == "retained":
                own = later if self.margin is None else later * np.nan_to_num(self.margin[which])
            else:
                own = expected[part.outcome]
                own = own * (1 + later) if part.how == "every journey" else own
            found.append(own)
        return found

    def knows(self, weights: NDArray[np.float64]) -> bool:
        """Whether the worth of anybody in an average is known."""
        return self.margin is None or bool(weights[np.isfinite(self.margin)].any())

    def known_only(self, weights: NDArray[np.float64]) -> NDArray[np.float64]:
        """Weights (J,) of an average without the journeys whose customer's value is unknown."""
        if self.margin is None:
            return weights
        own = np.where(np.isfinite(self.margin), weights, 0.0)
        found: NDArray[np.float64] = own / own.sum()
        return found

    def _later(self, expected: Floats) -> Floats:
        """Discounted number (S, J) of later periods with the customer."""
        behaviour = self.retention
        assert behaviour is not None
        kept = expected if behaviour.desirable else 1 - expected
        if behaviour.horizon is not None:
            kept = retention_of_event(expected, behaviour.horizon)
            kept = 1 - kept if behaviour.desirable else kept
        return retained_periods(kept, self.value.horizon, self.value.discount)


def valuation(fit: Fit, objective: str = MONEY, codebook: Codebook | None = None) -> Valuation:
    """Read what outcomes are worth.

    Parameters
    ----------
    fit : Fit
    objective : str
        ``"value"``: everything that has a value, in money. Or the name of one outcome.
    codebook : Codebook, optional
        Whose values to take; default: that of the fit.

    Returns
    -------
    Valuation

    Raises
    ------
    InputProblems
        If there is no such outcome, or nothing has a value.
    """
    known = outcomes_of(fit.design) if fit.model.outcomes else ()
    if objective != MONEY:
        if objective not in known:
            fix = did_you_mean(objective, [MONEY, *known])
            problem = Problem(f"objective '{objective}'", "not in the fit", fix)
            raise InputProblems("decision", [problem])
        part = Part(objective, 1.0, "once", _top(fit, objective))
        sign = 1 if desirable(fit)[objective] else -1
        return Valuation(objective, (part,), units(fit)[objective], sign, Value())
    return _money(fit, codebook or fit.survey.codebook, known)


def _money(fit: Fit, book: Codebook, known: tuple[str, ...]) -> Valuation:
    value = book.value or Value()
    worth = {b.name: b for b in book.behaviours if b.name in known}
    retention = worth.get(value.retention or "")
    parts, margin = [], None
    for behaviour in worth.values():
        if behaviour is retention:
            own = value.margin if value.margin is not None else behaviour.value
            if own == "customer_value":
                own, margin = 1.0, customer_value(fit)
            top = np.inf
            if margin is None:
                top = float(retained_periods(np.ones(1), value.horizon, value.discount)[0])
            parts.append(Part(behaviour.name, float(own or 0), "retained", top))
        elif behaviour.value is not None:
            again = behaviour.name in value.recurring and retention is not None
            how: How = "every journey" if again else "once"
            top = np.inf if again else _top(fit, behaviour.name)
            parts.append(Part(behaviour.name, behaviour.value, how, top))
    currencies = {b.unit for b in worth.values() if b.value is not None and b.unit}
    problems = []
    if value.retention and retention is None:
        fix = did_you_mean(value.retention, list(worth))
        problems.append(Problem(f"retention '{value.retention}'", "not in the fit", fix))
    if not parts:
        fix = "give [[behaviours]] of the codebook a 'value', or name an outcome as objective"
        problems.append(Problem("value", "no behaviour of the fit has one", fix))
    if not value.currency and len(currencies) > 1:
        said = ", ".join(sorted(currencies))
        problems.append(Problem("value", f"in several units ({said})", "say [value] currency"))
    if problems:
        raise InputProblems("decision", problems)
    unit = value.currency or next(iter(currencies), "units")
    return Valuation(MONEY, tuple(parts), unit, 1, value, margin, retention)


def _top(fit: Fit, outcome: str) -> float:
    """Largest possible mean of an outcome; infinite where there is none, NaN: any number."""
    family = {b.name: b.family for b in fit.survey.codebook.behaviours}.get(outcome, "ordinal")
    if family in ("bernoulli", "duration"):
        return 1.0
    if family in ("count", "amount"):
        return float(np.inf)
    return float(np.nan)

"""`independences`: what a diagram implies for the data, held against the data.

Two measured variables without an arrow between them are independent given some others, if the
diagram is true. Each such statement is tested by the partial correlation of ranks: both sides
and what is held constant are turned into normal scores (van der Waerden), both sides are
regressed on the rest, and the residuals are correlated. A statement passes when the posterior
probability that the partial correlation is beyond 0.1 in size is below one half.

The test sees monotone, additive dependence only, and ranks of what is held constant remove its
influence only as far as that is additive too. Measured proxies are used as they are: constructs
(the mean of their items) stand at an end of a comparison but are never held constant, because
error in what is held constant leaves a correlation; the answering style's index is held constant
although it is such a proxy, as in the model, but not beside an emotion at an end, whose ratings are
part of the index, and it never stands at an end. Journeys of one person count as one observation.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, product
from typing import TYPE_CHECKING, Final, Literal, Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from emotion_models.causal.assumptions import Assumptions
from emotion_models.causal.columns import compared, held_constant
from emotion_models.causal.diagram import Diagram, diagram
from emotion_models.causal.identification import Fitted
from emotion_models.causal.variables import STYLE
from emotion_models.errors import expected
from emotion_models.intervals import LOWER, UPPER
from emotion_models.science.equations.causal import fisher_posterior, probability_beyond
from emotion_models.summarised import Summarised

if TYPE_CHECKING:
    import pandas as pd

    from emotion_models.models.design import Design

Floats = NDArray[np.float64]
Verdict = Literal["PASS", "REVIEW"]
NEGLIGIBLE: Final = 0.1
"""Partial correlations up to this size count as none."""
REVIEW_FROM: Final = 0.5
CLEAR_FROM: Final = 0.9
FEWEST: Final = 20
"""Observations beyond the columns held constant; with fewer a statement is not tested."""


class Laid(Fitted, Protocol):
    """A fit with its data laid out."""

    @property
    def design(self) -> Design:
        """The data as the model reads them."""
        ...


@dataclass(frozen=True)
class Independence:
    """One implied independence and what the data say of it.

    Parameters
    ----------
    first, second : str
        The columns compared.
    given : tuple of str
        Variables held constant.
    correlation, lower, upper : float
        Partial correlation of ranks, posterior median and interval.
    p_beyond : float
        Probability that it is beyond 0.1 in size.
    n : int
        Independent observations.
    """

    first: str
    second: str
    given: tuple[str, ...]
    correlation: float
    lower: float
    upper: float
    p_beyond: float
    n: int

    @property
    def status(self) -> Verdict:
        """PASS or REVIEW; what cannot be computed is to be reviewed."""
        return "PASS" if self.p_beyond < REVIEW_FROM else "REVIEW"

    @property
    def against(self) -> bool:
        """Whether the data speak against it."""
        return self.p_beyond >= CLEAR_FROM

    @property
    def advice(self) -> str:
        """What a REVIEW asks for."""
        if self.status == "PASS":
            return ""
        if not self.against:
            return "the data cannot tell: too few journeys"
        return "the diagram lacks an arrow or a common cause of the two"


@dataclass(frozen=True, repr=False)
class Independences(Summarised):
    """Every implied independence that could be tested.

    Parameters
    ----------
    tests : tuple of Independence
    untested : int
        Statements that hold too much constant for so few journeys.
    """

    tests: tuple[Independence, ...]
    untested: int

    def table(self) -> pd.DataFrame:
        """Return one row per statement, the most doubtful first.

        Returns
        -------
        pandas.DataFrame
            first, second, given, correlation, lower, upper, p_beyond, n, status, advice.
        """
        import pandas as pd

        names = ("correlation", "lower", "upper", "p_beyond", "n", "status", "advice")
        rows = [
            {"first": t.first, "second": t.second, "given": ", ".join(t.given)}
            | {name: getattr(t, name) for name in names}
            for t in self.tests
        ]
        table = pd.DataFrame(rows, columns=["first", "second", "given", *names])
        return table.sort_values("p_beyond", ascending=False, kind="stable", ignore_index=True)

    def summary(self) -> str:
        """Say in words which implied independences the data put in doubt."""
        if not self.tests:
            return f"The diagram implies no independence that could be tested.{self._untested()}"
        doubtful = [test for test in self.tests if test.status == "REVIEW"]
        against = sum(test.against for test in doubtful)
        lines = [
            f"The diagram implies {len(self.tests)} independences that could be tested; the data "
            f"speak against {against} and cannot tell of {len(doubtful) - against}."
            f"{self._untested()}"
        ]
        for test in sorted(doubtful, key=lambda t: -t.p_beyond)[:10]:
            given = f" given {', '.join(test.given)}" if test.given else ""
            lines.append(
                f"  {test.first} and {test.second}{given}: rank correlation "
                f"{test.correlation:+.2f} [{test.lower:+.2f}, {test.upper:+.2f}]; {test.advice}"
            )
        return "\n".join(lines)

    def _untested(self) -> str:
        if not self.untested:
            return ""
        return f" {self.untested} more hold too much constant for so few journeys."


def independences(fit: Laid, assumptions: Assumptions | None = None) -> Independences:
    """Test the independences that the diagram implies; see the module for the test.

    Parameters
    ----------
    fit : Fit
    assumptions : Assumptions, optional
        Default: those the fit carries.

    Returns
    -------
    Independences

    Raises
    ------
    InputProblems
        With everything that is wrong with the diagram.
    """
    expected("assumptions", "fit", fit, Fitted, "give what em.fit(model, survey) returns")
    own = fit.assumptions if assumptions is None else assumptions
    drawn = diagram(fit.model, fit.survey.codebook, own)
    tests: list[Independence] = []
    untested = 0
    for first, second, given in implied(drawn):
        found = _tested(fit.design, drawn, (first, second), given)
        tests += found
        untested += not found
    return Independences(tuple(tests), untested)


def implied(drawn: Diagram) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    """List pairs of measured variables that some measured others make independent.

    Parameters
    ----------
    drawn : Diagram

    Returns
    -------
    tuple of (first, second, given)
        `given` is minimal.
    """
    ends = sorted(drawn.measured - {STYLE})
    allowed = drawn.measured - set(drawn.variables.constructs)
    linked = {frozenset(pair) for pair in drawn.dag.arrows}
    found = []
    for first, second in combinations(ends, 2):
        if frozenset((first, second)) not in linked:
            felt = {first, second} & set(drawn.variables.emotions)
            given = drawn.dag.separator(first, second, allowed - {STYLE} if felt else allowed)
            if given is not None:
                found.append((first, second, tuple(sorted(given))))
    return tuple(found)


def _tested(
    design: Design, drawn: Diagram, ends: tuple[str, str], given: tuple[str, ...]
) -> list[Independence]:
    known = drawn.variables
    held = [c for name in given for c in held_constant(design, known, name).values()]
    sides = [compared(design, known, name) for name in ends]
    tests = []
    for (one, x), (other, y) in product(sides[0].items(), sides[1].items()):
        found = partial_correlation(x, y, held, design.respondent)
        if found is not None:
            tests.append(Independence(one, other, given, *found))
    return tests


def partial_correlation(
    x: Floats, y: Floats, held: list[Floats], respondent: NDArray[np.int64]
) -> tuple[float, float, float, float, int] | None:
    """Partial correlation of normal scores with its posterior.

    Parameters
    ----------
    x, y : array, shape (J,)
        NaN where unknown.
    held : list of array, shape (J,)
    respondent : int array, shape (J,)

    Returns
    -------
    (median, lower, upper, probability beyond 0.1, n), or None with too few observations
        NaN where one side does not vary: it is then for review.
    """
    both = np.isfinite(x) & np.isfinite(y)
    n = np.unique(respondent[both]).size
    rest = np.column_stack([np.ones(both.sum()), *(_scores(column[both]) for column in held)])
    basis, spread, _ = np.linalg.svd(rest, full_matrices=False)
    basis = basis[:, spread > 1e-8 * spread[0]] if spread.size else basis
    columns = basis.shape[1] - 1
    if n - columns - 3 < FEWEST:
        return None
    left, right = ((score := _scores(side[both])) - basis @ (basis.T @ score) for side in (x, y))
    size = float(np.sqrt((left @ left) * (right @ right)))
    if size < 1e-10:
        return (np.nan, np.nan, np.nan, np.nan, n)
    correlation = float(np.clip(left @ right / size, -0.999999, 0.999999))
    mean, sd = fisher_posterior(correlation, n, columns)
    lower, upper = np.tanh(mean + sd * ndtri([LOWER, UPPER]))
    beyond = float(probability_beyond(mean, sd, NEGLIGIBLE))
    return (correlation, float(lower), float(upper), beyond, n)


def _scores(values: Floats) -> Floats:
    """Normal scores of ranks, ties sharing theirs."""
    from scipy.stats import rankdata

    scores: Floats = ndtri(rankdata(values) / (values.size + 1))
    return scores

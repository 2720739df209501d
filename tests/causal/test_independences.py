"""Implied independences: the test against another route, and diagrams that are right or wrong."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import networkx as nx
import numpy as np
import pytest
from scipy import stats

import emotion_models as em
from emotion_models.causal.diagram import diagram
from emotion_models.causal.independences import Laid, implied, partial_correlation
from emotion_models.models.design import make_design
from tests.causal import study

MODEL = em.JourneyModel(memory=("mean",), salience=False, elicitation=False)


def laid(n: int, seed: int, **how: Any) -> Laid:
    survey = em.read_survey(study.visits(n, seed, **how), codebook=study.codebook())
    design = make_design(MODEL, survey.codebook, survey.data)
    return SimpleNamespace(model=MODEL, survey=survey, design=design, assumptions=None)


def test_partial_correlation_by_another_route() -> None:
    rng = np.random.default_rng(1)
    columns = np.exp(rng.normal(size=(4, 300)) + 0.5 * rng.normal(size=300))
    x, y, *held = columns
    found = partial_correlation(x, y, held, np.arange(300))
    assert found is not None
    scores = stats.norm.ppf(stats.rankdata(columns, axis=1) / 301)
    precision = np.linalg.inv(np.cov(scores))
    expected = -precision[0, 1] / np.sqrt(precision[0, 0] * precision[1, 1])
    assert found[0] == pytest.approx(expected)
    # Fisher's interval, as scipy computes it from a correlation of n - k pairs.
    other = stats.pearsonr(*np.random.default_rng(2).normal(size=(2, 298)))
    low, high = type(other)(
        statistic=expected, pvalue=1, alternative="two-sided", n=298, x=None, y=None, axis=0
    ).confidence_interval(0.90)
    assert (found[1], found[2]) == pytest.approx((low, high))


def test_posterior_of_the_correlation_is_calibrated() -> None:
    rng = np.random.default_rng(3)
    hits = []
    for _ in range(400):
        held = rng.normal(size=(2, 120))
        rest = rng.multivariate_normal([0, 0], [[1, 0.3], [0.3, 1]], size=120).T
        x, y = rest + held.sum(axis=0)
        found = partial_correlation(x, y, [*held], np.arange(120))
        assert found is not None
        hits.append(found[1] < 0.3 < found[2])
    assert np.mean(hits) == pytest.approx(0.9, abs=0.05)


def test_what_cannot_be_told() -> None:
    x = np.arange(30.0)
    many = [*np.random.default_rng(1).normal(size=(8, 30))]
    assert partial_correlation(x, x, many, np.arange(30)) is None
    assert partial_correlation(x, x, many[:7], np.arange(30)) is not None
    constant = partial_correlation(x, np.zeros(30), [], np.arange(30))
    assert constant is not None
    assert np.isnan(constant[3])
    # Thirty journeys of three people are three observations.
    assert partial_correlation(x, x, [], np.arange(30) % 3) is None


def test_implied_statements_hold_in_the_diagram() -> None:
    assumed = em.Assumptions(randomised=["wait"], confounders=["age"], absent=[("age", "anger")])
    drawn = diagram(MODEL, study.codebook(), assumed)
    graph = nx.DiGraph(drawn.dag.arrows)
    found = implied(drawn)
    assert {frozenset(pair[:2]) for pair in found} == {
        frozenset(pair)
        for pair in (
            ("age", "wait"), ("return", "wait"), ("complain", "wait"), ("return", "complain"),
        )
    }  # fmt: skip
    # The index of style holds anger's own ratings: it cannot tell whether age acts on anger.
    for first, second, given in found:
        assert nx.is_minimal_d_separator(graph, {first}, {second}, set(given))


RIGHT = em.Assumptions(randomised=["wait"], confounders=["age"], absent=[("age", "anger")])


def test_a_true_diagram_passes() -> None:
    found = em.independences(laid(3000, 5), RIGHT)
    assert len(found.tests) == 4
    assert found.untested == 0
    assert set(found.table()["status"]) == {"PASS"}
    assert found.summary().startswith("The diagram implies 4 independences that could be tested")
    assert "speak against 0 and cannot tell of 0" in found.summary()


@pytest.mark.parametrize(
    ("wrong", "pair"),
    [
        ({"wait_on_return": 1.5}, ("return", "wait at desk")),
        ({"age_on_wait": 0.5}, ("age", "wait at desk")),
    ],
)
def test_a_missing_arrow_is_found(wrong: dict[str, float], pair: tuple[str, str]) -> None:
    table = em.independences(laid(3000, 5, **wrong), RIGHT).table()
    assert (table["first"][0], table["second"][0]) == pair
    assert table["p_beyond"][0] > 0.99
    assert table["advice"][0] == "the diagram lacks an arrow or a common cause of the two"


def test_few_journeys_are_said_to_be_few() -> None:
    found = em.independences(laid(40, 1), RIGHT)
    assert found.untested + len(found.tests) == 4
    doubtful = [test for test in found.tests if test.status == "REVIEW"]
    assert any(test.advice == "the data cannot tell: too few journeys" for test in doubtful)
    nothing = em.independences(laid(40, 1), em.Assumptions())
    assert nothing.tests == ()
    assert nothing.summary() == "The diagram implies no independence that could be tested."
    assert nothing.table().empty


def test_a_stored_fit_can_be_asked(tiny: em.Fit) -> None:
    declared = tiny.under(em.Assumptions(randomised=["upgrade"], confounders=["segment"]))
    found = em.independences(declared)
    ends = {test.first for test in found.tests} | {test.second for test in found.tests}
    assert {"upgrade at room", "segment=leisure", "channel=app at check-in"} <= ends
    assert "style" not in ends  # an index of the ratings is nobody's proxy at an end
    held = {name for test in found.tests for name in test.given}
    assert "trust" not in held
    assert found._repr_html_().startswith("<pre>The diagram")

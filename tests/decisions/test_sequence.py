"""The best order of touchpoints against every order simulated, with conditions."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import emotion_models as em
from emotion_models.decisions import Sequences
from emotion_models.decisions.conditions import conditions, usual_order
from emotion_models.decisions.orders import candidates
from emotion_models.decisions.remembered_moments import remembering
from emotion_models.decisions.valuation import valuation
from emotion_models.errors import InputProblems
from emotion_models.inference import Fit
from emotion_models.inference.estimands import ALL, averages
from tests.decisions.valued import valued
from tests.inference.stored import with_posterior

DRAWS = 16
USUAL = ("check-in", "room", "check-out")


@pytest.fixture(scope="module")
def money(tiny: Fit) -> Fit:
    return valued(tiny)


@pytest.fixture(scope="module")
def best(money: Fit) -> Sequences:
    return em.sequence(money, draws=DRAWS)


def gain(fit: Fit, order: tuple[str, ...]) -> np.ndarray:
    found = em.worth(fit, em.Change().reorder(order), draws=DRAWS, by="everybody")
    return np.asarray(found.gained())


def test_the_best_of_all_orders(money: Fit, best: Sequences) -> None:
    every = {order: gain(money, order) for order in itertools.permutations(USUAL)}
    assert set(best.orders) == set(every)
    assert best.orders[best.best] == max(every, key=lambda order: every[order].mean())
    for order, own in zip(best.orders, best.values.T, strict=True):
        assert own == pytest.approx(every[order], abs=1e-3)
    assert best.table()["p_best"].sum() == pytest.approx(1)
    assert best.table()["regret"].min() == pytest.approx(best.evpi)


def test_less_of_what_is_undesirable(money: Fit) -> None:
    found = em.sequence(money, objective="complain", draws=DRAWS)
    assert found.values.mean(axis=0).argmin() == found.best


def test_conditions(money: Fit) -> None:
    found = em.sequence(money, before=[("room", "check-in")], fixed=["check-out"], draws=DRAWS)
    assert found.orders == (USUAL, ("room", "check-in", "check-out"))
    assert found.within.tolist() == [False, True]
    assert found.best == 1
    assert "does not meet the conditions" in found.summary()
    with pytest.raises(InputProblems, match="no order meets all"):
        em.sequence(money, before=[("room", "check-in"), ("check-in", "room")], draws=DRAWS)


def test_where_only_the_average_counts_the_order_does_not(tiny: Fit) -> None:
    def only_the_mean(weights: np.ndarray) -> np.ndarray:
        alone = np.zeros_like(weights)
        alone[..., 0] = 1.0
        return alone

    fit = valued(with_posterior(tiny, memory_weight=only_the_mean))
    assert fit.model.memory[0] == "mean"
    found = em.sequence(fit, draws=DRAWS)
    assert found.orders == (USUAL,)
    assert not found.values.any()
    moved = gain(fit, ("check-out", "room", "check-in"))
    assert moved == pytest.approx(np.zeros(DRAWS), abs=1e-3)


def test_slopes_find_the_end(tiny: Fit) -> None:
    """With all weight on the end, the slopes put the best feeling last, and so does simulation."""

    def only_the_end(weights: np.ndarray) -> np.ndarray:
        alone = np.zeros_like(weights)
        alone[..., list(tiny.model.memory).index("end")] = 1.0
        return alone

    fit = valued(with_posterior(tiny, memory_weight=only_the_end))
    money = valuation(fit, "return")
    weights = averages(fit, by_segment=False)[ALL]
    kept = remembering(fit, money, weights, DRAWS)
    assert kept.weight.tolist() == pytest.approx([0, 1, 0])
    moments = kept.moments()
    order = max(itertools.permutations(range(3)), key=moments.worth)
    by_slope = np.average(moments.end, axis=0, weights=kept.share)
    assert order[-1] == int(by_slope.argmax())
    now = moments.worth(range(3))
    found = em.sequence(fit, objective="return", draws=DRAWS)
    full = dict(zip(found.orders, found.values.mean(axis=0), strict=True))
    for own, difference in full.items():
        guess = moments.worth([USUAL.index(name) for name in own]) - now
        assert guess == pytest.approx(difference, abs=0.05)


def test_many_orders_are_found_along_the_slopes(
    money: Fit, monkeypatch: pytest.MonkeyPatch
) -> None:
    from emotion_models.decisions import orders

    known, value = conditions(money, (), ()), valuation(money)
    kept = remembering(money, value, averages(money, by_segment=False)[ALL], DRAWS)
    moments, asked = kept.moments(), []

    def screened(order: tuple[int, ...]) -> float:
        asked.append(order)
        return float(order[-1])

    monkeypatch.setattr(orders, "MOST_CLASSES", 2)
    found = candidates(kept, known, 1, screened)
    assert len(asked) == 6
    assert found.orders[0][-1] == 2
    monkeypatch.setattr(orders, "MOST_SCREENED", 2)
    found = candidates(kept, known, 1, screened)
    assert len(asked) == 6
    assert found.orders[0] == max(itertools.permutations(range(3)), key=moments.worth)
    monkeypatch.setattr(orders, "MOST", 2)
    found = candidates(kept, known, 1, screened)
    assert found.short >= 0
    assert "may exist" in found.how


def test_the_usual_order_and_its_warning(money: Fit) -> None:
    usual = usual_order(money)
    assert tuple(money.design.touchpoints[t] for t in usual.order) == USUAL
    data = money.data.copy(deep=True)
    turned = data["position"].to_numpy()
    if usual.warnings:  # let one journey meet the touchpoints the other way round
        all_met = np.flatnonzero((turned >= 0).all(axis=1))[0]
        turned[all_met] = turned[all_met][::-1]
        assert not usual_order(replace(money, data=data)).warnings
    found = em.sequence(money, before=[("check-in", "check-out")], draws=DRAWS)
    assert set(usual.warnings) <= set(found.warnings)


def test_words_and_figure(best: Sequences) -> None:
    text = best.summary()
    assert "memory weighs first" in text
    assert "each of the 6 kinds of orders is among them" in text
    assert "Try it out before you rely on it." in text
    assert best.plot().axes
    assert set(best.shapes) <= {"crescendo", "decrescendo", "U-shaped", "peak inside", "mixed"}
    assert best.change == best.changes[best.best]


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"fixed": ["lobby"]}, "no touchpoint 'lobby'"),
        ({"fixed": "room"}, "give a list of touchpoints"),
        ({"before": [("room", "rom")]}, "did you mean 'room'?"),
        ({"before": ["room"]}, "is no pair of touchpoints"),
        ({"before": [("room", "room")]}, "is no pair of touchpoints"),
        ({"objective": "age"}, "objective 'age'"),
        ({"draws": -3}, "draws: is -3"),
    ],
)
def test_refusals(money: Fit, how: dict[str, Any], said: str) -> None:
    with pytest.raises(InputProblems) as caught:
        em.sequence(money, **how)
    assert said in str(caught.value)

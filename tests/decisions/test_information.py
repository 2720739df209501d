"""What further answers are worth, for the choices of the stored fit."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import emotion_models as em
from emotion_models.decisions import Information, Optimum
from emotion_models.decisions.information import EVERYTHING, effective_people
from emotion_models.errors import InputProblems
from emotion_models.inference import Fit
from emotion_models.science.equations.information import sampled
from tests.decisions.valued import valued

OPTIONS = (
    em.Option.lever("check-in", "wait_minutes", by=[-5, -15], cost=[0.5, 2]),
    em.Option.lever("room", "upgrade", to=[1], cost=4),
)


@pytest.fixture(scope="module")
def money(tiny: Fit) -> Fit:
    return valued(tiny, {"journeys": 1000})


@pytest.fixture(scope="module")
def choice(money: Fit) -> Optimum:
    return em.optimise(money, OPTIONS, draws=50)


@pytest.fixture(scope="module")
def found(money: Fit, choice: Optimum) -> Information:
    return em.information(money, choice, cost_per_answer=0.5)


def test_everything_is_worth_the_perfect_information(found: Information, choice: Optimum) -> None:
    g = found.groups.index(EVERYTHING)
    assert found.perfect[g] == pytest.approx(choice.evpi)
    scores = choice.scores[:, choice.within]
    for k, n in enumerate(found.sizes):
        assert found.worth[g, k] == pytest.approx(sampled(scores, n, found.so_far))


def test_a_part_is_worth_no_more_than_all(found: Information) -> None:
    g = found.groups.index(EVERYTHING)
    assert (found.perfect <= found.perfect[g] + 1e-9).all()
    assert (np.diff(found.worth, axis=1) >= -1e-9).all()
    assert (found.worth <= found.perfect[:, None] + 1e-9).all()


def test_how_many_answers_pay(found: Information) -> None:
    table = found.table().set_index("about")
    g = found.groups.index(EVERYTHING)
    left = 1000 * found.worth[g] - 0.5 * np.array(found.sizes)
    expected = found.sizes[int(left.argmax())] if left.max() > 0 else 0
    assert table.loc[EVERYTHING, "best_answers"] == expected
    assert table.loc[EVERYTHING, "net"] == pytest.approx(max(left.max(), 0))
    enough = [
        n for n, w in zip(found.sizes, found.worth[g], strict=True) if w >= 0.8 * found.perfect[g]
    ]
    assert table.loc[EVERYTHING, "answers"] == enough[0]


def test_of_an_order(money: Fit) -> None:
    order = em.sequence(money, draws=50)
    found = em.information(money, order)
    assert found.perfect[found.groups.index(EVERYTHING)] == pytest.approx(order.evpi)


def test_people_not_journeys_count(tiny: Fit) -> None:
    weight = tiny.design.weight
    assert effective_people(tiny) == pytest.approx(weight.sum() ** 2 / (weight**2).sum())
    twice = tiny.data.assign(respondent=("journey", np.arange(40) // 2))
    assert effective_people(replace(tiny, data=twice)) <= 20


def test_words_and_figure(found: Information) -> None:
    text = found.summary()
    assert "Worth of knowing more before choosing" in text
    assert "An approximation: normal posteriors" in text
    assert found.plot().axes
    sizes = found.by_size()
    assert len(sizes) == len(found.groups) * len(found.sizes)


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"sizes": []}, "sizes: are []"),
        ({"sizes": [10, 0]}, "sizes: are [10, 0]"),
        ({"sizes": [2.5]}, "sizes: are [2.5]"),
        ({"cost_per_answer": -1}, "cost_per_answer: -1 is not a cost"),
    ],
)
def test_refusals(money: Fit, choice: Optimum, how: dict[str, Any], said: str) -> None:
    with pytest.raises(InputProblems) as caught:
        em.information(money, choice, **how)
    assert said in str(caught.value)


def test_wrong_kinds(money: Fit, choice: Optimum) -> None:
    with pytest.raises(InputProblems, match="decision: cannot be 1"):
        em.information(money, 1)  # type: ignore[arg-type]
    with pytest.raises(InputProblems, match="how many journeys is not known"):
        em.information(money, replace(choice, journeys=None), cost_per_answer=1)

"""Worth against sums by hand, costs, groups and refusals."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import emotion_models as em
from emotion_models.decisions.answers import TOTAL
from emotion_models.decisions.asked import claim_of
from emotion_models.decisions.journeys import expected_outcomes
from emotion_models.decisions.valuation import valuation
from emotion_models.errors import InputProblems
from emotion_models.inference import Fit
from emotion_models.inference.estimands import ALL
from tests.decisions.valued import book_of, valued, with_customers

DRAWS = 20
CHANGE = em.Change().at("room").lever("upgrade", to=1).emotion("gratitude", by=1)
LIFE = {"horizon": 3, "discount": 0.1, "retention": "return", "recurring": ["spend"]}


def by_journey(fit: Fit, change: em.Change, outcome: str) -> np.ndarray:
    parts = list(expected_outcomes(fit, change, [outcome], DRAWS))
    return np.concatenate([found[outcome] for _, found in parts], axis=1)


@pytest.fixture(scope="module")
def money(tiny: Fit) -> Fit:
    return valued(tiny)


def test_without_a_future_it_is_value_times_the_simulated_difference(money: Fit) -> None:
    simulated = em.simulate(money, CHANGE, draws=DRAWS)
    found = em.worth(money, CHANGE, draws=DRAWS)
    for o, (outcome, value) in enumerate({"return": 180, "complain": -40, "spend": 1}.items()):
        assert found.outcomes[o] == outcome
        expected = value * simulated.everybody(outcome)
        assert (found.after - found.before)[o, 0] == pytest.approx(expected, rel=1e-4, abs=1e-4)


def test_lifetime_value_by_hand(tiny: Fit) -> None:
    fit = valued(tiny, LIFE)
    found, weight = em.worth(fit, CHANGE, draws=DRAWS), tiny.design.weight
    for change, draws in ((em.Change(), found.before), (CHANGE, found.after)):
        comes, spends, complains = (
            by_journey(fit, change, name) for name in ("return", "spend", "complain")
        )
        later = sum((comes / 1.1) ** t for t in (1, 2, 3))
        by_hand = [180 * later, -40 * complains, spends * (1 + later)]
        for o, each in enumerate(by_hand):
            expected = np.average(each, axis=1, weights=weight)
            assert draws[o, 0] == pytest.approx(expected, rel=1e-4)


def test_the_worth_at_the_mean_is_not_the_mean_worth(tiny: Fit) -> None:
    fit = valued(tiny, LIFE, **{"return": 180.0, "spend": 1.0})
    found = em.worth(fit, CHANGE, draws=DRAWS)
    mean = np.average(by_journey(fit, em.Change(), "return"), axis=1, weights=tiny.design.weight)
    at_the_mean = 180 * sum((mean / 1.1) ** t for t in (1, 2, 3))
    assert (found.before[0, 0] > at_the_mean).all()


def test_leaving_is_not_coming_again(tiny: Fit) -> None:
    """Retention of an undesirable behaviour is its absence."""
    fit = valued(tiny, {"retention": "complain", "margin": 10.0, "horizon": 2})
    found = em.worth(fit, CHANGE, draws=DRAWS)
    assert found.outcomes == ("return", "complain", "spend")
    kept = 1 - by_journey(fit, em.Change(), "complain")
    expected = np.average(10 * (kept + kept**2), axis=1, weights=tiny.design.weight)
    assert found.before[1, 0] == pytest.approx(expected, rel=1e-4)


def test_nothing_changes_nothing(money: Fit) -> None:
    found = em.worth(money, em.Change(), draws=DRAWS)
    assert not (found.after - found.before).any()


def test_the_customers_own_value_is_the_margin(tiny: Fit) -> None:
    own = np.random.default_rng(1).lognormal(3, 1, tiny.design.n_journeys)
    own[3] = np.nan
    fit = with_customers(tiny, own, LIFE | {"margin": "customer_value"})
    found = em.worth(fit, CHANGE, draws=DRAWS)
    known = np.isfinite(own)
    comes = by_journey(fit, em.Change(), "return")[:, known]
    each = own[known] * sum((comes / 1.1) ** t for t in (1, 2, 3))
    expected = np.average(each, axis=1, weights=tiny.design.weight[known])
    assert found.before[0, 0] == pytest.approx(expected, rel=1e-4)


def test_customer_value_weighs_and_compares(tiny: Fit) -> None:
    own = np.random.default_rng(1).lognormal(3, 1, tiny.design.n_journeys)
    fit = with_customers(tiny, own)
    weighed = em.worth(fit, CHANGE, draws=DRAWS, weight="value")
    comes = 180 * by_journey(fit, em.Change(), "return")
    expected = np.average(comes, axis=1, weights=tiny.design.weight * own)
    assert weighed.before[0, 0] == pytest.approx(expected, rel=1e-4)
    assert "averaged by customer value" in weighed.summary()
    thirds = em.worth(fit, CHANGE, draws=DRAWS, by="value")
    assert thirds.segments == (ALL, "low value", "middle value", "high value")


def test_small_groups_are_hidden(money: Fit) -> None:
    shown = em.worth(money, CHANGE, draws=DRAWS)
    assert shown.segments == (ALL, "business", "leisure")
    few = np.arange(40) < 5
    member = money.data["membership"].copy(data=np.stack([few, ~few], axis=1).astype(float))
    small = replace(money, data=money.data.assign(membership=member))
    assert em.worth(small, CHANGE, draws=DRAWS).segments == (ALL,)
    with pytest.raises(InputProblems, match="not shown"):
        em.worth(small, CHANGE, draws=DRAWS).gained("business")


def test_costs(tiny: Fit) -> None:
    fit = valued(tiny, {"journeys": 1000, "currency": "EUR"})
    plain = em.worth(fit, CHANGE, draws=DRAWS)
    found = em.worth(fit, CHANGE, draws=DRAWS, cost=2.0, fixed=500.0)
    assert found.cost == 2.5
    assert found.gained() == pytest.approx(plain.gained() - 2.5)
    balance = found.balance().set_index(["quantity", "of"])["mean"]
    left = balance["worth", "a journey"] - 2.5
    assert balance["worth less cost", "a year"] == pytest.approx(1000 * left)
    assert balance["worth per cost", "a journey"] == pytest.approx(plain.gained().mean() / 2.5)
    table = found.table()
    total = table[table["outcome"] == TOTAL].set_index("segment")
    parts = table[(table["outcome"] != TOTAL) & (table["segment"] == ALL)]
    assert total.loc[ALL, "difference"] == pytest.approx(parts["difference"].sum())
    segments = total.loc[["business", "leisure"], "all_journeys"]
    shares = tiny.design.weight @ tiny.design.membership / tiny.design.weight.sum()
    expected = 1000 * shares * total.loc[["business", "leisure"], "difference"]
    assert segments.tolist() == pytest.approx(expected.tolist())


def test_values_of_another_codebook(tiny: Fit) -> None:
    other = book_of(tiny, LIFE)
    assert em.worth(tiny, CHANGE, codebook=other, draws=DRAWS).before == pytest.approx(
        em.worth(valued(tiny, LIFE), CHANGE, draws=DRAWS).before
    )


def test_a_simulation_will_do(money: Fit) -> None:
    simulated = em.simulate(money, CHANGE, draws=DRAWS)
    found = em.worth(money, simulated, draws=DRAWS)
    assert found.after == pytest.approx(em.worth(money, CHANGE, draws=DRAWS).after)
    assert found.claim == simulated.claim
    assert found.warnings == simulated.warnings


@pytest.mark.parametrize("change", [CHANGE, em.Change(), em.Change().remove("room")], ids=str)
def test_it_claims_what_the_simulation_claims(money: Fit, change: em.Change) -> None:
    for fit in (money, money.under(em.Assumptions())):
        simulated = em.simulate(fit, change, draws=2)
        assert claim_of(fit, change, simulated.outcomes) == simulated.claim


def test_a_rebuilt_journey_is_claimed_as_little_as_anything(money: Fit) -> None:
    fit = money.under(em.Assumptions())
    weakest = claim_of(fit, em.Change(), ("return",))
    assert claim_of(fit, CHANGE.remove("check-out"), ("return",)) == weakest


def test_a_group_of_unknown_worth_is_left_out(tiny: Fit) -> None:
    own = np.where(tiny.design.membership[:, 0] > 0, np.nan, 20.0)
    fit = with_customers(tiny, own, LIFE | {"margin": "customer_value"})
    assert em.worth(fit, CHANGE, draws=DRAWS).segments == (ALL, "leisure")


def test_words_and_figure(money: Fit) -> None:
    found = em.worth(money, CHANGE, draws=DRAWS, cost=1.0)
    text = found.summary()
    assert "EUR" in text
    assert "chance of gain" in text
    assert "Try it out before you rely on it." in text
    assert found.plot().axes
    assert found.draws.dims == ("outcome", "segment", "sample")


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"by": "town"}, "by 'town'"),
        ({"weight": "age"}, "weight 'age'"),
        ({"cost": -1.0}, "cost: -1.0 is not a cost"),
        ({"cost": float("nan")}, "cost: nan is not a cost"),
        ({"fixed": 10.0}, "fixed: of how many journeys is not known"),
        ({"draws": 0}, "draws: is 0"),
        ({"by": "value"}, "no customer value"),
    ],
)
def test_refusals(money: Fit, how: dict[str, Any], said: str) -> None:
    with pytest.raises(InputProblems) as caught:
        em.worth(money, CHANGE, **how)
    assert said in str(caught.value)


def test_without_values(tiny: Fit) -> None:
    with pytest.raises(InputProblems, match="no behaviour of the fit has one"):
        em.worth(tiny, CHANGE)
    with pytest.raises(InputProblems, match="cannot be 'upgrade'"):
        em.worth(valued(tiny), "upgrade")  # type: ignore[arg-type]
    with pytest.raises(InputProblems, match="did you mean 'return'"):
        valuation(tiny, "retrun")

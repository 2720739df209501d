"""What a simulation says beyond differences: paths, memory, winners, where uncertainty is from."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import emotion_models as em
from emotion_models.errors import InputProblems
from emotion_models.inference import Fit
from emotion_models.simulation import Simulation
from tests.inference.stored import with_posterior

DRAWS = 12
CHANGE = em.Change().at("check-in").lever("wait_minutes", to=0).at("room").emotion("joy", by=1)


@pytest.fixture
def fresh(tiny: Fit) -> Fit:
    return replace(tiny)


@pytest.fixture
def result(fresh: Fit) -> Simulation:
    return em.simulate(fresh, CHANGE, draws=DRAWS)


def test_paths_sum_to_the_difference(fresh: Fit) -> None:
    rebuilt = CHANGE.remove("check-out").add("bye", after="room", feels={"joy": 4})
    for change in (CHANGE, rebuilt):
        result = em.simulate(fresh, change, draws=DRAWS)
        for outcome in result.outcomes:
            parts = result.why(outcome).parts.sum(axis=(0, 1))
            whole = result.everybody(outcome)
            assert parts == pytest.approx(whole, abs=2e-6 * max(1, np.abs(whole).max()))


def test_a_path_that_is_cut_contributes_nothing(fresh: Fit) -> None:
    fit = with_posterior(fresh, bond_effect=np.zeros_like)
    table = em.simulate(fit, CHANGE, draws=DRAWS).why("return").table()
    through = table[table["through"] != "memory"]
    assert (through["contribution"] == 0).all()


def test_paths_say_where(result: Simulation) -> None:
    table = result.why("return").table()
    paths = list(table["path"])
    assert "joy at check-in, room -> remembered joy -> trust -> return" in paths
    assert "worry at check-in -> remembered worry -> return" in paths
    assert table["share"].sum() == pytest.approx(1)
    assert result.why("return").summary().startswith("return: +")
    assert result.why("return").plot().axes
    with pytest.raises(InputProblems, match="did you mean 'return'"):
        result.why("retrun")


def test_what_is_remembered(fresh: Fit) -> None:
    """By another route: memory of changed ratings, as `memory` itself says it."""
    result = em.simulate(fresh, em.Change().at("room").emotion("joy", to=4), draws=DRAWS)
    table = result.remembered().table().set_index("name")
    assert table.loc["joy", "difference"] > 0
    others = table.loc[["gratitude", "frustration", "worry"], "difference"]
    assert (others == 0).all()
    scores = fresh.design.ratings.score[:, :, 0]
    low, high = scores.min() * 4, scores.max() * 4
    assert low <= table.loc["joy", "before"] <= high
    everything = em.Change()
    for place in fresh.design.touchpoints:
        everything = everything.at(place).emotion("joy", to=4)
    full = em.simulate(fresh, everything, draws=DRAWS).remembered().table().set_index("name")
    rated = (fresh.design.ratings.rated[:, :, 0]).any(axis=0).all()
    if rated:
        assert full.loc["joy", "after"] == pytest.approx(4.0, abs=1e-4)


def test_recall_goes_with_what_happens(fresh: Fit) -> None:
    result = em.simulate(fresh, em.Change().remove("room"), draws=DRAWS)
    table = result.remembered().table().set_index("name")
    assert np.isnan(table.loc["room", "after"])
    assert 0 < table.loc["room", "before"] < 1
    assert "room: " in result.remembered().summary()
    assert "is gone" in result.remembered().summary()
    observed = fresh.data["recall"].to_numpy().T
    for t, place in enumerate(fresh.design.touchpoints):
        share = (observed[t][observed[t] >= 0]).mean()
        assert table.loc[place, "before"] == pytest.approx(share, abs=0.2)


def test_winners_are_groups(result: Simulation) -> None:
    winners = result.winners()
    table = winners.table()
    assert set(table["group"]) >= {"(all)", "leisure", "business"}
    assert ((table["better"] + table["worse"]) <= 1 + 1e-9).all()
    assert (table["people"] >= 10).all()
    mean = table[(table["outcome"] == "return") & (table["group"] == "(all)")]["difference"].item()
    assert mean == pytest.approx(result.everybody("return").mean(), abs=1e-5)
    assert winners.plot().axes
    few = result.fit.design.membership.copy()
    few[:, 0] = 0
    few[:3, 0] = 1
    few[:, 1] = 1 - few[:, 0]
    fit = replace(result.fit)
    fit.__dict__["design"] = replace(result.fit.design, membership=few)
    hidden = replace(result, fit=fit).winners()
    assert set(hidden.table()["kind"]) <= {"everybody", "customer value"}
    assert "are not shown" in hidden.summary()


def test_where_uncertainty_comes_from(fresh: Fit) -> None:
    result = em.simulate(fresh, CHANGE, draws=DRAWS)
    found = result.uncertainty("return")
    table = found.table().set_index("source")
    assert table.loc[["parameters", "memory weights"], "size"].min() > 0
    gain = result.gain[result.outcomes.index("return")]
    assert fresh.design.n_respondents == fresh.design.n_journeys
    weight = fresh.design.weight / fresh.design.weight.sum()
    expected = np.sqrt((weight**2 * (gain - weight @ gain) ** 2).sum())
    assert table.loc["people", "size"] == pytest.approx(expected)
    strong = result.uncertainty("return", strength=0.1).table().set_index("source")
    assert strong.loc["unmeasured cause", "size"] > table.loc["unmeasured cause", "size"] > 0
    same = lambda w: np.broadcast_to(w[:1, :1], w.shape).copy()  # noqa: E731
    known = with_posterior(fresh, memory_weight=same, salience=same)
    fixed = em.simulate(known, CHANGE, draws=DRAWS)
    sizes = fixed.uncertainty("return").table().set_index("source")["size"]
    assert sizes["memory weights"] == pytest.approx(0, abs=1e-6)
    assert sizes["parameters"] == pytest.approx(fixed.everybody("return").std(), rel=1e-4)
    rules = result.uncertainty("return", rules={"other": em.simulate(known, CHANGE, draws=DRAWS)})
    assert "memory rule" in set(rules.table()["source"])
    assert rules.plot().axes
    with pytest.raises(InputProblems, match="strength: is 1"):
        result.uncertainty("return", strength=1.0)


def test_the_curve_follows_the_journey(fresh: Fit) -> None:
    change = em.Change().remove("room").add("bye", after="check-out", feels={"joy": 4})
    curve = em.simulate(fresh, change, draws=DRAWS).curve()
    after = curve[curve["when"] == "after"]
    assert list(dict.fromkeys(after["touchpoint"])) == ["check-in", "check-out", "bye"]
    bye = after[(after["touchpoint"] == "bye") & (after["emotion"] == "joy")]
    assert bye["mean"].tolist() == [4.0]
    assert len(curve[curve["when"] == "before"]) == len(fresh.emotion_curve())

"""Journeys rebuilt: touchpoints removed, moved, repeated, merged, added, and for whom."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import emotion_models as em
from emotion_models.errors import InputProblems
from emotion_models.inference import Fit
from emotion_models.inference.estimands import averaged
from emotion_models.models.changed_journeys import JourneyChange
from emotion_models.simulation.block import Block, blocks
from emotion_models.simulation.engine import changed_ratings
from emotion_models.simulation.plan import make_plan
from emotion_models.simulation.remembering import lived_after, lived_before, remembered_after
from tests import oracle
from tests.inference.stored import with_posterior

DRAWS = 3
PLACES = ("check-in", "room", "check-out")


@pytest.fixture
def fresh(tiny: Fit) -> Fit:
    return replace(tiny)


def block_of(fit: Fit) -> Block:
    (found,) = blocks(fit, DRAWS)
    return found


def same(fit: Fit, change: em.Change) -> bool:
    result = em.simulate(fit, change, draws=DRAWS)
    return np.array_equal(result.before, result.after)


# --- by hand ---------------------------------------------------------------------------------


def features(fit: Fit, draw: oracle.Draw, order: list[int], ratings: Any, e: int) -> float:
    """Remembered intensity of an emotion, not centred, of moments in an order; by the formulas."""
    moments = [(t, ratings[t][e]) for t in order if ratings[t][e] >= 0]
    top = oracle.top_of(fit, e)
    salience, emotion = draw.all("salience"), fit.design.emotions[e]
    weight = dict(zip(fit.model.memory, draw.all("memory_weight", emotion=emotion), strict=True))
    share = sum(salience[t] for t, _ in moments)
    parts = {
        "mean": sum(salience[t] * value for t, value in moments) / share,
        "peak": max(value for _, value in moments),
        "end": moments[-1][1],
        "first": moments[0][1],
    }
    return sum(weight[name] * parts[name] / top for name in fit.model.memory)


@pytest.mark.parametrize(
    ("change", "rebuild"),
    [
        (em.Change().remove("room"), lambda order: [t for t in order if t != 1]),
        (em.Change().repeat("room", after="check-out"),
         lambda order: [x for t in order for x in ([t, 1] if t == 2 and 1 in order else [t])]),
        (em.Change().reorder(("check-out", "room", "check-in")),
         lambda order: sorted(order, key=(2, 1, 0).index)),
        (em.Change().move("check-out", before="check-in"),
         lambda order: [2, *[t for t in order if t != 2]] if {0, 2} <= {*order} and
         order.index(0) == 0 else None),
    ],
    ids=["remove", "repeat", "reorder", "move"],
)  # fmt: skip
def test_against_the_formulas(fresh: Fit, change: em.Change, rebuild: Any) -> None:
    block, plan = block_of(fresh), make_plan(fresh, change)
    felt = remembered_after(block, plan, {})
    position = fresh.design.ratings.position
    kept = np.linspace(0, oracle.n_draws(fresh) - 1, DRAWS).round().astype(int)
    checked = moved = 0
    for s, index in enumerate(kept):
        draw = oracle.Draw(fresh, int(index))
        for j in range(fresh.design.n_journeys):
            order = [t for t in np.argsort(position[:, j]).tolist() if position[t, j] >= 0]
            after = rebuild(order)
            if not after:
                continue
            ratings = oracle.ratings_of(fresh, j)
            for e in range(len(fresh.design.emotions)):
                if not any(ratings[t][e] >= 0 for t in after):
                    continue
                if not any(ratings[t][e] >= 0 for t in order):
                    continue
                old = features(fresh, draw, order, ratings, e)
                new = features(fresh, draw, after, ratings, e)
                found = felt[e][s, j] if e in felt else 0.0
                assert found == pytest.approx(new - old, abs=2e-6)
                checked += 1
                moved += abs(new - old) > 1e-3
    assert checked > 200
    assert moved > 30


# --- exactly nothing -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        em.Change().move("room", after="check-out").move("room", before="check-out"),
        em.Change().reaching(0).remove("room"),
        em.Change().among(segment="leisure").reaching(0.0).repeat("room"),
        em.Change().at("room").emotion("joy", times=1),
        em.Change().at("check-in").lever("wait_minutes", times=1),
    ],
)
def test_nothing_is_exactly_nothing(fresh: Fit, change: em.Change) -> None:
    assert same(fresh, change)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.permutations(PLACES))
def test_reordered_and_back_is_nothing(tiny: Fit, order: list[str]) -> None:
    """In journeys that all go the same way."""
    data = tiny.data.copy()
    visited = data["visited"].transpose("journey", "touchpoint").to_numpy()
    position = np.where(visited, visited.cumsum(axis=1) - 1, -1)
    fit = replace(tiny, data=data.assign(position=(("journey", "touchpoint"), position)))
    back = em.Change().reorder(order).reorder(PLACES)
    assert same(fit, back)


def test_the_two_ways_agree(fresh: Fit) -> None:
    """Moved ratings through features anew, and through their difference."""
    block = block_of(fresh)
    change = em.Change().at("room").emotion("joy", by=1).at("check-in").lever("wait_minutes", to=0)
    plan = make_plan(fresh, change)
    from emotion_models.simulation.engine import changed_ratings
    from emotion_models.simulation.remembering import scores_after

    moved = changed_ratings(block, plan)
    quick = remembered_after(block, plan, moved)
    scores = scores_after(block, plan, moved)
    anew = JourneyChange(block.memory, lived_before(block), lived_after(block, plan, scores)).after
    for e, change_of in quick.items():
        found = anew.get(e, np.zeros_like(change_of))
        assert found == pytest.approx(change_of, abs=2e-6)


# --- what it does ----------------------------------------------------------------------------


def test_ending_well_is_remembered_well(fresh: Fit) -> None:
    """With all weight on the end, what happens last is what is remembered."""

    def only_end(weight: Any) -> Any:
        end = np.zeros_like(weight)
        end[..., list(fresh.model.memory).index("end")] = 1.0
        return end

    fit = with_posterior(fresh, memory_weight=only_end)
    change = em.Change().add("farewell", after="check-out", feels={"joy": 4})
    block, plan = block_of(fit), make_plan(fit, change)
    felt = remembered_after(block, plan, {})
    joy = fit.design.emotions.index("joy")
    leaves = fit.design.ratings.position[2] >= 0
    last = np.where(fit.design.ratings.position == fit.design.ratings.position.max(axis=0), 1, 0)
    ends_there = leaves & (last[2] > 0) & (fit.design.ratings.answered[2, :, joy] > 0)
    score = fit.design.ratings.score[2, :, joy]
    assert ends_there.any()
    assert felt[joy][:, ends_there] == pytest.approx(
        np.broadcast_to(1 - score[ends_there], (DRAWS, ends_there.sum())), abs=1e-6
    )
    assert (felt[joy][:, ~leaves] == 0).all()


def test_merging_takes_the_average(fresh: Fit) -> None:
    block = block_of(fresh)
    plan = make_plan(fresh, em.Change().merge("room", into="check-in"))
    lived = lived_after(block, plan, {})
    ratings = fresh.design.ratings
    both = (ratings.position[0] >= 0) & (ratings.position[1] >= 0)
    assert not lived.answered[1][both].any()
    for e in range(4):
        rated = (ratings.answered[:2, :, e] > 0) & both
        expected = (ratings.score[:2, :, e] * rated).sum(axis=0) / np.maximum(rated.sum(axis=0), 1)
        here = rated.any(axis=0)
        assert lived.score(0, e)[0, here] == pytest.approx(expected[here])
        assert (lived.answered[0, both, e] == here[both]).all()


def test_an_added_touchpoint_like_another(fresh: Fit) -> None:
    """It can be changed by itself, and where its like was not met people answer as expected."""
    change = em.Change().add("lounge", like="room", after="check-in")
    here = change.at("lounge").emotion("joy", to=4)
    result = em.simulate(fresh, here, draws=DRAWS)
    assert result.felt["lounge", "joy"] == pytest.approx(np.full(DRAWS, 4.0))
    assert any("assumed to be felt as room is" in said for said in result.warnings)
    plain = em.simulate(fresh, change, draws=DRAWS)
    assert not np.array_equal(plain.after, result.after)
    upgraded = change.at("lounge").lever("upgrade", to=1)
    assert ("lounge", "joy") in em.simulate(fresh, upgraded, draws=DRAWS).felt


def test_only_those_it_is_for(fresh: Fit) -> None:
    change = em.Change().among(segment="leisure").at("room").emotion("joy", to=4)
    table = em.simulate(fresh, change).difference("return").table().set_index("segment")
    assert table.loc["business", "difference"] == 0
    assert table.loc["leisure", "difference"] != 0
    waiting = em.Change().among(where="wait_minutes at check-in > 20").at("room")
    plan = make_plan(fresh, waiting.emotion("joy", by=1))
    values = fresh.data["lever_value"].sel(lever="wait_minutes", touchpoint="check-in").to_numpy()
    visited = fresh.data["visited"].sel(touchpoint="check-in").to_numpy()
    assert (plan.emotions[1][0].who == ((values > 20) & visited)).all()


def test_a_larger_share_reaches_further_journeys(fresh: Fit) -> None:
    reached = []
    for share in (0.2, 0.5, 0.9):
        change = em.Change().reaching(share).at("room").emotion("joy", by=1)
        reached.append(make_plan(fresh, change).emotions[1][0].who)
        assert reached[-1].mean() == pytest.approx(share, abs=0.03)
    assert (reached[0] <= reached[1]).all()
    assert (reached[1] <= reached[2]).all()
    half = em.Change().reaching(0.5, adherence=0.4).at("room").emotion("joy", by=1)
    assert (make_plan(fresh, half).emotions[1][0].who == reached[0]).all()


def test_parts_of_points_add_up(fresh: Fit) -> None:
    plan = make_plan(fresh, em.Change().at("check-in").emotion("joy", by=0.4))
    from emotion_models.simulation.engine import changed_ratings

    (after,) = changed_ratings(block_of(fresh), plan).values()
    before = fresh.design.ratings.category[0, :, 0]
    free = (before >= 0) & (before < 4)
    assert set(np.unique(after[0, free] - before[free])) == {0, 1}
    assert (after[0, free] - before[free]).mean() == pytest.approx(0.4, abs=0.1)


def test_in_blocks_as_in_one(fresh: Fit, monkeypatch: pytest.MonkeyPatch) -> None:
    change = em.Change().remove("room").at("check-out").emotion("worry", by=-1).reaching(0.5)
    change = change.at("check-in").emotion("joy", by=1)
    whole = em.simulate(fresh, change, draws=DRAWS)
    from emotion_models.simulation import block

    monkeypatch.setattr(block, "TOGETHER", DRAWS * 7)
    monkeypatch.setattr(block, "KEPT", 0)
    seen: list[tuple[int, int]] = []
    parts = em.simulate(
        replace(fresh), change, draws=DRAWS, progress=lambda done, of: seen.append((done, of))
    )
    if fresh.design.n_respondents == fresh.design.n_journeys:
        assert seen == [(n, 6) for n in range(1, 7)]
    assert parts.before == pytest.approx(whole.before, rel=1e-6)
    assert parts.after == pytest.approx(whole.after, rel=1e-6)
    assert parts.gain == pytest.approx(whole.gain, abs=1e-6)


# --- refusals --------------------------------------------------------------------------------


def test_every_problem_at_once(fresh: Fit) -> None:
    here = em.Change().at("room")
    change = (
        em.Change().remove("rom").move("room", before="room").reorder(("room", "room"))
        .reorder(("room",)).add("room", after="check-in", feels={"joy": 9})
        .then(here.among(segment="expats").emotion("joy", by=1))
        .then(here.among(where="age > 400").emotion("joy", by=1))
        .then(here.among(where="wait_minutes > 3").emotion("joy", by=1))
        .then(here.among(where="age > old").emotion("joy", by=1))
        .then(here.emotion("joy", times=-1)).remove("room")
        .then(here.emotion("joy", by=1))
    )  # fmt: skip
    with pytest.raises(InputProblems) as caught:
        em.simulate(fresh, change)
    for said in ("no touchpoint 'rom'; did you mean 'room'?", "the same touchpoint twice",
                 "a touchpoint twice; name each once", "fewer than two touchpoints",
                 "there is a touchpoint 'room'; rename it", "9 is not on the scale",
                 "no group 'expats'", "'-1' is not a factor", "say 'at TOUCHPOINT'",
                 "step 12 (joy at room changed by +1): no touchpoint 'room'"):  # fmt: skip
        assert said in str(caught.value)


def test_the_last_touchpoint_stays(fresh: Fit) -> None:
    change = em.Change().remove("room").remove("check-in").remove("check-out")
    with pytest.raises(InputProblems, match="it is the last touchpoint; leave one"):
        em.simulate(fresh, change)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda c: c.among(segment="a", identity="b"), "both a segment and an identity"),
        (lambda c: c.among(where="age is 4"), "cannot read 'age is 4'; write e.g."),
        (lambda c: c.reaching(1.5), "share is 1.5; give a number from 0 to 1"),
        (lambda c: c.move("room"), "needs either before= or after="),
        (lambda c: c.add("x", after="room"), "nothing says how it feels"),
    ],
)
def test_what_cannot_be_meant(make: Any, words: str) -> None:
    with pytest.raises(InputProblems, match=words):
        make(em.Change())


# --- the kernel ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        em.Change().at("check-in").lever("wait_minutes", to=0).lever("channel", to="app"),
        em.Change().at("room").emotion("joy", by=0.5).emotion("worry", to=1)
        .emotion("joy", times=2),
        em.Change().among(segment="leisure").at("check-out").lever("wait_minutes", to=3)
        .at("check-in").emotion("frustration", by=-1).lever("wait_minutes", times=0.5),
        em.Change().remove("check-in"),
    ],
)  # fmt: skip
def test_the_kernel_says_what_whole_arrays_say(fresh: Fit, change: em.Change) -> None:
    block, plan = block_of(fresh), make_plan(fresh, change)
    result = em.simulate(fresh, change, draws=DRAWS)
    moved = changed_ratings(block, plan)
    felt = remembered_after(block, plan, moved)
    response = block.response
    shift = response.shift(response.total, felt)
    over = list(block.over.values())
    for o, name in enumerate(result.outcomes):
        before, after = response.mean(name), response.mean(name, shift)
        assert result.before[o] == pytest.approx(averaged(before, over), rel=3e-6)
        assert result.after[o] == pytest.approx(averaged(after, over), rel=3e-6)
        expected = after.mean(axis=0) - before.mean(axis=0)
        assert result.gain[o] == pytest.approx(expected, abs=3e-5)
    assert np.abs(result.gain).max() > 0.01

"""Simulation: counterfactuals by hand, exact zeros, paired draws, and clear refusals."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import xarray as xr

import emotion_models as em
from emotion_models.errors import InputProblems
from emotion_models.inference import Fit
from emotion_models.inference.estimands import ALL
from emotion_models.simulation import Simulation, engine
from emotion_models.simulation.abduction import abduct
from emotion_models.simulation.block import blocks
from emotion_models.simulation.plan import make_plan
from tests import oracle
from tests.inference.stored import with_posterior

DRAWS = 3
OUTCOMES = ("overall", "trust", "return", "recommend", "complain", "spend", "visits")


@pytest.fixture
def fresh(tiny: Fit) -> Fit:
    """The fit without anything cached."""
    return replace(tiny)


# --- by hand ---------------------------------------------------------------------------------


def counterfactual(fit: Fit, draw: oracle.Draw, s: int, j: int, new: dict[int, dict[str, float]]):
    """Ratings of a journey after its levers are set, with the noise that the engine abducted."""
    before = oracle.ratings_of(fit, j)
    after = [list(row) for row in before]
    journey = oracle.Journey(draw, j)
    for t, levers in new.items():
        latent = fit.cache["blocks", DRAWS][0].latent(t)[0][s, :, j]
        place = fit.design.touchpoints[t]
        old, changed = journey.exposure(t), journey.exposure(t, **levers)
        for e, emotion in enumerate(fit.design.emotions):
            if before[t][e] < 0:
                continue
            kappa = draw.all("rating_cutpoint", emotion=emotion)[: oracle.top_of(fit, e)]
            assert sum(float(latent[e]) > k for k in kappa) == before[t][e]
            moved = float(latent[e]) + sum(
                (changed[c] - old[c]) * journey.lever_effect(c, place, emotion) for c in old
            )
            after[t][e] = sum(moved > k for k in kappa)
    return before, after


def by_hand(fit: Fit, new: dict[int, dict[str, float]], shift: Any = None) -> np.ndarray:
    """Outcomes (before and after, outcome, draw, journey)."""
    found = np.zeros((2, len(OUTCOMES), DRAWS, fit.design.n_journeys))
    kept = np.linspace(0, oracle.n_draws(fit) - 1, DRAWS).round().astype(int)
    for s, index in enumerate(kept):
        draw = oracle.Draw(fit, int(index))
        for j in range(fit.design.n_journeys):
            before, after = counterfactual(fit, draw, s, j, new)
            after = shift(after) if shift else after
            journey = oracle.Journey(draw, j)
            for w, ratings in enumerate((before, after)):
                memory = journey.remembered(ratings)
                bond = journey.bond(memory)
                found[w, :, s, j] = [journey.expected(o, memory, bond) for o in OUTCOMES]
    return found


def assert_as_by_hand(fit: Fit, result: Simulation, expected: np.ndarray) -> None:
    for g, segment in enumerate(result.segments):
        mean = oracle.average(fit, expected, None if segment == ALL else segment)
        for o, _ in enumerate(OUTCOMES):
            for found, wanted in zip((result.before, result.after), mean, strict=True):
                assert found[o, g] == pytest.approx(wanted[o], rel=2e-6)
            moved = mean[1, o] - mean[0, o]
            assert result.after[o, g] - result.before[o, g] == pytest.approx(moved, abs=2e-5)


def test_levers_against_the_formulas(fresh: Fit) -> None:
    change = (
        em.Change().at("check-in").lever("wait_minutes", to=2).lever("channel", to="kiosk")
        .at("room").lever("upgrade", to=1)
    )  # fmt: skip
    result = em.simulate(fresh, change, draws=DRAWS)
    new = {0: {"wait_minutes": 2.0, "channel": 2.0}, 1: {"upgrade": 1.0}}
    assert_as_by_hand(fresh, result, by_hand(fresh, new))


def test_levers_and_emotions_against_the_formulas(fresh: Fit) -> None:
    change = (
        em.Change().at("check-out").lever("wait_minutes", to=0).emotion("worry", by=-1)
        .emotion("joy", to=4).at("room").emotion("joy", by=1)
    )  # fmt: skip
    result = em.simulate(fresh, change, draws=DRAWS)

    def shift(ratings: oracle.Ratings) -> oracle.Ratings:
        ratings = [list(row) for row in ratings]
        if ratings[2][3] >= 0:
            ratings[2][3] = max(ratings[2][3] - 1, 0)
        if ratings[2][0] >= 0:
            ratings[2][0] = 4
        if ratings[1][0] >= 0:
            ratings[1][0] = min(ratings[1][0] + 1, 4)
        return ratings

    assert_as_by_hand(fresh, result, by_hand(fresh, {2: {"wait_minutes": 0.0}}, shift))


def test_latent_intensity_against_the_formulas(fresh: Fit) -> None:
    from emotion_models.inference.elicited import rating_predictor_at

    for t in range(3):
        eta, kappa = rating_predictor_at(fresh, t, DRAWS)
        kept = np.linspace(0, oracle.n_draws(fresh) - 1, DRAWS).round().astype(int)
        for s, index in enumerate(kept):
            draw = oracle.Draw(fresh, int(index))
            for j in (0, 7, 21):
                journey = oracle.Journey(draw, j)
                for e in range(4):
                    assert eta[s, j, e] == pytest.approx(journey.latent(t, e), rel=1e-4, abs=1e-5)
            assert kappa[s, 0].tolist() == pytest.approx(draw.all("rating_cutpoint", emotion="joy"))


# --- abduction -------------------------------------------------------------------------------


def test_abducted_noise_is_logistic_given_the_answer() -> None:
    """Averaged over answers drawn from the model, the noise behind them is the model's own."""
    rng = np.random.default_rng(5)
    n = 40_000
    kappa = np.array([[[-1.0, 0.5, 2.0], [-0.3, -0.3, -0.3]]], dtype=np.float32)
    exists = np.array([[True, True, True], [True, False, False]])
    eta = rng.normal(0, 1, (1, n, 2)).astype(np.float32)
    noise = rng.logistic(size=(n, 2))
    above = (eta[0] + noise)[..., None] > kappa[0]
    category = (above & exists).sum(axis=-1).astype(np.int8)
    category[: n // 4] = -1
    latent = abduct(rng, category, eta, kappa, exists)[0]
    again = ((latent[..., None] > kappa[0]) & exists).sum(axis=-1)
    assert (again == category)[category >= 0].all()
    probability = 1 / (1 + np.exp(-(latent - eta[0])))
    for e in range(2):
        for part in (probability[: n // 4, e], probability[n // 4 :, e]):
            share = np.histogram(part, bins=10, range=(0, 1))[0] / part.size
            assert share == pytest.approx(np.full(10, 0.1), abs=0.01)


# --- exact zeros and pairs -------------------------------------------------------------------


def assert_nothing_changes(result: Simulation) -> None:
    assert np.array_equal(result.before, result.after)
    assert (result.table()["difference"] == 0).all()
    assert (result.table()["p_harm"] == 0).all()


def test_no_change_is_exactly_no_difference(fresh: Fit) -> None:
    assert_nothing_changes(em.simulate(fresh, em.Change()))
    still = em.Change().at("room").emotion("joy", by=0).at("check-in").lever("wait_minutes", by=0)
    assert_nothing_changes(em.simulate(fresh, still))


def test_a_lever_set_to_what_it_was(fresh: Fit) -> None:
    """Setting is not moving: journeys that had the value keep their answers exactly."""
    data = fresh.data.copy()
    values = data["lever_value"].to_numpy().copy()
    wait = [str(name) for name in data["lever"].values].index("wait_minutes")
    values[:, 0, wait] = 12.0
    data["lever_value"] = (data["lever_value"].dims, values)
    fit = replace(fresh, data=data)
    still = em.Change().at("check-in").lever("wait_minutes", to=12)
    assert_nothing_changes(em.simulate(fit, still))


def test_a_lever_without_effect(fresh: Fit) -> None:
    none = dict.fromkeys(("lever_effect", "lever_departure"), np.zeros_like)
    fit = with_posterior(fresh, **none)
    change = em.Change().at("check-in").lever("wait_minutes", to=0).lever("channel", to="app")
    assert_nothing_changes(em.simulate(fit, change))


def test_draws_are_paired(fresh: Fit) -> None:
    faster = em.Change().at("check-in").lever("wait_minutes", to=0)
    first, again = em.simulate(fresh, faster), em.simulate(replace(fresh), faster)
    assert np.array_equal(first.after, again.after)
    other = em.simulate(fresh, em.Change().at("room").emotion("joy", by=1))
    assert np.array_equal(first.before, other.before)
    assert not np.array_equal(first.before, first.after)


def test_one_touchpoint_at_a_time_or_in_any_order(fresh: Fit) -> None:
    one = em.Change().at("room").emotion("joy", by=1)
    both = one.at("check-in").emotion("joy", by=-1)
    flipped = em.Change().at("check-in").emotion("joy", by=-1).at("room").emotion("joy", by=1)
    assert em.simulate(fresh, both).after == pytest.approx(em.simulate(fresh, flipped).after)
    back = one.emotion("joy", by=-1)
    unclipped = fresh.design.ratings.category[1, :, 0].max() == 4
    assert unclipped  # somebody is at the top already, so up and down again is not nothing
    assert not np.array_equal(em.simulate(fresh, back).after, em.simulate(fresh, back).before)


# --- direction and limits --------------------------------------------------------------------


def test_less_wait_means_less_frustration(fresh: Fit) -> None:
    """With negative effects of waiting on pleasant emotions, and positive on unpleasant ones."""
    sign = np.sign(fresh.design.valence)
    fit = with_posterior(
        fresh,
        lever_effect=lambda x: -np.abs(x) * sign,
        lever_departure=np.zeros_like,
    )
    means = []
    for minutes in (40, 20, 5, 0):
        result = em.simulate(fit, em.Change().at("check-in").lever("wait_minutes", to=minutes))
        means.append([result.felt["check-in", name] for name in ("frustration", "joy")])
    for shorter, longer in zip(means[1:], means[:-1], strict=True):
        assert (shorter[0] <= longer[0]).all()
        assert (shorter[1] >= longer[1]).all()
    assert (means[-1][0] < means[0][0]).all()


@pytest.mark.parametrize("points", [-9, -1, 1, 2, 9])
def test_shifts_stay_within_the_scale(fresh: Fit, points: float) -> None:
    plan = make_plan(fresh, em.Change().at("room").emotion("worry", by=points))
    (block,) = blocks(fresh, DRAWS)
    (moved,) = engine.changed_ratings(block, plan).values()
    before = fresh.design.ratings.category[1, :, 3]
    expected = np.where(before < 0, -1, np.clip(np.round(before + points), 0, 2))
    assert moved.shape == (1, 40)  # the same in every draw
    assert (moved == expected).all()


def test_a_value_of_the_scale(fresh: Fit) -> None:
    result = em.simulate(fresh, em.Change().at("room").emotion("worry", to=3))
    assert result.felt["room", "worry"] == pytest.approx(np.full(52, 3.0))
    curve = result.curve().set_index(["touchpoint", "emotion", "when"])
    after = curve.loc[("room", "worry", "after")]
    assert after[["mean", "lower", "upper"]].tolist() == pytest.approx([3.0, 3.0, 3.0])
    before = fresh.emotion_curve().set_index(["touchpoint", "emotion"])
    for place in ("check-in", "check-out"):
        kept = curve.loc[(place, "worry", "after"), "mean"]
        assert kept == before.loc[(place, "worry"), "mean"]


def test_extrapolation_is_said(fresh: Fit) -> None:
    """Beyond what ten people met; whose value was the largest is nobody's business."""
    observed = fresh.data["lever_value"].sel(lever="wait_minutes", touchpoint="check-in")
    known = np.sort(observed.to_numpy()[np.isfinite(observed)])
    low, high = float(known[9]), float(known[-10])
    here = em.Change().at("check-in")
    assert em.simulate(fresh, here.lever("wait_minutes", to=high)).warnings == ()
    assert em.simulate(fresh, here.lever("wait_minutes", by=0)).warnings == ()
    result = em.simulate(fresh, here.lever("wait_minutes", to=45))
    assert result.warnings == (
        f"wait_minutes at check-in goes beyond {low:g} to {high:g}, where fewer than 10 people "
        "were: extrapolated",
    )
    assert "note: wait_minutes at check-in goes beyond" in result.summary()
    moved = em.simulate(fresh, here.lever("wait_minutes", by=1000))
    assert np.array_equal(moved.after, result.after)  # stops at the codebook's maximum


def test_a_category_nobody_met(fresh: Fit) -> None:
    data = fresh.data.copy()
    place = {"lever": "channel", "touchpoint": "check-in"}
    desk = data["lever_value"].copy()
    desk.loc[place] = 0.0
    fit = replace(fresh, data=data.assign(lever_value=desk))
    result = em.simulate(fit, em.Change().at("check-in").lever("channel", to="app"))
    assert result.warnings == (
        "channel at check-in set to app: never observed there, extrapolated",
    )


# --- refusals --------------------------------------------------------------------------------

BAD_SAYS = """\
change: 12 problems
  - step 1 (wait_minutes at chekin set to 5): no touchpoint 'chekin'; did you mean 'check-in'?
  - step 2 (upgraed at check-in set to 5): no lever 'upgraed'; did you mean 'upgrade'?
  - step 3 (upgrade at check-in set to 1): 'upgrade' is not at 'check-in'; it exists at room
  - step 4 (wait_minutes at check-in set to 99): 99 is not possible; the codebook says 0 to 45
  - step 5 (wait_minutes at check-in set to soon): 'soon' is not a number; give a number
  - step 6 (channel at check-in changed by +1): a category cannot be moved by an amount; use to=
  - step 7 (channel at check-in set to desks): no category 'desks'; did you mean 'desk'?
  - step 8 (joyful at room changed by +1): no emotion 'joyful'; did you mean 'joy'?
  - step 9 (worry at room set to 4): 4 is not on the scale; its values are 1, 2, 3
  - step 10 (upgrade at room set to 2): a yes/no lever is set to 0 or 1; use to=0 or to=1
  - step 11 (joy at room changed by +nan): 'nan' is not a number; give a number
  - step 12 (upgrade at room changed by +1): a yes/no lever is set to 0 or 1; use to=0 or to=1"""


def test_every_problem_at_once(fresh: Fit) -> None:
    change = (
        em.Change()
        .at("chekin").lever("wait_minutes", to=5)
        .at("check-in").lever("upgraed", to=5).lever("upgrade", to=1)
        .lever("wait_minutes", to=99).lever("wait_minutes", to="soon")
        .lever("channel", by=1).lever("channel", to="desks")
        .at("room").emotion("joyful", by=1).emotion("worry", to=4).lever("upgrade", to=2)
        .emotion("joy", by=float("nan")).lever("upgrade", by=1)
    )  # fmt: skip
    with pytest.raises(InputProblems) as caught:
        em.simulate(fresh, change)
    assert str(caught.value) == BAD_SAYS


def test_without_outcomes(fresh: Fit) -> None:
    bare = replace(fresh, model=fresh.model.model_copy(update={"outcomes": False}))
    with pytest.raises(InputProblems, match="fit: has no outcomes"):
        em.simulate(bare, em.Change().at("room").emotion("joy", by=1))


def test_without_elicitation_emotions_may_be_moved_but_not_levers(fresh: Fit) -> None:
    bare = replace(fresh, model=fresh.model.model_copy(update={"elicitation": False}))
    people = fresh.posterior["people"].to_dataset().drop_vars(["style", "mood", "affect"])
    posterior = fresh.posterior.copy()
    posterior["people"].dataset = people
    bare = replace(bare, posterior=posterior)
    emotion = em.Change().at("room").emotion("joy", by=1)
    assert np.array_equal(em.simulate(bare, emotion).after, em.simulate(fresh, emotion).after)
    with pytest.raises(InputProblems, match="the fit has no stage 1; fit with elicitation=True"):
        em.simulate(bare, emotion.lever("upgrade", to=1))


def test_draws_must_be_some(fresh: Fit) -> None:
    with pytest.raises(InputProblems, match="draws: is 0"):
        em.simulate(fresh, em.Change(), draws=0)


# --- what is shown ---------------------------------------------------------------------------


def test_table_and_words(fresh: Fit) -> None:
    result = em.simulate(fresh, em.Change().at("check-in").lever("wait_minutes", to=0))
    table = result.table()
    assert list(table) == [
        "outcome", "segment", "before", "after", "difference", "lower", "upper", "p_harm",
        "p_better", "unit", "claim",
    ]  # fmt: skip
    assert len(table) == 8 * 3
    assert (table["p_harm"] + table["p_better"]).to_numpy() == pytest.approx(np.ones(24))
    gain = table["after"] - table["before"]
    assert table["difference"].to_numpy() == pytest.approx(gain.to_numpy(), abs=1e-9)
    complain = result.difference("complain").table()
    draws = result.draws.sel(outcome="complain", segment=ALL)
    assert complain["p_harm"][0] == float((draws > 0).mean())  # more complaints are harm
    overall = table[(table["outcome"] == "overall") & (table["segment"] == ALL)]
    assert overall["before"].item() == pytest.approx(result.before[0, 0].mean() + 1)  # scale 1..5
    assert isinstance(result.draws, xr.DataArray)
    words = result.difference("return").summary()
    assert words.startswith("wait_minutes at check-in set to 0 (adjusted; 90% intervals):")
    assert "return: " in words
    assert "of 100, between" in words
    assert repr(result) == result.summary()
    assert result._repr_html_().startswith("<pre>")
    assert repr(result.difference("return")) == words
    assert result.plot().axes
    with pytest.raises(InputProblems, match="outcome 'retrun': not here; did you mean 'return'"):
        result.difference("retrun")


def test_a_remembered_unpleasant_emotion_is_not_desirable(fresh: Fit) -> None:
    result = em.simulate(fresh, em.Change())
    good = {name for name, more in result.desirable.items() if more}
    assert set(result.outcomes) - good == {"complain", "frustration_kept"}


def test_results_are_not_shared(fresh: Fit) -> None:
    curve = fresh.emotion_curve()
    curve.loc[:, "mean"] = 0.0
    assert (fresh.emotion_curve()["mean"] > 0).any()


def test_levers_that_move_one_segment_alone(fresh: Fit) -> None:
    """Departures that cancel the common effect in one segment: nothing changes there."""
    draws = fresh.posterior["posterior"].to_dataset()
    common = draws["lever_effect"]
    departures = xr.concat([-common, 0 * common], "segment").assign_coords(
        segment=list(fresh.design.segments)
    )
    tree = fresh.posterior.copy()
    tree["posterior"] = draws.assign(
        lever_effect_in_segment=departures.transpose("chain", "draw", "segment", ...),
        lever_departure=0 * draws["lever_departure"],
    )
    model = fresh.model.with_options({"levers_by_segment": True})
    fit = replace(fresh, model=model, posterior=tree)
    change = em.Change().at("check-in").lever("wait_minutes", to=0)
    table = em.simulate(fit, change).difference("return").table().set_index("segment")
    still, moved = (str(name) for name in fit.design.segments)
    assert table.loc[still, "difference"] == 0
    plain = replace(fresh, posterior=tree)
    expected = em.simulate(plain, change).difference("return").table().set_index("segment")
    assert table.loc[moved, "difference"] == pytest.approx(expected.loc[moved, "difference"])
    assert table.loc[moved, "difference"] != 0

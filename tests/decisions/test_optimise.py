"""The best set of changes against every set simulated, and what may be asked."""

from __future__ import annotations

import importlib
import itertools
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import emotion_models as em
from emotion_models.decisions import Optimum
from emotion_models.decisions.space import make_space, units_moved
from emotion_models.errors import InputProblems
from emotion_models.inference import Fit
from tests.decisions.valued import valued

DRAWS = 16
WAIT = em.Option.lever("check-in", "wait_minutes", by=[-5, -15], cost_per_unit=0.1)
CHANNEL = em.Option.lever("check-in", "channel", to=["app", "kiosk"], cost=[0.5, 1.5])
UPGRADE = em.Option.lever("room", "upgrade", to=[1], cost=4)
JOY = em.Option.emotion("check-out", "joy", by=[1], cost=2)
OPTIONS = (WAIT, CHANNEL, UPGRADE, JOY)


@pytest.fixture(scope="module")
def money(tiny: Fit) -> Fit:
    return valued(tiny, {"journeys": 1000})


@pytest.fixture(scope="module")
def best(money: Fit) -> Optimum:
    return em.optimise(money, OPTIONS, budget=6, draws=DRAWS)


def everything(fit: Fit, options: Sequence[em.Option]) -> list[tuple[em.Change, float, np.ndarray]]:
    """Every combination with its cost and its simulated gain by draw."""
    found = []
    for chosen in itertools.product(*[(None, *option.settings) for option in options]):
        change, cost = em.Change(), 0.0
        for setting in chosen:
            if setting is not None:
                change = change.then(setting.change)
                cost += setting.cost + setting.cost_per_unit * units_moved(fit, setting.change)
        gain = em.worth(fit, change, draws=DRAWS, by="everybody").gained()
        found.append((change, cost, gain))
    return found


def test_the_best_of_all_sets(money: Fit, best: Optimum) -> None:
    every = everything(money, OPTIONS)
    allowed = [one for one in every if one[1] <= 6]
    change, cost, gain = max(allowed, key=lambda one: one[2].mean() - one[1])
    assert best.combinations == len(every)
    assert best.change == change
    assert best.costs[best.best] == pytest.approx(cost)
    assert best.values[:, best.best] == pytest.approx(gain, abs=1e-4)
    for label, own in zip(best.changes, best.values.T, strict=True):
        (expected,) = (gain for change, _, gain in every if change == label)
        assert own == pytest.approx(expected, abs=1e-4)


def test_regret_and_chances_are_those_of_the_sets_within_the_budget(best: Optimum) -> None:
    net = best.scores[:, best.within]
    table = best.table()
    assert len(table) == int(best.within.sum())
    assert table["p_best"].sum() == pytest.approx(1)
    assert table["regret"].min() == pytest.approx(best.evpi)
    lost = (net.max(axis=1) - best.scores[:, best.best]).mean()
    assert table["regret"][0] == pytest.approx(lost)
    assert (table["net"] == table["difference"] - table["cost"]).all()
    assert (table["cost"] <= 6).all()
    assert "no change" in set(table["choice"])


def test_the_frontier_never_falls(best: Optimum) -> None:
    frontier = best.frontier()
    assert frontier["budget"].is_monotonic_increasing
    assert frontier["difference"].is_monotonic_increasing
    assert frontier["budget"][0] == 0
    assert best.plot().axes


def test_a_bad_guess_is_made_up_for(money: Fit, monkeypatch: pytest.MonkeyPatch) -> None:
    """Turned upside down, guesses are far off: more and more sets are simulated."""
    module = importlib.import_module("emotion_models.decisions.optimise")
    guessed = module.guessed

    def upside_down(*given: Any) -> Any:
        guess = guessed(*given)
        return replace(guess, mean=-guess.mean)

    monkeypatch.setattr(module, "guessed", upside_down)
    found = em.optimise(money, OPTIONS, draws=DRAWS)
    best = max(everything(money, OPTIONS), key=lambda one: one[2].mean() - one[1])
    assert found.change == best[0]
    assert found.unsure == 0
    assert found.gap > 1
    monkeypatch.setattr(module, "MOST_FINALISTS", 12)
    short = em.optimise(money, OPTIONS, draws=DRAWS)
    assert short.unsure > 0
    assert "further ones might be better" in short.summary()


def test_one_size_needs_no_list() -> None:
    """A word is one size, not its letters."""
    one = em.Option.lever("check-in", "channel", to="app", cost=1)
    assert one == em.Option.lever("check-in", "channel", to=["app"], cost=1)
    wait = em.Option.lever("check-in", "wait_minutes", by=-5)
    assert wait == em.Option.lever("check-in", "wait_minutes", by=[-5])
    assert em.Option.emotion("room", "joy", by=1) == em.Option.emotion("room", "joy", by=[1])


def test_no_money_no_change(money: Fit) -> None:
    found = em.optimise(money, OPTIONS, budget=0, draws=DRAWS)
    assert found.change == em.Change()
    assert found.labels[found.best] == "no change"


def test_less_of_what_is_undesirable(money: Fit) -> None:
    found = em.optimise(money, OPTIONS, objective="complain", draws=DRAWS)
    gains = [
        em.simulate(money, change, draws=DRAWS).everybody("complain").mean()
        for change, _, _ in everything(money, OPTIONS)
    ]
    assert found.values[:, found.best].mean() == pytest.approx(min(gains), abs=1e-6)
    assert found.sign == -1


def test_what_excludes_each_other(money: Fit) -> None:
    options = em.Options(OPTIONS, exclude=((UPGRADE.name, JOY.name),))
    found = em.optimise(money, options, draws=DRAWS)
    assert found.combinations == 9 * 3
    for taken in found.settings:
        assert not {UPGRADE.name, JOY.name} <= set(taken)


def test_two_options_for_one_lever_exclude_each_other(money: Fit) -> None:
    other = em.Option.of("no wait", em.Change().at("check-in").lever("wait_minutes", to=0))
    space = make_space(money, em.Options((WAIT, other)), None)
    assert len(space.combos) == 4


def test_the_same_question_has_the_same_answer(money: Fit, best: Optimum) -> None:
    again = em.optimise(valued(money, {"journeys": 1000}), OPTIONS, budget=6, draws=DRAWS)
    assert again.labels == best.labels
    assert (again.values == best.values).all()


def test_what_is_moved_is_paid(money: Fit) -> None:
    wait = money.data["lever_value"].sel(lever="wait_minutes", touchpoint="check-in").to_numpy()
    known = np.where(np.isnan(wait), 10, wait)
    moved = np.where(
        money.data["visited"].sel(touchpoint="check-in"), known - np.clip(known - 5, 0, 45), 0
    )
    expected = np.average(moved, weights=money.design.weight)
    assert units_moved(money, WAIT.settings[0].change) == pytest.approx(expected)
    upgraded = money.data["lever_value"].sel(lever="upgrade", touchpoint="room").to_numpy()
    missing = money.data["visited"].sel(touchpoint="room").to_numpy() & (upgraded != 1)
    share = np.average(missing, weights=money.design.weight)
    assert units_moved(money, UPGRADE.settings[0].change) == pytest.approx(share)


def test_fixed_costs_are_spread(money: Fit) -> None:
    option = em.Option.of("hosts", UPGRADE.settings[0].change, cost=1, fixed=500)
    assert make_space(money, em.Options((option,)), 1000).cost.tolist() == [0, 1.5]


def test_rebuilding_the_journey_is_an_option(money: Fit) -> None:
    gone = em.Option.of("no check-out", em.Change().remove("check-out"))
    found = em.optimise(money, (gone, JOY, UPGRADE), draws=DRAWS)
    # Joy where nobody goes any more is no combination.
    assert not any({gone.name, JOY.name} <= set(taken) for taken in found.settings)
    assert found.combinations == 6


def test_words(best: Optimum) -> None:
    text = best.summary()
    assert text.startswith("Best for worth for at most 6 a journey, of 36 combinations (adjusted")
    assert "best with probability" in text
    assert "simulated in full" in text
    assert "Try it out before you rely on it." in text


FILE = """
budget = 6
[[option]]
touchpoint = "check-in"
lever = "wait_minutes"
by = [-5, -15]
cost_per_unit = 0.1
[[option]]
touchpoint = "check-in"
lever = "channel"
to = ["app", "kiosk"]
cost = [0.5, 1.5]
[[option]]
touchpoint = "room"
lever = "upgrade"
to = [1]
cost = 4
[[option]]
touchpoint = "check-out"
emotion = "joy"
by = [1]
cost = 2
"""


def test_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "options.toml"
    path.write_text(FILE, encoding="utf-8")
    assert em.Options.from_toml(path) == em.Options(OPTIONS, (), 6.0)
    change = em.Change().remove("room")
    (tmp_path / "gone.toml").write_text(change.to_toml(), encoding="utf-8")
    more = '[[option]]\nname = "gone"\nchange = "gone.toml"\n[[option]]\nname = "again"\n'
    more += '[[option.step]]\nrepeat = "room"\nafter = "room"\n'
    more += '[[exclude]]\noptions = ["gone", "again"]\n'
    path.write_text(FILE + more, encoding="utf-8")
    read = em.Options.from_toml(path)
    assert read.options[-2] == em.Option.of("gone", change)
    assert read.exclude == (("gone", "again"),)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("budget = 6", "buget = 6", "did you mean 'budget'?"),
        ("budget = 6", 'budget = "six"', "budget: is 'six'"),
        ("cost = 4", "cots = 4", "did you mean 'cost'?"),
        ("cost = [0.5, 1.5]", "cost = [0.5]", "1 for 2 sizes"),
        ("cost = 4", "cost = -4", "is not a cost"),
        ("to = [1]", "to = 1", "is no list"),
        ("by = [1]", "to = [1]", "is how an emotion is moved"),
        ('lever = "upgrade"', 'change = "/etc/passwd"', "is elsewhere"),
        ('lever = "upgrade"', 'change = "../up.toml"', "is elsewhere"),
        ('lever = "upgrade"', "", "needs exactly one thing to change"),
        ("budget = 6", '[[exclude]]\noptions = ["x"]', "names no options"),
    ],
)
def test_mistakes_in_a_file(tmp_path: Path, old: str, new: str, said: str) -> None:
    path = tmp_path / "options.toml"
    path.write_text(FILE.replace(old, new), encoding="utf-8")
    with pytest.raises(InputProblems) as caught:
        em.Options.from_toml(path)
    assert said in str(caught.value)


def test_every_problem_at_once(money: Fit) -> None:
    options = (
        em.Option.lever("check-in", "wait_minutes", to=[5, 50]),
        em.Option.lever("room", "upgrad", to=[1]),
        em.Option.of("twice", em.Change().remove("room")),
        em.Option.of("twice", em.Change().remove("room")),
    )
    with pytest.raises(InputProblems) as caught:
        em.optimise(money, em.Options(options, exclude=(("twice", "thrice"),)))
    text = str(caught.value)
    assert "option 'wait_minutes at check-in' to 50: 50 is not possible" in text
    assert "did you mean 'upgrade'?" in text
    assert "option 'twice': is there twice" in text
    assert "no option 'thrice'" in text
    assert len(caught.value.problems) == 4


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"budget": -1}, "budget: -1 is not a cost"),
        ({"objective": "retrun"}, "did you mean 'return'?"),
        ({"weight": "age"}, "weight 'age'"),
        ({"draws": 0}, "draws: is 0"),
    ],
)
def test_refusals(money: Fit, how: dict[str, Any], said: str) -> None:
    with pytest.raises(InputProblems) as caught:
        em.optimise(money, OPTIONS, **how)
    assert said in str(caught.value)


def test_wrong_kinds(money: Fit, tiny: Fit) -> None:
    with pytest.raises(InputProblems, match="options: cannot be"):
        em.optimise(money, "upgrade")  # type: ignore[arg-type]
    with pytest.raises(InputProblems, match="there are none"):
        em.optimise(money, ())
    many = [
        em.Option.lever("check-in", "wait_minutes", to=list(range(20))),
        *(em.Option.emotion("room", e, by=[-1, 1]) for e in ("joy", "gratitude", "worry")),
        *(em.Option.emotion("check-out", e, by=[-1, 1]) for e in ("joy", "gratitude", "worry")),
        *(em.Option.emotion("check-in", e, by=[-1, 1]) for e in ("joy", "gratitude", "worry")),
    ]
    with pytest.raises(InputProblems, match="make 413,343 combinations"):
        em.optimise(money, many)
    fixed = em.Option.of("x", em.Change().remove("room"), fixed=3)
    with pytest.raises(InputProblems, match="unknown many journeys"):
        em.optimise(valued(tiny), (fixed,))
    with pytest.raises(InputProblems, match="needs either to= or by="):
        em.Option.lever("room", "upgrade")

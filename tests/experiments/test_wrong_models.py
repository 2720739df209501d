"""Worlds differ from the model as they say, their truths are right, and failures are published."""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterator
from concurrent.futures import Executor, Future
from dataclasses import replace
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.scripts import ROOT, load

FOLDER = ROOT / "experiments" / "wrong-models"
NAMES = ("mechanisms", "deviations", "true_worlds", "asked_fit", "gathered")


@pytest.fixture(scope="module")
def parts() -> Iterator[dict[str, ModuleType]]:
    with pytest.MonkeyPatch.context() as patch:
        for folder in (FOLDER.parent, FOLDER):
            patch.syspath_prepend(str(folder))
        found = {name: importlib.import_module(name) for name in NAMES}
        yield found | {"run": load("experiments/wrong-models/run.py")}


def test_memory_by_hand(parts: dict[str, ModuleType]) -> None:
    score = np.array([[[0.25], [1.0], [0.5], [0.75]]])
    rules, weight = parts["mechanisms"], np.array([0.4, 0.3, 0.2, 0.1])
    by_hand = 0.4 * 0.625 + 0.3 * 1 + 0.2 * 0.75 + 0.1 * 0.25
    assert rules.four_features(score, weight) == pytest.approx(by_hand)
    assert rules.segments(score, weight) == pytest.approx((1 + (0.75 + 0.75) / 2) / 2)
    assert rules.recency(score, weight) == pytest.approx((0.25 + 2 + 2 + 6) / 15)
    assert rules.threshold(score, weight) == pytest.approx((1 + 0.5) / 4)


def test_responses_by_hand(parts: dict[str, ModuleType]) -> None:
    memory, effect = np.array([[0.2, 0.5, 0.4, 0.1]]), np.array([[1.0], [2.0], [-1.0], [0.0]])
    of = parts["mechanisms"]
    assert of.straight(memory, effect) == pytest.approx(0.2 + 1 - 0.4)
    assert of.curved(memory, effect) == pytest.approx(1.5 * (0.04 + 0.5 - 0.16))
    assert of.joined(memory, effect) == pytest.approx(0.8 + of.JOINED * 0.2)


@pytest.mark.parametrize(
    "name", ["acquiescence", "extreme", "midpoint", "own cutpoints", "careless"]
)
def test_answers_are_moved_as_said(parts: dict[str, ModuleType], name: str) -> None:
    """The people are those of the right world, and so are feelings; only ticks differ."""
    worlds = parts["true_worlds"]
    plain = worlds.survey(worlds.draw("right", 3, 2000), 3).data["rating"].to_numpy()
    people = worlds.draw(name, 3, 2000)
    moved = worlds.survey(people, 3).data["rating"].to_numpy()
    assert (people.felt == plain).all()
    assert 0 <= moved.min() <= moved.max() <= worlds.TOP
    share = (moved != plain).any(axis=(1, 2)).mean()
    of_all = {"careless": parts["mechanisms"].CARELESS, "own cutpoints": 1.0}
    assert share == pytest.approx(of_all.get(name, parts["mechanisms"].STYLED), abs=0.05)
    mean = (moved.mean() - plain.mean(), moved.std() - plain.std())
    if name == "acquiescence":
        assert mean[0] > 0.1
    if name in ("extreme", "midpoint"):
        assert np.sign(mean[1]) == (1 if name == "extreme" else -1)


def test_what_is_missing_was_bad(parts: dict[str, ModuleType]) -> None:
    worlds = parts["true_worlds"]
    people = worlds.draw("missing", 2, 2000)
    rating = worlds.survey(people, 2).data["rating"].to_numpy()
    gone = rating < 0
    assert (rating[~gone] == people.felt[~gone]).all()
    anger, joy = people.felt[..., 2], people.felt[..., 0]
    assert gone[..., 2][anger == 4].mean() == pytest.approx(0.5, abs=0.05)
    assert gone[..., 0][joy == 4].mean() == pytest.approx(0.05, abs=0.02)


def test_truth_by_hand(parts: dict[str, ModuleType]) -> None:
    """One person, memory the mean alone, one effect: the logistic function at two places."""
    worlds = parts["true_worlds"]
    people = worlds.draw("right", 1, 1)
    effect = np.zeros((4, 4))
    effect[0, 3] = 2.0
    people = replace(
        people,
        intensity=np.full((1, 4, 4), 0.0),
        weight=np.array([1.0, 0, 0, 0]),
        effect=effect,
        level=np.zeros((1, 4)),
        centre=np.array([0, 0, 0, 1.0]),
    )
    assert (people.felt[..., 0] == 2).all()  # joy at 0.5 everywhere: 2 * 0.5 - 1 = 0 logits

    def logistic(x: float) -> float:
        return 1 / (1 + np.exp(-x))

    truth = worlds.truths(people)
    assert truth["emotion", "joy, everywhere"][3] == pytest.approx(logistic(0.5) - 0.5)
    at_one = truth["emotion at a touchpoint", "joy, touchpoint 2"]
    assert at_one[3] == pytest.approx(logistic(0.125) - 0.5)
    assert at_one[:3] == pytest.approx(0)
    assert truth["touchpoint removed", "touchpoint 1"] == pytest.approx(0)
    top = replace(people, intensity=np.full((1, 4, 4), 9.0))
    assert worlds.truths(top)["emotion", "joy, everywhere"] == pytest.approx(0)


@pytest.mark.parametrize("name", ["right", "segments", "heavy tails", "strong confounder"])
def test_answers_are_as_expected(parts: dict[str, ModuleType], name: str) -> None:
    worlds = parts["true_worlds"]
    people = worlds.draw(name, 4, 6000)
    data = worlds.survey(people, 4).data
    expected = worlds.expected(people, people.felt / worlds.TOP, worlds.order(people))
    answered = [
        data["remembered"].to_numpy().mean(),
        data["relationship"].to_numpy().mean(),
        *data["behaviour_value"].to_numpy().mean(axis=0),
    ]
    assert answered[:3] == pytest.approx(expected[:3], abs=0.1)
    assert answered[3] == pytest.approx(expected[3], abs=0.02)


def test_orders_by_hand(parts: dict[str, ModuleType]) -> None:
    worlds = parts["true_worlds"]
    sequence = np.array([[0, 3, 1, 2], [2, 1, 0, 3]])
    assert worlds.without(sequence, 1).tolist() == [[0, 3, 2], [2, 0, 3]]
    assert worlds.after(sequence, 0, 3).tolist() == [[3, 0, 1, 2], [2, 1, 3, 0]]


def test_a_confounder_is_as_strong_as_the_bias_it_makes(parts: dict[str, ModuleType]) -> None:
    """Least squares of the latent outcome with the cause and without differ by what is said."""
    worlds, asked = parts["true_worlds"], parts["asked_fit"]
    people = worlds.draw("strong confounder", 5, 500)
    sequence, score = worlds.order(people), people.felt / worlds.TOP
    memory = worlds.remembered(people, score, sequence)
    outcome, style = worlds.predictors(people, score, sequence)[:, 0], asked.style_index(people)

    def slopes(*columns: np.ndarray) -> np.ndarray:
        known = np.column_stack([np.ones(500), memory, style, *columns])
        return np.linalg.lstsq(known, outcome)[0][1:5]

    bias = np.abs(slopes() - slopes(people.cause))
    named = [(e, "overall", "+", 0.1, 0.0) for e in worlds.EMOTIONS]
    table = pd.DataFrame(named, columns=["emotion", "outcome", "direction", "to_zero", "to_unsure"])
    for e, row in enumerate(asked.confounded(people, table)):
        f = row["strength"] / np.sqrt(1 - row["strength"])
        others = np.column_stack([np.delete(memory, e, axis=1), style])
        left = asked._residual(memory[:, e], others).std()
        noise = np.sqrt(np.pi**2 / 3 / (1 - row["of outcome"]))
        assert f * noise / left == pytest.approx(bias[e])
        assert row["true"] == worlds.truths(people)["emotion", f"{row['emotion']}, everywhere"][0]


def made(case: str, seed: int, covered: bool, alarms: list[str], error: float) -> dict[str, Any]:
    """A replicate as if it had been run."""
    rows = [
        {
            "question": question,
            "what": "joy",
            "outcome": outcome,
            "true": true,
            "mean": true * (1 + error),
            "sd": 1.0,
            "covers 50%": covered,
            "covers 90%": covered,
        }
        for question in ("emotion", "order changed")
        for outcome, true in (("overall", -2.0), ("return", 0.1))
    ]
    report = dict.fromkeys(
        ("stated", "withheld", "with caveats", "doubted by a check", "missed", "reversed"), 0
    )
    cause = []
    if "confounder" in case:
        own = {"of emotion": 0.1, "of outcome": 0.2, "strength": 0.3, "to_unsure": 0.1}
        cause = [own | {"to_zero": 0.2, "direction": "+", "true": -1.0}]
    return {
        "seed": seed,
        "status": "REVIEW",
        "best": True,
        "alarms": alarms,
        "report": report | {"effects": 2, "says": "…"},
        "cause": cause,
        "rows": rows,
    }


def several(case: str, covered: bool, alarms: list[str], error: float = 0.0) -> list[Any]:
    return [made(case, seed, covered, alarms, error) for seed in range(1, 7)]


def test_failures_are_those_that_nobody_notices(parts: dict[str, ModuleType]) -> None:
    gathered = parts["gathered"]
    found = {
        "right": several("right", True, ["check: R-hat"]),
        "recency": several("recency", False, ["check: R-hat"], error=-0.25),
        "careless": several("careless", False, ["careless", "check: R-hat"]),
        "strong confounder": several("strong confounder", False, ["check: bulk ESS"]),
        "missing": several("missing", True, [])[:3],
    }
    holds: dict[str, set[bool | None]] = {}
    for claim in gathered.summary(found)["claims"]:
        holds.setdefault(claim["claim"].partition(":")[0], set()).add(claim["holds"])
    assert holds == {
        "right": {True},
        "recency": {False},  # a check that always speaks up notices nothing
        "careless": {True},
        "strong confounder": {False},
        "missing": {None},
    }
    tables = gathered.tables(found)
    assert tables["failures"]["case"].tolist() == ["recency", "strong confounder"]
    assert tables["failures"].iloc[:, 1].str.len().gt(40).all()
    worlds = tables["worlds"].set_index("case")
    assert worlds.loc["recency", "bias"] == pytest.approx(-0.25)
    assert worlds.loc["recency", "error"] == pytest.approx(0.25)
    assert worlds.loc["careless", "noticed_by"] == "careless"
    assert tables["checks"]["check"].tolist() == ["careless", "check: bulk ESS"]
    causes = tables["causes"].iloc[0]
    assert (causes["stronger_than_needed"], causes["wrong_sign"]) == (1, 1)
    assert b"<svg" in parts["run"].coverages(tables["worlds"])


def test_every_world_says_what_a_user_can_do(parts: dict[str, ModuleType]) -> None:
    worlds = parts["deviations"].DEVIATIONS
    assert all(each.about and each.strength for each in worlds.values())
    assert all(each.advice for name, each in worlds.items() if name != "right")
    assert {case.world for case in parts["gathered"].CASES.values()} == set(worlds)


class Here(Executor):
    """Runs in this process, at once."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_result(fn(*args, **kwargs))
        return future


def test_a_run_that_was_killed_goes_on(
    parts: dict[str, ModuleType], tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, asked = parts["run"], []

    def replicate(name: str, seed: int) -> dict[str, Any]:
        asked.append(seed)
        return {"seed": seed}

    monkeypatch.setattr(run, "RESULTS", tmp_path)
    monkeypatch.setattr(run, "replicate", replicate)
    path = tmp_path / "heavy-tails.jsonl"
    path.write_text('{"seed": 2}\n{"seed": 3, "al', encoding="utf-8")
    run.collect(["heavy tails"], 4, Here())
    assert asked == [1, 3, 4]
    kept = [json.loads(line)["seed"] for line in path.read_text("utf-8").splitlines()]
    assert sorted(kept) == [1, 2, 3, 4]


def test_the_page_is_made_of_the_results(parts: dict[str, ModuleType]) -> None:
    run = parts["run"]
    found = {name: rows for name in run.CASES if (rows := run.lines(run._path(name)))}
    page = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert run.readme.render(page, run.tables(found)) == page


@pytest.mark.evidence
def test_one_study_really(parts: dict[str, ModuleType], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOKY_MAX_CPU_COUNT", "1")  # what the replicate sets is taken back
    row = parts["run"].replicate("strong confounder", 2, n=80, draws=60, tune=120)
    rows = pd.DataFrame(row["rows"])
    assert len(rows) == 4 * (4 + 16 + 2)
    off = (rows["mean"] - rows["true"]) / rows["sd"]
    assert np.abs(off).median() < 3
    assert {cause["emotion"] for cause in row["cause"]} <= set(parts["true_worlds"].EMOTIONS)
    assert row["report"]["stated"] + row["report"]["withheld"] > 0
    assert parts["gathered"].tables({"strong confounder": [row]})["worlds"].shape[0] == 1
    assert json.loads(json.dumps(row)) == row

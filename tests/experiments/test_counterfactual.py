"""The truth of the counterfactual experiment is a truth, and its page is made of its results."""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd
import pytest

FOLDER = Path(__file__).parents[2] / "experiments" / "counterfactual"


@pytest.fixture(scope="module")
def parts() -> Iterator[dict[str, ModuleType]]:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(FOLDER.parent))
        patch.syspath_prepend(str(FOLDER))
        names = ("readme", "world", "changes")
        found = {name: importlib.import_module(name) for name in names}
        spec = importlib.util.spec_from_file_location("counterfactual_run", FOLDER / "run.py")
        assert spec is not None
        assert spec.loader is not None
        run = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(run)
        yield found | {"run": run}


@pytest.mark.parametrize("rule", ["four features", "recency"])
def test_the_world_is_what_made_the_answers(parts: dict[str, ModuleType], rule: str) -> None:
    world = parts["world"]
    made = world.study(3, 400, rule)
    known, design = made.known, made.design
    again = world.rated(world.latent(design, design.exposure.value, known) + known["noise"], known)
    given = design.ratings.category >= 0
    assert (again[given] == design.ratings.category[given]).all()
    true = world.expected(made, world.observed(design, known))
    answers = made.survey.data["behaviour_value"].sel(behaviour="return").to_numpy()
    weight = design.weight / design.weight.sum()
    assert true["return"] == pytest.approx(weight @ answers, abs=0.08)


def test_what_does_not_change_changes_nothing(parts: dict[str, ModuleType]) -> None:
    world = parts["world"]
    made = world.study(4, 60, "four features")
    before = world.expected(made, world.observed(made.design, made.known))
    waits = made.design.exposure.value[2, :, made.design.exposure.columns.index("wait_minutes")]
    same = world.levers_set(made, "check-in", {"wait_minutes": waits})
    assert world.expected(made, same) == pytest.approx(before)


def test_true_changes_go_the_way_they_should(parts: dict[str, ModuleType]) -> None:
    world, changes = parts["world"], {each.name: each for each in parts["changes"].CHANGES}
    made = world.study(5, 200, "four features")
    before = world.expected(made, world.observed(made.design, made.known))
    calmer = world.expected(made, changes["one point less frustration"].truly(made))
    assert calmer["complain"] < before["complain"]
    assert calmer["return"] > before["return"]
    farewell = world.expected(made, changes["a farewell"].truly(made))
    assert farewell["return"] > before["return"] + 0.05


def test_the_page_is_made_of_the_results(parts: dict[str, ModuleType]) -> None:
    run, readme = parts["run"], parts["readme"]
    rows = [
        row
        for path in sorted(run.RESULTS.glob("study-*.json"))
        for row in json.loads(path.read_text(encoding="utf-8"))["rows"]
    ]
    page = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert readme.render(page, run.tables(pd.DataFrame(rows))) == page


@pytest.mark.evidence
def test_one_study_really(parts: dict[str, ModuleType]) -> None:
    found = parts["run"].one(9, "the right model", n_stays=80, draws=60, tune=120)
    rows = pd.DataFrame(found["rows"])
    assert len(rows) == 6 * 7
    off = (rows["mean"] - rows["true"]) / rows["sd"]
    assert np.abs(off).median() < 2

"""The page of published results shows what was fitted."""

from __future__ import annotations

from types import ModuleType

import numpy as np
import pandas as pd
import pytest

from tests.scripts import ROOT, load

FOLDER = ROOT / "experiments" / "published-tables"


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    for folder in (FOLDER.parent, FOLDER):
        monkeypatch.syspath_prepend(str(folder))
    return load("experiments/published-tables/run.py")


def test_the_page_shows_the_results(script: ModuleType) -> None:
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert script.readme.render(text, script.tables()) == text


def test_every_data_set_has_a_table_of_its_own(script: ModuleType) -> None:
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    for name in script.FOLDERS:
        assert f"<!-- table: {name} -->" in text
        assert (FOLDER / f"{name}.py").is_file()
        assert (FOLDER / "results" / f"{name}.csv").is_file()


@pytest.mark.usefixtures("script")
def test_a_number_is_met_within_the_published_interval() -> None:
    beside = load("experiments/published-tables/beside.py")
    draws = np.linspace(-1, 1, 1001)
    nothing = float("nan")
    known = beside.Theirs("published", 0.5, 0.2, 0.1, 0.9)
    row = beside.beside("slope", known, draws)
    assert (row["met"], round(row["apart"], 6)) == ("no", -2.5)
    assert beside.beside("slope", known, draws, model="other")["met"] == ""
    alone = beside.Theirs("published", 0.5, nothing, nothing, nothing)
    assert beside.beside("slope", alone, draws)["met"] == "yes"


@pytest.mark.usefixtures("script")
def test_paths_are_the_regression_that_the_correlations_imply() -> None:
    latent = load("experiments/published-tables/latent.py")
    rng = np.random.default_rng(4)
    data = rng.normal(size=(400, 3)) @ rng.normal(size=(3, 3))
    names, table = ["x", "z", "y"], np.corrcoef(data.T)
    standard = (data - data.mean(axis=0)) / data.std(axis=0)
    expected = np.linalg.lstsq(standard[:, :2], standard[:, 2])[0]
    found = latent.paths(names, table[None], "y", ("x", "z"))[0]
    np.testing.assert_allclose(found, expected)
    left = standard[:, 2] - standard[:, :2] @ expected
    share = latent.explained(names, table[None], "y", ("x", "z"))[0]
    np.testing.assert_allclose(share, 1 - left.var())
    means = pd.DataFrame(data, columns=names)
    assert abs(latent.of_means(means, "y", ("x", "z")).estimate - share) < 1e-9


@pytest.mark.usefixtures("script")
def test_items_are_pooled_afterwards_as_if_they_were_random(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    verbagg = load("experiments/published-tables/verbagg.py")
    rng = np.random.default_rng(2)
    columns = np.column_stack([np.ones(60), np.repeat([0.0, 1.0], 30)])
    items = columns @ [1.0, -2.0] + rng.normal(0, 0.5, 60)
    draws = items + rng.normal(0, 0.1, (1000, 60))
    monkeypatch.setattr(verbagg, "easiness", lambda fit: draws)
    effects, spread = verbagg.over_items(None, columns)
    np.testing.assert_allclose(effects.mean(axis=0), [1.0, -2.0], atol=0.3)
    assert effects.std(axis=0)[1] == pytest.approx(0.5 * (2 / 30) ** 0.5, rel=0.25)
    assert spread.mean() == pytest.approx(0.5, rel=0.25)

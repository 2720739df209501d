"""The recovery experiment: its truth is the data's, its ranges are right, its page is true."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import pytest

import emotion_models as em
from emotion_models.models.response import respond

FOLDER = Path(__file__).parents[2] / "experiments" / "demo-recovery"


@pytest.fixture(scope="module")
def parts() -> Iterator[dict[str, ModuleType]]:
    """The experiment's own modules."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(FOLDER.parent))
        patch.syspath_prepend(str(FOLDER))
        names = ("truth", "quantities", "comparison", "readme", "replicates", "run")
        yield {name: importlib.import_module(name) for name in names}


@pytest.fixture(scope="module")
def known(parts: dict[str, ModuleType]) -> dict[str, Any]:
    found: dict[str, Any] = parts["truth"].make().simulate()[1]
    return found


@pytest.fixture(scope="module")
def true(parts: dict[str, ModuleType], known: dict[str, Any]) -> em.Fit:
    fit: em.Fit = parts["truth"].true_fit(em.load_dataset("hotel-stays"), known)
    return fit


def test_true_predictors_are_those_that_drew_the_answers(
    parts: dict[str, ModuleType], known: dict[str, Any], true: em.Fit
) -> None:
    make, design = parts["truth"].make(), true.design
    people = {str(n): v.to_numpy() for n, v in true.draws(1)[1].data_vars.items()}
    found = respond(true.model, design, true.parameters(1), people).eta[0]
    expected = make.outcome_predictors(design, known)
    level = make.read_truth()["outcome"]
    for r, row in enumerate(design.rows):
        start = level["intercept"].get(row.name, 0.0)
        start += level["amount_log_mean"] if row.likelihood == "amount" else 0.0
        np.testing.assert_allclose(found[r], expected[:, r] + start, atol=1e-10)


def test_the_true_fit_answers_with_the_truth(
    parts: dict[str, ModuleType], known: dict[str, Any], true: em.Fit
) -> None:
    weights = true.memory_weights().pivot(index="emotion", columns="feature", values="mean")
    ordered = weights.loc[list(true.design.emotions), list(true.model.memory)]
    np.testing.assert_allclose(ordered.to_numpy(), known["memory_weight"])
    total = em.effects(true, on="return").draws.sel(path="total").squeeze(drop=True)
    assert total.sel(emotion="gratitude") > 2 * total.sel(emotion="joy") > 0
    changed = parts["quantities"].simulated(true)
    assert dict(zip(changed.labels, changed.draws[0], strict=True))["complain"] < 0


def test_expected_range_knows_dependence(parts: dict[str, ModuleType]) -> None:
    expected_shares = parts["comparison"].expected_shares
    rng = np.random.default_rng(3)
    apart = expected_shares(rng.normal(size=(2000, 50)))
    together = expected_shares(np.repeat(rng.normal(size=(2000, 1)), 50, axis=1))
    assert apart.mean() == pytest.approx(0.9, abs=0.001)
    assert apart.std() == pytest.approx(np.sqrt(0.9 * 0.1 / 50), rel=0.1)
    assert together.mean() == pytest.approx(0.9, abs=0.001)
    assert set(together) == {0.0, 1.0}


def test_coverage_is_counted(parts: dict[str, ModuleType]) -> None:
    group, labels = parts["quantities"].Group, ("a", "b", "c", "d")
    rng = np.random.default_rng(4)
    estimated = group("effect by emotion: total", labels, rng.normal(size=(1000, 4)))
    true = group("effect by emotion: total", labels, np.array([[0.0, 1.0, -1.0, 5.0]]))
    table = parts["comparison"].recovery([estimated], [true])
    assert table["covered"].tolist() == [True, True, True, False]
    rows = parts["comparison"].coverage([estimated], table)
    assert rows["group"].tolist() == ["all effects by emotion", "effect by emotion: total"]
    assert rows["covered"].tolist() == [0.75, 0.75]


def test_studies_are_pooled_with_the_error_between_them(parts: dict[str, ModuleType]) -> None:
    replicates = parts["replicates"]
    table = pd.DataFrame(
        {"group": ["effect by emotion: total"] * 10, "covered": [True] * 8 + [False] * 2}
    )
    first = replicates.counts(table)
    assert first["all effects by emotion"] == {"n": 10, "covered": 8}
    second = {name: {"n": 10, "covered": 10} for name in first}
    studies = [
        {"coverage": coverage, "divergences": divergent, "status": "PASS"}
        for coverage, divergent in ((first, 0.0), (second, None))
    ]
    pooled = replicates.pooled(studies)
    assert pooled["coverage"].tolist() == [0.9, 0.9]
    assert pooled["se"].tolist() == pytest.approx([0.1, 0.1])
    assert replicates.pooled(studies[:1]).empty
    claims = {one["claim"]: one["holds"] for one in replicates.claims(studies, pooled)}
    assert claims["studies with divergent transitions"] is False


def test_the_page_shows_the_results(parts: dict[str, ModuleType]) -> None:
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert parts["readme"].render(text, parts["run"].tables()) == text


@pytest.mark.skipif(not (FOLDER / "results" / "recovery.csv").is_file(), reason="not run yet")
def test_results_agree_with_each_other() -> None:
    table = pd.read_csv(FOLDER / "results" / "recovery.csv")
    shares = pd.read_csv(FOLDER / "results" / "coverage.csv").set_index("group")
    counted = table.groupby("group")["covered"].mean()
    np.testing.assert_allclose(shares.loc[counted.index, "covered"], counted, atol=1e-3)

"""Numbers of a report lead back to the draws, and report.json has the form it promises."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import emotion_models as em
from tests.data.make_tiny_fit import TINY

if TYPE_CHECKING:
    from emotion_models.inference import Fit

jsonschema = pytest.importorskip("jsonschema")
Q = (0.05, 0.95)


@pytest.fixture(scope="module")
def fit() -> Fit:
    """A fit whose checks are said to pass, so that its numbers are printed."""
    loaded = em.load(TINY)
    good = tuple(replace(check, status="PASS") for check in loaded.checks)
    return replace(loaded, checks=type(loaded.checks)(good))


@pytest.fixture(scope="module")
def change() -> em.Change:
    return em.Change().at("check-in").lever("wait_minutes", to=5)


@pytest.fixture(scope="module")
def saved(fit: Fit, change: em.Change, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    path = tmp_path_factory.mktemp("report") / "r.json"
    em.report(fit, em.simulate(fit, change)).save(path)
    data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return data


def draws_behind(source: dict[str, str], change: em.Change) -> np.ndarray:
    """Draws of an estimate, from the saved fit alone and without the tables of a report."""
    fit = em.load(TINY)
    match source["verb"]:
        case "effects":
            # An effect is the difference that one more point at every touchpoint makes.
            return raised(fit, source["emotion"], source["outcome"]) - (
                raised(fit, source["against"], source["outcome"]) if "against" in source else 0
            )
        case "simulate":
            assert source["change"] == str(change)
            difference = em.simulate(fit, change).everybody(source["outcome"])
            return np.asarray(difference)
        case _:
            posterior = fit.posterior["posterior"].to_dataset()
            stacked = posterior.stack(sample=("chain", "draw"))
            if "feature" in source:
                weights = stacked["memory_weight"].sel(feature=source["feature"])
                return np.asarray(weights.mean("emotion"))
            return np.asarray(stacked["salience"].sel(touchpoint=source["touchpoint"]))


def raised(fit: Fit, emotion: str, outcome: str) -> np.ndarray:
    step = em.Change()
    for touchpoint in fit.survey.codebook.touchpoints:
        step = step.at(touchpoint.name).emotion(emotion, by=1)
    return np.asarray(em.simulate(fit, step).everybody(outcome))


def test_every_estimate_is_that_of_its_draws(saved: dict[str, Any], change: em.Change) -> None:
    verbs = set()
    for finding in saved["findings"]:
        if finding["source"].get("verb") == "compare" or finding["estimate"] is None:
            continue
        drawn = draws_behind(finding["source"], change)
        factor = 100 if finding["unit"].startswith("percent") else 1
        assert finding["estimate"] == pytest.approx(factor * drawn.mean(), rel=1e-4, abs=1e-5)
        if "feature" not in finding["source"]:  # its interval is an average of intervals
            found = (finding["lower"], finding["upper"])
            assert found == pytest.approx(tuple(factor * np.quantile(drawn, Q)), rel=0.05, abs=0.05)
        verbs.add(finding["source"]["verb"])
    assert verbs == {"effects", "simulate", "memory"}


def test_every_finding_says_where_it_comes_from(saved: dict[str, Any]) -> None:
    assert saved["findings"]
    assert all(finding["source"].get("verb") for finding in saved["findings"])


def schema() -> Any:
    home = resources.files("emotion_models.reporting")
    return json.loads(home.joinpath("report.schema.json").read_text(encoding="utf-8"))


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())


def test_a_report_has_the_form_it_promises(saved: dict[str, Any], tmp_path: Path) -> None:
    validator = jsonschema.Draft202012Validator(schema())
    validator.validate(saved)
    withheld = em.report(em.load(TINY), audience="team").save(tmp_path / "w.json")
    data = json.loads(withheld.read_text(encoding="utf-8"))
    assert any(finding["withheld"] for finding in data["findings"])
    validator.validate(data)
    with pytest.raises(jsonschema.ValidationError):
        validator.validate(saved | {"schema": 2})

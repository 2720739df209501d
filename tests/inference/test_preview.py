"""A preview says so in everything it returns, and is no basis for a report."""

from __future__ import annotations

import contextlib
import inspect
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
import xarray as xr

import emotion_models as em
from emotion_models import cli
from emotion_models.errors import InputProblems, SamplingError, StoreError
from emotion_models.inference import Fit, checking, refitting
from emotion_models.inference.approximation import approximator
from emotion_models.inference.approximation.judged import approximation_checks
from emotion_models.inference.jobs import Job, Sampled, Settings
from emotion_models.inference.store import StoredParts
from emotion_models.summarised import Summarised
from tests.data import make_tiny_fit
from tests.inference import made
from tests.inference.stored import sampled

SAID = "Approximation (pathfinder), not a posterior sample: for iteration only."


@pytest.fixture
def preview(tiny: Fit) -> Fit:
    """The tiny fit as if it had been approximated."""
    tree = tiny.posterior.copy()
    sizes = tree["sample_stats"].sizes
    shape = (sizes["block"], sizes["chain"])
    stats = {
        "steps": (("block", "chain"), np.full(shape, 90.0)),
        "arrived": (("block", "chain"), np.ones(shape)),
        "pareto_k": ("block", [1.2, 0.4, 0.5]),
        "effective_draws": ("block", [np.nan, 300.0, 500.0]),
    }
    coords = {"block": tree["sample_stats"]["block"].to_numpy()}
    tree["sample_stats"].dataset = xr.Dataset(stats, coords)
    return replace(tiny, method="pathfinder", posterior=tree)


def simulation(fit: Fit) -> Any:
    return em.simulate(fit, em.Change().at("room").lever("upgrade", to=1), draws=20)


VERBS: dict[str, Callable[[Fit], Summarised]] = {
    "effects": em.effects,
    "importance": em.importance,
    "robustness": em.robustness,
    "measure": em.measure,
    "memory": em.memory,
    "criticise": em.criticise,
    "simulate": simulation,
    "difference": lambda fit: simulation(fit).difference("return"),
    "design_corrected": em.design_corrected,
}


def outputs(result: Summarised) -> Iterator[tuple[str, Any]]:
    """What every public method without arguments returns to be read."""
    for name, method in inspect.getmembers(result, inspect.ismethod):
        wanted = inspect.signature(method).parameters.values()
        read = method.__annotations__.get("return") in ("str", "pd.DataFrame", "Figure")
        if read and not name.startswith("_") and all(p.default is not p.empty for p in wanted):
            with contextlib.suppress(InputProblems):  # what this model does not have
                yield name, method()


@pytest.mark.parametrize("verb", VERBS)
def test_every_output_says_so(preview: Fit, verb: str) -> None:
    result = VERBS[verb](preview)
    found = dict(outputs(result))
    assert "summary" in found
    for name, value in found.items():
        assert SAID in text_of(value), name
    plt.close("all")
    assert SAID in repr(result)
    assert SAID in result._repr_html_()


def text_of(output: Any) -> str:
    """What a reader of a text, of the CSV of a table, of a figure sees."""
    if isinstance(output, pd.DataFrame):
        assert output.columns[-1] == "caution"
        return SAID if output.empty else str(output["caution"].unique())
    if isinstance(output, str):
        return output
    return " ".join(text.get_text() for text in output.texts)


def test_comparisons_say_so(preview: Fit, monkeypatch: pytest.MonkeyPatch, tiny: Fit) -> None:
    methods = []

    def sample(jobs: dict[str, Job], settings: Settings, _: Any) -> dict[str, Sampled]:
        methods.append(settings.method)
        return {name: sampled(tiny, "outcomes") for name in jobs}

    monkeypatch.setattr(refitting, "sample", sample)
    compared = em.compare(preview, "mean-only", progress=False)
    assert SAID in compared.summary()
    assert SAID in text_of(compared.table())
    assert SAID in em.compare(replace(tiny), preview, progress=False).summary()
    assert SAID in em.specificity(preview, progress=False).summary()
    assert set(methods) == {"pathfinder"}, "what it is compared with is approximated, too"


def test_the_fit_says_so(preview: Fit, tiny: Fit, tmp_path: Path) -> None:
    again = em.load(em.save(preview, tmp_path / "preview.fit"))
    for fit in (preview, again):
        assert repr(fit).startswith("Preview (pathfinder) of 'Tiny stays'")
        assert SAID in repr(fit)
        assert SAID in fit._repr_html_()
        assert fit.caution.startswith(SAID)
        for name in ("memory_weights", "salience", "specificity", "missing_table"):
            assert getattr(fit, name)().columns[-1] == "caution", name
    assert SAID not in repr(tiny)
    assert "caution" not in em.effects(tiny).table()


def test_a_fit_saved_before_there_were_previews_is_one_by_nuts(tiny: Fit) -> None:
    parts = tiny.to_parts()
    old = {key: value for key, value in parts.manifest.items() if key != "method"}
    assert Fit.from_parts(replace(parts, manifest=old)).method == "nuts"
    newer: StoredParts = replace(parts, manifest=parts.manifest | {"method": "flow"})
    with pytest.raises(StoreError, match="unknown method 'flow'"):
        Fit.from_parts(newer)


def test_checks_of_a_preview(preview: Fit) -> None:
    found = {check.name: check for check in checking.check(preview).checks}
    assert found["approximation"].status == "REVIEW"
    assert next(iter(found)) == "approximation"
    blocks = preview.posterior["sample_stats"]["block"].to_numpy().tolist()
    ks = [found[f"Pareto k of the approximation: {name}"] for name in blocks]
    assert [check.status for check in ks] == ["FAIL", "PASS", "PASS"]
    assert "refit with method='nuts'" in ks[0].advice
    assert found[f"effective draws: {blocks[1]}"].status == "REVIEW"
    assert f"effective draws: {blocks[0]}" not in found
    assert not [name for name in found if name.startswith(("R-hat", "bulk", "diverg", "E-BFMI"))]


def test_a_climb_that_did_not_arrive_is_not_passed(preview: Fit) -> None:
    stats = preview.posterior["sample_stats"].to_dataset()
    checks = approximation_checks(stats.assign(arrived=0 * stats["arrived"]))
    climbs = [check.status for check in checks if check.name.startswith("climb")]
    assert climbs == ["FAIL"] * 3


def test_a_report_refuses_it(preview: Fit, tiny: Fit) -> None:
    with pytest.raises(InputProblems, match="refit with method='nuts'"):
        em.report(preview)
    with pytest.raises(InputProblems, match="result 1: comes from a preview"):
        em.report(tiny, em.effects(preview))


def test_the_command_line_says_so_and_refuses(
    preview: Fit, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = em.save(preview, tmp_path / "preview.fit")
    assert cli.main(["report", str(path), "--out", str(tmp_path / "r.md")]) == 2
    assert "refit with method='nuts'" in capsys.readouterr().err
    table = tmp_path / "effects.csv"
    assert cli.main(["effects", str(path), "--json", "--csv", str(table)]) == 0
    shown = capsys.readouterr()
    assert SAID in shown.err
    assert SAID in shown.out
    assert all(SAID in line for line in table.read_text().splitlines()[1:])


def test_an_unknown_method(tiny: Fit) -> None:
    with pytest.raises(InputProblems, match="did you mean 'pathfinder'"):
        em.fit(tiny.model, make_tiny_fit.survey(), method="pathfnder")  # type: ignore[arg-type]


def test_laplace_refuses_many_parameters(tiny: Fit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(approximator, "MOST_PARAMETERS", 5)
    job = Job("recall", tiny.model, tiny.design)
    with pytest.raises(SamplingError, match="use method='pathfinder'"):
        approximator.Approximator(job, Settings(10, 0, 1, 1, 1, "laplace"))


@pytest.mark.slow
def test_same_seed_same_preview_and_near_nuts() -> None:
    """Two outcomes of two emotions: few parameters, nearly normal."""
    survey = made.survey(made.Made(n=200), 1)
    model = em.JourneyModel.for_survey(survey).with_options({"elicitation": False})
    length = {"seed": 3, "draws": 250, "tune": 250, "chains": 2, "progress": False}
    nuts = em.fit(model, survey, **length)
    assert "R-hat: outcomes" in [check.name for check in nuts.checks]
    exact = nuts.posterior["posterior"].to_dataset()
    for method in ("pathfinder", "laplace"):
        first = em.fit(model, survey, method=method, **length)
        drawn = first.posterior["posterior"].to_dataset()
        if method == "pathfinder":
            again = em.fit(model, survey, method=method, **length)
            assert drawn.identical(again.posterior["posterior"].to_dataset())
        assert dict(drawn.sizes) == dict(exact.sizes)
        assert set(drawn.data_vars) == set(exact.data_vars)
        for name in ("effect", "positivity"):
            mean, sd = (getattr(exact[name], f)(("chain", "draw")) for f in ("mean", "std"))
            assert np.abs((drawn[name].mean(("chain", "draw")) - mean) / sd).max() < 0.5, name
            ratio = drawn[name].std(("chain", "draw")) / sd
            assert 0.5 < float(ratio.min()) < float(ratio.max()) < 1.8, name
        assert first.checks[0].name == "approximation"
        assert SAID.replace("pathfinder", method) in em.effects(first).summary()

"""The speed experiment: its page shows what was measured, and its models are what they say."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import pytest

from emotion_models.models.design import make_design
from emotion_models.models.spec import JourneyModel
from tests.models.graphs import MODE
from tests.scripts import ROOT, load

FOLDER = ROOT / "experiments" / "speed"


@pytest.fixture
def paths(monkeypatch: pytest.MonkeyPatch) -> None:
    for folder in (FOLDER.parent / "recovery", FOLDER.parent, FOLDER):
        monkeypatch.syspath_prepend(str(folder))


@pytest.fixture
def verbagg(paths: None) -> ModuleType:
    return load("experiments/speed/verbagg.py")


@pytest.fixture
def answers(verbagg: ModuleType, tmp_path: Path) -> Any:
    """A study of the form of VerbAgg, read from a file of the form of VerbAgg."""
    rng = np.random.default_rng(1)
    kinds = [(b, s, m) for b in ("curse", "scold", "shout") for s in ("other", "self")
             for m in ("want", "do")]  # fmt: skip
    people = [(i, rng.integers(11, 40), rng.choice(["F", "M"])) for i in range(20)]
    rows = [
        {"Anger": anger, "Gender": gender, "item": f"{k:02d}", "id": person,
         "resp": rng.choice(["no", "perhaps", "yes"]), "btype": b, "situ": s, "mode": m}
        for person, anger, gender in people for k, (b, s, m) in enumerate(kinds)
    ]  # fmt: skip
    pd.DataFrame(rows).to_csv(tmp_path / "verbagg.csv")
    return verbagg.read(tmp_path / "verbagg.csv")


def test_the_page_shows_the_results(paths: None) -> None:
    results = load("experiments/speed/results.py")
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert results.readme.render(text, results.tables(FOLDER)) == text


def test_the_reflection_spans_what_the_basis_leaves_out(verbagg: ModuleType) -> None:
    basis = np.linalg.qr(np.random.default_rng(1).normal(size=(9, 3)))[0]
    v, m = verbagg.reflector(basis)
    turned = np.eye(9) - v @ m @ v.T
    np.testing.assert_allclose(turned @ turned.T, np.eye(9), atol=1e-12)
    np.testing.assert_allclose(basis.T @ turned[:, 3:], 0, atol=1e-12)


def test_both_models_have_the_same_density(verbagg: ModuleType, answers: Any) -> None:
    """Apart from a constant and what a change of scale adds, at any place."""
    ours, plain = verbagg.ours(answers), verbagg.plain(answers)
    density, other = (each.compile_logp(jacobian=False, mode=MODE) for each in (ours, plain))
    known = ("slopes", "cuts", "sd id", "sd item", "person_effect_z", "item_effect_z")
    inside = ours.compile_fn(
        ours.replace_rvs_by_values([ours[name] for name in known]),
        inputs=ours.value_vars,
        mode=MODE,
    )
    rng, differences = np.random.default_rng(2), []
    means = np.concatenate([answers.people.mean(axis=0), answers.items.mean(axis=0)])
    for _ in range(3):
        start = ours.initial_point(random_seed=0)
        place = {name: each + 0.3 * rng.normal(size=each.shape) for name, each in start.items()}
        found = dict(zip(known, inside(place), strict=True))
        expected = other(place_of_plain(found, means))
        # So many directions of the effects are standardised in ours.
        expected += 3 * np.log(found["sd id"]) + 5 * np.log(found["sd item"])
        differences.append(density(place) - expected)
    np.testing.assert_allclose(differences, differences[0], atol=1e-6)


def place_of_plain(found: dict[str, Any], means: Any) -> dict[str, Any]:
    """The same parameters as the plain model's unconstrained values."""
    low, high = found["cuts"]
    return {
        "slopes": found["slopes"],
        "at_mean_ordered__": np.array([low - means @ found["slopes"], np.log(high - low)]),
        "sd id_log__": np.log(found["sd id"]),
        "sd item_log__": np.log(found["sd item"]),
        "person_z": found["person_effect_z"],
        "item_z": found["item_effect_z"],
    }


def test_a_posterior_is_compared_in_its_errors(paths: None) -> None:
    compared = load("experiments/speed/compared.py")
    rng = np.random.default_rng(3)
    n = len(compared.REPORTED)
    draws = [pd.DataFrame(rng.normal(size=(400, n)), columns=compared.REPORTED) for _ in "ab"]
    draws = [table.assign(chain=np.repeat([0, 1], 200)) for table in draws]
    draws[1]["Anger"] += 10
    found = {
        name: compared.summarised(table)
        for name, table in zip(("ours", "brms"), draws, strict=True)
    }
    apart = compared.apart(found)["brms"]
    assert apart[0] < -50
    assert np.abs(apart[1:]).max() < 5
    assert list(compared.posterior_table(found)["parameter"]) == list(compared.REPORTED)


def test_ratios_are_to_the_fastest_form_of_a_rival(paths: None) -> None:
    compared = load("experiments/speed/compared.py")
    rows = [
        {"rival": "ours", "cache": "empty", "ESS/s": 60.0},
        {"rival": "bambi", "cache": "empty", "ESS/s": 2.0},
        {"rival": "bambi-nutpie", "cache": "empty", "ESS/s": 3.0},
        {"rival": "brms", "cache": "not installed"},
    ]
    assert compared.ratio(rows, "Bambi") == 20
    assert compared.ratio(rows, "brms") is None
    targets = load("experiments/speed/targets.py")
    holds = [claim["holds"] for claim in targets.claims({"verbagg": rows})]
    assert holds[:3] == [True, "not run", "not run"]
    assert set(holds[3:]) == {"not run"}


def test_memory_is_that_of_everything_started(paths: None) -> None:
    memory = load("experiments/speed/memory.py")
    own = dict(memory.members(os.getsid(0)))
    if not own:
        pytest.skip("this system does not tell")
    assert own[os.getpid()] > 0
    assert 0 < memory.proportional(os.getpid()) < 64


def test_the_wide_study_survives_its_file(paths: None, tmp_path: Path) -> None:
    wide = load("experiments/speed/wide.py")
    drawn = wide.draw(12)
    drawn.to_netcdf(tmp_path / "study.nc", engine="h5netcdf")
    survey = wide.read(tmp_path / "study.nc")
    assert survey.data.sizes["touchpoint"] == 6
    assert survey.data.sizes["emotion"] == 12
    rows = make_design(JourneyModel(recall=True), survey.codebook, survey.data).rows
    assert len(rows) == 8
    for name in ("rating", "relationship", "behaviour_value", "recall"):
        np.testing.assert_array_equal(survey.data[name], drawn[name])


@pytest.mark.evidence
def test_our_fit_of_a_small_study(
    verbagg: ModuleType, answers: Any, paths: None, tmp_path: Path
) -> None:
    """What a measured run of ours does, from the table of answers to its score."""
    rivals = load("experiments/speed/rivals.py")
    launch = load("experiments/speed/launch.py")
    length = rivals.Length(20, 20)
    cache = launch.Cache(tmp_path / "cache")
    found = rivals.fitted(
        "ours", sys.executable, tmp_path / "verbagg.csv", tmp_path / "run", cache, length
    )
    assert len(found["draws"]) == 40
    assert found["gradients"] > 0
    assert found["compile s"] > 0

"""Single steps that fits spend their time in, by pytest-benchmark.

::

    pytest experiments/speed/test_hot_paths.py

`make test` does not collect them: how long something takes is printed, never a reason to fail.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import pymc as pm
import pytest

from emotion_models.inference.jobs import ONE_THREAD

os.environ.update(ONE_THREAD)  # as a chain of a fit has
sys.path.insert(0, str(Path(__file__).parent))

import gradients

import emotion_models as em
from emotion_models.inference.compiled import cache
from emotion_models.models.chain import block
from emotion_models.models.likelihoods import ordinal

PEOPLE, ITEMS, CUTS = 316, 24, np.array([-0.1, 1.7])
DRAWN = np.random.default_rng(1).integers(0, 3, (ITEMS, PEOPLE))

Benchmark = Callable[..., Any]


def fused() -> pm.Model:
    """7,584 ordinal answers, a predictor for each."""
    exists = np.ones((ITEMS, 2), bool)
    with pm.Model() as model:
        eta = pm.Normal("eta", shape=(ITEMS, PEOPLE))
        kappa = np.broadcast_to(CUTS, (ITEMS, 2)) + pm.Normal("shift")
        ordinal("answer", eta, kappa, exists, DRAWN)
    return model


def plain() -> pm.Model:
    """The same with PyMC's own likelihood."""
    with pm.Model() as model:
        eta = pm.Normal("eta", shape=(ITEMS, PEOPLE))
        cuts = CUTS + pm.Normal("shift")
        pm.OrderedLogistic("answer", eta=eta, cutpoints=cuts, observed=DRAWN)
    return model


@pytest.fixture(scope="module")
def survey() -> em.Survey:
    return em.load_dataset("hotel-stays")


@pytest.fixture(scope="module")
def short(survey: em.Survey) -> em.Fit:
    """Enough draws to ask something; their worth does not matter here."""
    model = em.JourneyModel.for_survey(survey)
    return em.fit(model, survey, draws=250, tune=50, chains=4, progress=False)


def test_gradient_of_the_fused_likelihood(benchmark: Benchmark) -> None:
    benchmark(gradients.callable_of(fused()))


def test_gradient_of_pymcs_likelihood(benchmark: Benchmark) -> None:
    nutpie = pytest.importorskip("nutpie")
    benchmark(gradients.ready(nutpie.compile_pymc_model(plain(), backend="jax")))


@pytest.mark.parametrize("stage", ["outcomes", "elicitation"])
def test_gradient_of_the_demo(benchmark: Benchmark, short: em.Fit, stage: Any) -> None:
    benchmark(gradients.callable_of(block(short.model, short.design, stage)))


def test_compiling_what_was_compiled_before(
    benchmark: Any, short: em.Fit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "folder", lambda: tmp_path)
    gradients.callable_of(block(short.model, short.design, "outcomes"))

    def again() -> None:
        gradients.callable_of(block(short.model, short.design, "outcomes"))

    benchmark.pedantic(again, rounds=5)


def test_simulate(benchmark: Benchmark, short: em.Fit) -> None:
    minutes = count(1)  # another change every time: no answer can be a remembered one

    def simulate() -> None:
        change = em.Change().at("check-in").lever("wait_minutes", to=next(minutes) % 60)
        em.simulate(short, change, draws=1000)

    simulate()
    benchmark(simulate)

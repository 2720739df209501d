"""All families in one study: the chain draws it, the survey reads it, the model finds it back."""

from __future__ import annotations

import numpy as np
import pymc as pm
import pytest

import emotion_models as em
from emotion_models.inference.estimands import units
from emotion_models.inference.loo import journey_log_likelihood
from emotion_models.models.chain import block
from emotion_models.models.design import make_design
from emotion_models.models.parameters import parameters
from emotion_models.models.prior_draws import prior_parameters
from emotion_models.models.response import respond
from tests.models.all_families import MODEL, at_truth, codebook, drawn, labelled
from tests.models.builders import dataset, design
from tests.models.graphs import MODE, draws


def test_leave_one_out_has_the_likelihood_of_the_model() -> None:
    """NumPy on draws and PyMC at the same point, and means that are finite and in range."""
    laid_out = design(MODEL, codebook(), n=15)
    built = block(MODEL, laid_out, "outcomes")
    names = [variable.name for variable in built.free_RVs]
    value = dict(zip(names, draws([built[name] for name in names], 1), strict=True))
    fixed = pm.do(built, value)
    derived = [variable.name for variable in built.deterministics]
    value |= dict(zip(derived, draws([fixed[name] for name in derived], 1), strict=True))
    posterior = labelled(value)
    known = parameters(MODEL, laid_out, posterior)
    ours = journey_log_likelihood(MODEL, laid_out, known, posterior[[]])
    theirs = fixed.compile_logp(vars=fixed.observed_RVs, mode=MODE)({})
    assert ours.sum() == pytest.approx(float(theirs), rel=1e-9)
    response = respond(MODEL, laid_out, known, {})
    for name in ("return", "churn"):
        assert ((response.mean(name) > 0) & (response.mean(name) < 1)).all()


def test_number_and_duration_are_read_to_one_scale() -> None:
    """Origin and unit of a number drop out; a duration ends at its horizon."""
    data = dataset(codebook(), n=40)
    value = data["behaviour_value"].to_numpy().copy()
    value[:, 4] = np.random.default_rng(2).normal(size=40)
    value[:6, 5] = [1, 2.5, 9, 6.5, 8.5, np.nan]

    def read(answers: np.ndarray) -> dict:
        changed = data.assign(behaviour_value=(data["behaviour_value"].dims, answers))
        return make_design(MODEL, codebook(), changed).items.others

    plain = read(value)
    moved = read(np.where(np.arange(6) == 4, 300 + 50 * value, value))
    assert moved["number"].value == pytest.approx(plain["number"].value)
    assert moved["number"].unit == pytest.approx(50 * plain["number"].unit)
    lasted = plain["duration"].value[:6, 0]
    assert lasted[:5].tolist() == [1, 2.5, 6.5, 6.5, 6.5]
    assert np.isnan(lasted[5])
    assert plain["duration"].within.tolist() == [[True] * 6]


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_what_never_or_always_happens_has_a_finite_level(value: float) -> None:
    data = dataset(codebook(), n=20)
    answers = data["behaviour_value"].to_numpy().copy()
    answers[:, [0, 2]] = value
    answers[:, 5] = 6.5 - 5.5 * value
    answers[:, 4] = 3.0
    changed = data.assign(behaviour_value=(data["behaviour_value"].dims, answers))
    laid_out = make_design(MODEL, codebook(), changed)
    built = block(MODEL, laid_out, "outcomes")
    point = built.initial_point()
    assert np.isfinite(built.compile_logp(mode=MODE)(point))
    assert np.isfinite(built.compile_dlogp(mode=MODE)(point)).all()


def test_prior_draws_have_every_parameter() -> None:
    laid_out = design(MODEL, codebook(), n=15)
    known = prior_parameters(MODEL, laid_out, np.random.default_rng(1), 400)
    assert known.shapes["duration_baseline"].shape == (400, 1, 6)
    assert known.shapes["duration_baseline"].sum(axis=2) == pytest.approx(np.zeros((400, 1)))
    assert known.shapes["number_df"].mean() == pytest.approx(20, rel=0.2)


@pytest.mark.slow
def test_every_family_is_found_back() -> None:
    survey, start, _ = drawn(500)
    fit = em.fit(MODEL, survey, seed=2, draws=300, tune=400, chains=2, progress=False)
    assert units(fit) == {
        "return": "probability", "recommend": "scale points", "visits": "count",
        "spend": "EUR", "balance": "points", "churn": "probability",
    }  # fmt: skip
    posterior = fit.posterior["posterior"].to_dataset().stack(sample=("chain", "draw"))
    for name, truth in at_truth(start, fit.design).items():
        found = posterior[name].transpose("sample", ...).to_numpy()
        away = np.abs(found.mean(axis=0) - truth) / found.std(axis=0)
        assert (away < 3.5).all(), (name, away)
    status = {check.name: check.status for check in fit.checks if "posterior pred" in check.name}
    assert len(status) == 7
    assert set(status.values()) == {"PASS"}
    # Mean probability of leaving by the horizon, against Kaplan and Meier's estimate.
    lasted = survey.data["behaviour_value"].sel(behaviour="churn").to_numpy()
    stays = np.prod([1 - (lasted == s).sum() / (lasted >= s).sum() for s in range(1, 7)])
    assert fit.response(200).mean("churn").mean() == pytest.approx(1 - stays, abs=0.05)
    assert len(em.effects(fit).table()) > 0

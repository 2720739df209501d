"""Power-scaling: agrees with an independent route, and says what it means."""

from __future__ import annotations

import arviz_base as azb
import arviz_stats as azs
import numpy as np
import pymc as pm
import pytest
import xarray as xr

from emotion_models.inference import Fit
from emotion_models.inference.checking import as_drawn, prior_sensitivity
from emotion_models.inference.likelihood import joint_log_likelihood
from emotion_models.inference.sensitivity import (
    DIAGNOSES,
    THRESHOLD,
    log_prior,
    sensitivity,
    sensitivity_table,
)
from emotion_models.models.chain import block
from emotion_models.models.parameters import parameters
from emotion_models.models.prior import Prior
from tests.models.builders import FULL_MODEL, book, design
from tests.models.graphs import draws, log_density

NAN = float("nan")


def conjugate(prior_sd: float, n: int, mean: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Posterior draws of a normal mean (unit noise), with its log prior and log likelihood."""
    rng = np.random.default_rng(1)
    precision = 1 / prior_sd**2 + n
    draw = rng.normal(n * mean / precision, precision**-0.5, 4000)
    return draw, -0.5 * (draw / prior_sd) ** 2, -0.5 * n * (draw - mean) ** 2


@pytest.mark.parametrize(
    ("prior_sd", "n", "mean", "diagnosis"),
    [(10.0, 50, 1.0, "data"), (0.1, 50, 3.0, "conflict"), (0.1, 1, 0.0, "weak")],
)
def test_a_normal_mean(prior_sd: float, n: int, mean: float, diagnosis: str) -> None:
    """The three cases of the table, and the same figures as ArviZ's own summary."""
    draw, prior, likelihood = conjugate(prior_sd, n, mean)
    ours = [sensitivity(draw[:, None], part)[0] for part in (prior, likelihood)]
    table = sensitivity_table(["mean"], np.array(ours[:1]), np.array(ours[1:]))
    assert table["diagnosis"].tolist() == [DIAGNOSES[diagnosis]]
    tree = azb.from_dict(
        {
            "posterior": {"mean": draw.reshape(4, -1)},
            "log_prior": {"mean": prior.reshape(4, -1)},
            "log_likelihood": {"y": likelihood.reshape(4, -1)},
        }
    )
    theirs = azs.psense_summary(tree, threshold=THRESHOLD, round_to=6)
    assert ours == pytest.approx(
        theirs.loc["mean", ["prior", "likelihood"]].astype(float), abs=1e-3
    )


def test_what_is_not_known_is_said() -> None:
    table = sensitivity_table(
        ["a", "b", "c"], np.array([NAN, 0.2, 0.01]), np.array([0.1, NAN, NAN])
    )
    assert table["diagnosis"].tolist() == [
        DIAGNOSES["unknown"], DIAGNOSES["prior"], DIAGNOSES["data"],
    ]  # fmt: skip
    assert np.isnan(sensitivity(np.zeros((10, 2)), np.zeros(10))).all()


def test_joint_likelihood_is_that_of_the_graph() -> None:
    """In a panel: all answers given respondent effects and residuals, at two points."""
    model = FULL_MODEL.model_copy(update={"respondents": True})
    laid_out = design(model, book(), per_person=2)
    built = block(model, laid_out, "outcomes")
    ours, theirs = [], []
    for seed in (1, 2):
        free = [v.name for v in built.free_RVs]
        values = dict(zip(free, draws([built[n] for n in free], 1, seed=seed), strict=True))
        fixed = pm.do(built, values)
        derived = [v.name for v in built.deterministics]
        values |= dict(zip(derived, draws([fixed[n] for n in derived], 1), strict=True))
        theirs.append(log_density(fixed, {}, fixed.observed_RVs))
        data = xr.Dataset({n: ([f"{n}_{k}" for k in range(v.ndim)], v) for n, v in values.items()})
        known = parameters(model, laid_out, data.expand_dims("sample"))
        people = {name: values[name][None] for name in ("bond_residual", "person")}
        ours.append(joint_log_likelihood(model, laid_out, known, people)[0])
    assert ours[1] - ours[0] == pytest.approx(theirs[1] - theirs[0], rel=1e-9)


def test_table_of_a_fit(tiny: Fit) -> None:
    table = tiny.sensitivity()
    assert list(table) == ["quantity", "prior", "likelihood", "diagnosis"]
    assert {"positivity trust", "effect joy on return"} <= set(table["quantity"])
    assert set(table["diagnosis"]) <= set(DIAGNOSES.values())
    table["prior"] = 0.0  # a copy: the next reader sees the figures
    assert (tiny.sensitivity()["prior"] > 0).all()


def test_overrides_count_as_the_prior(tiny: Fit) -> None:
    """A prior that is a thousand times wider hardly weighs; the table must see that."""
    draws_of = tiny.draws(200)[0]
    wide = tiny.model.with_options({"overrides": {"positivity": Prior.normal(0, 2000)}})
    usual, flat = (
        log_prior(draws_of, ["positivity"], model.prior_table) for model in (tiny.model, wide)
    )
    assert np.ptp(flat) < 1e-4 * np.ptp(usual)
    assert as_drawn(tiny, draws_of) is draws_of  # weak priors: nothing to take away


def test_in_a_panel_no_leave_one_out_is_needed(tiny: Fit) -> None:
    assert prior_sensitivity(tiny, None)["likelihood"].notna().all()

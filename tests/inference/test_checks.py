"""Checks: thresholds, what is missing fails, and JSON."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
import xarray as xr

import emotion_models as em
from emotion_models.inference import Check, Checks, Fit
from emotion_models.inference.checks import judge
from emotion_models.inference.diagnostics import block_of, convergence
from emotion_models.inference.predictive import posterior_predictive
from emotion_models.inference.prior_predictive import _outcomes, prior_predictive
from tests.inference.stored import with_posterior

NAN = float("nan")


@pytest.mark.parametrize(
    ("figure", "passes", "fails", "status"),
    [
        (1.0, 1.01, 1.05, "PASS"), (1.01, 1.01, 1.05, "PASS"), (1.02, 1.01, 1.05, "REVIEW"),
        (1.05, 1.01, 1.05, "REVIEW"), (1.06, 1.01, 1.05, "FAIL"), (np.inf, 1.01, 1.05, "FAIL"),
        (500, 400, 100, "PASS"), (400, 400, 100, "PASS"), (399, 400, 100, "REVIEW"),
        (100, 400, 100, "REVIEW"), (99, 400, 100, "FAIL"), (-np.inf, 400, 100, "FAIL"),
        (0, 0, 0, "PASS"), (1, 0, 0, "FAIL"), (NAN, 1, 2, "FAIL"), (NAN, 2, 1, "FAIL"),
    ],
)  # fmt: skip
def test_thresholds(figure: float, passes: float, fails: float, status: str) -> None:
    check = judge("x", figure, passes=passes, fails=fails, about="a", advice="do")
    assert check.status == status
    assert check.threshold == passes
    assert check.advice == ("" if status == "PASS" else "do")


def some() -> Checks:
    return Checks(
        [
            judge("a", 0.1 + 0.2, passes=1, fails=2, about="sum", advice="no"),
            judge("b", 1.5, passes=1, fails=2, about="mid", advice="look"),
            judge("c", NAN, passes=1, fails=2, about="none", advice="stop"),
            judge("d", np.inf, passes=1, fails=2, about="much", advice="stop"),
        ]
    )


def test_json_round_trip() -> None:
    checks = some()
    again = Checks.from_list(json.loads(json.dumps(checks.as_list(), allow_nan=False)))
    assert again == checks
    assert [check.status for check in again] == ["PASS", "REVIEW", "FAIL", "FAIL"]
    assert again[0].figure == checks[0].figure
    assert np.isnan(again[2].figure)
    assert again[3].figure == np.inf


def test_the_worst_status_counts() -> None:
    checks = some()
    assert checks.status == "FAIL"
    assert Checks(checks[:2]).status == "REVIEW"
    assert Checks(checks[:1]).status == "PASS"
    assert Checks().status == "FAIL"  # nothing was checked
    assert checks.failed("c")
    assert not checks.failed("b")
    assert not checks.failed("absent")
    assert list(checks.table()) == ["name", "status", "figure", "threshold", "about", "advice"]
    assert "REVIEW  b: mid (1.5); look" in repr(checks)
    assert checks._repr_html_().startswith("<pre>")
    assert len({checks[0], checks[1], checks[0]}) == 2


# --- convergence -----------------------------------------------------------------------------


def posterior(chains: int = 4, draws: int = 500) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(11)
    return {
        "positivity": rng.normal(size=(chains, draws, 3)),
        "effect": rng.normal(size=(chains, draws, 2)),
        "departure": rng.normal(size=(chains, draws, 2)),
    }


def checked(
    values: dict[str, np.ndarray], divergences: float = 0, e_bfmi: float = 1.0
) -> dict[str, Check]:
    data = xr.Dataset({n: (("chain", "draw", f"{n}_dim"), v) for n, v in values.items()})
    n_chains = data.sizes["chain"]
    stats = xr.Dataset(
        {
            "divergences": (("block", "chain"), np.full((1, n_chains), divergences)),
            "e_bfmi": (("block", "chain"), np.full((1, n_chains), e_bfmi)),
        },
        coords={"block": ["outcomes"]},
    )
    return {check.name.partition(":")[0]: check for check in convergence(data, stats)}


def test_a_good_posterior_passes() -> None:
    found = checked(posterior())
    assert set(found) == {"R-hat", "bulk ESS", "tail ESS", "divergences", "E-BFMI"}
    assert {check.status for check in found.values()} == {"PASS"}
    assert found["R-hat"].about == "largest of 7 quantities"
    assert found["bulk ESS"].about == "smallest of 5 reported quantities"


def test_a_chain_that_went_elsewhere() -> None:
    values = posterior()
    values["effect"][2, :, 1] += 2
    assert checked(values)["R-hat"].status == "FAIL"
    assert checked(values)["bulk ESS"].status == "FAIL"


def test_a_chain_that_hardly_moves() -> None:
    values = posterior()
    steps = np.random.default_rng(2).normal(size=(4, 500))
    for s in range(1, 500):
        steps[:, s] = 0.99 * steps[:, s - 1] + 0.14 * steps[:, s]
    values["effect"][:, :, 0] = steps
    found = checked(values)
    assert found["bulk ESS"].status == "FAIL"
    assert found["tail ESS"].status == "FAIL"


def test_what_is_not_reported_needs_no_ess() -> None:
    values = posterior()
    values["departure"][:, :, 0] = np.repeat(values["departure"][:, ::10, 0], 10, axis=1)
    found = checked(values)
    assert found["bulk ESS"].status == "PASS"


@pytest.mark.parametrize(("count", "status"), [(0, "PASS"), (0.25, "FAIL"), (NAN, "FAIL")])
def test_divergences(count: float, status: str) -> None:
    assert checked(posterior(), divergences=count)["divergences"].status == status


@pytest.mark.parametrize(("figure", "status"), [(0.25, "REVIEW"), (0.1, "FAIL"), (NAN, "FAIL")])
def test_e_bfmi(figure: float, status: str) -> None:
    assert checked(posterior(), e_bfmi=figure)["E-BFMI"].status == status


def test_one_chain_cannot_agree_with_itself() -> None:
    found = checked(posterior(chains=1))
    assert found["R-hat"].status == "FAIL"
    assert np.isnan(found["R-hat"].figure)


def test_nan_fails_and_constants_do_not_count() -> None:
    values = posterior()
    values["fixed"] = np.ones((4, 500, 2))
    assert checked(values)["R-hat"].about == "largest of 7 quantities"
    values["effect"][1, 3, 0] = NAN
    found = checked(values)
    assert [found[n].status for n in ("R-hat", "bulk ESS", "tail ESS")] == ["FAIL"] * 3


def test_nothing_to_check_fails() -> None:
    found = checked({"fixed": np.ones((4, 500, 1))})
    assert [found[n].status for n in ("R-hat", "bulk ESS", "tail ESS")] == ["FAIL"] * 3


def test_every_variable_of_a_fit_has_its_block(tiny: Fit) -> None:
    names = [str(name) for name in tiny.posterior["posterior"].data_vars]
    blocks = {name: block_of(name) for name in names}
    assert blocks["rating_cutpoint"] == blocks["lever_effect"] == blocks["base"] == "elicitation"
    assert blocks["recall_effect"] == "recall"
    assert blocks["effect_by_segment"] == blocks["memory_weight"] == "outcomes"
    assert set(tiny.posterior["sample_stats"]["block"].values) == set(blocks.values())


# --- predictive checks -----------------------------------------------------------------------


def predictive(fit: Fit) -> dict[str, str]:
    return {
        c.name.removeprefix("posterior predictive: "): c.status for c in posterior_predictive(fit)
    }


def test_the_fitted_model_reproduces_its_answers(tiny: Fit) -> None:
    found = predictive(tiny)
    assert set(found.values()) == {"PASS"}
    assert len(found) == 6 + 5 + 4  # ordinal items; other rows; ratings of emotions


@pytest.mark.parametrize(
    ("name", "shift", "flagged"),
    [
        ("answer_cutpoint", 2.5, {"overall", "trust_1", "recommend", "frustration_kept"}),
        ("intercept", 4.0, {"return", "complain", "spend: any"}),
        ("rating_cutpoint", 2.5, {f"ratings of {e}" for e in ("joy", "frustration", "worry")}),
        ("count_intercept", 2.0, {"visits"}),
    ],
)
def test_a_wrong_model_is_flagged(tiny: Fit, name: str, shift: float, flagged: set[str]) -> None:
    found = predictive(with_posterior(tiny, **{name: lambda x: x + shift}))
    assert {found[item] for item in flagged} == {"FAIL"}
    untouched = {"spend: amount"} | ({"return"} if name != "intercept" else {"visits"})
    assert {found[item] for item in untouched} == {"PASS"}


def test_a_wrong_spread_is_flagged(tiny: Fit) -> None:
    assert predictive(with_posterior(tiny, amount_sd=lambda x: 4 * x))["spend: amount"] == "FAIL"


def test_prior_predictive(tiny: Fit) -> None:
    found = {check.name: check for check in prior_predictive(tiny)}
    stages = ("elicitation", "recall", "remembered", "relationship", "behaviour")
    assert list(found) == [f"prior predictive: {stage}" for stage in stages]
    assert {check.status for check in found.values()} == {"PASS"}


def test_numbers_alone_are_not_judged(tiny: Fit, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stage of which nothing can be judged has no check: it must not fail by having no figure."""
    judged = "emotion_models.inference.prior_predictive._outcomes"
    monkeypatch.setattr(judged, lambda fit, rng: {"remembered": [0.1], "behaviour": []})
    found = [check.name for check in prior_predictive(tiny)]
    assert "prior predictive: remembered" in found
    assert "prior predictive: behaviour" not in found


@pytest.mark.parametrize(
    ("name", "prior", "stages"),
    [
        ("rating_probability", em.Prior.dirichlet(0.03), {"elicitation"}),
        ("recall_base", em.Prior.normal(20, 1), {"recall"}),
        (
            "answer_probability",
            em.Prior.dirichlet(0.03),
            {"remembered", "relationship", "behaviour"},
        ),
        ("intercept", em.Prior.normal(0, 50), {"behaviour"}),
    ],
)
def test_absurd_priors_are_flagged_in_their_stage(
    tiny: Fit, name: str, prior: em.Prior, stages: set[str]
) -> None:
    model = tiny.model.with_options({"overrides": {name: prior}})
    flagged = {
        check.name.removeprefix("prior predictive: ")
        for check in prior_predictive(replace(tiny, model=model))
        if check.status != "PASS"
    }
    assert flagged == stages


@pytest.mark.parametrize("wide", ["intercept", "positivity"])
def test_numbers_out_of_this_world(tiny: Fit, wide: str) -> None:
    """Counts and amounts have no category that all could fall in: their size is judged."""
    prior = em.Prior.normal(0, 200)
    model = tiny.model.with_options({"overrides": {wide: prior}})
    with np.errstate(over="ignore"):
        shares = _outcomes(replace(tiny, model=model), np.random.default_rng(1))["behaviour"]
    usual = _outcomes(tiny, np.random.default_rng(1))["behaviour"]
    assert shares[-1] > 0.8 > 0.1 > usual[-1]  # the last row is an amount

"""`em.measure`: by hand from the stored posterior, and what it says of what it cannot know."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import emotion_models as em
from emotion_models.errors import InputProblems
from emotion_models.inference import Fit
from emotion_models.measurement import Measurement, estimate, latent
from emotion_models.measurement.by_group import MATTERS
from emotion_models.measurement.result import NO_CONSTRUCT, ON_THE_PRIOR, ONE_ITEM, UNRELATED
from emotion_models.models.design import Design
from emotion_models.models.parameters import Parameters
from emotion_models.models.prior_draws import prior_parameters
from emotion_models.science.equations import measurement as equation
from tests import oracle
from tests.models.builders import FULL, FULL_MODEL, book, design

BY_SEGMENT = FULL_MODEL.with_options({"invariance": "segment"})
TRUST = ("trust_1", "trust_2", "trust_3")


@pytest.fixture(scope="module")
def result(tiny: Fit) -> Measurement:
    return em.measure(tiny)


def of_prior(codebook: Any, *, n: int = 60) -> Measurement:
    """Measurement of a made-up survey at draws from the prior."""
    laid_out = design(FULL_MODEL, codebook, n=n)
    known = prior_parameters(FULL_MODEL, laid_out, np.random.default_rng(1), 40)
    return Measurement(
        estimate.measured_parts(laid_out),
        estimate.from_model(FULL_MODEL, laid_out, known),
        estimate.from_answers(laid_out, 1),
    )


def test_loading_and_omega_by_hand(tiny: Fit, result: Measurement) -> None:
    """One draw: variance of the bond over journeys from the formulas, plus its residual's."""
    index = 5
    draw = oracle.Draw(tiny, index)
    explained = []
    for j in range(tiny.design.n_journeys):
        journey = oracle.Journey(draw, j)
        explained.append(journey.own("trust", journey.remembered(oracle.ratings_of(tiny, j))))
    mean = oracle.average(tiny, explained)
    variance = 1 + oracle.average(tiny, (np.array(explained) - mean) ** 2)
    loading = np.array([draw.get("item_loading", item=item) for item in TRUST])
    standard = loading * variance**0.5 / np.sqrt(loading**2 * variance + np.pi**2 / 3)
    found = result.draws.isel(sample=index)
    assert found["loading"].sel(item=list(TRUST)).to_numpy() == pytest.approx(standard)
    common = standard.sum() ** 2
    assert found["omega_latent"].item() == pytest.approx(
        common / (common + 3 - (standard**2).sum())
    )
    assert found["ave"].item() == pytest.approx((standard**2).mean())


def test_correlation_of_constructs() -> None:
    """Total covariance: what is explained in both, plus the residuals'."""
    laid_out = design(FULL_MODEL, book(), n=60)
    known = prior_parameters(FULL_MODEL, laid_out, np.random.default_rng(1), 3)
    mean, covariance = latent.moments(FULL_MODEL, laid_out, known)
    draws = estimate.from_model(FULL_MODEL, laid_out, known)
    one, other = known.relationship
    factor = known.bond_factor[2]
    residual = factor @ factor.T
    assert draws["residual_correlation"][2].to_numpy() == pytest.approx(residual)
    explained = covariance[2, one, other] - residual[0, 1]
    total = (explained + residual[0, 1]) / np.sqrt(
        covariance[2, one, one] * covariance[2, other, other]
    )
    assert draws["correlation"][2, 0, 1].item() == pytest.approx(total)
    assert abs(explained) > 1e-3
    assert mean.shape == (3, len(laid_out.rows))


def test_parts_of_the_draws_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    laid_out = design(FULL_MODEL, book())
    known = prior_parameters(FULL_MODEL, laid_out, np.random.default_rng(1), 7)
    mean, covariance = latent.moments(FULL_MODEL, laid_out, known)
    monkeypatch.setattr(latent, "CELLS", 1)
    again = latent.moments(FULL_MODEL, laid_out, known)
    assert again[0] == pytest.approx(mean)
    assert again[1] == pytest.approx(covariance)


def test_table(tiny: Fit, result: Measurement) -> None:
    table = result.table()
    loading = table[table["quantity"] == "loading"].set_index("item")
    assert tuple(loading.index) == (*TRUST, "overall", "frustration_kept")
    kept = loading.loc[list(TRUST)]
    assert (kept["lower"] < kept["mean"]).all()
    assert (kept["mean"] < kept["upper"]).all()
    assert (kept["reason"] == "").all()
    assert loading.loc["overall", "reason"] == NO_CONSTRUCT
    assert np.isnan(loading.loc["overall", "mean"])
    alpha = table[table["quantity"] == "alpha"].iloc[0]
    assert alpha["source"] == "answers"
    # The bootstrap lies around the figure that any other software gives for these answers.
    answers = tiny.design.items.ordinal[
        :, [tiny.design.items.ordinal_names.index(t) for t in TRUST]
    ]
    r = np.corrcoef(answers.T)[np.triu_indices(3, 1)].mean()
    assert alpha["mean"] == pytest.approx(3 * r / (1 + 2 * r), abs=0.05)


def test_information_in_units_of_the_construct(result: Measurement) -> None:
    curves = result.information()
    assert set(curves["item"]) == {*TRUST, "(all)", "overall", "frustration_kept"}
    trust = curves[curves["construct"] == "trust"]
    wide = trust.pivot_table(index="level", columns="item", values="mean")
    assert wide["(all)"].to_numpy() == pytest.approx(wide[list(TRUST)].sum(axis=1).to_numpy())
    assert (trust["reliability"] == trust["mean"] / (1 + trust["mean"])).all()


def test_one_item_is_said_plainly() -> None:
    result = of_prior(book())
    table = result.table()
    one = table[table["construct"] == "commitment"]
    assert set(one["quantity"]) == {
        "loading",
        "peak",
        "omega_latent",
        "omega_ticked",
        "alpha",
        "ave",
    }
    assert one["mean"].isna().all()
    assert (one["reason"] == ONE_ITEM).all()
    known = table[(table["construct"] == "trust") & (table["quantity"] != "alpha")]
    assert known["mean"].notna().all()
    assert result.htmt()["reason"].tolist() == [ONE_ITEM]
    assert result.htmt()[["mean", "p_above_085"]].isna().all(axis=None)
    correlations = result.correlations()
    assert (correlations["reason"] == ON_THE_PRIOR).all()
    assert correlations["mean"].notna().all()
    assert f"commitment: {ONE_ITEM}" in result.summary()
    assert "commitment" not in set(result.information()["construct"])


def test_unrelated_answers_are_said_plainly() -> None:
    """Items of random ticks do not go together: no ratio, and the reason."""
    two = [
        {"name": name, "items": [{"name": f"{name}_{k}", "scale": "agree"} for k in (1, 2)]}
        for name in ("trust", "commitment")
    ]
    (row,) = of_prior(book(relationship=two)).htmt().to_dict("records")
    assert row["reason"] == UNRELATED
    assert np.isnan(row["mean"])


def test_two_constructs_that_are_one() -> None:
    """Four copies of one question, two called trust and two commitment: HTMT is 1."""
    two = [
        {"name": name, "items": [{"name": f"{name}_{k}", "scale": "agree"} for k in (1, 2)]}
        for name in ("trust", "commitment")
    ]
    laid_out = design(FULL_MODEL, book(relationship=two), n=200)
    items = laid_out.items
    columns = [items.ordinal_names.index(i["name"]) for part in two for i in part["items"]]
    items.ordinal[:, columns] = items.ordinal[:, columns[:1]]
    result = Measurement(
        estimate.measured_parts(laid_out),
        estimate.from_model(
            FULL_MODEL,
            laid_out,
            prior_parameters(FULL_MODEL, laid_out, np.random.default_rng(1), 9),
        ),
        estimate.from_answers(laid_out, 1),
    )
    (row,) = result.htmt().to_dict("records")
    assert row["mean"] == pytest.approx(1)
    assert row["p_above_085"] == row["p_above_090"] == 1
    assert "they may be one construct" in result.summary()


def differing() -> tuple[Design, Parameters]:
    """Trust with three items, used differently by two segments; everything else from the prior."""
    items = [{"name": f"trust_{k}", "scale": "agree"} for k in (1, 2, 3)]
    three = [{"name": "trust", "items": items}, FULL["relationship"][1]]
    laid_out = design(BY_SEGMENT, book(relationship=three), n=60)
    known = prior_parameters(BY_SEGMENT, laid_out, np.random.default_rng(1), 50)
    trust = [laid_out.items.ordinal_names.index(item["name"]) for item in items]
    shift, stretch = np.array([2.0, -2.0, 0.0]), np.array([0.6, -0.6, 0.0])
    shifts, loadings = np.zeros((2, 50, 2, known.loading.shape[1]))
    shifts[:, 0, trust], shifts[:, 1, trust] = shift, -shift
    loadings[:] = known.loading[:, None]
    for group, sign in enumerate((1, -1)):
        loadings[:, group, trust] *= np.exp(sign * stretch + 0.2 * sign)
    return laid_out, replace(known, group_shift=shifts, group_loading=loadings)


def test_invariance() -> None:
    """Known shifts and loadings come back, in the units that the table promises."""
    laid_out, known = differing()
    result = Measurement(
        estimate.measured_parts(laid_out),
        estimate.from_model(BY_SEGMENT, laid_out, known),
        estimate.from_answers(laid_out, 1),
    )
    table = result.invariance().set_index(["item", "group", "quantity"]).sort_index()
    stretch = table.xs(("new", "stretch"), level=("group", "quantity"))
    trust = ["trust_1", "trust_2", "trust_3"]
    assert stretch.loc[trust, "mean"].to_numpy() == pytest.approx([0.6, -0.6, 0.0], abs=1e-9)
    assert stretch.loc[trust, "p_matters"].to_numpy() == pytest.approx([1, 1, 0])
    assert table.loc[("", "old", "spread"), "mean"].item() == pytest.approx(-0.2)
    assert np.isnan(table.loc[("", "old", "spread"), "p_matters"].item())
    # A shift in logits over the sd of the latent answer: what the loading does not explain.
    standard = result.draws["loading"].sel(item="trust_1").to_numpy()
    sd = np.sqrt(equation.ERROR_VARIANCE / (1 - standard**2))
    drawn = result.draws["shift"].sel(item="trust_1", group="old").to_numpy()
    assert drawn == pytest.approx(-2 / sd)
    row = table.loc[("trust_1", "old", "shift"), ["mean", "p_matters"]].to_numpy(float).ravel()
    assert row == pytest.approx([(-2 / sd).mean(), (2 / sd > MATTERS).mean()])
    alone = result.invariance().set_index("construct").loc["commitment"]
    assert alone["mean"].isna().all()
    assert (alone["reason"] == ONE_ITEM).all()
    assert "trust_1 in group new: " in result.summary()


def test_invariance_that_was_not_estimated(result: Measurement) -> None:
    with pytest.raises(InputProblems, match=r"was not estimated; fit model\.with_options"):
        result.invariance()


def test_only_remembered_ratings() -> None:
    result = of_prior(book(relationship=None))
    assert set(result.table()["quantity"]) == {"loading", "peak"}
    assert result.htmt().empty
    assert result.correlations().empty
    assert set(result.information()["construct"]) == {"overall", "joy_kept"}


def test_nothing_to_measure(tiny: Fit) -> None:
    laid_out = design(FULL_MODEL, book(relationship=None, remembered=None))
    assert estimate.measured_parts(laid_out) == ()
    without = replace(tiny, model=tiny.model.model_copy(update={"outcomes": False}))
    with pytest.raises(InputProblems, match="no constructs and no remembered"):
        em.measure(without)
    assert FULL["relationship"]


def test_words_and_figures(result: Measurement) -> None:
    text = result.summary()
    assert text.startswith("How well the items measure (90% intervals):")
    assert "trust (3 items): reliability of the sum of its answers 0." in text
    assert "weakest item trust_" in text
    assert f"overall: {NO_CONSTRUCT}" in text
    assert repr(result) == text
    assert result._repr_html_().startswith("<pre>How well")
    assert len(result.plot().axes) == 1
    assert len(result.plot(show="information").axes) == 3


def test_same_seed_same_answer(tiny: Fit, result: Measurement) -> None:
    assert result.draws.identical(em.measure(tiny).draws)
    assert result.answers.identical(em.measure(tiny).answers)


def test_equation_and_model_share_the_error_variance() -> None:
    """The logistic error of the latent answer has the variance that loadings assume."""
    draws = np.random.default_rng(1).logistic(size=400_000)
    assert draws.var() == pytest.approx(equation.ERROR_VARIANCE, rel=0.01)

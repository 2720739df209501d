"""Robustness of effects: by hand from the posterior, and as a confounder that is really there."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.special import polygamma

import emotion_models as em
from emotion_models.causal import Assumptions
from emotion_models.effects import Robustness
from emotion_models.errors import InputProblems
from emotion_models.inference import Fit
from emotion_models.inference.latent_effects import answer_variance
from emotion_models.models.families import LIKELIHOODS
from emotion_models.models.forward import remembered
from tests.causal import study


@pytest.fixture(scope="module")
def found(tiny: Fit) -> Robustness:
    return em.robustness(tiny)


def by_hand(fit: Fit, outcome: str, emotion: str) -> np.ndarray:
    """Regress the emotion on everything else, draw by draw."""
    design, known = fit.design, fit.parameters(1000)
    row = [r.name for r in design.rows].index(outcome)
    e = design.emotions.index(emotion)
    memory = remembered(fit.model, design, known)
    share = design.weight / design.weight.sum()
    effect = np.einsum("g,sge->se", share @ design.membership, known.effect[..., row])[:, e]
    variance = np.full(known.n_draws, np.pi**2 / 3)
    if row in known.behaviour:
        b = list(known.behaviour).index(row)
        gamma = np.einsum("g,sgec->sec", share @ design.membership, known.effect)[:, e]
        effect = effect + (gamma[:, known.relationship] * known.bond_effect[:, :, b]).sum(axis=1)
        variance += known.bond_effect[:, 0, b] ** 2  # one construct, residual variance one
    if row in known.relationship:
        variance = np.ones(known.n_draws)
    values = []
    for s in range(known.n_draws):
        rest = np.column_stack(
            [np.delete(memory[s], e, axis=1), design.controls, np.ones(design.n_journeys)]
        )
        root = np.sqrt(share)
        fitted = rest @ np.linalg.lstsq(rest * root[:, None], memory[s, :, e] * root)[0]
        left = np.sqrt(share @ (memory[s, :, e] - fitted) ** 2)
        values.append(effect[s] * left / np.sqrt(variance[s]))
    f = np.array(values)
    f = np.maximum(f * np.sign(np.median(f)), 0)
    # The strength r whose bias r / sqrt(1 - r) is f: a root of r^2 + f^2 r - f^2.
    return np.array([np.roots([1, x**2, -(x**2)]).max() for x in f])


@pytest.mark.parametrize(
    ("outcome", "emotion"),
    [("overall", "joy"), ("trust", "gratitude"), ("return", "worry"), ("recommend", "frustration")],
)
def test_against_regressions(tiny: Fit, found: Robustness, outcome: str, emotion: str) -> None:
    values = found.draws.sel(outcome=outcome, emotion=emotion).to_numpy()
    assert values == pytest.approx(by_hand(tiny, outcome, emotion), rel=1e-4, abs=1e-8)


def test_table_and_words(tiny: Fit, found: Robustness) -> None:
    table = found.table()
    assert list(table) == [
        "outcome", "emotion", "direction", "to_zero", "to_unsure", "upper", "e_zero", "e_unsure",
        "benchmark", "benchmark_strength", "claim",
    ]  # fmt: skip
    assert set(table["claim"]) == {"adjusted"}
    assert (table["to_unsure"] <= table["to_zero"]).all()
    assert (table["to_zero"] <= table["upper"]).all()
    assert set(table[table["e_zero"].notna()]["outcome"]) == {"return", "complain"}
    assert (table["e_zero"].dropna() >= table["e_unsure"].dropna()).all()
    # Only its own emotion acts on a rating of it as remembered.
    assert list(table[table["outcome"] == "frustration_kept"]["emotion"]) == ["frustration"]
    # Both ask whether the effect's sign holds without any confounder.
    effects = em.effects(tiny).table()
    certain = effects[(effects["path"] == "total") & (effects["outcome"] == "recommend")]
    sure = dict(
        zip(certain["emotion"], (certain["lower"] > 0) | (certain["upper"] < 0), strict=True)
    )
    mine = table[table["outcome"] == "recommend"]
    assert dict(zip(mine["emotion"], mine["to_unsure"] > 0, strict=True)) == sure
    text = found.summary()
    assert "to make its sign uncertain" in text
    assert repr(found) == text
    assert found._repr_html_().startswith("<pre>Share of what is left")
    assert found.plot().axes


def test_e_value_follows_the_effect(tiny: Fit, found: Robustness) -> None:
    effects = em.effects(tiny, on="return")
    total = effects.values[0, 0, effects.emotions.index("joy"), 0, 0]
    response = tiny.response(1000)
    weight = tiny.design.weight / tiny.design.weight.sum()
    before = response.mean("return") @ weight
    ratio = (before + total) / before
    ratio = np.where(total > 0, ratio, 1.0) if np.median(total) > 0 else 1 / ratio
    expected = ratio + np.sqrt(ratio * (ratio - 1))
    place = found.emotions.index("joy")
    assert found.e_values["return"][place] == pytest.approx(expected, rel=1e-4)


def test_one_outcome_and_bad_names(tiny: Fit, found: Robustness) -> None:
    one = em.robustness(tiny, on="spend")
    assert one.rows == ("spend: any", "spend: amount")
    both = found.table()
    pd.testing.assert_frame_equal(
        one.table(), both[both["outcome"].str.startswith("spend")].reset_index(drop=True)
    )
    with pytest.raises(InputProblems, match="outcome 'spent': not in the fit; did you mean 'spe"):
        em.robustness(tiny, on="spent")
    bare = replace(tiny, model=tiny.model.model_copy(update={"outcomes": False}))
    with pytest.raises(InputProblems, match="fit: has no outcomes"):
        em.robustness(bare)


# One emotion that does nothing, and a cause of equal strength on both sides.
SHARE = 0.15


def confounded(n: int, seed: int) -> pd.DataFrame:
    """Visits on which age drives both joy and return, and joy drives nothing."""
    rng = np.random.default_rng(seed)
    age = rng.normal(size=n)
    joy = study.ticked(rng, age)
    score = joy / study.TOP
    line = np.polyfit(age, score, 1)
    left = score - np.polyval(line, age)
    r2 = 1 - left.var() / score.var()
    # Thin the tie until age explains SHARE of the ratings.
    swap = rng.random(n) > np.sqrt(SHARE / r2)
    joy[swap] = rng.permutation(joy[swap])
    g = np.sqrt(SHARE / (1 - SHARE) * np.pi**2 / 3 / (1 - SHARE))
    answers = {name: study.yes(rng, g * age) for name in ("return", "complain")}
    return pd.DataFrame({"id": np.arange(n), "age": age, "desk_joy": joy, **answers})


@pytest.mark.evidence
def test_a_confounder_biases_adjustment_removes_it_and_robustness_matches() -> None:
    table = confounded(3000, 3)
    emotions = [{"name": "joy", "scale": "felt"}]
    found = {}
    for adjusted in (False, True):
        changes = {"emotions": emotions, "levers": []} | ({} if adjusted else {"controls": None})
        codebook = study.codebook(**changes)
        columns = table if adjusted else table.drop(columns="age")
        survey = em.read_survey(columns, codebook=codebook)
        model = em.JourneyModel.for_survey(survey, elicitation=False)
        found[adjusted] = em.fit(
            model, survey, seed=1, draws=200, tune=200, chains=2, progress=False
        )
    biased, clean = (em.robustness(found[k], on="return").table().loc[0] for k in (False, True))
    # Without age joy looks like a driver, and a cause as strong as age is what undoes it.
    assert biased["direction"] == "+"
    assert biased["to_unsure"] < SHARE < biased["upper"]
    assert biased["to_zero"] == pytest.approx(SHARE, abs=0.03)
    # With age nothing is left, and age is the benchmark whose strength is what it is.
    assert clean["to_unsure"] == 0
    assert clean["benchmark"] == "age"
    assert clean["benchmark_strength"] == pytest.approx(SHARE, abs=0.03)
    declared = found[True].under(Assumptions(confounders=["age"]))
    # One emotion of one sign cannot tell the answering style: never causal.
    assert set(em.effects(declared).table()["claim"]) == {"adjusted"}


def test_every_likelihood_says_what_is_left(tiny: Fit) -> None:
    """One variance for importance and robustness: that of the table of families."""
    assert all(likelihood.latent_variance for likelihood in LIKELIHOODS.values())
    response, n = tiny.response(20), tiny.design.n_journeys
    rows = [row.name for row in tiny.design.rows]
    left = {name: answer_variance(response, r, np.full(n, 1 / n)) for r, name in enumerate(rows)}
    assert left["return"] == pytest.approx(np.full(20, np.pi**2 / 3))
    assert left["recommend"] == pytest.approx(left["return"])
    assert left["spend: amount"] == pytest.approx(
        response.known.shapes_of("amount", 0)[0][:, 0] ** 2
    )
    eta, dispersion = response.eta[:, rows.index("visits")], response.known.shapes_of("count", 0)
    mean = np.exp(eta).mean(axis=1)
    variance = 1 / (1 / mean + 1 / dispersion[0][:, 0])
    assert left["visits"] == pytest.approx(polygamma(1, variance))


def test_effects_that_differ_by_touchpoint(tiny: Fit) -> None:
    """The exposure is all that is remembered of the emotion, as its effects weigh it."""
    posterior = tiny.posterior.copy()
    draws = posterior["posterior"].to_dataset()
    effect = draws["effect"].transpose("chain", "draw", "emotion", "row")
    shape = (*effect.shape[:2], len(tiny.design.touchpoints), *effect.shape[2:])
    dims = ("chain", "draw", "touchpoint", "emotion", "row")
    draws["effect_at_touchpoint"] = dims, np.random.default_rng(1).normal(0, 0.5, shape)
    posterior["posterior"].dataset = draws
    model = tiny.model.with_options({"by_touchpoint": True})
    fit = replace(tiny, model=model, posterior=posterior)
    found = em.robustness(fit, on="overall").draws.sel(emotion="joy").to_numpy()[0]
    design, known = fit.design, fit.parameters(1000)
    memory = remembered(fit.model, design, known)
    n, root = len(design.emotions), np.sqrt(design.weight / design.weight.sum())
    own = [k for k in range(memory.shape[2]) if k % n == design.emotions.index("joy")]
    share = np.array([root**2 @ one.mean(axis=0) for one in np.moveaxis(known.membership, -1, 0)])
    b = np.einsum("g,sgk->sk", share, known.effect[..., 0])[:, own]
    f = np.zeros(len(b))
    for s in range(len(b)):
        others = np.delete(memory[s], own, axis=1)
        rest = np.column_stack([others, design.controls, np.ones(design.n_journeys)])
        part = (memory[s][:, own] @ b[s]) * root
        left = part - (rest * root[:, None]) @ np.linalg.lstsq(rest * root[:, None], part)[0]
        f[s] = np.sqrt(left @ left) / (np.pi / np.sqrt(3))
    positive = found > 0
    assert positive.mean() > 0.5
    square = f**2
    expected = (np.sqrt(square**2 + 4 * square) - square) / 2
    assert found[positive] == pytest.approx(expected[positive], rel=1e-3)

"""`em.memory`: tables by hand, words, pictures, and what a fit cannot say."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr

import emotion_models as em
from emotion_models.effects import Memory
from emotion_models.errors import InputProblems
from emotion_models.inference import Fit
from tests.inference.stored import with_posterior


@pytest.fixture(scope="module")
def result(tiny: Fit) -> Memory:
    return em.memory(tiny)


def test_weights(tiny: Fit, result: Memory) -> None:
    draws = tiny.posterior["posterior"]["memory_weight"]
    for row in result.weights.to_dict("records"):
        own = draws.sel(emotion=row["emotion"], feature=row["feature"]).to_numpy()
        assert row["mean"] == pytest.approx(own.mean())
        assert row["lower"] == pytest.approx(np.quantile(own, 0.05))
    shares = result.weights.groupby("emotion")["mean"].sum()
    assert shares.to_numpy() == pytest.approx(1)
    assert result.weights["segment"].unique().tolist() == ["(all)"]


def test_recall_by_hand(tiny: Fit, result: Memory) -> None:
    """A point of a curve, from the posterior's numbers."""
    draws = tiny.posterior["posterior"]
    row = result.recall[result.recall["term"] == "intensity"].iloc[-1]
    level = draws["recall_base"].mean("touchpoint").to_numpy().ravel()
    slope = draws["recall_effect"].sel(recall_term="intensity").to_numpy().ravel()
    chance = 1 / (1 + np.exp(-(level + slope * row["value"])))
    assert row["mean"] == pytest.approx(chance.mean())
    assert row["upper"] == pytest.approx(np.quantile(chance, 0.95))
    terms = draws["recall_term"].to_numpy().astype(str).tolist()
    assert result.recall["term"].unique().tolist() == terms


def test_what_was_not_estimated_is_empty(result: Memory) -> None:
    assert len(result.steps) == len(result.fading) == 0
    assert result.rules is None


def test_fading(tiny: Fit) -> None:
    sizes = tiny.posterior["posterior"].sizes
    rate = np.zeros((sizes["chain"], sizes["draw"], 2))
    rate[..., 1] = np.log(2)
    tree = tiny.posterior.copy()
    tree["posterior"] = (
        tree["posterior"]
        .to_dataset()
        .assign(fading=xr.DataArray(rate, dims=("chain", "draw", "tone")))
        .assign_coords(tone=["pleasant", "unpleasant"])
    )
    fading = em.memory(replace(tiny, posterior=tree)).fading.set_index("tone")
    assert fading.loc["pleasant", "mean"] == 1
    assert fading.loc["unpleasant", "mean"] == pytest.approx(0.5)
    assert fading.loc["unpleasant", "p_faster"] == 1


def test_words_and_pictures(result: Memory) -> None:
    words = result.summary()
    assert "association" in words
    assert "weights, averaged over emotions: average" in words
    assert len(result.plot().axes) == result.weights["feature"].nunique()
    assert len(result.plot_recall().axes) == result.recall["term"].nunique()


def test_a_certain_memory_has_no_interval(tiny: Fit) -> None:
    same = with_posterior(tiny, memory_weight=lambda x: np.full_like(x, 0.25))
    table = em.memory(same).weights
    assert (table["lower"] == table["upper"]).all()


def test_nothing_to_say(tiny: Fit) -> None:
    options = {"outcomes": False, "recall": False}
    with pytest.raises(InputProblems, match="has no stage of memory"):
        em.memory(replace(tiny, model=tiny.model.with_options(options)))
    silent = em.memory(replace(tiny, model=tiny.model.with_options({"recall": False})))
    assert silent.recall.empty
    with pytest.raises(InputProblems, match="has no stage of recall"):
        silent.plot_recall()


def test_ends_without_a_salience_of_their_own_are_named(tiny: Fit) -> None:
    design = replace(tiny.design, salient=np.array([False, True, True]))
    short = replace(tiny)
    short.__dict__["design"] = design
    found = em.memory(short)
    assert found.salience["touchpoint"].tolist() == list(design.touchpoints[1:])
    said = f"  of {design.touchpoints[0]} the journeys cannot tell it from the weight"
    assert said in found.summary()
    assert said not in em.memory(tiny).summary()

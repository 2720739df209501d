"""Effects with and without the control for style: what is refitted, compared and said."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import emotion_models as em
from emotion_models.effects import Halo
from emotion_models.errors import InputProblems
from emotion_models.inference import Fit, influence, refitting
from emotion_models.inference.jobs import Sampled
from tests.inference.stored import sampled


@pytest.fixture(scope="module")
def asked() -> list[Any]:
    return []


@pytest.fixture(scope="module")
def result(tiny: Fit, asked: list[Any]) -> Halo:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(refitting, "sample", lambda jobs, *_: refitted(tiny, jobs, asked))
        return em.halo(tiny, on="return", progress=False)


def refitted(tiny: Fit, jobs: dict[str, Any], asked: list[Any]) -> dict[str, Sampled]:
    """The stored outcomes without the control's effects, and with stronger ones of emotions."""
    asked.append(jobs)
    block = sampled(tiny, "outcomes")
    draws = block.posterior
    kept = [str(n) for n in draws["control"].to_numpy() if n != "style"]
    draws = draws.sel(control=kept).assign(effect_by_segment=draws["effect_by_segment"] * 1.5)
    return {name: replace(block, posterior=draws) for name in jobs}


def test_the_same_journeys_without_the_control(tiny: Fit, asked: list[Any], result: Halo) -> None:
    assert isinstance(result, Halo)
    (job,) = asked[0].values()
    assert job.block == "outcomes"
    assert (tiny.model.halo, job.model.halo) == (True, False)
    assert "style" in tiny.design.control_names
    assert "style" not in job.design.control_names


def test_table(tiny: Fit, result: Halo) -> None:
    table = result.table()
    assert list(table["emotion"]) == list(tiny.design.emotions)
    own = em.effects(tiny, on="return").values[0, 0, :, 0, 0]
    assert np.allclose(table["held"], own.mean(axis=-1))
    assert np.allclose(table["difference"], table["free"] - table["held"])
    assert (abs(table["free"]) > abs(table["held"])).all()
    assert (table["se"] > 0).all()
    assert np.allclose(table["upper"] - table["lower"], 2 * 1.6448536 * table["se"])


def test_paired_error_by_hand(tiny: Fit, result: Halo) -> None:
    """Influences of persons on the two posterior means, differenced, squared and added."""
    own = result.held[0, 0]
    l_held = influence.respondent_log_likelihood(tiny, 1000)
    chain = tiny.draws(1000)[0]["chain"].to_numpy()
    moved = influence.influence(own[:, None], l_held, chain).mean(axis=0)[:, 0]
    by_hand = [
        np.mean([np.cov(own[chain == c], l_held[chain == c, i])[0, 1] for c in np.unique(chain)])
        for i in range(40)
    ]
    assert moved == pytest.approx(np.array(by_hand))
    # Paired: much less than the two errors would say apart.
    apart = np.sqrt(result.held.var(axis=-1) + result.free.var(axis=-1))
    assert (result.se < apart).all()


def test_words_and_picture(result: Halo) -> None:
    text = result.summary()
    assert "the correction moves effects by" in text
    assert "adjusted for answering style" in text
    assert "significant" not in text
    assert repr(result) == text
    assert result.plot().axes


def test_refused(tiny: Fit) -> None:
    with pytest.raises(InputProblems, match="outcome 'retrun'"):
        em.halo(tiny, on="retrun")
    design = replace(tiny.design, valence=np.abs(tiny.design.valence))
    positive = replace(tiny)
    positive.__dict__["design"] = design
    with pytest.raises(InputProblems, match="one sign only"):
        em.halo(positive)

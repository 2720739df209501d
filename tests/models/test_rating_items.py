"""Stage 1 by item: what it predicts, that one item is the plain model, and what data tell of it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pymc as pm
import pytest

from emotion_models.models.chain import block, generative
from emotion_models.models.design import Design, make_design
from emotion_models.models.requirements import unmet
from emotion_models.models.spec import JourneyModel
from emotion_models.science.equations import ordinal
from tests.models.builders import FULL_MODEL, SCALES, book, dataset, design, feelings
from tests.models.graphs import draws, log_density

ITEMS: list[dict[str, Any]] = [
    {"name": "joy", "scale": "felt"},
    {
        "name": "anger",
        "items": [
            {"name": "angry", "scale": "agree"},
            {"name": "cross", "scale": "felt"},
            {"name": "calm", "scale": "ticked", "reversed": True},
        ],
    },
    {"name": "relief", "items": [{"name": "relieved", "scale": "felt"}]},
]
STAGE = JourneyModel(outcomes=False)
N_DRAWS = 1500


def laid_out(n: int = 12, seed: int = 1) -> Design:
    return design(STAGE, book(emotions=ITEMS), n=n, seed=seed)


def test_design_by_item() -> None:
    ratings = laid_out().ratings
    assert ratings.names == ("joy", "angry", "cross", "calm", "relieved")
    assert ratings.emotion.tolist() == [0, 1, 1, 1, 2]
    assert ratings.further.tolist() == [2, 3]
    assert ratings.repeated.tolist() == [1]
    assert ratings.exists.sum(axis=1).tolist() == [3, 4, 3, 1, 3]
    top = ratings.exists.sum(axis=1)
    for t, j in np.ndindex(*ratings.position.shape):
        answer = ratings.category[t, j, 1:4]
        if (answer >= 0).any():
            expected = (answer / top[1:4])[answer >= 0].mean()
            assert ratings.score[t, j, 1] == pytest.approx(expected)


def test_single_items_are_the_plain_design() -> None:
    names = ("joy", "anger", "relief")
    plain, codebook = design(FULL_MODEL, book()), book(
        emotions=[{"name": n, "items": [{"name": f"{n}_1", "scale": "felt"}]} for n in names]
    )  # fmt: skip
    data = dataset(codebook)
    data["rating"].data[:] = dataset(book())["rating"].values
    by_item = make_design(FULL_MODEL, codebook, data)
    for part in ("category", "score", "answered", "exists"):
        assert np.array_equal(getattr(by_item.ratings, part), getattr(plain.ratings, part)), part
    one, other = (block(FULL_MODEL, d, "elicitation") for d in (plain, by_item))
    assert {v.name.partition(":")[0] for v in one.free_RVs} == {
        v.name.partition(":")[0] for v in other.free_RVs
    }
    point = one.initial_point()
    moved = {name.replace("emotion:", "emotion_item:"): value for name, value in point.items()}
    assert log_density(other, moved) == log_density(one, point)


def test_off_costs_nothing() -> None:
    """Without items no variable is added."""
    names = {v.name for v in block(STAGE, design(STAGE, book()), "elicitation").unobserved_RVs}
    assert not any(str(name).startswith(("emotion_item", "emotion_moment")) for name in names)


@pytest.fixture(scope="module")
def world() -> tuple[Design, pm.Model, dict[str, Any]]:
    """One study by item, everything in it at one value."""
    study = laid_out()
    chain = generative(STAGE, study)
    free = [v.name for v in chain.free_RVs if v.name != "rating"]
    value = dict(zip(free, draws([chain[name] for name in free], 1, seed=3), strict=True))
    fixed = pm.do(chain, value)
    derived = [v.name for v in chain.deterministics]
    value |= dict(zip(derived, draws([fixed[name] for name in derived], 1), strict=True))
    return study, fixed, value


def test_frequencies_of_answers_by_hand(world: Any) -> None:
    study, fixed, value = world
    drawn = draws(fixed["rating"], N_DRAWS, seed=4)
    assert drawn.shape[1:] == (3, 5, 12)
    loading = value["emotion_item_loading"]
    assert loading[[0, 1, 4]].tolist() == [1, 1, 1]
    assert loading[[2, 3]].tolist() == value["emotion_free_loading"].tolist()
    for q, e in enumerate(study.ratings.emotion):
        eta = _felt(study, value)[:, e] * loading[q]
        exists = study.ratings.exists[q]
        expected = ordinal.category_probabilities(eta, value["rating_cutpoint"][q, exists])
        for category in range(expected.shape[-1]):
            share = (drawn[:, :, q] == category).mean(axis=0)
            assert share == pytest.approx(expected[..., category], abs=5 * 0.5 / N_DRAWS**0.5)


def _felt(study: Design, value: dict[str, Any]) -> Any:
    """What is felt, term by term: (T, E, J)."""
    felt = value["base"].T[:, :, None] + value["style"] + study.valence[:, None] * value["mood"]
    felt = felt + value["emotion_loading"][:, None] * value["affect"][:, None]
    place = 0
    for t, column in study.exposure.pairs:
        effect = value["lever_effect"][column]
        if study.exposure.several[column]:
            effect = effect + value["lever_departure"][place]
            place += 1
        felt[t] += effect[:, None] * study.exposure.value[t, :, column]
    felt[:, study.ratings.repeated] += value["emotion_moment"]
    return felt


def test_items_of_a_moment_go_together_as_the_equation_says(world: Any) -> None:
    """Excess correlation within a moment is the moment's share: what identifies its sd."""
    study, _, value = world
    given = {k: v for k, v in value.items() if not k.startswith("emotion_moment")}
    sd = {"emotion_moment_sd_signed_z": np.array([2.5])}
    chain = generative(STAGE, study)
    names = {v.name for v in chain.free_RVs}
    known = {k: v for k, v in (given | sd).items() if k in names and k != "rating"}
    known["emotion_free_loading"] = np.array([1.0, 1.0])
    alone = known | {"emotion_moment_sd_signed_z": np.array([0.0])}
    for fixed, low, high in ((known, 0.15, 1.0), (alone, -0.06, 0.06)):
        rating = draws(pm.do(chain, fixed)["rating"], N_DRAWS, seed=5).astype(float)
        first, second = rating[:, :, 1], rating[:, :, 2]
        centred = [x - x.mean(axis=0) for x in (first, second)]
        together = (centred[0] * centred[1]).mean() / np.sqrt(
            (centred[0] ** 2).mean() * (centred[1] ** 2).mean()
        )
        assert low < together < high


def test_memory_reads_the_composite() -> None:
    """In the whole chain outcomes see the mean of the answered items."""
    model = FULL_MODEL.model_copy(update={"recall": False})
    study = design(model, book(emotions=ITEMS), seed=2)
    chain = generative(model, study)
    observed = np.where(study.ratings.category >= 0, study.ratings.category, 0).swapaxes(1, 2)
    fixed = pm.do(chain, {"rating": observed.astype("int64")})
    names = ["memory_centre", "memory_weight", "salience"]
    centre, weight, salience = draws([fixed[n] for n in names], 1, seed=1)
    ratings = study.ratings
    share = salience[:, None, None] * ratings.answered
    mean = (share * ratings.score).sum(axis=0) / share.sum(axis=0)
    parts = [mean, *(study.features[name] for name in model.memory[1:])]
    kept = sum(weight[:, k] * part for k, part in enumerate(parts))
    filled = ratings.answered.sum(axis=0) > ratings.rated.sum(axis=0)
    assert ((centre - kept.mean(axis=0))[~filled.any(axis=0)]) == pytest.approx(0, abs=1e-9)


def test_one_more_point_raises_every_item() -> None:
    ratings = laid_out(seed=3).ratings
    raised = np.stack([ratings.one_more(t, 1) for t in range(3)])
    top = ratings.exists.sum(axis=1)[1:4]
    seen = 0
    for t, j in np.argwhere(ratings.rated[:, :, 1]):
        answer = ratings.category[t, j, 1:4]
        after = [min(y + 1, n) / n for y, n in zip(answer, top, strict=True) if y >= 0]
        assert raised[t, j] == pytest.approx(np.mean(after))
        seen += 1
    assert seen > 20


def test_steps_cannot_be_estimated_of_a_composite() -> None:
    model = STAGE.model_copy(update={"scoring": "monotonic"})
    slide = {"kind": "slider", "minimum": 0, "maximum": 100}
    on_slider = book(scales=SCALES | {"slide": slide}, emotions=feelings("joy", scale="slide"))
    for codebook, refused in ((book(emotions=ITEMS), True), (on_slider, True), (book(), False)):
        found = [str(problem) for problem in unmet(model, codebook, dataset(codebook))]
        assert any("option 'scoring'" in problem for problem in found) == refused

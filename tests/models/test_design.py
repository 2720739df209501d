"""What the model reads from a survey: scores, gaps, levers, controls, amounts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import xarray as xr

from emotion_models.models.controls import halo_index
from emotion_models.models.design import Design, coordinates, make_design, standardised
from emotion_models.models.recall import recall_features
from emotion_models.models.rows import rows_of
from tests.models.builders import FULL, FULL_MODEL, book, dataset, feelings


def laid_out(data: xr.Dataset, codebook: Any = None, **choices: Any) -> Design:
    return make_design(FULL_MODEL.model_copy(update=choices), codebook or book(), data)


def changed(**values: Any) -> xr.Dataset:
    """The small survey with whole variables replaced."""
    data = dataset(book())
    return data.assign({name: (data[name].dims, value) for name, value in values.items()})


def test_scores_are_shares_of_the_scale() -> None:
    codebook = book(emotions=[*feelings("joy", scale="agree"), *feelings("anger", scale="ticked")])
    codebook = codebook.model_copy(update={"remembered": ()})
    design = laid_out(dataset(codebook), codebook)
    ratings = design.ratings
    assert ratings.exists.tolist() == [[True] * 4, [True, False, False, False]]
    known = ratings.category >= 0
    assert np.array_equal(ratings.score[known], (ratings.category / [4, 1])[known])
    assert set(np.unique(ratings.score[..., 1])) <= {0.0, 1.0}


def test_the_scale_comes_from_the_codebook() -> None:
    """Nobody ticked the two highest categories; they still count."""
    rating = np.minimum(dataset(book())["rating"].to_numpy(), 1)
    ratings = laid_out(changed(rating=rating)).ratings
    assert ratings.exists.shape[1] == 3
    assert ratings.score.max() == pytest.approx(1 / 3)


def test_blank_is_not_zero() -> None:
    """A journey without any answer about an emotion gets the others' averages, counted."""
    rating = dataset(book())["rating"].to_numpy().copy()
    rating[0, :, 1] = -1
    data = changed(rating=rating)
    ratings = laid_out(data).ratings
    assert ratings.filled == 1
    for t in range(3):
        others = ratings.category[t, 1:, 1]
        mean = others[others >= 0].mean() / 3
        if ratings.position[t, 0] >= 0:
            assert ratings.score[t, 0, 1] == pytest.approx(mean)
        assert ratings.answered[t, 0, 1] == (ratings.position[t, 0] >= 0)


def test_an_emotion_nobody_rated() -> None:
    rating = dataset(book())["rating"].to_numpy().copy()
    rating[:, :, 2] = -1
    design = laid_out(changed(rating=rating))
    assert design.ratings.filled == design.n_journeys
    assert all(np.isfinite(value).all() for value in design.features.values())


def test_numeric_levers_in_steps_and_categories_against_the_first() -> None:
    data = dataset(book())
    exposure = laid_out(data).exposure
    assert exposure.columns == ("wait", "channel=app")
    assert exposure.lever == ("wait", "channel")
    assert exposure.pairs.tolist() == [[0, 0], [1, 0], [0, 1]]
    assert exposure.several.tolist() == [True, False]
    visited = data["visited"].to_numpy().T
    wait = data["lever_value"].sel(lever="wait").to_numpy().T
    channel = data["lever_value"].sel(lever="channel").to_numpy().T
    at = np.array([True, True, False])[:, None] & visited
    assert np.array_equal(exposure.value[..., 0][at], ((wait - 30) / 30)[at])
    assert np.all(exposure.value[..., 0][~at] == 0)
    assert np.array_equal(exposure.value[0, :, 1], np.where(visited[0], channel[0] == 1, 0))


def test_unknown_lever_values_are_counted() -> None:
    data = dataset(book())
    value = data["lever_value"].to_numpy().copy()
    value[:4, 0, 0] = np.nan
    exposure = laid_out(changed(lever_value=value)).exposure
    assert exposure.unknown == data["visited"].to_numpy()[:4, 0].sum()
    assert np.all(exposure.value[0, :4, 0] == 0)


def test_style_is_the_level_of_answers_whatever_their_sign() -> None:
    """All ratings up raise it; joy up with anger down does not."""
    design = laid_out(dataset(book()))
    ratings = design.ratings
    pleasant = design.valence > 0
    journey = np.arange(design.n_journeys)

    def index(score: Any, panel: bool = False) -> dict[str, Any]:
        told = replace(ratings, score=np.where(ratings.answered > 0, score, 0.0))
        return halo_index(told, design.valence, journey, panel=panel)

    assert index(0.75)["style"] == pytest.approx(np.full(12, 0.75))
    happy = index(np.where(pleasant, 1.0, 0.0), panel=True)
    assert happy["style"] == pytest.approx(np.full(12, 0.5))
    assert happy["disposition"] == pytest.approx(np.full(12, 0.5))
    assert halo_index(ratings, np.abs(design.valence), journey, panel=True) == {}


def test_control_columns() -> None:
    design = laid_out(dataset(book(), n=30), segments=True, respondents=True)
    assert design.control_names == ("style", "disposition", "segment=old", "age")
    assert design.controls.mean(axis=0) == pytest.approx(np.zeros(4), abs=1e-12)
    spread = dict(zip(design.control_names, design.controls.std(axis=0), strict=True))
    assert spread["age"] == pytest.approx(1)
    assert spread["style"] == pytest.approx(1)
    plain = laid_out(dataset(book(), n=30), segments=False, halo=False)
    assert plain.control_names == ("age",)


def test_unknown_controls_are_average() -> None:
    value = dataset(book())["control_value"].to_numpy().copy()
    value[3] = np.nan
    design = laid_out(changed(control_value=value))
    assert design.controls[3, design.control_names.index("age")] == 0


def test_rows_and_items() -> None:
    rows = rows_of(book())
    assert [row.name for row in rows] == [
        "overall", "trust", "commitment", "return", "recommend", "visits", "spend: any",
        "spend: amount", "joy_kept",
    ]  # fmt: skip
    assert [row.name for row in rows if not row.pooled] == ["joy_kept"]
    items = laid_out(dataset(book())).items
    assert items.ordinal_names == (
        "overall", "joy_kept", "trust_1", "trust_2", "commitment_1", "recommend",
    )  # fmt: skip
    assert [rows[i].name for i in items.ordinal_row] == [
        "overall", "joy_kept", "trust", "trust", "commitment", "recommend",
    ]  # fmt: skip
    assert items.loaded.tolist() == [False, False, True, True, True, False]
    assert items.exists.sum(axis=1).tolist() == [4, 3, 4, 3, 4, 4]


def test_an_amount_is_any_and_how_much() -> None:
    data = dataset(book(), n=40)
    spend = data["behaviour_value"].sel(behaviour="spend").to_numpy()
    items = laid_out(data).items
    answered, paid = np.isfinite(spend), np.nan_to_num(spend) > 0
    yes, logs = items.others["binary"].value, items.others["amount"].value
    assert np.array_equal(yes[answered, 1], paid[answered])
    assert np.isnan(yes[~answered, 1]).all()
    assert np.array_equal(np.isfinite(logs[:, 0]), paid)
    centre = items.others["amount"].centre
    assert np.exp(logs + centre)[paid, 0] == pytest.approx(spend[paid])
    assert np.nanmean(logs) == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("unit", [0.01, 1000.0])
def test_the_unit_of_money_drops_out(unit: float) -> None:
    value = dataset(book())["behaviour_value"].to_numpy().copy()
    plain = laid_out(changed(behaviour_value=value)).items.others["amount"].value
    value[:, 3] *= unit
    scaled = laid_out(changed(behaviour_value=value)).items.others["amount"].value
    assert scaled[np.isfinite(scaled)] == pytest.approx(plain[np.isfinite(plain)])


def test_recall_features() -> None:
    data = dataset(book())
    rating, position = data["rating"].to_numpy().copy(), data["position"].to_numpy().T
    t, j = np.argwhere(position >= 0)[0]
    rating[j, t] = -1  # visited, nothing rated
    design = laid_out(changed(rating=rating))
    intensity, balance, order = recall_features(design)
    rated = design.ratings.answered.any(axis=2)
    assert not rated[t, j]
    for value in (intensity, balance):
        assert value[rated].mean() == pytest.approx(0, abs=1e-12)
        assert np.all(value[~rated] == 0)
    assert np.array_equal(order[..., 0] == 1, position == 0)
    assert (order[..., 1].sum(axis=0) == (position.max(axis=0) > 0)).all()
    assert order[0, :, 2] == pytest.approx(design.delay)


def test_own_coordinates_come_before_the_norms() -> None:
    emotions = [
        {"name": "joy", "scale": "felt", "valence": 0.1},
        {"name": "saudade", "scale": "felt", "arousal": -0.2},
    ]
    valence, arousal = coordinates(book(emotions=emotions, remembered=None))
    assert valence.tolist() == [0.1, 0.0]
    assert arousal.tolist() == [0.48, -0.2]


def test_emotions_of_unknown_valence_leave_the_style_index_alone() -> None:
    """Their ratings change nothing in it: neither side counts them."""
    known = feelings("joy", "anger")
    emotions = [*known, {"name": "saudade", "scale": "felt"}]
    codebook = book(emotions=emotions, remembered=None)
    data = dataset(codebook, n=30)
    columns = []
    for value in (0, 3):
        moved = data.copy(deep=True)
        moved["rating"][:, :, 2] = np.where(data["rating"][:, :, 2] >= 0, value, -1)
        laid_out = make_design(FULL_MODEL, codebook, moved)
        assert laid_out.valence[2] == 0
        columns.append(laid_out.controls[:, laid_out.control_names.index("style")])
    assert np.array_equal(*columns)


def test_standardised() -> None:
    assert standardised(np.array([1.0, 3.0, np.nan])).tolist() == [-1, 1, 0]
    assert standardised(np.array([2.0, 2.0])).tolist() == [0, 0]
    assert standardised(np.full(3, np.nan)).tolist() == [0, 0, 0]


def test_weights_have_mean_one_and_memberships_are_kept() -> None:
    weight = np.arange(1.0, 13)
    membership = np.tile([0.25, 0.75], (12, 1))
    design = laid_out(changed(weight=weight, membership=membership))
    assert design.weight == pytest.approx(weight / 6.5)
    assert np.array_equal(design.membership, membership)
    assert design.segments == ("new", "old")
    assert laid_out(dataset(book()), segments=False).segments == ("(all)",)


def test_nothing_described_but_ratings() -> None:
    bare = {name: None for name in FULL if name not in {"study", "layout", "scales", "touchpoints"}}
    codebook = book(**(bare | {"emotions": feelings("joy")}))
    design = laid_out(dataset(codebook), codebook)
    assert design.rows == ()
    assert design.items.ordinal.shape == (12, 0)
    assert design.exposure.value.shape == (3, 12, 0)
    assert design.controls.shape == (12, 0)

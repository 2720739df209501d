"""The hotel study: what its script writes, what is read back, and what the card promises."""

from __future__ import annotations

import functools
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr

import emotion_models as em
from emotion_models.models.design import make_design
from tests.scripts import load

FOLDER = Path(__file__).parents[2] / "datasets" / "hotel-stays"


make = load("datasets/hotel-stays/make.py")


@functools.cache
def simulated() -> tuple[xr.Dataset, dict[str, Any]]:
    study: tuple[xr.Dataset, dict[str, Any]] = make.simulate()
    return study


@functools.cache
def survey() -> em.Survey:
    return em.load_dataset("hotel-stays")


def test_the_file_is_what_the_script_writes() -> None:
    frame = make.to_frame(survey().codebook, simulated()[0])
    text = frame.to_csv(index=False, lineterminator="\n")
    assert text.encode() == (FOLDER / "hotel-stays.csv").read_bytes()


def test_another_seed_is_another_study_of_the_same_world() -> None:
    data, known = make.simulate(1)
    assert not np.array_equal(data["rating"], simulated()[0]["rating"])
    np.testing.assert_array_equal(known["effect"], simulated()[1]["effect"])


@pytest.mark.parametrize("name", sorted(str(name) for name in simulated()[0].data_vars))
def test_reading_gives_the_simulated_arrays(name: str) -> None:
    expected, found = simulated()[0][name], survey().data[name]
    assert found.dims == expected.dims
    np.testing.assert_array_equal(found.to_numpy(), expected.to_numpy())


def test_sizes_are_those_of_the_card() -> None:
    sizes = survey().data.sizes
    assert (survey().n_journeys, survey().n_respondents) == (600, 600)
    assert (sizes["touchpoint"], sizes["emotion"], sizes["lever"]) == (6, 10, 5)
    assert (sizes["relationship_item"], sizes["behaviour"]) == (6, 4)


def test_levers_are_known_exactly_where_they_apply() -> None:
    book, data = survey().codebook, survey().data
    known = data["lever_value"].notnull().all("journey")
    assert known.equals(data["lever_value"].notnull().any("journey"))
    found = {
        lever.name: [
            t.name for t in book.touchpoints if known.sel(touchpoint=t.name, lever=lever.name)
        ]
        for lever in book.levers
    }
    assert found == {
        "wait_minutes": ["check-in"],
        "greeted_by_name": ["arrival", "check-in"],
        "room_ready": ["check-in"],
        "upgrade": ["room"],
        "resolved_request": ["room"],
    }


def test_segments_and_weights() -> None:
    data = survey().data
    assert data["segment_name"].to_numpy().tolist() == ["Business", "Leisure"]
    assert np.bincount(data["segment"]).tolist() == [240, 360]
    assert data["weight"].to_numpy().min() > 0
    assert data["weight"].to_numpy().std() > 0.1


def test_blank_not_visited_and_refused_are_told_apart() -> None:
    data = survey().data
    cells = np.bincount(data["rating_status"].to_numpy().ravel())
    assert cells.tolist() == [33355, 796, 1670, 179]
    away = (~data["visited"]).sum("journey")
    assert away.to_series().to_dict() == {
        t: 167 if t == "breakfast" else 0 for t in survey().codebook.touchpoint_names
    }
    assert ((data["rating_status"] == 2).all("emotion") == ~data["visited"]).all()


def test_every_answer_category_and_every_outcome_occurs() -> None:
    data = survey().data
    for emotion in data["emotion"].to_numpy():
        assert set(np.unique(data["rating"].sel(emotion=emotion))) == {-1, 0, 1, 2, 3, 4}
    behaviour = data["behaviour_value"].mean("journey").to_series()
    assert 0.3 < behaviour["return"] < 0.6
    assert 0.1 < behaviour["complain"] < 0.3
    assert 0.4 < (data["behaviour_value"].sel(behaviour="spend") > 0).mean() < 0.7


def test_the_reversed_item_is_turned_back() -> None:
    data = survey().data
    first, third = (
        data["relationship"].sel(relationship_item=f"commitment_{n}").to_numpy() for n in (1, 3)
    )
    both = (first >= 0) & (third >= 0)
    assert np.corrcoef(first[both], third[both])[0, 1] > 0.2
    assert "commitment_3" in repr(survey())


def test_the_truth_fits_the_codebook() -> None:
    truth = tomllib.loads((FOLDER / "truth.toml").read_text(encoding="utf-8"))
    book = survey().codebook
    design = make_design(em.JourneyModel.for_survey(survey()), book, survey().data)
    assert truth["emotions"] == book.emotion_names
    assert set(truth["effect"]) == {row.name for row in design.rows}
    assert set(truth["elicitation"]["lever_effect"]) == set(book.lever_names)
    assert len(truth["memory"]["salience"]) == len(book.touchpoints)
    assert sum(truth["memory"]["salience"]) == pytest.approx(1)
    assert sum(truth["memory"]["weight"].values()) == pytest.approx(1)


def test_the_world_is_that_of_the_card() -> None:
    effect = tomllib.loads((FOLDER / "truth.toml").read_text(encoding="utf-8"))["effect"]
    place = survey().codebook.emotion_names.index
    assert effect["return"][place("gratitude")] == 2.7
    assert effect["return"][place("joy")] == 0
    assert effect["complain"][place("frustration")] == 3.8
    assert effect["complain"][place("disappointment")] == 0.2


def test_the_script_fits_the_model_a_reader_would_choose() -> None:
    assert em.JourneyModel.for_survey(survey()) == make.MODEL

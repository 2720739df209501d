"""Emotions asked by several items, checkboxes and sliders: from codebook and file to arrays."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from emotion_models.errors import InputProblems
from emotion_models.survey import Codebook, read_survey
from emotion_models.survey.base import Scale
from emotion_models.survey.scales import categories
from tests.survey.builders import book, frame, long_book, put, to_long, toml

ANGER = 'name = "anger"\nscale = "felt"'
ITEMS = (
    'name = "anger"\nscale = "felt"\nitems = [{ name = "angry" }, '
    '{ name = "calm", scale = "agree", reversed = true }]'
)
TICKED = '[scales.ticked]\nkind = "checkbox"\nblank = 0\n[scales.yes_no]'
SLIDER = '[scales.slider]\nkind = "slider"\nminimum = 0\nmaximum = 100\n[scales.yes_no]'


def asked_twice() -> pd.DataFrame:
    """The small survey, anger asked by 'angry' (0 to 3) and 'calm' (1 to 5, reversed)."""
    data = frame()
    away = data["room_anger"] == -8
    for place in ("check-in", "room"):
        data[f"{place}_angry"] = data.pop(f"{place}_anger")
        data[f"{place}_calm"] = 1 + np.arange(len(data)) % 5
    return data.assign(room_calm=data["room_calm"].mask(away, -8))


def faults(text: str) -> list[str]:
    with pytest.raises(InputProblems) as caught:
        Codebook.from_toml(text)
    return [str(problem) for problem in caught.value.problems]


def test_items_stand_beside_single_emotions() -> None:
    codebook = book((ANGER, ITEMS))
    assert [item.name for item in codebook.emotion_items] == ["joy", "angry", "calm"]
    assert [item.emotion for item in codebook.emotion_items] == [0, 1, 1]
    assert [item.scale for item in codebook.emotion_items] == ["felt", "felt", "agree"]
    assert Codebook.from_toml(codebook.to_toml()) == codebook
    data = read_survey(asked_twice(), codebook=codebook).data
    assert data["rating"].dims == ("journey", "touchpoint", "emotion_item")
    assert data["emotion_item"].values.tolist() == ["joy", "angry", "calm"]
    calm = data["rating"].sel(touchpoint="check-in", emotion_item="calm").values
    assert calm.tolist() == [4, 3, 2, 1, 0, 4, 3, 2]  # 1 is calm least of all: most anger
    single = read_survey(frame(), codebook=book()).data
    for name, emotion in (("joy", "joy"), ("angry", "anger")):
        for role in ("rating", "rating_status"):
            one = data[role].sel(emotion_item=name).values
            assert np.array_equal(one, single[role].sel(emotion=emotion).values)


def test_long_form_has_the_same_answers() -> None:
    wide = read_survey(asked_twice(), codebook=book((ANGER, ITEMS)))
    visits, journeys = to_long(frame())
    numbers = visits["visit"].str[1:].astype(int)
    visits = visits.rename(columns={"anger": "angry"}).assign(calm=1 + numbers % 5)
    long = read_survey(visits, codebook=long_book((ANGER, ITEMS)), journeys=journeys)
    for name in ("rating", "rating_status", "visited"):
        assert np.array_equal(long.data[name].values, wide.data[name].values), name
    assert long.hash == wide.hash


@pytest.mark.parametrize(
    ("emotion", "item", "expected"),
    [
        ("", "", "room_angry"),
        ("", 'column = "q7_{touchpoint}"', "q7_room"),
        ("", 'column = "{item}@{touchpoint}/{emotion}"', "angry@room/anger"),
        ('column = "{emotion}.{item}.{touchpoint}"\n', "", "anger.angry.room"),
        ('column = "{emotion}_{touchpoint}"\n', "", "angry_room"),
    ],
)
def test_columns_of_items(emotion: str, item: str, expected: str) -> None:
    words = ", ".join(['name = "angry"', *([item] if item else [])])
    text = f'name = "anger"\nscale = "felt"\n{emotion}items = [{{ {words} }}, {{ name = "cross" }}]'
    codebook = book((ANGER, text))
    assert codebook.rating_column(codebook.emotion_items[1], "room") == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            'items = [{ name = "angry", scale = "flet" }]',
            "codebook, [[emotions]] 'anger', [[items]] 'angry', key 'scale': "
            "'flet' is not among the scales; did you mean 'felt'?",
        ),
        (
            'items = [{ name = "joy" }]',
            "codebook, [[emotions]] 'anger', [[items]] 'joy': "
            "the name 'joy' is used twice in rating items; rename one of them",
        ),
        (
            'items = [{ name = "angry", column = "angry" }]',
            "codebook, [[emotions]] 'anger', [[items]] 'angry', key 'column': "
            "'angry' lacks {touchpoint}; every one has a column of its own",
        ),
        (
            'column = "{touchpoint}_x"\nitems = [{ name = "angry" }, { name = "cross" }]',
            "codebook, [[emotions]] 'anger', key 'column': '{touchpoint}_x' lacks {item}; "
            "every one has a column of its own",
        ),
        (
            'items = [{ name = "angry", revrsed = true }]',
            "codebook, [[emotions]] 'anger', [[items]] 'angry': the key 'revrsed' does not exist; "
            "did you mean 'reversed'?",
        ),
    ],
)
def test_mistakes_about_items(text: str, message: str) -> None:
    assert message in faults(toml((ANGER, f"{ANGER}\n{text}")))


def test_faults_of_items_name_row_column_and_value() -> None:
    data = put(put(asked_twice(), 3, "room_angry", 7), 5, "check-in_calm", 9)
    with pytest.raises(InputProblems) as caught:
        read_survey(data, codebook=book((ANGER, ITEMS)))
    found = [str(problem) for problem in caught.value.problems]
    assert any(text.startswith("row 2, column 'room_angry': 7 is not on") for text in found)
    assert any(text.startswith("row 4, column 'check-in_calm': 9 is not on") for text in found)


def test_straight_lines_are_seen_as_they_were_ticked() -> None:
    codebook = book((ANGER, ITEMS), add="\n[careless]\nminimum_answers = 2\n")
    data = asked_twice()
    for place in ("check-in", "room"):
        for item in ("joy", "angry"):
            data[f"{place}_{item}"] = 2
        data[f"{place}_calm"] = 3  # the same place on its scale, which is turned when read
    flags = read_survey(data, codebook=codebook).data["careless"]
    assert flags.sel(careless_flag="straight_lining").values.all()


def test_an_old_codebook_keeps_its_hash() -> None:
    """Keys that say nothing are no part of what the data mean."""
    codebook, explicit = book(), book(("[scales.agree]", '[scales.agree]\nkind = "ordinal"'))
    plain = codebook.model_dump(mode="json")
    assert plain["emotions"][0]["items"] == []
    assert plain["scales"]["felt"]["blank"] is None
    read = read_survey(frame(), codebook=codebook)
    assert read.hash == read_survey(frame(), codebook=explicit).hash
    blank = read_survey(frame(), codebook=book(("[scales.agree]", "[scales.agree]\nblank = 1")))
    assert blank.hash != read.hash


def test_blank_checkbox_is_not_ticked_where_the_scale_says_so() -> None:
    change = [("[scales.yes_no]", TICKED), (ANGER, 'name = "anger"\nscale = "ticked"')]
    data = frame().astype({"check-in_anger": object, "room_anger": object})
    away = data["room_anger"] == -8
    data["check-in_anger"] = [1, "", 0, "ticked", "", "", 1, ""]
    data["room_anger"] = [-8 if gone else "" for gone in away]
    told = read_survey(data, codebook=book(*change))
    rating = told.data["rating"].sel(emotion="anger")
    assert rating.sel(touchpoint="check-in").values.tolist() == [1, 0, 0, 1, 0, 0, 1, 0]
    assert rating.sel(touchpoint="room").values.tolist() == np.where(away, -1, 0).tolist()
    assert told.audit.count("recoded") >= 4 + (~away).sum()
    silent = [(old, new.replace("blank = 0\n", "")) for old, new in change]
    rating = read_survey(data.assign(room_anger=data["check-in_anger"].mask(away, -8)),
                         codebook=book(*silent)).data["rating"].sel(emotion="anger")  # fmt: skip
    assert rating.sel(touchpoint="check-in").values.tolist() == [1, -1, 0, 1, -1, -1, 1, -1]


def test_blank_of_an_item_and_of_recall() -> None:
    change = ("[scales.yes_no]\nvalues = [0, 1]", '[scales.yes_no]\nvalues = [0, 1]\nblank = "no"')
    own = ("[scales.agree]", "[scales.agree]\nblank = 3")
    data = frame().astype({"check-in_recall": object, "trust_2": object})
    data["check-in_recall"] = ["", 1] * 4
    data["trust_2"] = ["", 5] * 4
    read = read_survey(data, codebook=book(change, own)).data
    assert read["recall"].sel(touchpoint="check-in").values.tolist() == [0, 1] * 4
    assert read["relationship"].sel(relationship_item="trust_2").values.tolist() == [2, 0] * 4


SLIDES: list[tuple[Any, int]] = [(0, 0), (4.99, 0), (5, 1), (14, 1), (15, 2), (94.9, 9), (95, 10)]


@pytest.mark.parametrize(("value", "category"), SLIDES)
def test_nearest_category_of_a_slider(value: float, category: int) -> None:
    scale = Scale.model_validate({"kind": "slider", "minimum": 0, "maximum": 100})
    assert scale.values == (0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100)
    found = categories(scale, np.array([value / 100, np.nan]))
    assert found.tolist() == [category, -1]


def test_slider_keeps_its_exact_position() -> None:
    change = [("[scales.yes_no]", SLIDER), (ANGER, 'name = "anger"\nscale = "slider"')]
    change += [('name = "overall"\nscale = "agree"', 'name = "overall"\nscale = "slider"')]
    data = frame().assign(overall=[0, 33, 34.9, 35, 50, 77, 99, 100])
    data["check-in_anger"] = [0, 12.5, 37, 50, 61, 74.9, 99, 100]
    read = read_survey(data, codebook=book(*change)).data
    here = {"touchpoint": "check-in", "emotion": "anger"}
    assert read["rating_score"].sel(here).values * 100 == pytest.approx(data["check-in_anger"])
    assert read["rating"].sel(here).values.tolist() == [0, 1, 4, 5, 6, 7, 10, 10]
    assert read["remembered"].values.ravel().tolist() == [0, 3, 3, 4, 5, 8, 10, 10]
    assert np.array_equal(read["rating_score"].isnull(), read["rating"] < 0)
    joy = {"touchpoint": "check-in", "emotion": "joy"}
    assert read["rating_score"].sel(joy).values * 3 == pytest.approx(read["rating"].sel(joy).values)
    assert "rating_score" not in read_survey(frame(), codebook=book()).data


def test_off_the_slider() -> None:
    change = [("[scales.yes_no]", SLIDER), (ANGER, 'name = "anger"\nscale = "slider"')]
    data = put(put(frame(), 3, "room_anger", 100.5), 2, "check-in_anger", "much")
    with pytest.raises(InputProblems) as caught:
        read_survey(data, codebook=book(*change))
    found = [str(problem) for problem in caught.value.problems]
    assert "row 2, column 'room_anger': 100.5 is outside 0 to 100" in found
    assert "row 1, column 'check-in_anger': 'much' is not a number" in found


@pytest.mark.parametrize(
    ("scale", "message"),
    [
        ('kind = "slider"\nminimum = 0', "a slider needs 'minimum' and 'maximum'"),
        ('kind = "slider"\nminimum = 5\nmaximum = 5', "a slider needs 'minimum' and 'maximum'"),
        ('kind = "slider"\nminimum = 0\nmaximum = 9\nvalues = [1, 2]', "a slider has no 'values'"),
        ('kind = "slider"\nminimum = 0\nmaximum = 9\nbins = 12', "less than or equal to 11"),
        ('kind = "slider"\nminimum = 0\nmaximum = 9\nblank = 0', "a slider has no 'blank'"),
        ('kind = "checkbox"\nvalues = [0, 1, 2]', "a checkbox has two 'values'"),
        ("values = [0, 1]\nbins = 4", "'bins' is for kind 'slider' only"),
        ("values = [0, 1]\nblank = 2", "'blank' is 2, which is not one of its 'values'"),
        (
            'kind = "slider"\nminimum = -10\nmaximum = 9',
            "the missing code -8 is also an answer",
        ),
    ],
)
def test_mistakes_about_scales(scale: str, message: str) -> None:
    found = faults(toml(("[scales.yes_no]", f"[scales.other]\n{scale}\n[scales.yes_no]")))
    assert any("[scales.other]" in fault and message in fault for fault in found), found


def test_codebooks_with_every_kind_of_scale_write_themselves() -> None:
    codebook = book(
        ("[scales.yes_no]", SLIDER), ("[scales.agree]", f"{TICKED[:-15]}[scales.agree]")
    )
    assert codebook.scales["ticked"].blank_category == 0
    assert codebook.scales["slider"].n_categories == 11
    assert Codebook.from_toml(codebook.to_toml()) == codebook


def test_context_of_identities() -> None:
    columns = ('column = "group"\n', 'columns = ["w_new", "w_old"]\ncontext = ["age"]\n')
    assert book(columns).segments.context == ("age",)  # type: ignore[union-attr]
    wrong = (columns[0], columns[1].replace("age", "agee"))
    assert "codebook, [segments], key 'context': 'agee' is not among the controls; "\
        "did you mean 'age'?" in faults(toml(wrong))  # fmt: skip
    hard = (columns[0], 'column = "group"\ncontext = ["age"]\n')
    assert any("needs identity weights" in fault for fault in faults(toml(hard)))


def test_weights_that_do_not_sum_to_one_are_named() -> None:
    columns = ('column = "group"\n', 'columns = ["w_new", "w_old"]\n')
    data = frame().assign(w_new=0.25, w_old=0.75)
    data.loc[2, "w_old"] = 0.5
    data.loc[5, "w_new"] = 0.99
    with pytest.raises(InputProblems) as caught:
        read_survey(data, codebook=book(columns))
    assert [str(problem) for problem in caught.value.problems] == [
        "rows 3 and 6, columns 'w_new', 'w_old': the weights sum to 0.75 up to 1.74; "
        "they must sum to 1, within 0.01"
    ]
    near = read_survey(frame().assign(w_new=0.25, w_old=0.745), codebook=book(columns)).data
    assert near["membership"].sum("segment_name").values == pytest.approx(1)

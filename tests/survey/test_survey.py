"""A `Survey` is frozen, prints itself, hides identifiers and flags careless answers."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from emotion_models.errors import EmotionModelsError, InputProblems
from emotion_models.survey import Audit, AuditEntry, Survey, data_hash, read_survey
from emotion_models.survey.assemble import reverse
from emotion_models.survey.careless_flags import longest_runs, repeats, straight_lines
from tests.survey.builders import book, frame, toml


@pytest.fixture(scope="module")
def survey() -> Survey:
    return read_survey(frame(), codebook=book())


def test_frozen(survey: Survey) -> None:
    with pytest.raises(ValueError, match="read-only"):
        survey.data["rating"].values[0, 0, 0] = 1
    survey.data["rating"] = survey.data["rating"] * 0
    assert int(survey.data["rating"].max()) == 3
    with pytest.raises(AttributeError):
        survey.data = survey.data  # type: ignore[misc]
    with pytest.raises(AttributeError):
        survey.extra = 1  # type: ignore[attr-defined]


def test_owns_its_copy(survey: Survey) -> None:
    data = survey.data.copy(deep=True)
    own = Survey(survey.codebook, data, survey.audit)
    data["weight"].values[:] = 0
    assert own == survey
    assert hash(own) == hash(survey)


def test_identifiers_stay_out(survey: Survey) -> None:
    data = survey.without_identifiers()
    assert set(data.coords).isdisjoint({"journey_id", "respondent_id"})
    assert data_hash(survey.codebook, data) == survey.hash
    text = f"{survey!r}{survey.audit}{data}"
    assert "v0" not in text
    assert "p0" not in text


def test_every_variable_is_there(survey: Survey) -> None:
    small = book(
        ('\n[[controls]]\nname = "age"\nkind = "numeric"\nminimum = 0\nmaximum = 100\n', "")
    )
    data = read_survey(frame(), codebook=small).data
    assert set(data) == set(survey.data)
    assert data.sizes["control"] == 0


def test_repr(survey: Survey) -> None:
    text = repr(survey)
    assert text.startswith("Survey 'clinic': 8 visits of 4 respondents\n")
    for words in ("check-in, room", "joy, anger", "12.5% not visited", survey.hash[:12]):
        assert words in text


def test_html_is_escaped() -> None:
    hostile = book(('name = "clinic"', 'name = "clinic"\nlabel = "<script>alert(1)</script>"'))
    page = read_survey(frame(), codebook=hostile)._repr_html_()
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_audit_is_plain_data(survey: Survey) -> None:
    assert Audit.from_dict(survey.audit.as_dict()) == survey.audit
    assert survey.audit.count("read") == 8
    assert survey.audit.of("recoded") == (
        AuditEntry("recoded", "reversed items turned (trust_2)", 1),
    )
    with pytest.raises(ValueError, match="not an audit trail"):
        Audit.from_dict({"source": "x", "entries": [{"kind": "odd", "what": "y"}]})


scores = arrays(np.int8, st.integers(0, 20), elements=st.integers(-1, 6))


@given(scores)
def test_reverse_twice_changes_nothing(index: np.ndarray) -> None:
    assert np.array_equal(reverse(reverse(index, 6), 6), index)
    assert np.array_equal(reverse(index, 6) < 0, index < 0)


@given(
    arrays(np.int8, st.tuples(st.integers(1, 4), st.integers(1, 8)), elements=st.integers(-1, 2))
)
def test_runs_against_a_loop(rating: np.ndarray) -> None:
    for row, found, straight in zip(
        rating, longest_runs(rating), straight_lines(rating), strict=True
    ):
        answers = [x for x in row if x >= 0]
        best = run = 0
        for k, x in enumerate(answers):
            run = run + 1 if k and answers[k - 1] == x else 1
            best = max(best, run)
        assert found == best
        if answers:
            assert straight == (len(set(answers)) == 1)


def careless_frame() -> pd.DataFrame:
    data = frame(12)
    data.loc[0, ["check-in_joy", "check-in_anger", "room_joy", "room_anger"]] = 2
    same = [c for c in data.columns if c not in ("visit", "person")]
    data.loc[5, same] = data.loc[4, same]
    return data.assign(seconds=[30] * 2 + [300] * 10)


OPTIONS = """
[careless]
minimum_answers = 2
seconds = "seconds"
minimum_seconds = 60
"""


def test_careless_answers_are_flagged_not_dropped() -> None:
    read = read_survey(careless_frame(), codebook=book(add=OPTIONS))
    assert read.n_journeys == 12
    flags = read.data["careless"].to_pandas()
    people = read.data["journey_id"].values
    assert list(people[flags["straight_lining"]]) == ["v0"]
    assert set(people[flags["too_fast"]]) == {"v0", "v1"}
    assert list(people[flags["duplicates"]]) == ["v5"]


def test_an_explicit_rule_drops_them_and_says_so() -> None:
    rule = OPTIONS + 'exclude = ["too_fast", "duplicates"]\n'
    read = read_survey(careless_frame(), codebook=book(add=rule))
    assert read.n_journeys == 9
    assert read.audit.count("excluded") == 3
    assert "too fast, by the rule careless.exclude: 2" in str(read.audit)
    assert read.data["respondent"].values.max() == read.n_respondents - 1


def test_nobody_left() -> None:
    rule = OPTIONS.replace("= 60", "= 6000") + 'exclude = ["too_fast"]\n'
    with pytest.raises(InputProblems, match="no visit is left"):
        read_survey(careless_frame(), codebook=book(add=rule))


def test_repeats_ignore_nothing_but_order() -> None:
    data = {k: v.values for k, v in read_survey(frame(), codebook=book()).data.items()}
    assert not repeats(data).any()


def test_identity_weights() -> None:
    change = ('column = "group"\n', 'columns = ["w_new", "w_old"]\n')
    data = frame().assign(w_new=0.25, w_old=0.75)
    read = read_survey(data, codebook=book(change))
    assert np.allclose(read.data["membership"], [0.25, 0.75])
    assert (read.data["segment"] == 1).all()
    data.loc[2, "w_old"] = 0.5
    with pytest.raises(InputProblems, match="row 3, columns 'w_new', 'w_old': the weights sum to"):
        read_survey(data, codebook=book(change))


def test_cluster_stratum_wave() -> None:
    more = '[cluster]\ncolumn = "site"\n[stratum]\ncolumn = "area"\n'
    more += '[wave]\ncolumn = "w"\ncategories = [1, 2]\n'
    data = frame().assign(site=list("bbaacccc"), area=1, w=[1, 2] * 4)
    read = read_survey(data, codebook=book(add=more)).data
    assert read["cluster"].values.tolist() == [1, 1, 0, 0, 2, 2, 2, 2]
    assert read["stratum"].values.tolist() == [0] * 8
    assert read["wave"].values.tolist() == [0, 1] * 4


def test_same_journey_number_for_different_people() -> None:
    diary = frame().assign(visit=[1, 2] * 4)
    assert read_survey(diary, codebook=book()).n_journeys == 8
    alone = book(('respondent = "person"\n', ""))
    with pytest.raises(InputProblems, match="visit 1 stands more than once"):
        read_survey(diary, codebook=alone)


def test_empty_dataset_text_is_toml() -> None:
    assert "[study]" in toml()
    assert isinstance(read_survey(frame(2), codebook=book()).data, xr.Dataset)


def test_what_cannot_be_told_apart_is_noticed() -> None:
    alike = frame()
    for place in ("check-in", "room"):
        alike[f"{place}_anger"] = alike[f"{place}_joy"]
    trail = str(read_survey(alike, codebook=book()).audit)
    assert "warning: emotions 'joy' and 'anger' are always answered alike" in trail
    assert "always answered alike" not in str(read_survey(frame(), codebook=book()).audit)


def test_a_construct_with_one_item_is_noticed() -> None:
    item = '[[relationship.items]]\nname = "trust_2"\nscale = "agree"\nreversed = true\n'
    read = read_survey(frame(), codebook=book((item, "")))
    note = "note: construct 'trust' has one item: no reliability can be estimated"
    assert note in str(read.audit)


def test_a_sample_keeps_people_whole(survey: Survey) -> None:
    many = np.repeat(np.arange(survey.n_journeys), 2)
    data = survey.data.isel(journey=many)
    panel = Survey(
        survey.codebook,
        data.assign(respondent=("journey", np.repeat(np.arange(survey.n_journeys), 2))),
        survey.audit,
    )
    part = panel.sample(2, seed=1)
    assert part.n_respondents == 2
    assert part.n_journeys == 4
    assert part.data["respondent"].to_numpy().tolist() == [0, 0, 1, 1]
    assert part == panel.sample(2, seed=1)
    assert len({panel.sample(1, seed=seed).hash for seed in range(20)}) > 1
    assert str(part.audit.entries[-1]).startswith("note: respondents taken at random of 8")
    assert panel.sample(99, seed=1) is panel


@pytest.mark.parametrize("wrong", [0, -1, 2.0, "2"])
def test_a_sample_of_no_number(survey: Survey, wrong: object) -> None:
    with pytest.raises(EmotionModelsError, match="whole number"):
        survey.sample(wrong, seed=1)  # type: ignore[arg-type]

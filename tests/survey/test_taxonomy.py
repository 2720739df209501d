"""Named sets of emotion words: their words, sources, coordinates, and use in codebooks."""

from __future__ import annotations

import pandas as pd
import pytest

import emotion_models as em
from emotion_models.errors import InputProblems
from emotion_models.science.emotions import catalogue
from emotion_models.science.taxonomies import NAMES, OUTCOMES
from emotion_models.survey import draft_codebook
from emotion_models.survey.taxonomies import without_valence
from tests.models import builders

SIZES = {"default": 20, "ekman": 6, "plutchik": 8, "goemotions": 27, "consumer": 8}
REST = """
[study]
name = "x"
[layout]
form = "wide"
journey = "id"
[scales.rating]
values = [0, 1, 2]
[[touchpoints]]
name = "desk"
"""


@pytest.mark.parametrize("name", NAMES)
def test_words_and_sources(name: str) -> None:
    chosen = em.taxonomy(name)
    words = [word.name for word in chosen.emotions]
    assert len(words) == len(set(words)) == SIZES[name]
    assert chosen.preset.sources
    assert chosen.preset.name in NAMES
    for source in chosen.preset.sources:
        assert source.authors in chosen.summary()


@pytest.mark.parametrize("name", NAMES)
def test_coordinates_are_those_of_the_cited_norms_or_none(name: str) -> None:
    for word in em.taxonomy(name).emotions:
        known = catalogue().get(word.name)
        assert word.valence == (known.valence if known else None)
        assert word.arousal == (known.arousal if known else None)


def test_marks_are_as_sure_as_what_was_read() -> None:
    assert "general knowledge, not checked" in em.taxonomy("consumer").summary()
    assert "read in a secondary source" in em.taxonomy("plutchik").summary()
    assert "verified" in em.taxonomy("goemotions").summary()


def test_plutchik_has_three_intensities() -> None:
    table = em.taxonomy("plutchik").table().set_index("emotion")
    assert table.loc["anger", ["mild", "intense"]].tolist() == ["annoyance", "rage"]
    assert (table[["mild", "intense"]] != "").all(axis=None)


def test_words_that_are_outcomes_are_flagged() -> None:
    for name in NAMES:
        table = em.taxonomy(name).table()
        circular = table["emotion"].isin(OUTCOMES)
        assert table["note"].str.contains("circular").equals(circular)
    assert not {word.name for word in em.taxonomy("default").emotions} & OUTCOMES


@pytest.mark.parametrize("name", NAMES)
def test_tables_of_a_codebook(name: str) -> None:
    """They load, and every word without coordinates is marked."""
    text = em.taxonomy(name).to_toml(scale="rating")
    drafted = em.Codebook.from_toml(REST + text)
    assert drafted.emotion_names == [word.name for word in em.taxonomy(name).emotions]
    unknown = sum(word.valence is None for word in em.taxonomy(name).emotions)
    assert text.count("# valence = TODO") == unknown == len(without_valence(drafted))


def test_unknown_name() -> None:
    with pytest.raises(InputProblems, match="'ekmann': unknown; did you mean 'ekman'"):
        em.taxonomy("ekmann")
    with pytest.raises(InputProblems, match="unknown"):
        draft_codebook(pd.DataFrame({"id": [1]}), taxonomy="ekmann")


def test_a_draft_beside_a_taxonomy() -> None:
    data = pd.DataFrame({"id": range(6), "joy": [0, 1, 2] * 2, "saudade": [2, 1, 0] * 2})
    text = draft_codebook(data, taxonomy="plutchik")
    assert em.Codebook.from_toml(text).emotion_names == ["joy", "saudade"]
    assert "# TODO: no norm for saudade: give each a valence" in text
    assert "#   asked, not in it: saudade\n" in text
    assert "#   in it, not asked: trust, fear, surprise," in text
    plain = draft_codebook(data)
    assert "no norm for saudade" in plain
    assert "taxonomy" not in plain
    assert "no norm" not in draft_codebook(data.rename(columns={"saudade": "relief"}))


def test_whose_valence_is_not_known() -> None:
    emotions = [
        {"name": "joy", "scale": "felt"},
        {"name": "saudade", "scale": "felt"},
        {"name": "awe", "scale": "felt", "valence": 0.0},
    ]
    assert without_valence(builders.book(emotions=emotions)) == ("saudade",)

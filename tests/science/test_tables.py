"""The bundled facts: emotions, published directions, sources."""

from __future__ import annotations

import re
import unicodedata

import pytest

from emotion_models.science.directions import SIZE, SYNONYMS, prior_means, published
from emotion_models.science.emotions import AROUSAL_SD, catalogue
from emotion_models.science.sources import MARKS, SOURCES

OUTCOMES = {"remembered_experience", "trust", "commitment", "repurchase", "recommend", "complain"}
SIGN = re.compile(r"[+\-0][im?*]?|u|x|0/\+|\+/-")


def test_catalogue() -> None:
    emotions = catalogue()
    assert len(emotions) == 20
    assert list(emotions) == [emotion.name for emotion in emotions.values()]
    for emotion in emotions.values():
        coordinates = (emotion.valence, emotion.arousal, emotion.dominance)
        assert all(-1 <= value <= 1 for value in coordinates), emotion
        assert emotion.source, emotion
    assert 0 < AROUSAL_SD < 1


@pytest.mark.parametrize(
    ("emotion", "sign"), [("joy", 1), ("gratitude", 1), ("anger", -1), ("boredom", -1)]
)
def test_valence_has_the_obvious_sign(emotion: str, sign: int) -> None:
    assert catalogue()[emotion].valence * sign > 0.3


def test_half_of_the_catalogue_is_unpleasant() -> None:
    """The style index needs both sides."""
    assert sum(emotion.valence < 0 for emotion in catalogue().values()) == 10


def test_every_published_sign_is_legal_and_has_evidence() -> None:
    table = published()
    assert {outcome for _, outcome in table} == OUTCOMES | {"switch"}
    assert set(catalogue()) <= {emotion for emotion, _ in table}
    for direction in table.values():
        assert SIGN.fullmatch(direction.sign), direction
        assert direction.evidence, direction
        assert re.fullmatch(r"[a-z]+", direction.emotion), direction


def test_synonyms_lead_somewhere() -> None:
    assert set(SYNONYMS.values()) <= OUTCOMES | {"switch"}
    assert not set(SYNONYMS) & (OUTCOMES | {"switch"})


@pytest.mark.parametrize(
    ("emotion", "outcome", "mean"),
    [
        ("gratitude", "return", SIZE),
        ("gratitude", "Repurchase", SIZE),
        ("anger", "return", -SIZE),
        ("anger", "complained", SIZE),
        ("frustration", "complain", SIZE),
        ("guilt", "complain", -SIZE),
        ("regret", "churn", SIZE),
        ("contentment", "switch", -SIZE),
        ("joy", "return", 0.0),  # 0/+
        ("joy", "complain", 0.0),  # inferred from valence only
        ("regret", "recommend", 0.0),  # conditional
        ("surprise", "recommend", 0.0),  # follows the valence
        ("relief", "trust", 0.0),  # unknown
        ("joy", "something else", 0.0),
        ("schadenfreude", "return", 0.0),
    ],
)
def test_prior_means(emotion: str, outcome: str, mean: float) -> None:
    assert prior_means([emotion], [outcome]) == [[mean]]


def test_prior_means_shape() -> None:
    table = prior_means(["joy", "anger"], ["return", "overall", "other"])
    assert [len(row) for row in table] == [3, 3]
    assert table[1] == [-SIZE, 0.0, 0.0]  # what anger does to memory is inferred from valence


def test_every_sign_that_was_read_has_its_source() -> None:
    """And nothing else has one, but signs from memory."""
    for direction in published().values():
        inferred = direction.sign in {"u", "0"} or direction.sign.endswith("i")
        followed = direction.sign == "x" and direction.outcome == "remembered_experience"
        if inferred or followed:
            assert not direction.sources, direction
            assert direction.mark is None
        else:
            assert direction.sources, direction
            assert direction.mark in MARKS
        if direction.prior_mean:
            assert direction.mark in {"V", "S"}, direction


def test_every_work_named_as_evidence_is_a_source() -> None:
    """Author and year in the words of the evidence lead to a record."""
    cited = {key for each in published().values() for key in _works(each.evidence)}
    assert len(cited) > 15
    known = {(re.split(r"\W+", _plain(key))[0], source.year) for key, source in SOURCES.items()}
    assert cited <= known


def test_a_sign_is_as_sure_as_its_best_source() -> None:
    table = published()
    assert table["gratitude", "repurchase"].mark == "V"
    assert table["embarrassment", "complain"].mark == "S"
    assert table["affection", "commitment"].mark == "M"
    assert table["disappointment", "complain"].mark == "M"  # the sign is from memory
    assert table["relief", "trust"].mark is None


def _works(evidence: str) -> set[tuple[str, int]]:
    """First author and year of every work: the years after a name belong to that name."""
    found = re.findall(r"([A-Z][a-z]+)[^;:.(]*? ((?:19|20)\d\d)", _plain(evidence))
    return {(name, int(year)) for name, year in found}


def _plain(text: str) -> str:
    return unicodedata.normalize("NFD", text).encode("ascii", "ignore").decode()


@pytest.mark.parametrize("key", SOURCES)
def test_sources(key: str) -> None:
    source = SOURCES[key]
    assert source.mark in MARKS
    assert source.key == key
    assert key.endswith(str(source.year))
    assert source.authors
    assert source.supports
    assert not source.doi or source.doi.startswith("10.")

"""The codebook: loads, writes itself, refuses what contradicts itself."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

import emotion_models.survey
from emotion_models.errors import InputProblems
from emotion_models.survey import Codebook
from tests.survey.builders import BOOK, book, toml

EXAMPLE = Path(emotion_models.survey.__file__).with_name("example_codebook.toml")
SMALLEST = """
[study]
name = "s"
[layout]
form = "wide"
journey = "id"
[scales.felt]
values = [0, 1]
[[touchpoints]]
name = "t"
[[emotions]]
name = "joy"
scale = "felt"
"""


def faults(text: str) -> list[str]:
    with pytest.raises(InputProblems) as caught:
        Codebook.from_toml(text)
    return [str(problem) for problem in caught.value.problems]


def test_example() -> None:
    example = Codebook.load(EXAMPLE)
    assert Codebook.from_toml(EXAMPLE) == example
    assert example.study.journey_word == "stay"
    assert len(example.touchpoints) == 6
    assert len(example.emotions) == 10
    assert example.construct_names == ["trust", "commitment"]
    assert example.construct_of_item == [0, 0, 0, 1, 1, 1]
    assert [item.name for item in example.relationship_items if item.reversed] == ["commitment_3"]
    assert example.scale_of(example.emotions[0]).n_categories == 5
    assert (example.levers[0].centre, example.levers[0].step) == (10, 5)
    assert example.column("{touchpoint}_{emotion}", touchpoint="room", emotion="joy") == "room_joy"
    assert [b.family for b in example.behaviours] == ["bernoulli", "ordinal", "bernoulli", "amount"]


@pytest.mark.parametrize("text", [SMALLEST, BOOK, EXAMPLE.read_text("utf-8")])
def test_round_trip(text: str) -> None:
    once = Codebook.from_toml(text)
    assert Codebook.from_toml(once.to_toml()) == once


def test_the_commented_keys_of_the_example_exist() -> None:
    text = EXAMPLE.read_text("utf-8")
    for old, new in (
        ('# visited = "', 'visited = "'),
        ('# code = "T1"', 'code = "T1"'),
        ("# valence = ", "valence = "),
        ("# arousal = ", "arousal = "),
        ('# column = "{touchpoint}_happy"', 'column = "{touchpoint}_{item}_happy"'),
        ("# items = [", "items = ["),
        ("# [scales.likelihood.missing]", "[scales.likelihood.missing]"),
        ("# refused = [99]", "refused = [99]"),
        ("# missing = { refused = [-1] }", "missing = { refused = [-1] }"),
        ("# long_string = 30", "long_string = 30"),
        ('# seconds = "seconds"', 'seconds = "seconds"'),
        ("# minimum_seconds = 60", "minimum_seconds = 60"),
        ('# sheet = "Data"', 'sheet = "Data"'),
    ):
        assert old in text, old
        text = text.replace(old, new)
    lines, inside = [], False
    for line in text.splitlines():
        starts = ("# [[controls]]", "# [delay]", "# [scales.ticked]")
        inside = (inside or line.startswith(starts)) and bool(line.strip())
        lines.append(line.removeprefix("# ").removeprefix("#") if inside else line)
    full = Codebook.from_toml("\n".join(lines))
    assert full.controls
    assert full.several_items
    assert {scale.kind for scale in full.scales.values()} == {"ordinal", "checkbox", "slider"}
    assert all((full.delay, full.date, full.wave, full.cluster, full.stratum, full.order))
    assert Codebook.from_toml(full.to_toml()) == full


def test_defaults() -> None:
    small = Codebook.from_toml(SMALLEST)
    assert small.emotions[0].label == "joy"
    assert small.touchpoints[0].code == "t"
    assert small.scales["felt"].labels == ("0", "1")
    assert small.segment_names == ["(all)"]
    wait = book().levers[0]
    assert (wait.centre, wait.step) == (30, 30)
    assert book().lever_sites(wait) == ["check-in"]


def test_frozen() -> None:
    small = Codebook.from_toml(SMALLEST)
    with pytest.raises(ValidationError):
        small.study = small.study  # type: ignore[misc]


MISTAKES: list[tuple[tuple[str, str], str]] = [
    (
        ('kind = "categorical"', 'knd = "categorical"'),
        "codebook, [[levers]] 'channel': the key 'knd' does not exist; did you mean 'kind'?",
    ),
    (
        ('family = "count"', 'family = "coutn"'),
        "codebook, [[behaviours]] 'visits', key 'family': 'coutn' is not a choice; "
        "did you mean 'count'?",
    ),
    (
        ('name = "anger"\nscale = "felt"', 'name = "anger"\nscale = "flet"'),
        "codebook, [[emotions]] 'anger', key 'scale': 'flet' is not among the scales; "
        "did you mean 'felt'?",
    ),
    (
        ('at = ["check-in"]\nminimum', 'at = ["chekin"]\nminimum'),
        "codebook, [[levers]] 'wait', key 'at': 'chekin' is not among the touchpoints; "
        "did you mean 'check-in'?",
    ),
    (
        ('name = "anger"', 'name = "joy"'),
        "codebook, [[emotions]] 'joy': the name 'joy' is used twice in emotions; "
        "rename one of them",
    ),
    (
        ("values = [1, 2, 3, 4, 5]", "values = [1, 2, 2]"),
        "codebook, [scales.agree], key 'values': a value is listed twice",
    ),
    (
        ("refused = [-9]", "refused = [-8]"),
        "codebook, [missing]: a code has two meanings or stands twice: -8",
    ),
    (
        ("refused = [-9]", "refused = [5]"),
        "codebook, [scales.agree]: the missing code 5 is also an answer; "
        "give this scale its own codes in [scales.agree.missing]",
    ),
    (
        ("minimum = 0\nmaximum = 60", "minimum = 0"),
        "codebook, [[levers]] 'wait': "
        "a numeric one needs 'minimum' and 'maximum', or 'centre' and 'step'",
    ),
    (
        ('column = "weight"', 'colum = "weight"'),
        "codebook, [weights]: the key 'colum' does not exist; did you mean 'column'?",
    ),
    (
        ('name = "room"', 'name = "(all)"'),
        "codebook, [[touchpoints]] '(all)', key 'name': '(all)' is reserved for results",
    ),
    (
        ('name = "room"', 'name = "a\\tb"'),
        "codebook, [[touchpoints]] 'a\\u0009b', key 'name': "
        "holds a control character (tab, line break, ...)",
    ),
    (
        ("values = [0, 1]\n", "values = [0, true]\n"),
        "codebook, [scales.yes_no], key 'values' number 2: "
        "true and false are not codes; write 1 and 0",
    ),
    (
        ('labels = ["no", "yes"]', 'lables = ["no", "yes"]'),
        "codebook, [scales.yes_no]: the key 'lables' does not exist; did you mean 'labels'?",
    ),
    (
        ('labels = ["no", "yes"]', 'labels = ["no"]'),
        "codebook, [scales.yes_no]: 1 'labels' for 2 'values'",
    ),
    (
        ('journey = "visit"', 'journey = "visit"\nrating = "{emotion}"'),
        "codebook, [layout], key 'rating': '{emotion}' lacks {touchpoint}; "
        "every one has a column of its own",
    ),
    (
        ('form = "wide"', 'form = "long"'),
        "codebook, [layout]: form 'long' needs 'touchpoint': the column that names it",
    ),
]


@pytest.mark.parametrize(("change", "message"), MISTAKES)
def test_mistakes(change: tuple[str, str], message: str) -> None:
    assert message in faults(toml(change))


def test_several_mistakes_at_once() -> None:
    text = toml(
        ('name = "anger"\nscale = "felt"', 'name = "anger"\nscale = "flet"'),
        ('at = ["check-in"]\nminimum', 'at = ["chekin"]\nminimum'),
        ("refused = [-9]", "refused = [5]"),
    )
    assert len(faults(text)) >= 3


def test_not_toml() -> None:
    assert faults("a = [1,\n\n= 2")[0].startswith("codebook, line 3, column 1: is not valid TOML")


def test_no_file_and_bad_encoding(tmp_path: Path) -> None:
    with pytest.raises(InputProblems, match="No such file"):
        Codebook.load(tmp_path / "none.toml")
    (tmp_path / "b.toml").write_bytes(b"a = '\xff'")
    with pytest.raises(InputProblems, match="save the codebook as UTF-8"):
        Codebook.load(tmp_path / "b.toml")


def test_own_missing_codes_of_a_scale() -> None:
    text = toml(
        ("refused = [-9]", "refused = [-5]"), add="\n[scales.agree.missing]\nrefused = [9]\n"
    )
    assert Codebook.from_toml(text).missing_of(Codebook.from_toml(text).remembered[0]).refused == (
        9,
    )


names = st.text(min_size=1, max_size=40).filter(
    lambda s: s.strip() == s and s.isprintable() and s != "(all)" and s != "joy"
)


@given(names)
def test_any_name_survives(name: str) -> None:
    import tomli_w

    written = SMALLEST.replace('name = "t"', tomli_w.dumps({"name": name}).strip())
    once = Codebook.from_toml(written)
    assert Codebook.from_toml(once.to_toml()) == once

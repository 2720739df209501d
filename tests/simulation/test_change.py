"""`Change` as a value, and its TOML file."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emotion_models.errors import InputProblems
from emotion_models.simulation import Change
from emotion_models.simulation.steps import Rebuild, Step
from emotion_models.simulation.who import Who

names = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=8)
numbers = st.integers(-99, 99) | st.floats(-99, 99)
amounts = st.one_of(
    st.tuples(numbers | names, st.none(), st.none()),
    st.tuples(st.none(), numbers, st.none()),
    st.tuples(st.none(), st.none(), numbers),
)
shares = st.floats(0, 1)
people = st.builds(
    Who, st.just("") | names, st.sampled_from(["", "age > 4 and wait at desk <= 2"]), shares, shares
)
settings = st.builds(
    lambda kind, place, name, amount, who: Step(kind, place, name, *amount, who),
    st.sampled_from(["lever", "emotion"]), names, names, amounts, people,
)  # fmt: skip
sides = st.sampled_from(["before", "after"])
profiles = st.dictionaries(names, numbers, min_size=1, max_size=2).map(lambda x: tuple(x.items()))
rebuilds = st.one_of(
    st.builds(lambda a, who: Rebuild("remove", a, who=who), names, people),
    st.builds(lambda a, b, who: Rebuild("merge", a, b, who=who), names, names, people),
    st.builds(
        lambda kind, a, b, side, who: Rebuild(kind, a, b, side, who=who),
        st.sampled_from(["move", "repeat"]), names, names, sides, people,
    ),
    st.builds(
        lambda a, b, side, like, feels, who: Rebuild("add", a, b, side, like, feels, who=who),
        names, names, sides, names, st.just(()) | profiles, people,
    ),
    st.builds(
        lambda order, who: Rebuild("reorder", order=tuple(order), who=who),
        st.lists(names, min_size=2, max_size=4), people,
    ),
)  # fmt: skip
steps = settings | rebuilds


def test_every_method_returns_a_new_value() -> None:
    nothing = Change()
    one = nothing.at("check-in").lever("wait_minutes", to=5)
    two = one.emotion("frustration", by=-1).at("room").lever("upgrade", to=1)
    assert nothing.steps == ()
    assert str(nothing) == "no change"
    assert [step.touchpoint for step in two.steps] == ["check-in", "check-in", "room"]
    assert str(two) == (
        "wait_minutes at check-in set to 5; frustration at check-in changed by -1; "
        "upgrade at room set to 1"
    )
    assert one == Change().at("check-in").lever("wait_minutes", to=5)
    assert hash(one) != hash(two)


@pytest.mark.parametrize("given", [{}, {"to": 1, "by": 1}])
def test_either_to_or_by(given: dict[str, int]) -> None:
    with pytest.raises(
        InputProblems, match=r"emotion 'joy': needs one of to=, by= and times=; give one"
    ):
        Change().at("room").emotion("joy", **given)
    with pytest.raises(InputProblems) as caught:
        Change().lever("wait", **given)
    assert [problem.what for problem in caught.value.problems] == [
        "needs one of to=, by= and times=", "no touchpoint",
    ]  # fmt: skip


@given(st.lists(steps, min_size=1, max_size=4))
def test_toml_round_trip(
    tmp_path_factory: pytest.TempPathFactory, made: list[Step | Rebuild]
) -> None:
    change = Change(tuple(made))
    path = tmp_path_factory.mktemp("change") / "change.toml"
    path.write_text(change.to_toml(), encoding="utf-8")
    assert Change.from_toml(path) == change
    assert Change.from_text(change.to_toml()) == change
    assert Change().then(change) == change


def test_toml_as_written_by_hand(tmp_path: Path) -> None:
    path = tmp_path / "change.toml"
    path.write_text(
        '[[step]]\ntouchpoint = "check-in"\nlever = "channel"\nto = "app"\n'
        '[[step]]\ntouchpoint = "room"\nemotion = "joy"\nby = 0.5\n'
    )
    expected = Change().at("check-in").lever("channel", to="app").at("room").emotion("joy", by=0.5)
    assert Change.from_toml(str(path)).steps == expected.steps


BAD = """
title = "faster"
[[step]]
touchpoint = "check-in"
lever = "wait"
emotion = "joy"
to = 1
by = 2
[[step]]
touchpiont = "room"
emotion = "joy"
by = "much"
"""
BAD_SAYS = """\
change.toml: 6 problems
  - key 'title': unknown; use [[step]]
  - step 1: needs one of 'lever', 'emotion', 'remove', 'move', 'repeat', 'merge', 'add', \
'reorder'; name one
  - step 1: needs one of 'to', 'by' and 'times'; give one
  - step 2: unknown key 'touchpiont'; did you mean 'touchpoint'?
  - step 2: needs 'touchpoint'; name one
  - step 2: 'by' is 'much'; give a number"""


def test_every_problem_of_a_file_at_once(tmp_path: Path) -> None:
    path = tmp_path / "change.toml"
    path.write_text(BAD)
    with pytest.raises(InputProblems) as caught:
        Change.from_toml(path)
    assert str(caught.value) == BAD_SAYS


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", r"file: no \[\[step\]\]"),
        ("step = 3", r"file: no \[\[step\]\]"),
        ("step = [3]", "step 1: not a table"),
        ("[[step]", "Expected"),
    ],
)
def test_not_a_change(tmp_path: Path, content: str, words: str) -> None:
    path = tmp_path / "change.toml"
    path.write_text(content)
    with pytest.raises(InputProblems, match=words):
        Change.from_toml(path)


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(InputProblems, match="No such file"):
        Change.from_toml(tmp_path / "absent.toml")


REBUILT = """
[[step]]
remove = "booking"
group = 3
[[step]]
move = "room"
[[step]]
merge = "room"
[[step]]
add = "lounge"
after = "room"
feels = { joy = "much" }
[[step]]
reorder = "room"
[[step]]
repeat = "room"
before = "arrival"
after = "arrival"
share = 2
[[step]]
add = "lounge"
after = "room"
like = "room"
where = "age is old"
"""


def test_every_problem_of_rebuilding_at_once() -> None:
    with pytest.raises(InputProblems) as caught:
        Change.from_text(REBUILT)
    assert [str(problem).partition("; ")[0] for problem in caught.value.problems] == [
        "step 1: 'group' is 3",
        "step 2: needs either 'before' or 'after'",
        "step 3: needs 'into'",
        "step 4: 'feels' is {'joy': 'much'}",
        "step 5: 'reorder' is 'room'",
        "step 6: needs either 'before' or 'after'",
        "step 7: cannot read the condition 'age is old'",
    ]


@pytest.mark.parametrize("text", ["[[step]]\n" * 1001, "a = " + "[" * 20_000, "\x00", "step = {}"])
def test_hostile_texts(text: str) -> None:
    with pytest.raises(InputProblems):
        Change.from_text(text)


def test_a_number_that_no_machine_holds() -> None:
    text = f'step = [{{ touchpoint = "room", emotion = "joy", by = {10**30} }}]'
    with pytest.raises(InputProblems, match="give a number"):
        Change.from_text(text)

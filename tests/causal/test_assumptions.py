"""Assumptions as a value: they round-trip, and refuse what is wrong in itself at once."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import pytest

import emotion_models as em
from emotion_models.errors import InputProblems

FULL = em.Assumptions(
    randomised=["wait"],
    confounders=["age"],
    edges=[("joy", "anger"), ["tiredness", "complain"]],
    absent=[("joy", "complain")],
    latent={"tiredness": ["anger", "complain"]},
)


@pytest.mark.parametrize(
    "assumed",
    [FULL, em.Assumptions(), em.Assumptions(confounders=[]), em.Assumptions(randomised=("a", "a"))],
)
def test_round_trips(assumed: em.Assumptions, tmp_path: Path) -> None:
    assert em.Assumptions.from_toml(assumed.to_toml()) == assumed
    path = tmp_path / "a.toml"
    path.write_text(assumed.to_toml())
    assert em.Assumptions.from_toml(path) == assumed
    assert em.Assumptions.from_dict(json.loads(json.dumps(assumed.as_dict()))) == assumed
    copied = pickle.loads(pickle.dumps(assumed))  # noqa: S301  # ours, to another process
    assert copied == assumed
    assert hash(copied) == hash(assumed)


def test_nothing_declared_is_not_nothing_there() -> None:
    assert em.Assumptions() != em.Assumptions(confounders=[])
    assert "may remain" in str(em.Assumptions())
    assert "may remain" not in str(em.Assumptions(confounders=[]))


def test_is_frozen() -> None:
    with pytest.raises(AttributeError):
        FULL.randomised = ()  # type: ignore[misc]
    with pytest.raises(TypeError):
        FULL.latent["x"] = ("a", "b")  # type: ignore[index]


def test_everything_declared_is_said() -> None:
    said = str(FULL)
    for words in (
        "Assigned by chance: wait.", "age and what else the model adjusts for",
        "Unmeasured: tiredness acts on anger, complain.", "Further arrow: joy → anger.",
        "No arrow: joy → complain.",
    ):  # fmt: skip
        assert words in said


def test_every_fault_at_once() -> None:
    with pytest.raises(InputProblems) as caught:
        em.Assumptions(
            randomised="wait",  # type: ignore[arg-type]
            confounders=["age", 3],  # type: ignore[list-item]
            edges=[("joy", "joy"), ("a", "b"), "ab"],  # type: ignore[list-item]
            absent=[("a", "b"), ("a",)],  # type: ignore[list-item]
            latent={"u": ["joy"]},
        )
    text = str(caught.value)
    for words in (
        "randomised: is 'wait'; give a list of names",
        "confounders: 3 is not a name",
        "edges: 'joy' cannot cause itself",
        "edges: 'ab' is no arrow",
        "absent: ('a',) is no arrow",
        "edges a → b: is also declared absent",
        "latent 'u': is no common cause; name two or more variables it touches",
    ):
        assert words in text
    assert len(caught.value.problems) == 7


def test_faults_of_a_file(tmp_path: Path) -> None:
    with pytest.raises(InputProblems, match="key 'randomized': unknown; did you mean 'randomised'"):
        em.Assumptions.from_toml('randomized = ["wait"]')
    with pytest.raises(InputProblems) as caught:
        em.Assumptions.from_toml('confounder = ["age"]\nedges = [["a"]]')
    assert len(caught.value.problems) == 2
    with pytest.raises(InputProblems, match="TOML"):
        em.Assumptions.from_toml("randomised = [")
    with pytest.raises(InputProblems, match="cannot be read"):
        em.Assumptions.from_toml(tmp_path / "none.toml")

"""A fit under assumptions: every answer states them, and they are saved with it."""

from __future__ import annotations

import copy
from pathlib import Path

import numpy as np
import pytest

import emotion_models as em
from emotion_models.errors import InputProblems
from emotion_models.inference import Fit
from emotion_models.inference.store import read_parts, write_parts

DECLARED = em.Assumptions(
    randomised=["upgrade"], confounders=["style"], latent={"luck": ["worry", "return"]}
)


@pytest.fixture(scope="module")
def declared(tiny: Fit) -> Fit:
    return tiny.under(DECLARED)


def test_no_number_changes(tiny: Fit, declared: Fit) -> None:
    assert tiny.assumptions is None
    assert declared.assumptions == DECLARED
    assert np.array_equal(em.effects(declared).values, em.effects(tiny).values)
    assert "assumed Assigned by chance: upgrade." in repr(declared)


def test_bad_assumptions_are_refused(tiny: Fit) -> None:
    with pytest.raises(InputProblems, match="did you mean 'upgrade'"):
        tiny.under(em.Assumptions(randomised=["upgrad"]))


def test_saved_with_the_fit(declared: Fit, tmp_path: Path) -> None:
    again = em.load(em.save(declared, tmp_path / "a.fit"))
    assert again.assumptions == DECLARED
    assert em.load(em.save(again.under(em.Assumptions()), tmp_path / "b.fit")).assumptions == (
        em.Assumptions()
    )


def test_fits_saved_before_still_load(tiny: Fit, tmp_path: Path) -> None:
    parts = tiny.to_parts()
    assert "assumptions" not in parts.manifest
    old = copy.deepcopy(parts)
    write_parts(old, tmp_path / "old.fit")
    assert Fit.from_parts(read_parts(tmp_path / "old.fit")).assumptions is None


def test_effects_state_their_claims(declared: Fit) -> None:
    result = em.effects(declared)
    table = result.table().set_index(["outcome", "path", "emotion"])["claim"]
    # `luck` reaches return, through worry from every emotion that goes with it.
    assert set(table["return"]) == {"adjusted"}
    assert set(table["recommend"]) == {"causal"}
    assert set(table["frustration_kept"]) == {"causal"}
    assert result.claim == "adjusted"
    assert "(adjusted; 90% intervals)" in result.summary()


def test_a_split_rests_on_the_relationship_too(tiny: Fit) -> None:
    bond = em.Assumptions(confounders=[], latent={"luck": ["trust", "recommend"]})
    table = em.effects(tiny.under(bond), on="recommend").table()
    by_path = table.groupby("path")["claim"].agg(set).to_dict()
    assert by_path == {
        "total": {"causal"}, "via memory": {"causal"},
        "direct": {"adjusted"}, "via relationship": {"adjusted"},
    }  # fmt: skip


def test_simulations_state_their_claims(declared: Fit) -> None:
    upgrade = em.Change().at("room").lever("upgrade", to=1)
    table = em.simulate(declared, upgrade, draws=20).table().set_index("outcome")
    whole = table[table["segment"] == "(all)"]["claim"]
    assert whole["recommend"] == "causal"
    assert whole["return"] == "adjusted"
    # One step that was not assigned by chance is enough.
    wait = upgrade.at("check-in").lever("wait_minutes", to=5)
    assert set(em.simulate(declared, wait, draws=20).table()["claim"]) == {"adjusted"}


def test_without_assumptions_nothing_is_causal(tiny: Fit) -> None:
    assert set(em.effects(tiny).table()["claim"]) == {"adjusted"}
    wait = em.Change().at("check-in").lever("wait_minutes", to=5)
    assert set(em.simulate(tiny, wait, draws=20).table()["claim"]) == {"adjusted"}


def test_robustness_states_the_claim_of_each_effect(declared: Fit) -> None:
    table = em.robustness(declared).table()
    claims = em.effects(declared).table().set_index(["outcome", "path", "emotion"])["claim"]
    plain = table[~table["outcome"].str.contains(":")]
    expected = [
        claims[o, "total", e] for o, e in zip(plain["outcome"], plain["emotion"], strict=True)
    ]
    assert plain["claim"].tolist() == expected
    assert set(table[table["outcome"] == "recommend"]["claim"]) == {"causal"}
    assert set(table[table["outcome"] == "return"]["claim"]) == {"adjusted"}


def test_no_diagram_makes_a_share_an_effect(tiny: Fit) -> None:
    all_known = tiny.under(em.Assumptions(confounders=[]))
    assert set(em.effects(all_known, on="return").table()["claim"]) == {"causal"}
    assert set(em.importance(all_known, on="return").table()["claim"]) == {"adjusted"}

"""Which claim each effect may carry, and which diagrams are refused."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import networkx as nx
import pytest

import emotion_models as em
from emotion_models.causal.diagram import diagram
from emotion_models.causal.variables import UNMEASURED
from emotion_models.errors import InputProblems
from tests.causal import study
from tests.models.builders import FULL_MODEL, book

SMALL = em.JourneyModel(memory=("mean",), salience=False)


def judge(
    *, model: em.JourneyModel = SMALL, codebook: em.Codebook | None = None, **declared: Any
) -> em.Identification:
    assumed = em.Assumptions(**declared) if declared else None
    described = SimpleNamespace(codebook=codebook or study.codebook())
    return em.identify(SimpleNamespace(model=model, survey=described, assumptions=assumed))


def levels(found: em.Identification, *pairs: tuple[str, str]) -> list[str]:
    return [found.claim(*pair).level for pair in pairs]


PAIRS = (("wait", "joy"), ("joy", "return"), ("wait", "return"))


def test_nothing_is_causal_unless_declared() -> None:
    assert set(judge().table()["claim"]) == {"association", "adjusted"}
    plain = judge(codebook=study.codebook(controls=None), model=SMALL.with_options({"halo": False}))
    assert set(plain.table()["claim"]) == {"association"}


def test_a_randomised_lever_makes_only_its_own_effect_causal() -> None:
    found = judge(randomised=["wait"])
    assert levels(found, *PAIRS) == ["causal", "adjusted", "adjusted"]
    assert found.claim("wait", "joy").reason == "wait was assigned by chance"
    chain = found.claim("wait", "return").reason
    assert chain.startswith("what it does to emotions is causal, but joy on return: ")


def test_declared_confounders_make_emotions_causal() -> None:
    found = judge(confounders=["age", "style"])
    assert levels(found, *PAIRS) == ["association", "causal", "adjusted"]
    assert found.claim("joy", "return").held == {"anger", "age", "style"}
    assert "wait ← age → joy" in found.claim("wait", "joy").reason


def test_both_make_the_chain_causal() -> None:
    found = judge(randomised=["wait"], confounders=["age"])
    assert levels(found, *PAIRS) == ["causal"] * 3


def test_an_unmeasured_cause_opens_a_path() -> None:
    found = judge(randomised=["wait"], confounders=["age"], latent={"luck": ["joy", "return"]})
    assert levels(found, *PAIRS) == ["causal", "adjusted", "adjusted"]
    assert found.claim("joy", "return").reason == "a path stays open: joy ← luck → return"
    # It reaches what else joy goes together with, once joy is held constant.
    assert levels(found, ("anger", "complain"), ("joy", "complain")) == ["causal", "causal"]


def test_a_way_past_the_emotions() -> None:
    found = judge(randomised=["wait"], confounders=["age"], edges=[("wait", "return")])
    assert levels(found, ("wait", "return"), ("wait", "complain")) == ["adjusted", "causal"]
    assert "past the emotions" in found.claim("wait", "return").reason
    # The lever itself now confounds what emotions do, and outcomes are not adjusted for levers.
    assert "joy ← wait → return" in found.claim("joy", "return").reason


def test_an_emotion_that_causes_another() -> None:
    found = judge(confounders=["age"], edges=[("anger", "joy")])
    assert levels(found, ("anger", "return"), ("joy", "return")) == ["adjusted", "causal"]
    assert "holds joy constant, which anger causes" in found.claim("anger", "return").reason


def test_style_must_be_measured() -> None:
    found = judge(confounders=["age"], model=SMALL.with_options({"halo": False}))
    assert levels(found, ("joy", "return")) == ["adjusted"]
    assert "does not measure the answering style" in found.claim("joy", "return").reason
    one_sided = study.codebook(emotions=[{"name": "joy", "scale": "felt"}])
    assert levels(judge(confounders=["age"], codebook=one_sided), ("joy", "return")) == ["adjusted"]


def test_adjustment_sets_are_back_door_sets() -> None:
    found = judge(randomised=["wait"], confounders=["age"], absent=[("age", "anger")])
    graph = nx.DiGraph(found.diagram.dag.arrows)
    for pair in (("joy", "return"), ("anger", "complain"), ("wait", "joy")):
        bare = graph.copy()
        bare.remove_edges_from(list(graph.out_edges(pair[0])))
        sets = found.adjustment_sets(*pair)
        assert sets
        for names in sets:
            assert nx.is_minimal_d_separator(bare, {pair[0]}, {pair[1]}, set(names))
            assert not names & nx.descendants(graph, pair[0])
    assert found.adjustment_sets("wait", "joy") == (frozenset(),)
    assert judge(confounders=None).adjustment_sets("joy", "return") == ()


def test_relationship_and_remembered_items() -> None:
    found = judge(model=FULL_MODEL, codebook=book(), confounders=["age", "segment"])
    assert levels(found, ("trust", "return"), ("joy", "trust"), ("joy", "joy_kept")) == [
        "causal", "causal", "causal",
    ]  # fmt: skip
    with pytest.raises(InputProblems, match="effect of 'anger' on 'joy_kept': not in the model"):
        found.claim("anger", "joy_kept")
    bond = judge(
        model=FULL_MODEL, codebook=book(), confounders=["age"], latent={"luck": ["trust", "return"]}
    )
    assert levels(bond, ("joy", "return"), ("trust", "return")) == ["causal", "adjusted"]


def test_a_circle_is_shown() -> None:
    with pytest.raises(InputProblems) as caught:
        judge(edges=[("return", "joy"), ("joy", "anger"), ("anger", "wait")])
    text = str(caught.value)
    assert "the diagram has a circle, return → joy → return" in text
    assert "the diagram has a circle, anger → wait → anger; nothing can cause itself: drop" in text
    assert "the diagram has a circle, joy → anger → " in text
    assert len(caught.value.problems) == 3


def test_a_confounder_that_is_a_mediator_is_refused() -> None:
    with pytest.raises(InputProblems) as caught:
        judge(confounders=["age"], edges=[("joy", "age")])
    assert len(caught.value.problems) == 1
    assert "'age' is a mediator, not a confounder: joy → age → outcome" in str(caught.value)
    assert "would take away the part of the effect that runs through it" in str(caught.value)


def test_a_confounder_that_is_a_common_effect_is_refused() -> None:
    with pytest.raises(InputProblems, match=r"'age' is a common effect \(collider\).*return → age"):
        judge(confounders=["age"], edges=[("joy", "age"), ("return", "age")])


def test_a_control_after_the_fact_spoils_the_claim_even_when_not_declared() -> None:
    found = judge(confounders=[], edges=[("joy", "age")])
    assert levels(found, ("joy", "return")) == ["adjusted"]
    assert found.claim("joy", "return").reason == "the model holds age constant, which joy causes"


def test_names_are_checked_all_at_once() -> None:
    with pytest.raises(InputProblems) as caught:
        judge(
            randomised=["wate", "joy"],
            confounders=["agee", "wait"],
            edges=[("joy", "retrun")],
            absent=[("joy", "anger"), ("joy", "x")],
            latent={"joy": ["anger", "return"], "luck": ["angr", "return"]},
        )
    text = str(caught.value)
    for words in (
        "randomised: 'wate' is not in the codebook; did you mean 'wait'?",
        "randomised: 'joy' is not a lever but: emotion",
        "confounders: 'agee' is not in the codebook; did you mean 'age'?",
        "confounders: 'wait' is not a control but: lever",
        "edges: 'retrun' is not in the codebook; did you mean 'return'?",
        "absent joy → anger: the model has no such arrow",
        "absent: 'x' is not in the codebook",
        "latent 'joy': is already the name of something",
        "latent 'luck': 'angr' is not in the codebook; did you mean 'anger'?",
    ):
        assert words in text
    with pytest.raises(InputProblems, match="assigned by chance, so nothing causes it"):
        judge(randomised=["wait"], edges=[("age", "wait")])
    with pytest.raises(InputProblems, match="assigned by chance, so nothing causes it"):
        judge(randomised=["wait"], latent={"luck": ["wait", "joy"]})


def test_every_diagram_is_acyclic() -> None:
    """Two controls after the fact could close a circle through each other's own arrows."""
    controls = [
        {"name": name, "kind": "numeric", "centre": 0, "step": 1} for name in ("one", "two")
    ]
    drawn = diagram(
        SMALL,
        study.codebook(controls=controls),
        em.Assumptions(edges=[("joy", "one"), ("anger", "two")]),
    )
    assert nx.is_directed_acyclic_graph(nx.DiGraph(drawn.dag.arrows))
    assert UNMEASURED in drawn.dag.nodes


def test_a_survey_is_judged_before_it_is_fitted() -> None:
    survey = em.read_survey(study.visits(40, 1), codebook=study.codebook())
    found = em.identify(survey, em.Assumptions(randomised=["wait"], confounders=["age"]))
    assert levels(found, *PAIRS) == ["causal"] * 3
    text = found.summary()
    assert text.startswith("Assumed:\n  Assigned by chance: wait.")
    assert "what levers do to outcomes, through emotions: causal 2 of 2" in text
    assert repr(found) == text
    assert found._repr_html_().startswith("<pre>Assumed")

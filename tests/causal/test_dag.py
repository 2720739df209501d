"""Open paths and separators, against networkx on random graphs."""

from __future__ import annotations

import itertools

import networkx as nx
import numpy as np
import pytest

from emotion_models.causal.dag import Dag


def random_dag(seed: int, size: int = 8) -> tuple[Dag, nx.DiGraph]:
    rng = np.random.default_rng(seed)
    order = [f"v{i}" for i in rng.permutation(size)]
    pairs = [pair for pair in itertools.combinations(order, 2) if rng.random() < 0.35]
    graph = nx.DiGraph(pairs)
    graph.add_nodes_from(order)
    return Dag(frozenset(pairs)), graph


@pytest.mark.parametrize("seed", range(25))
def test_separation_is_that_of_networkx(seed: int) -> None:
    dag, graph = random_dag(seed)
    rng = np.random.default_rng(seed)
    verdicts = set()
    for x, y in itertools.combinations(dag.nodes, 2):
        rest = [node for node in dag.nodes if node not in (x, y)]
        for _ in range(4):
            given = {node for node in rest if rng.random() < 0.4}
            verdict = nx.is_d_separator(graph, {x}, {y}, given)
            assert dag.separated(x, y, given) == verdict
            assert dag.separated(y, x, given) == verdict
            verdicts.add(verdict)
    assert verdicts == {True, False}


@pytest.mark.parametrize("seed", range(25))
def test_separators_are_minimal_and_complete(seed: int) -> None:
    dag, graph = random_dag(seed)
    rng = np.random.default_rng(100 + seed)
    for x, y in itertools.combinations(dag.nodes, 2):
        allowed = {n for n in dag.nodes if n not in (x, y) and rng.random() < 0.7}
        subsets = [
            set(chosen)
            for size in range(len(allowed) + 1)
            for chosen in itertools.combinations(sorted(allowed), size)
        ]
        work = [s for s in subsets if nx.is_d_separator(graph, {x}, {y}, s)]
        # Minimal: no proper subset separates.
        minimal = {frozenset(s) for s in work if not any(other < s for other in work)}
        first = dag.separator(x, y, allowed)
        assert (first is None) == (not work)
        if first is not None:
            assert nx.is_minimal_d_separator(graph, {x}, {y}, set(first))
            assert set(dag.separators(x, y, allowed, most=1000)) == minimal


def test_an_open_path_is_told() -> None:
    fork = Dag(frozenset({("age", "joy"), ("age", "return"), ("joy", "return")}))
    assert fork.without_effects_of("joy").open_path("joy", "return", set()) == (
        "joy", "←", "age", "→", "return",
    )  # fmt: skip
    assert fork.without_effects_of("joy").open_path("joy", "return", {"age"}) == ()


def test_conditioning_on_a_common_effect_opens() -> None:
    collider = Dag(frozenset({("a", "c"), ("b", "c"), ("c", "d")}))
    assert collider.separated("a", "b", set())
    assert collider.open_path("a", "b", {"c"}) == ("a", "→", "c", "←", "b")
    assert not collider.separated("a", "b", {"d"})


def test_directed_path_and_circle() -> None:
    dag = Dag(frozenset({("a", "b"), ("b", "c"), ("a", "c"), ("c", "a")}))
    assert dag.directed_path("a", "c") == ("a", "c")
    assert dag.directed_path("c", "b") == ("c", "a", "b")
    assert dag.directed_path("b", "x") == ()
    assert dag.descendants("b") == {"c", "a"}

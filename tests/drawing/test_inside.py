"""Figures of what a posterior holds: what is drawn is what the tables say."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from emotion_models.drawing import path_diagram, rank_bars, updating
from emotion_models.drawing.ridges import ridges
from emotion_models.drawing.style import svg

PATHS = pd.DataFrame(
    [
        ("wait", "anger", "lever to emotion", 0.8, 0.5, 1.1),
        ("wait", "joy", "lever to emotion", 0.1, -0.2, 0.4),
        ("joy", "trust", "emotion to outcome", 1.0, 0.5, 1.5),
        ("anger", "trust", "emotion to outcome", -2.0, -2.5, -1.5),
        ("relief", "trust", "emotion to outcome", 0.9, 0.3, 1.4),
        ("trust", "return", "relationship to behaviour", 0.6, 0.2, 1.0),
    ],
    columns=["source", "target", "kind", "mean", "lower", "upper"],
)


def test_the_two_strongest_clear_paths_into_an_end_are_drawn() -> None:
    shown = path_diagram.strongest(PATHS)
    ends = set(zip(shown["source"], shown["target"], strict=True))
    assert ends == {("wait", "anger"), ("joy", "trust"), ("anger", "trust"), ("trust", "return")}


def test_everything_stands_to_the_right_of_what_leads_to_it() -> None:
    columns = path_diagram.layers(path_diagram.strongest(PATHS))
    assert columns == [["wait"], ["joy", "anger"], ["trust"], ["return"]]


def test_layers_of_a_circle_come_to_an_end() -> None:
    circle = pd.DataFrame({"source": ["a", "b"], "target": ["b", "a"], "kind": "any"})
    assert sorted(name for names in path_diagram.layers(circle) for name in names) == ["a", "b"]


def test_path_diagram_prints_labels_and_estimates() -> None:
    figure = path_diagram.path_diagram(PATHS, {"anger": "Ärger"})
    written = {text.get_text() for text in figure.axes[0].texts}
    assert {"Ärger", "wait", "\u22122.00", "+0.60"} <= written
    assert "relief" not in written
    assert "Ärger to trust \u22122.00" in path_diagram.alt_text(PATHS, {"anger": "Ärger"})


def test_nothing_clear_is_an_empty_diagram() -> None:
    unclear = PATHS.assign(lower=-9.0, upper=9.0)
    assert svg(path_diagram.path_diagram(unclear))
    assert "every interval covers zero" in path_diagram.alt_text(unclear)


def test_rank_bars_have_a_panel_for_each_quantity() -> None:
    table = pd.DataFrame(
        [
            (name, 1.002, chain, (bin_ + 1) / 20, 25, 16.0, 35.0)
            for name in ("effect[joy, trust]", "positivity[trust]")
            for chain in range(4)
            for bin_ in range(20)
        ],
        columns=["quantity", "r_hat", "chain", "below", "count", "lower", "upper"],
    )
    assert len(rank_bars.rank_bars(table).axes) == 2
    assert "100% of the counts" in rank_bars.alt_text(table)


def test_before_and_after_has_a_panel_for_each_parameter() -> None:
    value = np.linspace(0, 1, 5)
    curve = {"value": value, "density": value}
    parts = [
        pd.DataFrame({"parameter": name, "element": element, "when": when, **curve})
        for name in ("positivity", "memory_rule")
        for element, when in ((-1, "prior"), (0, "posterior"), (1, "posterior"))
    ]
    figure = updating.before_and_after(pd.concat(parts))
    assert [axes.get_title(loc="left") for axes in figure.axes] == ["positivity", "memory rule"]
    assert [len(axes.lines) for axes in figure.axes] == [2, 2]


@pytest.mark.parametrize("varies", [True, False])
def test_ridges_of_draws_that_vary_or_not(varies: bool) -> None:
    rng = np.random.default_rng(1)
    joy = rng.normal(1, 0.3, 200) if varies else np.ones(200)
    figure = ridges({"trust": {"joy": joy}}, {"joy": 0.9}, axis="Change")
    dots = figure.axes[0].collections[-1].get_offsets()
    assert np.asarray(dots)[0, 0] == pytest.approx(joy.mean())

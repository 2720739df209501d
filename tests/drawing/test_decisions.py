"""Figures of decisions: what they show, and in words."""

from __future__ import annotations

import numpy as np
import pandas as pd

from emotion_models.drawing import frontier, information, priorities
from emotion_models.drawing.style import svg

BUDGETS = pd.DataFrame(
    {
        "budget": [0.0, 2.0, 9.0],
        "choice": ["no change", "greeting", "greeting; upgrade"],
        "difference": [0.0, 1.5, 2.25],
        "lower": [0.0, 0.5, -1.0],
        "upper": [0.0, 2.5, 5.0],
        "within": [True, True, False],
    }
)
ANSWERS = pd.DataFrame(
    {
        "about": ["levers", "levers", "memory", "memory"],
        "answers": [100, 1000, 100, 1000],
        "worth": [0.1, 0.5, 0.02, 0.25],
    }
)
PLACES = pd.DataFrame(
    {
        "touchpoint": ["room", "room", "check-out"],
        "emotion": ["joy", "anger", "joy"],
        "valence": [0.9, -0.8, 0.9],
        "performance": [0.4, 0.8, 0.5],
        "importance": [0.03, 0.02, 0.001],
        "long": [0.1, 0.05, 0.04],
        "short": [0.01, 0.01, 0.005],
        "angle": [0.1, 0.0, np.pi / 2],
        "p_act_now": [0.95, 0.0, 0.2],
    }
)


def test_the_frontier() -> None:
    figure = frontier.efficient_frontier(BUDGETS, "EUR")
    (axes,) = figure.axes
    faces = axes.collections[-1].get_facecolors()
    assert len({tuple(face) for face in faces[:2]}) == 1
    assert tuple(faces[2]) == (1, 1, 1, 1)  # beyond the budget
    assert axes.get_ylabel() == "Difference, EUR"
    assert svg(figure).startswith(b"<?xml")
    assert "from 2.00: greeting, +1.50 (0.50 to 2.50)" in frontier.alt_text(BUDGETS)


def test_worth_of_answers() -> None:
    (axes,) = information.worth_of_answers(ANSWERS, "EUR").axes
    assert [line.get_label() for line in axes.lines] == ["levers", "memory"]
    assert len({line.get_linestyle() for line in axes.lines}) == 2
    assert axes.get_xscale() == "log"
    assert "memory: 0.25 with 1,000 people" in information.alt_text(ANSWERS)


def test_the_map() -> None:
    figure = priorities.priority_map(PLACES, (0.55, 0.015), "Importance for return")
    (axes,) = figure.axes
    assert len(axes.patches) == 3
    words = [text.get_text() for text in axes.texts]
    assert "joy, room" in words
    assert "anger, room" not in words
    assert "act now" in words
    for row in PLACES.to_dict("records"):
        assert axes.get_xlim()[0] < row["performance"] - 0 < axes.get_xlim()[1]
    assert "joy at room (probability 95%" in priorities.alt_text(PLACES)

"""Options that a survey cannot inform are refused, all at once."""

from __future__ import annotations

import numpy as np

from emotion_models.models.requirements import unmet
from tests.models.builders import FULL_MODEL, book, dataset, places

DEMANDING = FULL_MODEL.with_options(
    {
        "memory": ("mean",),
        "peak": "moment",
        "fading": True,
        "by_touchpoint": True,
        "levers_by_segment": True,
        "moderator": "value",
    }
)


def test_everything_is_missing() -> None:
    bare = book(touchpoints=places(1), levers=None, segments=None, delay=None)
    found = [problem.where for problem in unmet(DEMANDING, bare, dataset(bare))]
    assert found == [
        f"option '{name}'"
        for name in (
            "fading", "by_touchpoint", "segments", "levers_by_segment", "moderator", "peak",
        )
    ]  # fmt: skip


def test_nothing_is_missing() -> None:
    full = book()
    data = dataset(full)
    data["customer_value"] = ("journey", np.arange(1.0, 13.0))
    model = DEMANDING.with_options({"memory": ("mean", "peak")})
    assert unmet(model, full, data) == []
    data["customer_value"][:] = 3.0
    assert [problem.where for problem in unmet(model, full, data)] == ["option 'moderator'"]


def test_a_delay_that_does_not_vary() -> None:
    full = book()
    data = dataset(full)
    data["delay"][:] = 2.0
    model = FULL_MODEL.with_options({"fading": True})
    (problem,) = unmet(model, full, data)
    assert "a delay that varies" in str(problem)

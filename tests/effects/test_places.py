"""What is remembered splits over touchpoints exactly, under every option of memory."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from emotion_models.effects import places
from emotion_models.models.forward import remembered
from tests.models.test_options import OPTIONS, draws_of, laid_out


@pytest.mark.parametrize("name", OPTIONS)
def test_parts_add_up_to_memory(name: str) -> None:
    model, design = laid_out(name)
    known = draws_of(model, design)
    memory = remembered(model, design, known)
    found = list(places.touchpoint_parts(model, design, known, memory))
    assert len(found) == len(design.touchpoints)
    total = np.zeros_like(memory)
    for part in found:
        for column, values in part.items():
            total[:, :, column] += values
    assert total == pytest.approx(memory - memory.mean(axis=1, keepdims=True))


EXACT = [name for name, options in OPTIONS.items() if not options.get("fading")]


@pytest.mark.parametrize("name", EXACT)
def test_nothing_is_left_to_spread_unless_memory_fades(name: str) -> None:
    """Where every emotion was rated, the features are what was attributed."""
    model, design = laid_out(name)
    known = draws_of(model, design)
    memory = remembered(model, design, known)[:, :, : len(design.emotions)]
    rest = memory - sum(places._parts(model, design, known))
    rated = (design.ratings.category >= 0).any(axis=0)
    level = rest[:, rated.all(axis=1)]
    assert level.size
    assert np.ptp(level, axis=1) == pytest.approx(np.zeros_like(level[:, 0]), abs=1e-6)


def test_the_end_belongs_to_where_it_was() -> None:
    model, design = laid_out("as usual")
    model = model.with_options({"memory": ("end",), "salience": False})
    known = replace(draws_of(model, design), memory_weight=np.ones((4, 1, 3, 1)))
    memory = remembered(model, design, known)
    found = list(places.touchpoint_parts(model, design, known, memory))
    ratings = design.ratings
    for e in range(3):
        mask = ratings.answered[:, :, e] > 0
        average = ratings.score[:, :, e][mask].mean()
        ends = [
            max(np.flatnonzero(mask[:, j]), key=lambda t, j=j: ratings.position[t, j])
            for j in range(design.n_journeys)
        ]
        for t, part in enumerate(found):
            own = np.array(
                [ratings.score[t, j, e] - average if end == t else 0 for j, end in enumerate(ends)]
            )
            assert part[e] == pytest.approx(np.tile(own - own.mean(), (4, 1)))

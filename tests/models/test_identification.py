"""Shifts, stretches, level and spread of groups are told apart by answers alone.

Yes-or-no items of one construct: the probability of every pattern of answers in both groups is
computed exactly, so that "identified" is a rank and "recovered" is an optimum, without sampling.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from scipy.linalg import null_space
from scipy.optimize import least_squares

from emotion_models.science.equations.measurement import loading_by_group, shifted

Z = np.linspace(-6, 6, 97)
WEIGHT = np.exp(-(Z**2) / 2) / np.exp(-(Z**2) / 2).sum()


@dataclass(frozen=True)
class World:
    """Two groups that answer `size` items; `anchored` shifts sum to zero over the items."""

    size: int
    anchored: bool = True

    @property
    def basis(self) -> Any:
        return null_space(np.ones((1, self.size))) if self.anchored else np.eye(self.size)

    @property
    def truth(self) -> Any:
        """Loadings, cutpoints, level, spread, shifts and stretches of the second group."""
        rng = np.random.default_rng(1)
        n = self.basis.shape[1]
        own = (rng.uniform(1, 2, self.size), rng.normal(0, 0.7, self.size))
        return np.concatenate([*own, [0.6, 0.2], rng.normal(0, 0.4, n), rng.normal(0, 0.2, n)])

    def patterns(self, parameters: Any) -> Any:
        """Probability of every pattern of answers, in both groups."""
        n = self.basis.shape[1]
        sizes = np.cumsum([self.size, self.size, 1, 1, n])
        loading, kappa, level, spread, shift, stretch = np.split(parameters, sizes)
        both = np.array([[-0.5], [0.5]])
        by_group = loading_by_group(loading, both * spread, both * (self.basis @ stretch))
        moved = both * (self.basis @ shift)
        found = []
        for group in range(2):
            construct = (Z + both[group] * level)[:, None]
            eta = shifted(construct, by_group[group], moved[group])
            yes = 1 / (1 + np.exp(kappa - eta))
            for answers in itertools.product((0, 1), repeat=self.size):
                given = np.where(answers, yes, 1 - yes).prod(axis=1)
                found.append(WEIGHT @ given)
        return np.array(found)

    def singular_values(self) -> Any:
        """Of the derivatives of all probabilities: a zero is a direction nobody can see."""
        step = 1e-5
        at, moves = self.truth, np.eye(self.truth.size) * step
        slopes = [(self.patterns(at + m) - self.patterns(at - m)) / (2 * step) for m in moves]
        return np.linalg.svd(np.array(slopes), compute_uv=False)


@pytest.mark.parametrize("size", [3, 4])
def test_identified(size: int) -> None:
    assert World(size).singular_values()[-1] > 1e-4


def test_without_the_anchor_a_shift_of_all_items_is_the_level() -> None:
    """Two free directions more than can be seen: the group's level and its spread."""
    assert (World(4, anchored=False).singular_values() < 1e-7).sum() == 2


def test_two_items_alone_do_not_tell_loadings_apart() -> None:
    """As documented: what else the construct relates to must do it."""
    assert (World(2).singular_values() < 1e-7).any()


def test_recovered() -> None:
    """From another start, the answers of everybody lead back to the truth."""
    world = World(4)
    target = np.sqrt(world.patterns(world.truth))
    start = np.concatenate([np.full(4, 1.4), np.zeros(world.truth.size - 4)])
    found = least_squares(lambda p: np.sqrt(world.patterns(p)) - target, start, xtol=1e-14)
    assert found.x == pytest.approx(world.truth, abs=1e-4)

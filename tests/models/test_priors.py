"""The table of priors: what it says is what PyMC gets."""

from __future__ import annotations

import ast
import functools
from pathlib import Path

import numpy as np
import pymc as pm
import pytest

import emotion_models.models
from emotion_models.models import priors
from emotion_models.models.prior import Prior
from tests.models.graphs import draws, evaluate

FAMILIES = {prior.family: key for key, prior in priors.PRIORS.items()}


@pytest.mark.parametrize("family", sorted(set(FAMILIES) - {"lkj"}))
def test_log_density(family: str) -> None:
    """Up to a constant, the density PyMC samples from."""
    key = FAMILIES[family]
    with pm.Model(coords={"row": range(3), "place": range(4)}):
        variable = priors.add(key, dims=("row", "place"))
    values = draws(variable, 5)
    ours = priors.log_density(priors.PRIORS[key], values)
    theirs = np.array([evaluate(pm.logp(variable, value).sum()) for value in values])
    assert ours - ours[0] == pytest.approx(theirs - theirs[0], abs=1e-9)


def test_log_density_of_a_correlation() -> None:
    """LKJ(2) on a 2 x 2 correlation is proportional to 1 - r^2."""
    prior = Prior("lkj", 2)
    r = np.array([0.0, 0.5, -0.9])
    factor = np.array([[[1.0, 0.0], [x, np.sqrt(1 - x**2)]] for x in r])
    density = priors.log_density(prior, factor)
    assert density - density[0] == pytest.approx(np.log(1 - r**2))


def test_bond_correlation_is_a_cholesky_factor() -> None:
    with pm.Model():
        factor = draws(priors.add("bond_correlation", size=3), 3)
    correlation = factor @ np.swapaxes(factor, 1, 2)
    assert np.diagonal(correlation, axis1=1, axis2=2) == pytest.approx(np.ones((3, 3)))


@pytest.mark.parametrize("key", priors.PRIORS)
def test_every_prior_is_in_words_and_used(key: str) -> None:
    prior = priors.PRIORS[key]
    assert prior.why
    assert prior.scale > 0
    assert key in _strings()


@functools.cache
def _strings() -> set[str]:
    home = Path(emotion_models.models.__file__).parent
    files = [path for path in home.glob("*.py") if path.name not in {"priors.py"}]
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in files]
    return {
        node.value
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("positivity", "normal(0, 2)"),
        ("free_loading", "normal(1.5, 1)"),
        ("salience", "dirichlet(4)"),
    ],
)
def test_in_print(key: str, text: str) -> None:
    assert str(priors.PRIORS[key]) == text

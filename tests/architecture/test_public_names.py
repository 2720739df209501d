"""The public names: exactly these, imported only when used, and never shadowed."""

from __future__ import annotations

import inspect
import pickle
import re
import subprocess
import sys
from pathlib import Path

import pytest

import emotion_models as em

GOLDEN = Path(__file__).parents[1] / "golden" / "public_names.txt"
HEAVY = {"arviz", "h5py", "jax", "matplotlib", "numpy", "pandas", "pydantic", "pymc", "xarray"}
VERBS = sorted(set(em.__all__) - {"__version__"})


def run(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_names_are_the_golden_ones() -> None:
    assert sorted(em.__all__) == GOLDEN.read_text(encoding="utf-8").split()
    assert set(em.__all__) <= set(dir(em))


@pytest.mark.parametrize("module", ["emotion_models", "emotion_models.cli"])
def test_import_is_light(module: str) -> None:
    loaded = run(f"import {module}, sys; print(*sys.modules)").split()
    assert not HEAVY & set(loaded)


def test_reading_a_fit_and_simulating_want_no_sampler_and_no_figures() -> None:
    code = "from emotion_models.inference import Fit, load; from emotion_models import simulate"
    loaded = run(f"{code}; import sys; print(*sys.modules)").split()
    assert not {"arviz", "jax", "matplotlib", "nutpie", "pymc", "pytensor", "seaborn"} & set(loaded)


def test_unknown_name() -> None:
    with pytest.raises(AttributeError, match="no attribute 'efects'"):
        _ = em.efects  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", VERBS)
def test_every_name_is_there_and_described(name: str) -> None:
    value = getattr(em, name)
    assert callable(value)
    text = inspect.getdoc(value) or ""
    assert text
    if inspect.isfunction(value):
        assert re.search(r"^Parameters\n-+$", text, re.MULTILINE), f"{name}: no Parameters"
        assert re.search(r"^(Returns|Yields)\n-+$", text, re.MULTILINE), f"{name}: no Returns"


@pytest.mark.parametrize("name", VERBS)
def test_only_two_arguments_go_by_position(name: str) -> None:
    verb = getattr(em, name)
    if inspect.isclass(verb):
        return
    kinds = [parameter.kind for parameter in inspect.signature(verb).parameters.values()]
    assert kinds.count(inspect.Parameter.POSITIONAL_OR_KEYWORD) <= 2
    assert inspect.Parameter.VAR_KEYWORD not in kinds


STEPS = (
    "import emotion_models.effects",
    "from emotion_models.effects import effects",
    "em.effects",
    "from emotion_models import effects",
)
EVERY_ORDER = """
import importlib, sys, types
steps = {steps!r}
for first in range(len(steps)):
    order = steps[first:] + steps[:first]
    for name in [name for name in sys.modules if name.partition(".")[0] == "emotion_models"]:
        del sys.modules[name]
    em = importlib.import_module("emotion_models")
    space = {{"em": em}}
    for step in order:
        exec(step, space)
        assert isinstance(em.effects, types.FunctionType), (order, step)
    assert space["effects"] is em.effects, order
    assert isinstance(sys.modules["emotion_models.effects"], types.ModuleType)
"""


def test_a_verb_is_never_its_subpackage() -> None:
    """`effects` is a verb and a subpackage: the verb wins, whatever was imported first."""
    run(EVERY_ORDER.format(steps=STEPS))


def test_the_package_is_pickled_by_its_name() -> None:
    """A function of a script that says `em` goes to workers of other processes with it."""
    assert pickle.loads(pickle.dumps(em)) is em  # noqa: S301

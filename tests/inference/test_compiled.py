"""Blocks are compiled once: the same equations with any data, in any process."""

from __future__ import annotations

import logging
import os
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pymc as pm
import pytest
from loky import ProcessPoolExecutor

from emotion_models.files import hash_of_code
from emotion_models.inference.compiled import cache, code, program
from emotion_models.inference.compiled.density import density
from emotion_models.inference.compiled.fingerprint import NotDescribed, fingerprint
from emotion_models.models.chain import block
from emotion_models.models.design import Design
from emotion_models.models.prior import Prior
from emotion_models.models.spec import JourneyModel
from emotion_models.models.variables import Block, is_part, stages
from tests.models.builders import FULL_MODEL, book, design
from tests.models.graphs import log_density

PLAIN = JourneyModel(elicitation=False, recall=False, halo=False)


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(cache, "folder", lambda: tmp_path)
    return tmp_path


@pytest.fixture(scope="module")
def full() -> Design:
    return design(FULL_MODEL, book(), per_person=2)


def key(model: pm.Model) -> str:
    found = density(model)
    return fingerprint([*found.free, *found.placeholders], found.outputs)


def never(*_: Any) -> Any:
    raise AssertionError("compiled again")


def unconstrained(model: pm.Model, flat: np.ndarray) -> dict[str, np.ndarray]:
    """Cut a vector into the model's values."""
    start = model.initial_point(random_seed=0)
    point, first = {}, 0
    for each in density(model).free:
        shape = np.shape(start[each.name])
        size = int(np.prod(shape))
        point[each.name] = flat[first : first + size].reshape(shape)
        first += size
    return point


def assert_kept(found: Any, built: pm.Model) -> None:
    """All that is reported is kept, with its dimensions, and no parts of it."""
    kept = found._make_expand_func(0, 0, 0)(np.zeros(found.n_dim))
    free = {variable.name for variable in built.free_RVs}
    derived = {variable.name for variable in built.deterministics}
    assert set(kept) == {name for name in free | derived if not is_part(name)}
    for name, dims in built.named_vars_to_dims.items():
        if name in kept:
            assert kept[name].shape == tuple(len(built.coords[dim]) for dim in dims)


@pytest.mark.parametrize("stage", stages(FULL_MODEL))
def test_gradient_is_that_of_pymc_and_no_parts_are_kept(full: Design, stage: Block) -> None:
    built = block(FULL_MODEL, full, stage)
    found = program.compiled(built)  # once for both: it takes longest
    assert_kept(found, built)
    gradient, rng = found._make_logp_func(), np.random.default_rng(1)
    at, along = rng.normal(0, 0.3, found.n_dim), rng.normal(size=found.n_dim)
    value, slope = gradient(at)
    assert value == pytest.approx(log_density(built, unconstrained(built, at)), rel=1e-10)
    difference = gradient(at + 1e-6 * along)[0] - gradient(at - 1e-6 * along)[0]
    # Where people are integrated out, the slope is the integral's, the value that of the nodes.
    error = 1e-2 if stage == "elicitation" else 1e-3
    assert difference / 2e-6 == pytest.approx(slope @ along, rel=1e-4, abs=error)


def test_chains_start_apart_around_the_point_of_pymc(full: Design) -> None:
    built = block(FULL_MODEL, full, "recall")
    found = program.compiled(built)
    expected = built.initial_point(random_seed=0)
    starts = [found._make_initial_points(seed) for seed in (1, 2, 1)]
    for start in starts:
        for name, value in unconstrained(built, start).items():
            assert np.abs(value - expected[name]).max() <= 1
    assert np.abs(starts[0] - starts[1]).max() > 0.1
    np.testing.assert_array_equal(starts[0], starts[2])


def test_other_data_of_the_same_shape_find_it(
    full: Design, monkeypatch: pytest.MonkeyPatch
) -> None:
    turned = replace(full, recall=np.roll(full.recall, 1, axis=0))
    built = [block(FULL_MODEL, each, "recall") for each in (full, turned)]
    here = program.compiled(built[0])
    monkeypatch.setattr(program, "_made", never)
    there = program.compiled(built[1])
    at = np.full(here.n_dim, 0.1)
    values = [found._make_logp_func()(at)[0] for found in (here, there)]
    assert values[0] != values[1]
    expected = [log_density(each, unconstrained(each, at)) for each in built]
    np.testing.assert_allclose(values, expected, rtol=1e-10)


@pytest.mark.parametrize(
    "changed",
    [
        {"memory": ("mean", "end")},
        {"specific": False},
        {"overrides": {"positivity": Prior.normal(0, 0.25)}},
        {"scoring": "asymmetric"},
    ],
    ids=["features", "structure", "prior", "scoring"],
)
def test_other_equations_do_not(changed: dict[str, Any]) -> None:
    models = [PLAIN, PLAIN.with_options(changed)]
    keys = {key(block(each, design(each, book()), "outcomes")) for each in models}
    assert len(keys) == 2


def test_number_of_journeys_is_another_shape() -> None:
    keys = {key(block(PLAIN, design(PLAIN, book(), n=n), "outcomes")) for n in (30, 40)}
    assert len(keys) == 2


def test_single_numbers_belong_to_the_equations_and_arrays_are_data() -> None:
    def made(scale: Any, power: float = 2.0) -> pm.Model:
        with pm.Model() as model:
            x = pm.Normal("x", 0, np.asarray(scale), shape=3)
            pm.Deterministic("y", x.sum() ** power)
        return model

    assert key(made([1.0, 1, 1])) == key(made([2.0, 3, 4]))
    assert key(made([1.0, 1, 1])) != key(made([1.0, 1, 1], power=3.0))
    values = [
        program.compiled(made([scale] * 3))._make_logp_func()(np.zeros(3))[0]
        for scale in (1.0, 2.0)
    ]
    assert values[0] - values[1] == pytest.approx(3 * np.log(2))


@pytest.mark.parametrize("stage", ["recall", "outcomes"])
def test_studies_of_the_same_shapes_share_their_program(stage: Block) -> None:
    """Scales and averages of answers are data: another study compiles nothing."""
    studies = [design(PLAIN, book(), n=60, seed=seed) for seed in (1, 2)]
    assert len({key(block(PLAIN, each, stage)) for each in studies}) == 1


def test_code_of_ours_belongs_to_the_key(tmp_path: Path) -> None:
    """A gradient that an older version of this package wrote must not be found."""
    (tmp_path / "one.py").write_text("a = 1")
    before = hash_of_code(tmp_path)
    assert hash_of_code(tmp_path) == before
    (tmp_path / "one.py").write_text("a = 2")
    assert hash_of_code(tmp_path) != before


def test_what_cannot_be_described_is_compiled_every_time(
    monkeypatch: pytest.MonkeyPatch, own_cache: Path
) -> None:
    def refuse(*_: Any) -> str:
        raise NotDescribed("a lambda")

    monkeypatch.setattr(code, "fingerprint", refuse)
    with pm.Model() as model:
        pm.Normal("x", 0, 1, shape=3)
    value, slope = program.compiled(model)._make_logp_func()(np.zeros(3))
    assert value == pytest.approx(-1.5 * np.log(2 * np.pi))
    np.testing.assert_array_equal(slope, 0)
    assert not list(own_cache.glob("*.bin"))


def _load(content: Any) -> Any:
    if content == "bad":
        raise ValueError(content)
    return content


def test_kept_once(own_cache: Path) -> None:
    made = []

    def make() -> tuple[str, str]:
        made.append(1)
        return "content", "content"

    assert [cache.kept("key", _load, make) for _ in range(3)] == ["content"] * 3
    assert len(made) == 1
    assert sorted(path.suffix for path in own_cache.iterdir()) == [".bin", ".lock"]


@pytest.mark.parametrize("content", [b"", b"\x80", b"\x80\x05X\x03\x00\x00\x00bad\x94."])
def test_a_broken_file_is_made_anew(
    own_cache: Path, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    (own_cache / "key.bin").write_bytes(content)
    with caplog.at_level(logging.WARNING):
        assert cache.kept("key", _load, lambda: ("good", "good")) == "good"
    assert "made anew" in caplog.text
    assert cache.kept("key", _load, lambda: never(None)) == "good"


def test_works_without_a_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setattr(cache, "folder", lambda: tmp_path / "file" / "folder")
    with caplog.at_level(logging.WARNING):
        assert cache.kept("key", _load, lambda: ("good", "good")) == "good"
    assert "cannot be kept" in caplog.text


def test_the_oldest_go(own_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "KEPT", 2)
    for i in range(3):
        cache.kept(f"key{i}", _load, lambda: ("good", "good"))
        os.utime(own_cache / f"key{i}.bin", (i, i))
    cache.kept("key3", _load, lambda: ("good", "good"))
    assert {path.stem for path in own_cache.iterdir()} == {"key2", "key3"}


def _in_another_process(folder: Path, log: Path) -> str:
    def make() -> tuple[str, str]:
        time.sleep(0.5)
        with log.open("a") as file:
            file.write("made\n")
        return "good", "good"

    cache.folder = lambda: folder  # type: ignore[method-assign, assignment]
    return cache.kept("key", _load, make)


def test_processes_make_it_once(own_cache: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    log = tmp_path_factory.mktemp("log") / "log"
    with ProcessPoolExecutor(3) as pool:
        found = [pool.submit(_in_another_process, own_cache, log) for _ in range(3)]
        assert [each.result() for each in found] == ["good"] * 3
    assert log.read_text() == "made\n"

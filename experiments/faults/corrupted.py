"""A saved fit with bits flipped, blocks lost, its end cut off: noticed, or the same fit."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np
from tally import TINY, Tally

import emotion_models as em
from emotion_models.errors import EmotionModelsError

BLOCK: Final = 512


def _bit(content: bytearray, rng: np.random.Generator) -> bytearray:
    content[rng.integers(len(content))] ^= 1 << int(rng.integers(8))
    return content


def _cut(content: bytearray, rng: np.random.Generator) -> bytearray:
    return content[: rng.integers(len(content))]


def _lost(content: bytearray, rng: np.random.Generator) -> bytearray:
    start = int(rng.integers(len(content)))
    content[start : start + BLOCK] = bytes(len(content[start : start + BLOCK]))
    return content


def _twice(content: bytearray, rng: np.random.Generator) -> bytearray:
    start = int(rng.integers(len(content)))
    return content[:start] + content[start : start + BLOCK] + content[start:]


DAMAGE: Final[dict[str, Callable[[bytearray, np.random.Generator], bytearray]]] = {
    "a bit of a saved fit flipped": _bit,
    "a saved fit cut off": _cut,
    "512 bytes of a saved fit zero": _lost,
    "512 bytes of a saved fit twice": _twice,
}


def corrupted(times: int, seed: int = 1) -> list[Tally]:
    """Damage a fit in every way, each so many times."""
    whole, rng = em.load(TINY), np.random.default_rng(seed)
    found = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "damaged.fit"
        for fault, damage in DAMAGE.items():
            tally = Tally(fault, "refused in words, or the same fit")
            for _ in range(times):
                path.write_bytes(damage(bytearray(TINY.read_bytes()), rng))
                _read(path, whole, tally)
            found.append(tally)
    return found


def _read(path: Path, whole: em.Fit, tally: Tally) -> None:
    try:
        fit = em.load(path)
        same = fit.posterior.identical(whole.posterior)
    except EmotionModelsError:
        tally.well("refused")
    except Exception as error:  # noqa: BLE001
        tally.amiss(repr(error))
    else:
        tally.well("the same") if same else tally.amiss("read as another fit")

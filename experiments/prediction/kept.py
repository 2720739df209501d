"""Predicted probabilities on disk: one file a task, fold and rival, so that a run can go on.

Files stay in ``build/``, outside the repository: a probability beside its answer would tell what
a person had said.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from emotion_models.files import write_bytes

Floats = NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Prediction:
    """What one rival says of one fold.

    Parameters
    ----------
    probability : mapping of str to array, shape (held out, K)
        By outcome.
    facts : mapping of str to float
        How the fit came out: seconds, and of ours R-hat and divergences.
    """

    probability: Mapping[str, Floats]
    facts: Mapping[str, float]


def file_of(folder: Path, fold: int, rival: str) -> Path:
    """Where a prediction is kept."""
    word = "".join(letter if letter.isalnum() else "-" for letter in rival)
    return folder / f"fold-{fold}-{word}.npz"


def write(path: Path, found: Prediction) -> None:
    """Keep a prediction, under its name when whole."""
    content = io.BytesIO()
    facts = {f"fact/{name}": np.array(value) for name, value in found.facts.items()}
    arrays = {f"of/{name}": np.asarray(p) for name, p in found.probability.items()}
    np.savez_compressed(content, allow_pickle=False, **facts, **arrays)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_bytes(path, content.getvalue())


def read(path: Path) -> Prediction | None:
    """A prediction that was made before, or nothing."""
    if not path.is_file():
        return None
    with np.load(path) as archive:
        given = {name: archive[name] for name in archive.files}
    return Prediction(
        {name.removeprefix("of/"): p for name, p in given.items() if name.startswith("of/")},
        {
            name.removeprefix("fact/"): float(value)
            for name, value in given.items()
            if name.startswith("fact/")
        },
    )

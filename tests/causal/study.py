"""Made-up visits whose diagram is known: age and an assigned wait act, and nothing else.

wait -> joy, anger (latent);  age -> joy;  joy, anger, age -> return;  anger -> complain
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

import emotion_models as em

TOP = 8
CODEBOOK: dict[str, Any] = {
    "study": {"name": "visits"},
    "layout": {"form": "wide", "journey": "id", "rating": "{touchpoint}_{emotion}"},
    "scales": {"felt": {"values": list(range(TOP + 1))}},
    "touchpoints": [{"name": "desk"}],
    "emotions": [{"name": "joy", "scale": "felt"}, {"name": "anger", "scale": "felt"}],
    "levers": [{"name": "wait", "kind": "numeric", "centre": 0, "step": 1}],
    "behaviours": [
        {"name": "return", "family": "bernoulli"},
        {"name": "complain", "family": "bernoulli"},
    ],
    "controls": [{"name": "age", "kind": "numeric", "centre": 0, "step": 1}],
}


def codebook(**changes: Any) -> em.Codebook:
    """The codebook with whole tables replaced; None leaves a table out."""
    tables = {name: table for name, table in (CODEBOOK | changes).items() if table is not None}
    return em.Codebook.model_validate(tables)


def visits(
    n: int, seed: int, *, wait_on_return: float = 0.0, age_on_wait: float = 0.0
) -> pd.DataFrame:
    """Draw visits; the two numbers are arrows that the diagram above does not have."""
    rng = np.random.default_rng(seed)
    age = rng.normal(size=n)
    wait = age_on_wait * age + rng.normal(size=n)
    joy = ticked(rng, 0.8 * age - 0.7 * wait)
    anger = ticked(rng, 0.8 * wait)
    pull = (joy - anger) / 2 + 0.8 * age + wait_on_return * wait
    return pd.DataFrame(
        {
            "id": np.arange(n), "age": age, "wait": wait, "desk_joy": joy, "desk_anger": anger,
            "return": yes(rng, pull), "complain": yes(rng, (anger - TOP / 2) / 2),
        }
    )  # fmt: skip


def ticked(rng: np.random.Generator, latent: np.ndarray) -> np.ndarray:
    return np.clip(np.round(TOP / 2 + 1.5 * latent + rng.normal(size=len(latent))), 0, TOP).astype(
        int
    )


def yes(rng: np.random.Generator, logit: np.ndarray) -> np.ndarray:
    return (logit + rng.logistic(size=len(logit)) > 0).astype(int)

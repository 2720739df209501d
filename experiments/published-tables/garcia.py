"""Protest against discrimination: how a woman is liked who protests, and anger about her."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from beside import (
    CHAINS,
    DRAWS,
    FIRST_STAGE,
    NORMAL_ERRORS,
    WIDE,
    Floats,
    Published,
    beside,
    checked,
    computed,
    control,
    felt,
    fitted,
    numeric,
    slider,
    typical,
    yes_no,
)

import emotion_models as em

LIKING = "lm liking ~ prot2*sexism"
ANGRY = "lm liking ~ anger"
ANGER = "lm anger ~ prot2*sexism"
LEVELS = "points; ours ordinal: more than half ticked the lowest of seven"


def compare(folder: Path) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Two regressions of liking, and the ordinal model of anger behind the second."""
    data, own = pd.read_csv(folder / "garcia.csv"), Published(folder)
    data["both"] = data["prot2"] * data["sexism"]
    options = {"overrides": {**WIDE, **NORMAL_ERRORS}}
    data["shift"] = data["prot2"] * (data["sexism"] - data["sexism"].mean())
    moderated = fitted(with_product(data), data, options, elicitation=False)
    options["overrides"] |= FIRST_STAGE
    angry = fitted(with_anger(data), data, options, elicitation=True)
    unit, spread = typical(data["liking"]), data.std(ddof=0)

    def on_liking(fit: em.Fit, name: str) -> Floats:
        per = 1.0 if name == "prot2" else float(spread[name])
        return control(fit, name, "liking") * unit / per

    rows = [
        beside("liking: prot2", own(LIKING, "prot2"), on_liking(moderated, "prot2")),
        beside("liking: sexism", own(LIKING, "sexism"), on_liking(moderated, "sexism")),
        beside("liking: prot2 x sexism", own(LIKING, "prot2:sexism"), on_liking(moderated, "both")),
        beside("liking: respappr", own(LIKING, "respappr"),
               felt(moderated, "respappr", "liking") * unit / 6),
        beside("with anger: anger", own(ANGRY, "anger"), felt(angry, "anger", "liking") * unit / 6),
        beside("with anger: respappr", own(ANGRY, "respappr"), on_liking(angry, "respappr")),
        beside("with anger: prot2", own(ANGRY, "prot2"), on_liking(angry, "prot2")),
        *on_anger(angry, data, own),
    ]  # fmt: skip
    return rows, [checked("garcia: moderation", moderated), checked("garcia: anger", angry)]


def with_product(data: pd.DataFrame) -> dict[str, Any]:
    """How fitting the response was judged stands for the emotion; the product is a control."""
    return {
        "scales": {"mean": slider(1, 7)},
        "emotions": [{"name": "respappr", "scale": "mean", "valence": 1}],
        "controls": [
            yes_no("prot2"),
            numeric(data["sexism"], "sexism"),
            numeric(data["both"], "both"),
        ],
        "behaviours": [{"name": "liking", "family": "number"}],
    }


def with_anger(data: pd.DataFrame) -> dict[str, Any]:
    """Anger, moved by protest, sexism and their product (about average sexism)."""
    shift = {**numeric(data["shift"], "both"), "column": "shift"}
    levers = [yes_no("prot2"), numeric(data["sexism"], "sexism"), shift]
    held = [yes_no("prot2"), *(numeric(data[name], name) for name in ("sexism", "respappr"))]
    return {
        "scales": {"anger": {"values": list(range(1, 8))}},
        "emotions": [{"name": "anger", "scale": "anger", "valence": -1, "arousal": 0}],
        "levers": [{"column": lever["name"], **lever, "name": f"by {lever['name']}"}
                   for lever in levers],
        "controls": held,
        "behaviours": [{"name": "liking", "family": "number"}],
    }  # fmt: skip


def on_anger(fit: em.Fit, data: pd.DataFrame, own: Published) -> list[dict[str, Any]]:
    """What protest does to anger where sexism is low, average and high (a standard deviation)."""
    spread, start = data["sexism"].std(ddof=0), em.Change().at("there")
    slope = own(ANGER, "prot2:sexism").estimate
    rows = []
    for place, shift in {"low": -spread, "average": 0.0, "high": spread}.items():
        sexism = data["sexism"].mean() + shift
        here = start.lever("by sexism", to=float(sexism))
        protest, nobody = (
            em.simulate(
                fit,
                here.lever("by prot2", to=value).lever("by both", to=float(value * shift)),
                draws=CHAINS * DRAWS,
            ).felt["there", "anger"]
            for value in (1, 0)
        )
        estimate = own(ANGER, "prot2").estimate + slope * sexism
        rows.append(
            beside(f"protest on anger, {place} sexism", computed(float(estimate)),
                   np.asarray(protest - nobody), model="near", note=LEVELS)
        )  # fmt: skip
    return rows

"""Economic stress, depressed affect, and thoughts of withdrawing from one's business."""

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
    Published,
    beside,
    checked,
    control,
    felt,
    fitted,
    lever_and_control,
    numeric,
    slider,
    typical,
    yes_no,
)

import emotion_models as em

MODEL = "standardised with ese"
BINS = "our affect is answered on ordered categories and piles up at the lowest"


def compare(folder: Path) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Mediation in standard deviations: stress moves affect, affect and stress the withdrawal."""
    data, own = pd.read_csv(folder / "estress.csv"), Published(folder)
    options = {"overrides": {**WIDE, **NORMAL_ERRORS, **FIRST_STAGE}}
    fit = fitted(described(data), data, options, elicitation=True)
    spread = data.std(ddof=0)
    unit = typical(data["withdraw"]) / spread["withdraw"]
    low, high = (
        em.simulate(
            fit,
            em.Change().at("there").lever("estress", to=data["estress"].mean() + step),
            draws=CHAINS * DRAWS,
        )
        for step in (-spread["estress"] / 2, spread["estress"] / 2)
    )
    moved = high.felt["there", "depressed"] - low.felt["there", "depressed"]
    through = np.asarray(high.everybody("withdraw") - low.everybody("withdraw"))
    through = through / spread["withdraw"]
    slope = felt(fit, "depressed", "withdraw") * unit * spread["affect"] / 4
    direct = control(fit, "held estress", "withdraw") * unit
    rows = [
        beside("a: stress on affect", own(MODEL, "a stress->depression"),
               np.asarray(moved / spread["affect"]), model="near", note=BINS),
        beside("b: affect on withdrawal", own(MODEL, "b depression->withdrawal"), slope),
        beside("c': stress on withdrawal", own(MODEL, "c' stress->withdrawal"), direct),
        beside("ab: through affect", own(MODEL, "ab"), through, model="near", note=BINS),
        beside("c: total", own(MODEL, "c total"), through + direct, model="near", note=BINS),
    ]  # fmt: skip
    return rows, [checked("pollack", fit)]


def described(data: pd.DataFrame) -> dict[str, Any]:
    """Everything acts on affect (as a lever) and on withdrawal (as a control)."""
    causes = [numeric(data[name], name) for name in ("estress", "ese", "tenure")]
    causes.append(yes_no("sex"))
    return {
        "scales": {"affect": slider(1, 5)},
        "emotions": [
            {"name": "depressed", "column": "affect", "scale": "affect", "valence": -1,
             "arousal": 0},
        ],
        **lever_and_control(causes),
        "behaviours": [{"name": "withdraw", "family": "number"}],
    }  # fmt: skip

"""Negative emotions about global warming, moderated by age, and support of government action."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from beside import (
    NORMAL_ERRORS,
    WIDE,
    Published,
    beside,
    checked,
    control,
    explained,
    felt,
    fitted,
    numeric,
    slider,
    typical,
    yes_no,
)

MODERATED = "lm govact ~ negemot*age"
CENTRED = "same, mean-centred"


def compare(folder: Path) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Moderated regression: the moderator is the customer value, on whose logarithm effects turn.

    With ``exp(age / 10)`` as value, the standardised logarithm is the standardised age. Only
    negative emotions are emotions here, positive ones a control: every emotion is moderated.
    """
    data = pd.read_csv(folder / "globalwarm.csv")
    table = data.assign(worth=np.exp(data["age"] / 10))
    book = {
        "scales": {"mean": slider(1, 6)},
        "emotions": [{"name": "negemot", "scale": "mean", "valence": -1}],
        "controls": [
            numeric(data["posemot"], "posemot"),
            numeric(data["ideology"], "ideology"),
            yes_no("sex"),
        ],
        "customer_value": {"column": "worth"},
        "behaviours": [{"name": "govact", "family": "number"}],
    }
    fit = fitted(
        book,
        table,
        {"overrides": {**WIDE, **NORMAL_ERRORS}, "moderator": "value"},
        elicitation=False,
    )
    unit, spread = typical(data["govact"]), data.std(ddof=0)
    point = unit / 5  # the scale of emotions is five points long
    negative = felt(fit, "negemot", "govact") * point
    per_year = felt(fit, "negemot", "govact", "effect_of_value") * point / spread["age"]
    own = Published(folder)
    rows = [
        beside("negemot at average age", own(CENTRED, "negemot"), negative),
        beside("negemot x age", own(CENTRED, "negemot:age"), per_year),
        beside(
            "negemot at age 0",
            own(MODERATED, "negemot"),
            negative - per_year * data["age"].mean(),
            note="extrapolated: nobody is of age 0",
        ),
        *(
            beside(name, own(CENTRED, name), control(fit, name, "govact") * unit / spread[name])
            for name in ("posemot", "ideology")
        ),
        beside("sex", own(CENTRED, "sex"), control(fit, "sex", "govact") * unit),
        beside("R2", own("same", "R2"), explained(fit, "govact")),
    ]
    return rows, [checked("globalwarm", fit)]

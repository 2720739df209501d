"""The wide study: 6 touchpoints, 12 emotions, 8 outcomes of which two are latent constructs.

::

    python experiments/speed/wide.py draw STUDY.nc FOLDER JOURNEYS
    python experiments/speed/wide.py fit STUDY.nc FOLDER [--quick]
    python experiments/speed/wide.py gradients STUDY.nc FOLDER

Drawn from the model itself, as the studies of experiments/recovery are, in a process of its own,
so that the memory of the fit is the fit's. Both write timing.json into the folder.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from pathlib import Path
from typing import Any, Final

HERE: Final = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent / "recovery")]

import xarray as xr  # noqa: E402

import emotion_models as em  # noqa: E402
from emotion_models.models.spec import JourneyModel  # noqa: E402
from emotion_models.survey import Codebook, Survey  # noqa: E402
from emotion_models.survey.audit import Audit  # noqa: E402

SEED: Final = 2
"""The first of 1, 2, ... whose 1,000 journeys pass all data checks before anything is fitted: with
1, one emotion that few recall tells apart by itself who returns."""
DRAWS, SIMULATIONS = 1000, 10
STAGES: Final = ("outcomes", "recall", "elicitation")
SHORT: Final = {"draws": 30, "tune": 30, "chains": 2}
EMOTIONS: Final = (
    *("joy", "gratitude", "pride", "relief", "interest", "calm"),
    *("anger", "worry", "shame", "disappointment", "boredom", "sadness"),
)
CHANGES: Final[dict[str, Any]] = {
    "scales": {
        "felt": {"values": [0, 1, 2, 3, 4]},
        "agree": {"values": [1, 2, 3, 4, 5, 6, 7]},
        "likely": {"values": list(range(11))},
        "ticked": {"values": [0, 1]},
    },
    "touchpoints": [{"name": f"touchpoint {t}"} for t in range(6)],
    "emotions": [{"name": name, "scale": "felt"} for name in EMOTIONS],
    "recall": {"scale": "ticked"},
    "relationship": [
        {"name": name, "items": [{"name": f"{name} {q}", "scale": "agree"} for q in range(3)]}
        for name in ("trust", "commitment")
    ],
    "behaviours": [
        {"name": "return", "family": "bernoulli"},
        {"name": "recommend", "family": "ordinal", "scale": "likely"},
        {"name": "complain", "family": "bernoulli", "desirable": False},
        {"name": "switch", "family": "bernoulli", "desirable": False},
        {"name": "praise", "family": "ordinal", "scale": "agree"},
    ],
}
"""With the remembered item that studies of experiments/recovery have: 8 outcomes."""
MODERATE: Final = {
    "positivity": em.Prior("normal", 1.0),
    "specificity": em.Prior("half-normal", 0.5),
    "bond_effect": em.Prior("normal", 0.5),
    "remembered_slope": em.Prior("normal", 2.0),
    "control_effect": em.Prior("normal", 0.4),
}
"""Effects that the study is drawn with: the priors of a fit allow far larger ones, with which
emotions would decide outcomes (check "data separation")."""


def main() -> None:
    """Draw a study, or fit one."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("act", choices=["draw", "fit", "gradients"])
    parser.add_argument("study", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("journeys", type=int, nargs="?", default=1000)
    parser.add_argument("--quick", action="store_true")
    asked = parser.parse_args()
    if asked.act == "draw":
        draw(asked.journeys).to_netcdf(asked.study, engine="h5netcdf")
        found: dict[str, Any] = {}
    elif asked.act == "gradients":
        found = gradients(read(asked.study))
    else:
        found = measured(read(asked.study), SHORT if asked.quick else {})
    (asked.folder / "timing.json").write_text(json.dumps(found), encoding="utf-8")


def draw(n_journeys: int) -> xr.Dataset:
    """A study drawn from the model: moderate parameters, then everybody's answers."""
    from study import Setting, draw_world

    model = JourneyModel(recall=True, overrides=MODERATE)
    return draw_world(model, Setting(CHANGES), n_journeys, SEED).data


def codebook() -> Codebook:
    """What the study asks."""
    from study import TABLES

    return Codebook.model_validate(TABLES | CHANGES)


def read(path: Path) -> Survey:
    """The survey that `draw` made."""
    with xr.open_dataset(path, engine="h5netcdf", mask_and_scale=False) as data:
        loaded = data.load()
    for variable in loaded.variables.values():
        variable.attrs.pop("_FillValue", None)  # the file's, not the survey's
    return Survey(codebook(), loaded, Audit("drawn"))


def measured(survey: Survey, settings: dict[str, int]) -> dict[str, Any]:
    """Fit with all checks; seconds, and what the draws are worth."""
    start = time.perf_counter()
    fit = em.fit(JourneyModel(recall=True), survey, seed=SEED, progress=False, **settings)
    total = time.perf_counter() - start
    stages = {name: stage(fit, name) for name in STAGES}
    return {
        "total s": total,
        "compile s": max(each["compile s"] for each in stages.values()),
        "status": fit.checks.status,
        "not passed": "; ".join(check.name for check in fit.checks if check.status != "PASS"),
        "smallest ESS": min(each["smallest ESS"] for each in stages.values()),
        "largest R-hat": max(each["R-hat"] for each in stages.values()),
        "divergences": sum(each["divergences"] for each in stages.values()),
        "simulate s": simulating(fit),
        "stages": stages,
    }


def gradients(survey: Survey) -> dict[str, Any]:
    """Time of one log density with its gradient, stage by stage, without any fit."""
    from gradients import of_model

    from emotion_models.models.chain import block
    from emotion_models.models.design import make_design

    model = JourneyModel(recall=True)
    design = make_design(model, survey.codebook, survey.data)
    return {name: 1000 * of_model(block(model, design, name)) for name in STAGES}


def stage(fit: em.Fit, name: Any) -> dict[str, Any]:
    """Figures of one stage; the time of a gradient is measured by itself, after the fit."""
    checks = {check.name: check.figure for check in fit.checks}
    stats = fit.posterior["sample_stats"].to_dataset().sel(block=name)
    return {
        "compile s": fit.seconds[f"{name}: compile"],
        "slowest chain s": fit.seconds[f"{name}: slowest chain"],
        "steps": float(stats["steps"].mean()),
        "ms per gradient": milliseconds(fit, name),
        "smallest ESS": finite(checks[f"bulk ESS: {name}"]),
        "R-hat": finite(checks[f"R-hat: {name}"]),
        "divergences": int(checks[f"divergences: {name}"]),
    }


def finite(figure: float) -> float:
    """A figure as JSON can have it: 0 for one that could not be computed."""
    return figure if figure == figure else 0.0


def milliseconds(fit: em.Fit, name: Any) -> float:
    """Time of one log density of a stage with its gradient."""
    from gradients import of_model

    from emotion_models.models.chain import block

    return 1000 * of_model(block(fit.model, fit.design, name))


def simulating(fit: em.Fit) -> float:
    """Seconds to simulate a change in 1,000 draws, once what changes share is prepared."""

    def simulate(minutes: int) -> float:
        change = em.Change().at("touchpoint 1").lever("wait", to=minutes)
        begin = time.perf_counter()
        em.simulate(fit, change, draws=DRAWS)
        return time.perf_counter() - begin

    simulate(0)
    return statistics.median(simulate(n) for n in range(1, SIMULATIONS + 1))


if __name__ == "__main__":
    main()

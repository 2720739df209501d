"""Stages 2 to 4 of a fit sampled again under another model, same data and seed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from emotion_models.cores import available_cores
from emotion_models.inference.jobs import Job, Sampled, Settings
from emotion_models.inference.parallel import sample
from emotion_models.inference.posterior import assemble
from emotion_models.inference.progress import Progress
from emotion_models.models.design import make_design

if TYPE_CHECKING:
    from emotion_models.inference.result import Fit
    from emotion_models.models.spec import JourneyModel

TUNE: Final = 400


def refit(fit: Fit, model: JourneyModel, *, progress: bool = True) -> tuple[Fit, ...]:
    """Fit another model of the outcomes to the same journeys.

    Parameters
    ----------
    fit : Fit
    model : JourneyModel
        Its other stages are left out.
    progress : bool

    Returns
    -------
    tuple of Fit
        Unchecked: one, or one for each completed data set where ratings were imputed.
    """
    from emotion_models.inference.fitting import thin

    outcomes = model.model_copy(
        update={"elicitation": False, "recall": False, "missing": "available"}
    )
    steps = thin(outcomes, "outcomes")
    parts = fit.completed or (fit,)
    jobs = {
        f"outcomes {i + 1}" if len(parts) > 1 else "outcomes": Job(
            "outcomes", outcomes, make_design(outcomes, fit.survey.codebook, part.data), steps
        )
        for i, part in enumerate(parts)
    }
    sampled = sample_all(parts[0], jobs, tune=TUNE, progress=progress)
    return tuple(
        replace(
            part,
            model=outcomes,
            posterior=assemble({"outcomes": sampled[name]}, jobs[name].design),
            seconds=sampled[name].seconds,
        )
        for part, name in zip(parts, jobs, strict=True)
    )


def sample_all(
    fit: Fit, jobs: Mapping[str, Job], *, draws: int | None = None, tune: int, progress: bool
) -> dict[str, Sampled]:
    """Sample jobs with the method, seed and number of chains of a fit; all of them or none.

    Parameters
    ----------
    fit : Fit
    jobs : mapping of str to Job
    draws : int, optional
        Per chain at most; as many as the fit has unless given.
    tune : int
    progress : bool

    Returns
    -------
    dict of str to Sampled

    Raises
    ------
    KeyboardInterrupt
        If interrupted.
    """
    if not jobs:
        return {}
    sizes = fit.posterior["posterior"].sizes
    kept = int(sizes["draw"]) if draws is None else min(int(sizes["draw"]), draws)
    settings = Settings(kept, tune, int(sizes["chain"]), available_cores(), fit.seed, fit.method)
    reporter = Progress(shown=progress)
    with reporter.running():
        reporter.step("starting")
        sampled = sample(jobs, settings, reporter)
        if any(name not in sampled or not sampled[name].complete for name in jobs):
            raise KeyboardInterrupt
    return sampled

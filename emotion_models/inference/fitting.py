"""`fit`: sample every block of a model, check the result."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from emotion_models.cores import available_cores
from emotion_models.errors import EmotionModelsError, InputProblems, Problem, did_you_mean, expected
from emotion_models.inference.jobs import Job, Sampled, Settings
from emotion_models.inference.parallel import sample
from emotion_models.inference.progress import Progress
from emotion_models.previews import WANTED, Method, Wanted

if TYPE_CHECKING:
    import xarray as xr

    from emotion_models.inference.imputing import Study
    from emotion_models.inference.result import Fit, SurveyDescription
    from emotion_models.models.design import Design
    from emotion_models.models.spec import JourneyModel
    from emotion_models.models.variables import Block
    from emotion_models.survey import Codebook, Survey


THIN: Final = {"outcomes": 3, "recall": 2, "elicitation": 1}
THIN_PANEL: Final = {"outcomes": 4, "recall": 2, "elicitation": 6}
"""Steps per kept draw: blocks that mix slowly walk further, and where consecutive steps jump from
side to side, which helps means but not spreads, every other one does not. In panels, where few
respondents carry much, all mix more slowly. Whether it sufficed, the checks of each fit say."""


EXPANDED_FROM: Final = {"outcomes": 8000, "recall": 200, "elicitation": 1000}
"""Journeys from which the expansion of a stage's likelihood has usually been near enough
(experiments/expansion); whether it is, the weights of each fit say."""


def fit(
    model: JourneyModel,
    survey: Survey,
    *,
    seed: int = 0,
    draws: int = 500,
    tune: int = 400,
    chains: int = 4,
    method: Wanted = "auto",
    progress: bool = True,
) -> Fit:
    """Fit a journey model to a survey by Hamiltonian Monte Carlo (NUTS), or preview it.

    The posterior is a product of blocks that share no parameter given the ratings
    (`emotion_models.models.chain`); they are sampled apart, which is exact, every chain in the
    next free process.

    All cores that this process may use are used; the environment variable
    ``LOKY_MAX_CPU_COUNT`` allows fewer. Their number changes the time, not the draws.

    Parameters
    ----------
    model : JourneyModel
    survey : Survey
    seed : int
        Same seed, survey and versions: same fit.
    draws, tune : int
        Kept draws and warm-up steps per chain; see `THIN`.
    chains : int
        Independent chains; of a preview, paths from different starts.
    method : {"auto", "nuts", "pathfinder", "laplace"}
        NUTS samples the posterior; "auto" lets it walk through an expansion of the likelihood
        where that is near enough to be weighted to the posterior itself, which is faster
        (docs/sampling.md). The others approximate the posterior by normal distributions, in
        seconds: a preview for iterating on a model, which every output says and a report
        refuses. Pathfinder takes the best normal along a climb (Zhang et al. 2022), Laplace's
        method the one at the mode, of at most 2,000 parameters a stage.
    progress : bool
        Whether to tell on standard error what is happening.

    Returns
    -------
    Fit
        After Ctrl-C: the stages that were finished, if any (see ``fit.partial``).

    Raises
    ------
    InputProblems
        If the survey cannot inform the model, with every problem.
    SamplingError
        If a stage could not be sampled.
    KeyboardInterrupt
        If interrupted before any stage was usable.
    """
    # Everything is imported before sampling: nothing may fail for want of a module after it.
    from emotion_models.inference import checking, imputed, posterior, versions  # noqa: F401
    from emotion_models.inference.data_checks import data_checks
    from emotion_models.inference.imputing import Study
    from emotion_models.inference.result import describe
    from emotion_models.models.design import make_design
    from emotion_models.models.spec import JourneyModel
    from emotion_models.survey import Survey

    expected("fit", "model", model, JourneyModel, "give e.g. em.JourneyModel.for_survey(survey)")
    expected("fit", "survey", survey, Survey, "give what em.read_survey returns")
    _check_settings(draws, tune, chains, method)
    _check_imputation(model)
    start = time.perf_counter()
    data = survey.data.drop_vars(["journey_id", "respondent_id"], errors="ignore").load()
    check_informative(model, survey.codebook, data)
    design = make_design(model, survey.codebook, data)
    check_overrides(model, design)
    how: Method = "nuts" if method == "auto" else method
    settings = Settings(draws, tune, chains, available_cores(), seed, how)
    reporter = Progress(shown=progress)
    with reporter.running():
        for found in data_checks(model, design):
            if found.status != "PASS":
                reporter.remark(f"{found}; {found.advice}")
        reporter.step("starting")
        sampled = sample(jobs(model, design, expand=method == "auto"), settings, reporter)
        if not sampled:
            raise KeyboardInterrupt
        study = Study(model, survey.codebook, data, design)
        pooled = _imputed(study, sampled, settings, reporter)
        if pooled is None:  # interrupted: the fit with the available ratings is at hand
            study = replace(study, model=model.model_copy(update={"missing": "available"}))
        fitted = finish(study, describe(survey), sampled, settings, pooled, reporter)
    return replace(fitted, seconds={**fitted.seconds, "all": time.perf_counter() - start})


def jobs(model: JourneyModel, design: Design, *, expand: bool = False) -> dict[str, Job]:
    """The blocks of a model to sample, most wanted first; expanded where that is worth it."""
    from emotion_models.models.variables import stages

    return {
        name: Job(
            name, model, design, thin(model, name), expand and expandable(model, design, name)
        )
        for name in stages(model)
    }


def expandable(model: JourneyModel, design: Design, block: Block) -> bool:
    """Whether a block's likelihood is worth expanding; see `EXPANDED_FROM`."""
    from emotion_models.models.chain import can_be_marginal
    from emotion_models.models.memory import plain

    enough = design.n_journeys >= EXPANDED_FROM[block]
    bends_little = block != "outcomes" or plain(model)
    return enough and bends_little and can_be_marginal(model, design, block)


def thin(model: JourneyModel, block: Block) -> int:
    """Steps per kept draw of a block; see `THIN`."""
    return (THIN_PANEL if model.respondents else THIN)[block]


def _imputed(
    study: Study, sampled: dict[str, Sampled], settings: Settings, progress: Progress
) -> xr.DataTree | None:
    """The draws of a fit as one tree; ratings imputed where the model says so."""
    from emotion_models.inference.imputed import fit_imputed
    from emotion_models.inference.imputing import missing_places
    from emotion_models.inference.posterior import assemble

    wanted = study.model.missing == "impute" and missing_places(study.data).size > 0
    usable = {"outcomes", "elicitation"} <= set(sampled)
    complete = all(block.complete for block in sampled.values())
    if not wanted:
        return assemble(sampled, study.design)
    if not (usable and complete):
        return None
    return fit_imputed(study, sampled, settings, thin(study.model, "outcomes"), progress)


def finish(
    study: Study,
    description: SurveyDescription,
    sampled: dict[str, Sampled],
    settings: Settings,
    pooled: xr.DataTree | None,
    progress: Progress,
) -> Fit:
    """Assemble the draws and check them."""
    from emotion_models.inference.checking import check
    from emotion_models.inference.posterior import assemble
    from emotion_models.inference.result import Fit
    from emotion_models.inference.versions import package_versions

    stages = ("elicitation", "recall", "outcomes")
    model = study.model
    reached = model.model_copy(update={name: name in sampled for name in stages})
    posterior = assemble(sampled, study.design) if pooled is None else pooled
    partial = (
        pooled is None or reached != model or not all(block.complete for block in sampled.values())
    )
    seconds = {
        f"{name}: {step}": value
        for name, block in sampled.items()
        for step, value in block.seconds.items()
    }
    unchecked = Fit(
        model=reached,
        survey=description,
        data=study.data,
        posterior=posterior,
        seed=settings.seed,
        method=settings.method,
        versions=package_versions(),
        seconds=seconds,
        partial=partial,
    )
    progress.step("checking")
    return check(unchecked)


def check_informative(model: JourneyModel, codebook: Codebook, data: xr.Dataset) -> None:
    """Refuse what a model cannot learn from.

    Raises
    ------
    InputProblems
        If there are fewer than two journeys, an emotion was never rated, or an option of the
        model needs what the survey does not have.
    """
    from emotion_models.models.requirements import unmet

    problems = unmet(model, codebook, data)
    if data.sizes["journey"] < 2:
        problems.append(Problem("survey", "fewer than 2 journeys", "a model needs several"))
    answered = (data["rating"] >= 0).any(("journey", "touchpoint"))
    asked = str(answered.dims[0])
    word = asked.replace("emotion_item", "rating item")
    problems += [
        Problem(f"{word} '{name}'", "never rated", "remove it from the codebook")
        for name, some in zip(data[asked].to_numpy(), answered.to_numpy(), strict=True)
        if not some
    ]
    if problems:
        raise InputProblems("survey", problems)


def check_overrides(model: JourneyModel, design: Design) -> None:
    """Refuse priors of parameters that the model does not have: they would change nothing.

    Raises
    ------
    InputProblems
        With every such prior.
    """
    from emotion_models.models.chain import prior_names

    if not model.overrides:
        return
    present = prior_names(model, design)
    problems = [
        Problem(
            f"prior '{name}'",
            "known, but this model of this survey has no such parameter",
            f"leave it out, or fit a model that has it; it has: {', '.join(sorted(present))}",
        )
        for name in model.overrides
        if name not in present
    ]
    if problems:
        raise InputProblems("model", problems)


def _check_imputation(model: JourneyModel) -> None:
    if model.missing == "impute" and not (model.elicitation and model.outcomes):
        what = "imputing ratings needs stage 1 to draw them and outcomes to use them"
        fix = "fit both, or use missing='available'"
        raise InputProblems("model", [Problem("option 'missing'", what, fix)])


def _check_settings(draws: int, tune: int, chains: int, method: str) -> None:
    if method not in WANTED:
        problem = Problem(f"method '{method}'", "unknown", did_you_mean(method, WANTED))
        raise InputProblems("fit", [problem])
    for name, value in (("draws", draws), ("tune", tune), ("chains", chains)):
        if value < 1:
            raise EmotionModelsError(f"{name} must be at least 1, not {value}")

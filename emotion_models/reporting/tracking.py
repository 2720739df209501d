"""`track`: a fit and its report as a run of MLflow, beside a company's other models."""

from __future__ import annotations

import math
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from emotion_models.errors import EmotionModelsError, expected

if TYPE_CHECKING:
    from types import ModuleType

    from emotion_models.inference import Fit
    from emotion_models.reporting.document import Report

LONGEST: Final = 500
"""Characters of a parameter's value that MLflow's stores take."""
FORMS: Final = ("pdf", "html", "json")


def track(fit: Fit, report: Report | None = None, *, run: str = "") -> str:
    """Log a fit, its checks and its report to MLflow.

    Where and in which experiment it is kept, MLflow's own settings say (``MLFLOW_TRACKING_URI``,
    ``mlflow.set_experiment``); a run that is active is used. No answer of a respondent leaves this
    machine: only options, checks, times, versions, and what the report says.

    Parameters
    ----------
    fit : Fit
    report : Report, optional
        Kept as PDF, HTML and JSON.
    run : str, optional
        Name of the run; default: the study's label.

    Returns
    -------
    str
        Identifier of the run.

    Raises
    ------
    InputProblems
        If either is something else.
    EmotionModelsError
        If MLflow is not installed.
    """
    from emotion_models.inference.result import Fit
    from emotion_models.reporting.document import Report

    expected("track", "fit", fit, Fit, "give what em.fit(...) or em.load(...) returns")
    if report is not None:
        expected("track", "report", report, Report, "give what em.report(fit) returns")
    mlflow = _mlflow()
    active = mlflow.active_run()
    if active is None:
        with mlflow.start_run(run_name=run or fit.survey.codebook.study.label) as started:
            return _logged(mlflow, started, fit, report)
    return _logged(mlflow, active, fit, report)


def parameters(fit: Fit) -> dict[str, str]:
    """What was fitted, as MLflow's parameters: the options of the model, and how it was sampled."""
    model = {f"model.{name}": value for name, value in fit.model.model_dump().items()}
    sizes = fit.posterior["posterior"].sizes
    how = {
        "seed": fit.seed,
        "method": fit.method,
        "chains": sizes["chain"],
        "draws": sizes["draw"],
        "journeys": fit.survey.n_journeys,
        "respondents": fit.survey.n_respondents,
    }
    return {name: str(value)[:LONGEST] for name, value in (model | how).items()}


def metrics(fit: Fit) -> dict[str, float]:
    """Figures of the checks and times, as MLflow's metrics; what is not finite is left out."""
    found = {f"check/{check.name}": float(check.figure) for check in fit.checks}
    found |= {f"seconds/{name}": float(value) for name, value in fit.seconds.items()}
    return {_metric(name): value for name, value in found.items() if math.isfinite(value)}


def tags(fit: Fit) -> dict[str, str]:
    """Where the fit comes from, as MLflow's tags."""
    versions = {f"version.{name}": str(value) for name, value in fit.versions.items()}
    return {"checks": fit.checks.status, "survey.sha256": fit.survey.hash, **versions}


def _logged(mlflow: ModuleType, run: Any, fit: Fit, report: Report | None) -> str:
    mlflow.set_tags(tags(fit))
    mlflow.log_params(parameters(fit))
    mlflow.log_metrics(metrics(fit))
    if report is not None:
        with tempfile.TemporaryDirectory() as folder:
            for form in FORMS:
                report.save(Path(folder) / f"report.{form}")
            mlflow.log_artifacts(folder, artifact_path="report")
    return str(run.info.run_id)


def _metric(name: str) -> str:
    """A name as MLflow takes it: letters, digits, and ``_-. /``."""
    return re.sub(r"[^\w\-. /]", "", name, flags=re.ASCII)


def _mlflow() -> ModuleType:
    try:
        import mlflow
    except ImportError as error:
        raise EmotionModelsError(
            "MLflow is not installed; pip install 'emotion-models[mlflow]'"
        ) from error
    found: ModuleType = mlflow
    return found

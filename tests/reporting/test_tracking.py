"""A fit as a run of MLflow: what is logged, and that nothing personal is."""

from __future__ import annotations

import sys
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

import emotion_models as em
from emotion_models.reporting import tracking
from tests.data.make_hotel_fit import HOTEL


@pytest.fixture(scope="module")
def fit() -> em.Fit:
    return em.load(HOTEL)


class Recorded(ModuleType):
    """What MLflow was told, by function."""

    def __init__(self) -> None:
        super().__init__("mlflow")
        self.told: dict[str, Any] = {}
        self.files: set[str] = set()

    def active_run(self) -> Any:
        return SimpleNamespace(info=SimpleNamespace(run_id="one"))

    def log_artifacts(self, folder: str, artifact_path: str) -> None:
        from pathlib import Path

        self.files = {f"{artifact_path}/{path.name}" for path in Path(folder).iterdir()}

    def __getattr__(self, name: str) -> Any:
        return lambda value: self.told.__setitem__(name, value)


def test_options_checks_versions_and_the_report_are_logged(
    fit: em.Fit, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorded = Recorded()
    monkeypatch.setitem(sys.modules, "mlflow", recorded)
    made = em.report(fit, audience="board")
    assert em.track(fit, made) == "one"
    assert recorded.told["log_params"]["model.memory"] == str(fit.model.memory)
    assert recorded.told["set_tags"]["survey.sha256"] == fit.survey.hash
    assert "check/R-hat outcomes" in recorded.told["log_metrics"]
    assert recorded.files == {"report/report.pdf", "report/report.html", "report/report.json"}


@pytest.mark.filterwarnings("ignore")  # its store's own
def test_it_is_what_mlflow_takes(
    fit: em.Fit, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    mlflow = pytest.importorskip("mlflow", reason="the extra mlflow is not installed")
    monkeypatch.chdir(tmp_path)
    mlflow.set_tracking_uri(f"sqlite:///{tmp_path}/runs.db")
    run = mlflow.get_run(em.track(fit))
    assert run.data.params["seed"] == str(fit.seed)
    assert run.data.metrics == pytest.approx(tracking.metrics(fit))
    assert run.data.tags["checks"] == fit.checks.status


def test_without_mlflow_it_says_what_to_install(
    fit: em.Fit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "mlflow", None)
    with pytest.raises(em.EmotionModelsError, match=r"emotion-models\[mlflow\]"):
        em.track(fit)


def test_anything_else_is_refused() -> None:
    with pytest.raises(em.InputProblems, match="fit"):
        em.track("stays.fit")  # type: ignore[arg-type]

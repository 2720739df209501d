"""Stand-ins for surveys, fits and results: what the command line relies on, and no more."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import matplotlib as mpl
import pandas as pd
from matplotlib.figure import Figure

mpl.use("agg")


class FakeResult:
    """Effects, a comparison, a criticism or a simulation."""

    def __init__(self, word: str) -> None:
        self.word = word

    def table(self) -> pd.DataFrame:
        return pd.DataFrame({"outcome": ["return"], "mean": [0.1 + 0.2], "lower": [float("nan")]})

    calibration = reliability = pit = table

    def summary(self) -> str:
        return f"summary of {self.word}"

    def plot(self) -> Figure:
        return Figure()


class FakeSimulation(FakeResult):
    def why(self, outcome: str) -> FakeResult:
        return FakeResult(f"why {outcome}")

    def uncertainty(self, outcome: str) -> FakeResult:
        return FakeResult(f"uncertainty of {outcome}")

    def remembered(self) -> FakeResult:
        return FakeResult("memory")

    def winners(self) -> FakeResult:
        return FakeResult("winners")


class FakeChecks:
    def __init__(self, status: str) -> None:
        self.status = status

    def table(self) -> pd.DataFrame:
        return pd.DataFrame({"name": ["divergences"], "status": [self.status]})

    def __str__(self) -> str:
        return f"checks: {self.status}"


@dataclass(frozen=True)
class FakeChange:
    steps: tuple[Any, ...] = ()

    def at(self, touchpoint: str) -> FakeChange:
        return FakeChange((*self.steps, ("at", touchpoint)))

    def lever(self, name: str, *, to: float | str) -> FakeChange:
        return FakeChange((*self.steps, ("lever", name, to)))

    def emotion(self, name: str, *, by: float) -> FakeChange:
        return FakeChange((*self.steps, ("emotion", name, by)))

    def among(self, *, segment: str, where: str) -> FakeChange:
        return FakeChange((*self.steps, ("among", segment, where)))

    def reaching(self, share: float) -> FakeChange:
        return FakeChange((*self.steps, ("reaching", share)))

    @classmethod
    def from_toml(cls, path: Path) -> FakeChange:
        return cls((("file", path.name),))


class FakeModel(str):
    @classmethod
    def for_survey(cls, survey: Any, *, memory: str = "mean", priors: str = "weak") -> FakeModel:
        return cls(f"{memory}, {priors}")

    def with_options(self, options: dict[str, Any]) -> str:
        return f"{self}, {options}"


@dataclass
class FakePackage:
    """The public verbs, which write down how they were called."""

    status: str = "PASS"
    caution: str = ""
    calls: list[tuple[Any, ...]] = field(default_factory=list)

    def survey(self) -> Any:
        audit = SimpleNamespace(as_dict=lambda: {"source": "stays.csv", "entries": []})
        return SimpleNamespace(n_journeys=3, n_respondents=2, hash="ab12", audit=audit)

    def a_fit(self) -> Any:
        return SimpleNamespace(checks=FakeChecks(self.status), caution=self.caution)

    def read_survey(self, path: Path, *, codebook: Path, journeys: Path | None = None) -> Any:
        self.calls.append(("read_survey", path.name, codebook.name, journeys))
        return self.survey()

    def load_dataset(self, name: str) -> Any:
        self.calls.append(("load_dataset", name))
        return self.survey()

    def draft_codebook(self, path: Path, *, taxonomy: str | None) -> str:
        return '[study]\nname = "stays"\n'

    def fit(
        self,
        model: str,
        survey: Any,
        *,
        seed: int,
        draws: int = 500,
        tune: int = 400,
        chains: int = 4,
        method: str = "nuts",
        progress: bool = True,
    ) -> Any:
        self.calls.append(("fit", model, seed, draws, tune, chains, method, progress))
        return self.a_fit()

    def save(self, fit: Any, path: Path) -> None:
        path.write_text("saved")

    def load(self, path: Path) -> Any:
        return self.a_fit()

    def effects(
        self, fit: Any, *, on: str | None = None, by: str | None = None, weight: str = "survey"
    ) -> FakeResult:
        self.calls.append(("effects", on, by) if weight == "survey" else ("effects", weight))
        return FakeResult("effects")

    def importance(self, fit: Any, *, on: str | None, of: str) -> FakeResult:
        self.calls.append(("importance", on, of))
        return FakeResult("importance")

    def robustness(self, fit: Any, *, on: str | None) -> FakeResult:
        self.calls.append(("robustness", on))
        return FakeResult("robustness")

    def halo(self, fit: Any, *, on: str | None) -> FakeResult:
        self.calls.append(("halo", on))
        return FakeResult("halo")

    def specificity(self, fit: Any) -> FakeResult:
        self.calls.append(("specificity",))
        return FakeResult("specificity")

    def measure(self, fit: Any) -> FakeResult:
        self.calls.append(("measure",))
        return FakeResult("measurement")

    def compare(self, fit: Any, *names: str, by: str = "journey") -> FakeResult:
        self.calls.append(("compare", *names, by))
        return FakeResult("comparison")

    def criticise(self, fit: Any) -> FakeResult:
        self.calls.append(("criticise",))
        return FakeResult("criticism")

    def simulate(
        self, fit: Any, change: FakeChange, *, progress: Any = None, **asked: Any
    ) -> FakeResult:
        self.calls.append(("simulate", *change.steps, *asked.items()))
        if progress is not None:
            progress(1, 2)
        return FakeSimulation("simulation")

    def report(self, fit: Any, *results: Any, **options: Any) -> Any:
        self.calls.append(("report", len(results), *sorted(options.items())))
        return SimpleNamespace(
            save=lambda path: path.write_text("report"), supplement=lambda path: path.mkdir()
        )

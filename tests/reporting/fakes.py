"""A made-up hotel study: results with the columns of real ones, and no sampling."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from emotion_models.causal import Assumptions
from emotion_models.models.spec import JourneyModel
from emotion_models.survey.codebook import Codebook

ALL = "(all)"
TOUCHPOINTS = ("booking", "arrival", "check-in", "room", "breakfast", "check-out")
EMOTIONS = (
    "joy", "contentment", "gratitude", "relief", "confidence",
    "frustration", "anger", "disappointment", "worry", "boredom",
)  # fmt: skip
# Effect of one point at every touchpoint; same-tone emotions differ.
RETURN = (0.4, 2.1, 5.6, 0.9, 1.8, -2.2, -3.4, -4.9, -0.8, -1.1)
COMPLAIN = (-0.2, -0.6, -0.9, -0.3, -0.5, 4.6, 3.1, 0.5, 0.7, 0.1)
OUTCOMES = (
    ("overall", "scale points", 0.01), ("trust", "standard deviations", 0.012),
    ("commitment", "standard deviations", 0.011), ("return", "probability", 0.01),
    ("recommend", "scale points", 0.04), ("complain", "probability", 0.01), ("spend", "EUR", 1.1),
)  # fmt: skip


def codebook(
    touchpoints: Sequence[str] = TOUCHPOINTS,
    emotions: Sequence[str] = EMOTIONS,
    *,
    label: str = "Hotel stays",
) -> Codebook:
    return Codebook.model_validate(
        {
            "study": {
                "name": "hotel-stays", "label": label, "journey_word": "stay",
                "description": "Made-up stays.", "licence": "CC0-1.0",
            },
            "layout": {"form": "wide", "journey": "id"},
            "scales": {
                "felt": {"values": [0, 1, 2, 3, 4], "labels": ["not at all", "a little",
                         "somewhat", "strongly", "very strongly"]},
                "agree": {"values": [1, 2, 3, 4, 5, 6, 7]},
                "nps": {"values": list(range(11))},
            },
            "touchpoints": [{"name": name} for name in touchpoints],
            "emotions": [{"name": name, "scale": "felt"} for name in emotions],
            "levers": [
                {"name": "wait_minutes", "label": "Waiting time", "kind": "numeric",
                 "minimum": 0, "maximum": 30, "unit": "minutes", "at": [touchpoints[0]]}
            ],
            "remembered": [{"name": "overall", "label": "Overall experience", "scale": "agree"}],
            "relationship": [
                {"name": name, "label": name.capitalize(),
                 "items": [{"name": f"{name}_{i}", "scale": "agree"} for i in (1, 2, 3)]}
                for name in ("trust", "commitment")
            ],
            "behaviours": [
                {"name": "return", "label": "Return within a year", "family": "bernoulli"},
                {"name": "recommend", "label": "Recommend (0-10)", "family": "ordinal",
                 "scale": "nps"},
                {"name": "complain", "label": "Complain", "family": "bernoulli",
                 "desirable": False},
                {"name": "spend", "label": "Spend on the next stay", "family": "amount",
                 "unit": "EUR"},
            ],
            "segments": {"column": "purpose", "categories": ["leisure", "business"],
                         "labels": ["Leisure", "Business"]},
            "weights": {"column": "w", "meaning": "population share of the booking channel"},
        }
    )  # fmt: skip


@dataclass(frozen=True)
class Check:
    name: str
    status: str
    figure: float
    threshold: float
    about: str
    advice: str


def checks() -> tuple[Check, ...]:
    rows = [
        ("R-hat", 1.004, 1.01, "largest over reported quantities", "run longer chains"),
        ("bulk ESS", 812.0, 400.0, "smallest over reported quantities", "draw more"),
        ("tail ESS", 640.0, 400.0, "smallest over reported quantities", "draw more"),
        ("divergences", 0.0, 0.0, "transitions that diverged", "raise the target acceptance"),
        ("E-BFMI", 0.71, 0.3, "smallest over chains", "reparameterise"),
        ("prior predictive", 0.31, 0.05, "all outcomes", "widen the priors"),
        ("posterior predictive: return", 0.42, 0.05, "share of yes", "look at the family"),
        ("posterior predictive: complain", 0.38, 0.05, "share of yes", "look at the family"),
        ("Pareto k", 0.52, 0.7, "largest of the fitted model", "use K-fold cross-validation"),
        ("prior sensitivity", 0.03, 0.05, "power-scaling, largest", "state the prior's role"),
    ]
    return tuple(Check(n, "PASS", f, t, about, advice) for n, f, t, about, advice in rows)


@dataclass(frozen=True)
class FakeSurvey:
    codebook: Codebook
    n_journeys: int = 600
    n_respondents: int = 548
    hash: str = "3f" * 32


@dataclass(frozen=True)
class FakeFit:
    survey: FakeSurvey
    data: xr.Dataset
    model: JourneyModel = field(default_factory=lambda: JourneyModel(segments=True))
    checks: tuple[Check, ...] = field(default_factory=checks)
    seed: int = 7
    versions: dict[str, str] = field(default_factory=lambda: {"python": "3.13.5", "pymc": "6.4.0"})
    seconds: dict[str, float] = field(default_factory=lambda: {"compiling": 9.1, "sampling": 61.4})
    assumptions: Assumptions | None = None
    caution: str = ""

    @property
    def names(self) -> tuple[list[str], list[str]]:
        book = self.survey.codebook
        return [t.name for t in book.touchpoints], [e.name for e in book.emotions]

    def emotion_curve(self) -> pd.DataFrame:
        touchpoints, emotions = self.names
        rng = np.random.default_rng(1)
        rows = []
        for e, emotion in enumerate(emotions):
            level = 2.4 if e < len(emotions) / 2 else 0.9
            for t, touchpoint in enumerate(touchpoints):
                mean = level + 0.6 * np.sin(1.3 * t + e) + rng.normal(0, 0.1)
                rows.append((touchpoint, emotion, mean, mean - 0.11, mean + 0.11, 500 - 9 * t))
        columns = ["touchpoint", "emotion", "mean", "lower", "upper", "n"]
        return pd.DataFrame(rows, columns=columns)

    def memory_weights(self) -> pd.DataFrame:
        weights = {"mean": 0.52, "peak": 0.22, "end": 0.17, "first": 0.09}
        rows = []
        for e, emotion in enumerate(self.names[1]):
            for feature, mean in weights.items():
                shift = 0.04 * np.sin(e + len(feature))
                rows.append(
                    (emotion, feature, mean + shift, max(mean + shift - 0.11, 0.01), mean + 0.15)
                )
        return pd.DataFrame(rows, columns=["emotion", "feature", "mean", "lower", "upper"])

    def salience(self) -> pd.DataFrame:
        touchpoints = self.names[0]
        raw = np.linspace(1, 2, len(touchpoints))
        raw[len(raw) // 2] = 3.2
        mean = raw / raw.sum()
        return pd.DataFrame(
            {"touchpoint": touchpoints, "mean": mean, "lower": mean * 0.75, "upper": mean * 1.3}
        )

    def specificity(self) -> pd.DataFrame:
        rows = [
            (name, 0.61, 0.42, 0.80, 0.48, 0.31, 0.72, share)
            for name, share in zip([o[0] for o in OUTCOMES], np.linspace(0.2, 0.7, 7), strict=True)
        ]
        columns = "outcome mu mu_lower mu_upper tau tau_lower tau_upper share".split()
        return pd.DataFrame(rows, columns=columns)

    def table(self, what: str = "paths") -> pd.DataFrame:
        """Every emotion on two outcomes, one of which leads to the other; else nothing."""
        if what != "paths":
            return pd.DataFrame()
        first, second = OUTCOMES[1][0], OUTCOMES[3][0]
        kind, rows = "emotion to outcome", []
        for e, emotion in enumerate(self.names[1]):
            mean = 1.2 * np.cos(e)
            rows.append((emotion, first, kind, mean, mean - 0.4, mean + 0.4, 0.9, "logits"))
        rows.append((first, second, "relationship to behaviour", 0.5, 0.2, 0.8, 1.0, "logits"))
        columns = "source target kind mean lower upper p_positive unit".split()
        return pd.DataFrame(rows, columns=columns)

    def audit_table(self) -> pd.DataFrame:
        return pd.DataFrame(
            {
                "step": ["rows read", "not visited", "missing ratings", "flagged: straight-lining"],
                "count": [600, 412, 655, 11],
                "note": ["stays.csv", "touchpoints", "available-case features", "kept"],
            }
        )

    def priors_table(self) -> pd.DataFrame:
        return pd.DataFrame(
            {
                "stage": ["elicitation", "memory", "outcomes"],
                "parameter": ["style_sd", "memory_rule", "specificity"],
                "prior": ["half-normal(1)", "zero-sum-normal(1)", "half-normal(1.5)"],
                "about": [
                    "response styles differ between people", "no memory rule is favoured",
                    "what one emotion does beyond positivity",
                ],
            }
        )  # fmt: skip


def fit(
    touchpoints: Sequence[str] = TOUCHPOINTS,
    emotions: Sequence[str] = EMOTIONS,
    *,
    label: str = "Hotel stays",
    business: int = 200,
) -> FakeFit:
    """A fake fit; `business` is the size of the second segment."""
    segment = np.r_[np.zeros(400, int), np.ones(business, int)]
    data = xr.Dataset(
        {"segment": ("journey", segment), "respondent": ("journey", np.arange(segment.size))}
    )
    return FakeFit(FakeSurvey(codebook(touchpoints, emotions, label=label)), data)


def with_status(fake: FakeFit, name: str, status: str) -> FakeFit:
    changed = [replace(c, status=status) if c.name == name else c for c in fake.checks]
    return replace(fake, checks=tuple(changed))


@dataclass(frozen=True)
class FakeEffects:
    fit: FakeFit
    claim: str = "adjusted"

    def _means(self, outcome: str) -> np.ndarray:
        n = len(self.fit.names[1])
        base = COMPLAIN if outcome == "complain" else RETURN
        return np.resize(np.asarray(base), n)

    def table(self) -> pd.DataFrame:
        touchpoints, emotions = self.fit.names
        paths = {"total": 1.0, "direct": 0.25, "via relationship": 0.5, "via memory": 0.75}
        rows: list[tuple[Any, ...]] = []
        for outcome, unit, size in OUTCOMES:
            for e, raw in enumerate(self._means(outcome)):
                for path, share in paths.items():
                    mean = raw * size * share
                    rows.append((outcome, path, emotions[e], ALL, ALL, mean, 0.75 * size, unit))
                for s, factor in (("leisure", 1.2), ("business", 0.7)):
                    rows.append(
                        (outcome, "total", emotions[e], ALL, s, raw * size * factor, size, unit)
                    )
                for t, touchpoint in enumerate(touchpoints):
                    mean = raw * size * (0.08 + 0.3 * (t == (e + 2) % len(touchpoints)))
                    rows.append(
                        (outcome, "total", emotions[e], touchpoint, ALL, mean, size * 0.4, unit)
                    )
        columns = "outcome path emotion touchpoint segment mean sd unit".split()
        table = pd.DataFrame(rows, columns=columns)
        table["lower"] = table["mean"] - 1.645 * table["sd"]
        table["upper"] = table["mean"] + 1.645 * table["sd"]
        z = table["mean"] / table["sd"]
        table["p_positive"] = 1 / (1 + np.exp(-1.7 * z))
        return table.assign(claim=self.claim)

    def ranks(self) -> pd.DataFrame:
        emotions = self.fit.names[1]
        rows = []
        for outcome, _, _ in OUTCOMES:
            size = np.abs(self._means(outcome))
            p = np.exp(1.2 * size) / np.exp(1.2 * size).sum()
            order = (-size).argsort().argsort() + 1.0
            for e, emotion in enumerate(emotions):
                rows.append((outcome, emotion, order[e], p[e], float(np.clip(2.4 * p[e], 0, 1))))
        return pd.DataFrame(rows, columns="outcome emotion expected_rank p_top1 p_top3".split())

    def contrast(self, outcome: str, first: str, second: str) -> dict[str, float]:
        table = self.table()
        rows = table[(table["path"] == "total") & (table["touchpoint"] == ALL)]
        rows = rows[(rows["segment"] == ALL) & (rows["outcome"] == outcome)].set_index("emotion")
        mean = float(rows["mean"][first] - rows["mean"][second])
        sd = float(np.hypot(rows["sd"][first], rows["sd"][second]))
        p = 1 / (1 + np.exp(-1.7 * mean / sd))
        return {
            "mean": mean, "lower": mean - 1.645 * sd, "upper": mean + 1.645 * sd, "p_positive": p
        }  # fmt: skip


@dataclass(frozen=True)
class FakeSimulation:
    fit: FakeFit
    change: str = "waiting time at check-in 5 minutes; frustration at check-in one point less"

    def table(self) -> pd.DataFrame:
        rows = []
        before = (5.4, 0.0, 0.0, 0.61, 7.6, 0.14, 182.0)
        gain = (0.12, 0.08, 0.06, 0.031, 0.22, -0.036, 2.4)
        for (outcome, unit, _), start, diff in zip(OUTCOMES, before, gain, strict=True):
            for s, factor in ((ALL, 1.0), ("leisure", 0.8), ("business", 1.4)):
                d = diff * factor
                half = abs(diff) * (0.6 if outcome != "spend" else 2.0)
                harm = 0.02 if outcome != "spend" else 0.3
                rows.append((outcome, s, start, start + d, d, d - half, d + half, harm, 1 - harm,
                             unit, "adjusted"))  # fmt: skip
        columns = "outcome segment before after difference lower upper p_harm p_better unit claim"
        return pd.DataFrame(rows, columns=columns.split())

    def curve(self) -> pd.DataFrame:
        before = self.fit.emotion_curve().drop(columns="n").assign(when="before")
        after = before.assign(when="after")
        where = after["touchpoint"] == self.fit.names[0][2 % len(self.fit.names[0])]
        moved = after["emotion"].isin(self.fit.names[1][4:7])
        for key in ("mean", "lower", "upper"):
            after.loc[where & moved, key] -= 0.4
        return pd.concat([before, after], ignore_index=True)


@dataclass(frozen=True)
class FakeComparison:
    def table(self) -> pd.DataFrame:
        return pd.DataFrame(
            {
                "model": ["fitted", "valence-only", "mean-only", "peak-end"],
                "elpd": [-6120.4, -6161.9, -6131.0, -6140.2],
                "difference": [0.0, -41.5, -10.6, -19.8],
                "se": [0.0, 9.8, 5.2, 7.1],
                "p_better": [0.5, 0.0001, 0.021, 0.003],
                "worst_k": [0.52, 0.49, 0.55, 0.51],
                "weight": [0.93, 0.0, 0.07, 0.0],
            }
        )

"""The chain by hand: one journey and one draw at a time, from the formulas of docs/model.md.

Nothing of the package is called; only the stored posterior and the survey's data are read.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from emotion_models.inference import Fit

Ratings = list[list[int]]
"""Category by touchpoint and emotion, -1 without an answer."""


def logistic(x: float) -> float:
    return 1 / (1 + math.exp(-x))


@dataclass(frozen=True)
class Draw:
    """One posterior draw of a fit."""

    fit: Fit
    index: int

    @cached_property
    def value(self) -> dict[str, Any]:
        posterior, people = self.fit.posterior["posterior"], self.fit.posterior["people"]
        chain, draw = (int(people[name][self.index]) for name in ("chain", "draw"))
        own = posterior.to_dataset().isel(chain=chain, draw=draw)
        found = {str(name): variable for name, variable in own.data_vars.items()}
        found |= {str(n): v.isel(sample=self.index) for n, v in people.to_dataset().items()}
        return found

    @cached_property
    def _found(self) -> dict[Any, list[float]]:
        return {}

    def all(self, name: str, **labels: object) -> list[float]:
        """Numbers of a variable by its labels."""
        key = (name, *labels.items())
        if key not in self._found:
            chosen = self.value[name].sel(labels) if labels else self.value[name]
            self._found[key] = [float(x) for x in np.ravel(chosen.values)]
        return self._found[key]

    def get(self, name: str, **labels: object) -> float:
        """One number by its labels."""
        (number,) = self.all(name, **labels)
        return number


def n_draws(fit: Fit) -> int:
    return int(fit.posterior["people"].sizes["sample"])


def ratings_of(fit: Fit, journey: int) -> Ratings:
    order = ("journey", "touchpoint", "emotion")
    return [[int(x) for x in row] for row in fit.data["rating"].transpose(*order).values[journey]]


def top_of(fit: Fit, emotion: int) -> int:
    book = fit.survey.codebook
    return len(book.scales[book.emotions[emotion].scale].values) - 1


class Journey:
    """One journey at one draw."""

    def __init__(self, draw: Draw, journey: int) -> None:
        self.fit, self.draw, self.j = draw.fit, draw, journey
        self.book = draw.fit.survey.codebook
        self.position = [int(p) for p in self.fit.data["position"].values[journey]]
        self.segment = self.book.segments.categories[int(self.fit.data["segment"][journey])]

    def remembered(self, ratings: Ratings) -> list[float]:
        """What is remembered of each emotion, centred as in the fit."""
        kept = []
        for e, emotion in enumerate(self.book.emotions):
            score = {
                t: row[e] / top_of(self.fit, e) for t, row in enumerate(ratings) if row[e] >= 0
            }
            path = sorted(score, key=lambda t: self.position[t])
            share = {t: self.draw.all("salience")[t] for t in score}
            feature = {
                "mean": sum(share[t] * score[t] for t in score) / sum(share.values()),
                "peak": max(score.values()),
                "end": score[path[-1]],
                "first": score[path[0]],
            }
            weighted = (
                self.draw.get("memory_weight", emotion=emotion.name, feature=name) * feature[name]
                for name in self.fit.model.memory
            )
            kept.append(sum(weighted) - self.draw.get("memory_centre", emotion=emotion.name))
        return kept

    def plain_change(self, before: Ratings, after: Ratings) -> list[float]:
        """Change of the plain average score of each emotion."""
        change = []
        for e in range(len(self.book.emotions)):
            pairs = [(b[e], a[e]) for b, a in zip(before, after, strict=True) if b[e] >= 0]
            moved = sum(a - b for b, a in pairs) / len(pairs)
            change.append(moved / top_of(self.fit, e))
        return change

    def own(self, row: str, memory: Sequence[float]) -> float:
        """Predictor of a pooled row without the pull of the relationship."""
        eta = 0.0
        for e, emotion in enumerate(self.book.emotions):
            effect = self.draw.get(
                "effect_by_segment", segment=self.segment, emotion=emotion.name, row=row
            )
            eta += memory[e] * effect
        return eta + self._controls(row)

    def _controls(self, row: str) -> float:
        effect = self.draw.all("control_effect", any_row=row)
        return sum(x * b for x, b in zip(self.fit.design.controls[self.j], effect, strict=True))

    def bond(self, memory: Sequence[float]) -> float:
        """The one construct: trust."""
        residual = self.draw.all("bond_residual", construct="trust")[self.j]
        return self.own("trust", memory) + residual

    def expected(self, outcome: str, memory: Sequence[float], bond: float) -> float:
        """Expected answer, counted from 0."""
        if outcome == "trust":
            items = [item.name for item in self.book.relationship[0].items]
            return sum(self._item(name, bond) for name in items) / len(items)
        if outcome == "overall":
            return self._item(outcome, self.own(outcome, memory))
        if outcome == "frustration_kept":
            slope = self.draw.get("remembered_slope")
            eta = slope * memory[self.book.emotion_names.index("frustration")]
            return self._item(outcome, eta + self._controls(outcome))
        if outcome == "recommend":
            return self._item(outcome, self._behaviour(outcome, memory, bond))
        if outcome == "visits":
            centre = float(self.fit.design.items.others["count"].level[0])
            level = self.draw.get("count_intercept") + centre
            return math.exp(self._behaviour("visits", memory, bond) + level)
        if outcome == "spend":
            any_level = self.draw.get("intercept", binary_row="spend: any")
            any_at_all = logistic(self._behaviour("spend: any", memory, bond) + any_level)
            centre = float(self.fit.design.items.others["amount"].centre[0])
            level = self.draw.get("amount_intercept") + centre
            sd = self.draw.get("amount_sd")
            log_mean = self._behaviour("spend: amount", memory, bond) + level
            return any_at_all * math.exp(log_mean + sd**2 / 2)
        level = self.draw.get("intercept", binary_row=outcome)
        return logistic(self._behaviour(outcome, memory, bond) + level)

    def _behaviour(self, row: str, memory: Sequence[float], bond: float) -> float:
        pull = self.draw.get("bond_effect", construct="trust", behaviour_row=row)
        return self.own(row, memory) + pull * bond

    def _item(self, item: str, predictor: float) -> float:
        loading = self.draw.get("item_loading", item=item)
        kappa = self.draw.all("answer_cutpoint", item=item)
        top = len(self.book.scales[self._scale(item)].values) - 1
        return sum(logistic(loading * predictor - k) for k in kappa[:top])

    def _scale(self, item: str) -> str:
        scales = {part.name: part.scale for part in self.book.remembered}
        scales |= {i.name: i.scale for part in self.book.relationship for i in part.items}
        scales |= {b.name: b.scale for b in self.book.behaviours if b.scale}
        return str(scales[item])

    def latent(self, touchpoint: int, emotion: int) -> float:
        """Latent intensity of a rating: base, levers, style, mood and affect."""
        name = self.book.emotions[emotion].name
        place = self.book.touchpoints[touchpoint].name
        valence = float(self.fit.design.valence[emotion])
        person = self.draw.all("style")[self.j] + valence * self.draw.all("mood")[self.j]
        affect = self.draw.all("affect", touchpoint=place)[self.j]
        person += self.draw.get("emotion_loading", emotion=name) * affect
        levers = sum(
            x * self.lever_effect(column, place, name)
            for column, x in self.exposure(touchpoint).items()
        )
        return self.draw.get("base", emotion=name, touchpoint=place) + levers + person

    def exposure(self, touchpoint: int, **changed: float) -> dict[str, float]:
        """Lever columns at a touchpoint in codebook steps; `changed` holds raw new values."""
        found = {}
        place = self.book.touchpoints[touchpoint].name
        visited = bool(self.fit.data["visited"].values[self.j, touchpoint])
        for lever in self.book.levers:
            raw = float(self.fit.data["lever_value"].sel(lever=lever.name)[self.j, touchpoint])
            raw = changed.get(lever.name, raw)
            if not visited or place not in (lever.at or self.book.touchpoint_names):
                continue
            known = not math.isnan(raw)
            if lever.kind == "numeric":
                found[lever.name] = (raw - lever.centre) / lever.step if known else 0.0
            elif lever.kind == "binary":
                found[lever.name] = raw if known else 0.0
            else:
                for k, category in enumerate(lever.categories[1:], start=1):
                    found[f"{lever.name}={category}"] = float(raw == k)
        return found

    def lever_effect(self, column: str, place: str, emotion: str) -> float:
        effect = self.draw.get("lever_effect", lever_column=column, emotion=emotion)
        where = f"{column} at {place}"
        if where in self.draw.value["lever_departure"]["lever_place"].values:
            effect += self.draw.get("lever_departure", lever_place=where, emotion=emotion)
        return effect


def average(fit: Fit, values: Any, segment: str | None = None) -> Any:
    """Weighted mean over journeys (last axis)."""
    weight = np.array([float(w) for w in fit.data["weight"]])
    if segment is not None:
        names = np.array(fit.survey.codebook.segments.categories)  # type: ignore[union-attr]
        weight = weight * (names[fit.data["segment"].values] == segment)
    return np.asarray(values) @ (weight / weight.sum())

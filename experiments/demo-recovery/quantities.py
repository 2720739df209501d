"""Everything a fit reports, as labelled draws: the same call for an estimate and for the truth."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

import emotion_models as em
from emotion_models.effects import Effects
from emotion_models.inference.descriptions import fit_draws
from emotion_models.inference.elicited import lever_effects

Floats = NDArray[np.float64]

CHANGE: Final = em.Change().at("check-in").lever("wait_minutes", to=5).lever("room_ready", to=1)
BY_TOUCHPOINT: Final = ("return", "complain")
CONTRASTS: Final = (
    ("return", "gratitude", "joy"),
    ("complain", "frustration", "disappointment"),
)
EVERYWHERE: Final = "(all)"


@dataclass(frozen=True)
class Group:
    """Reported quantities of one kind.

    Parameters
    ----------
    name : str
    labels : tuple of str
    draws : array, shape (S, number of labels)
    """

    name: str
    labels: tuple[str, ...]
    draws: Floats


def reported(fit: em.Fit) -> list[Group]:
    """Everything reported but the simulation.

    Parameters
    ----------
    fit : Fit

    Returns
    -------
    list of Group
    """
    everywhere = em.effects(fit, by="segment")
    groups = list(_effects(fit, everywhere, "by emotion"))
    groups += list(_effects(fit, everywhere, "by segment"))
    by_touchpoint = [em.effects(fit, on=name, by="touchpoint") for name in BY_TOUCHPOINT]
    for parts in zip(*(_effects(fit, one, "by touchpoint") for one in by_touchpoint), strict=True):
        labels = tuple(label for part in parts for label in part.labels)
        draws = np.concatenate([part.draws for part in parts], axis=1)
        groups.append(Group(parts[0].name, labels, draws))
    return [*groups, _contrasts(everywhere), *_parameters(fit)]


def simulated(fit: em.Fit) -> Group:
    """What the simulated change does to every outcome, in each segment."""
    draws = em.simulate(fit, CHANGE).draws.transpose("sample", "outcome", "segment")
    labels = product(_names(draws, "outcome"), _names(draws, "segment"))
    return Group("simulated change", tuple(map(_place, labels)), _flat(draws.to_numpy()))


def _effects(fit: em.Fit, effects: Effects, which: str) -> Iterator[Group]:
    """One group per path; paths that repeat the total or are zero by definition are left out."""
    behaviours = [behaviour.name for behaviour in fit.survey.codebook.behaviours]
    draws = effects.draws
    draws = _without_total(draws, "touchpoint", which == "by touchpoint")
    draws = _without_total(draws, "segment", which == "by segment")
    for path in effects.paths:
        one = draws.sel(path=path)
        if path in ("direct", "via relationship"):
            one = one.sel(outcome=[name for name in effects.outcomes if name in behaviours])
        one = one.transpose("sample", "outcome", "emotion", "touchpoint", "segment")
        names = (_names(one, dim) for dim in ("outcome", "emotion", "touchpoint", "segment"))
        labels = tuple(
            _place((f"{emotion} on {outcome}", touchpoint, segment))
            for outcome, emotion, touchpoint, segment in product(*names)
        )
        yield Group(f"effect {which}: {path}", labels, _flat(one.to_numpy()))


def _without_total(draws: Any, dim: str, parts: bool) -> Any:
    """Either the parts along a dimension, or the value over all of it."""
    every = [name for name in _names(draws, dim) if (name != EVERYWHERE) == parts]
    return draws.sel({dim: every})


def _contrasts(effects: Effects) -> Group:
    """Differences between total effects of emotions that share a valence."""
    total = effects.draws.sel(path="total", touchpoint=EVERYWHERE, segment=EVERYWHERE)
    labels, draws = [], []
    for outcome, first, second in CONTRASTS:
        one = total.sel(outcome=outcome)
        labels.append(f"{first} minus {second} on {outcome}")
        draws.append((one.sel(emotion=first) - one.sel(emotion=second)).to_numpy())
    return Group("contrast of emotions", tuple(labels), np.column_stack(draws))


def _parameters(fit: em.Fit) -> Iterator[Group]:
    """Parameters that reports show as they are."""
    most = fit_draws(fit)
    draws = fit.draws(most)[0]
    yield _variables("memory weight", draws, "memory_weight")
    yield _variables("salience", draws, "salience")
    yield _levers(fit, most)
    yield _variables("spread between people", draws, "style_sd", "mood_sd", "recall_sd")
    yield _variables("loading on affect", draws, "emotion_loading")
    yield _variables("recall", draws, "recall_effect", "recall_base")
    yield _variables("relationship on behaviour", draws, "bond_effect")
    measured = draws[["item_loading"]].sel(
        item=[item.name for part in fit.survey.codebook.relationship for item in part.items]
    )
    yield _variables("loading of items", measured, "item_loading")
    residual = draws["residual_correlation"].to_numpy()[:, :1, 1]
    yield Group("residual correlation", ("trust with commitment",), residual)


def _levers(fit: em.Fit, most: int) -> Group:
    """Effects of levers where they exist."""
    design, exposure = fit.design, fit.design.exposure
    touchpoint, column = exposure.pairs.T
    draws = lever_effects(fit, most)[:, touchpoint, column].astype(float)
    labels = tuple(
        f"{exposure.columns[c]} at {design.touchpoints[t]} on {emotion}"
        for (t, c), emotion in product(exposure.pairs, design.emotions)
    )
    return Group("lever on emotion", labels, _flat(draws))


def _variables(group: str, draws: Any, *names: str) -> Group:
    """Variables of the posterior, one label per value."""
    labels: list[str] = []
    columns = []
    for name in names:
        value = draws[name].transpose("sample", ...)
        places = product(*(_names(value, str(dim)) for dim in value.dims[1:]))
        labels += [": ".join(filter(None, (name, ", ".join(place)))) for place in places]
        columns.append(_flat(value.to_numpy()))
    return Group(group, tuple(labels), np.concatenate(columns, axis=1))


def _names(value: Any, dim: str) -> list[str]:
    return [str(name) for name in value[dim].to_numpy()]


def _place(parts: tuple[str, ...]) -> str:
    return ", ".join(part for part in parts if part != EVERYWHERE)


def _flat(draws: Any) -> Floats:
    flat: Floats = np.asarray(draws, dtype=float).reshape(len(draws), -1)
    return flat

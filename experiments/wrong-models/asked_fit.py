"""What a fit says of a world's truths, which of its checks notice the world, what a report says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from mechanisms import Floats
from true_worlds import (
    BOND,
    CHANGES,
    EMOTIONS,
    OUTCOMES,
    TOP,
    VALENCE,
    People,
    order,
    remembered,
    truths,
)

import emotion_models as em
from emotion_models.science.equations.causal import robustness_value

LEVELS: Final = (0.5, 0.9)
SURPRISING: Final = 0.01
FLAGGED: Final = 0.05
"""Share of flagged journeys from which somebody would look."""
BETTER: Final = 2.0
"""Standard errors by which a rival predicts better: `em.compare` calls it probably better."""
OF_SAMPLING: Final = ("R-hat", "ESS", "E-BFMI", "divergences")
WIDER: Final = 1.5
"""Design effect from which clusters matter."""
EVERYWHERE: Final = "everywhere"
RIVALS: Final[dict[str, dict[str, Any]]] = {
    "trend as well": {"memory": ("mean", "peak", "end", "first", "trend")},
    "monotonic scores": {"scoring": "monotonic"},
}
"""Another rule of memory, and of scores; there is no option for interactions of emotions."""


@dataclass(frozen=True)
class Answered:
    """A fit and what it was asked, once.

    Parameters
    ----------
    fit : Fit
    survey : Survey
    effects : Effects
        By touchpoint, corrected for the design where that was asked for.
    simulations : dict
        Of `CHANGES`; empty where intervals are corrected, which simulations are not.
    widened : float
        Mean design effect.
    """

    fit: em.Fit
    survey: em.Survey
    effects: Any
    simulations: dict[tuple[str, str], Any]
    widened: float


def ask(fit: em.Fit, survey: em.Survey, *, corrected: bool) -> Answered:
    """Ask a fit for everything that is judged."""
    design = em.design_corrected(fit, by="touchpoint")
    widened = float(design.deff[:, 0, :, 0].mean())
    if corrected:
        return Answered(fit, survey, design.corrected, {}, widened)
    simulations = {key: em.simulate(fit, change) for key, change in CHANGES.items()}
    return Answered(fit, survey, design.effects, simulations, widened)


def judged(people: People, answered: Answered) -> list[dict[str, Any]]:
    """Every question and outcome: truth, estimate, and whether intervals hold it."""
    found, rows = draws_of(answered), []
    for (question, what), true in truths(people).items():
        for o, outcome in enumerate(OUTCOMES):
            if (question, what) not in found:
                continue
            draws = found[question, what][outcome]
            row = {"question": question, "what": what, "outcome": outcome}
            row |= {"true": float(true[o]), "mean": float(draws.mean()), "sd": float(draws.std())}
            for level in LEVELS:
                low, high = np.quantile(draws, [(1 - level) / 2, (1 + level) / 2])
                # In single precision no change at all may be a rounding error of it.
                row[f"covers {level:.0%}"] = bool(low - 1e-6 <= true[o] <= high + 1e-6)
            rows.append(row)
    return rows


def draws_of(answered: Answered) -> dict[tuple[str, str], dict[str, Floats]]:
    """Draws of every answer: by question and what is changed, by outcome."""
    effects, found = answered.effects, {}
    for e, emotion in enumerate(effects.emotions):
        for t, name in enumerate(effects.touchpoints):
            place = EVERYWHERE if t == 0 else name
            question = "emotion" if t == 0 else "emotion at a touchpoint"
            values = effects.values[:, 0, e, t, 0]
            found[question, f"{emotion}, {place}"] = dict(
                zip(effects.outcomes, values, strict=True)
            )
    for key, result in answered.simulations.items():
        found[key] = {outcome: result.everybody(outcome) for outcome in result.outcomes}
    return found


def found_best(people: People, answered: Answered, outcome: str = "return") -> bool:
    """Whether the emotion ranked first on an outcome truly has the largest effect."""
    o = OUTCOMES.index(outcome)
    size = [abs(truths(people)["emotion", f"{name}, {EVERYWHERE}"][o]) for name in EMOTIONS]
    ranks = answered.effects.ranks()
    ranks = ranks[ranks["outcome"] == outcome]
    return bool(ranks.loc[ranks["p_top1"].idxmax(), "emotion"] == EMOTIONS[int(np.argmax(size))])


def alarms(answered: Answered, comparison: Any, criticism: Any) -> list[str]:
    """Name the checks that ask for a look, in this fit."""
    names = {_kind(check.name) for check in answered.fit.checks if check.status != "PASS"}
    outside = {
        "criticise: answers": criticism.table(),
        "criticise: calibration": criticism.calibration(),
        "criticise: distributions": criticism.pit(),
    }
    names |= {name for name, table in outside.items() if (table["p"] < SURPRISING).any()}
    table = comparison.table().iloc[1:]
    ahead = table["difference"].to_numpy() > BETTER * table["se"].to_numpy()
    names |= {f"compare: {name}" for name, better in zip(RIVALS, ahead, strict=True) if better}
    careless = em.careless(answered.survey)
    if careless.flags.any(axis=1).mean() > FLAGGED:
        names.add("careless")
    if answered.widened > WIDER:
        names.add("design effect")
    return sorted(names)


def _kind(name: str) -> str:
    """Name a check of a fit without the item or stage that it is about."""
    return f"check: {name.removeprefix('data: ').partition(': ')[0]}"


def reported(people: People, answered: Answered, results: list[Any]) -> dict[str, Any]:
    """Count what a report states, withholds and doubts, and what of it is not true."""
    results = [*results, *answered.simulations.values()]
    findings = em.report(answered.fit, answered.effects, *results).findings
    stated = [each for each in findings if not each.withheld]
    kinds = [dict(each.source) for each in stated]
    sizes = [
        (each, _truth(people, kind), _estimate(answered, kind))
        for each, kind in zip(stated, kinds, strict=True)
        if kind.get("verb") == "effects" and "against" not in kind
    ]
    missed = reversed_ = 0
    for each, true, own in sizes:
        assert each.estimate is not None
        assert each.lower is not None
        assert each.upper is not None
        scaled = true * each.estimate / own
        missed += not each.lower <= scaled <= each.upper
        reversed_ += bool((each.probability or 0) >= 0.9 and true * own < 0)
    about = [
        each.claim
        for each, kind in zip(stated, kinds, strict=True)
        if kind.get("verb") == "effects" and kind.get("outcome") == "return"
    ]
    return {
        "stated": len(stated),
        "withheld": len(findings) - len(stated),
        "with caveats": sum(bool(each.caveats) for each in stated),
        "doubted by a check": sum(any(map(_doubts, each.caveats)) for each in stated),
        "effects": len(sizes),
        "missed": int(missed),
        "reversed": int(reversed_),
        "causal": sum(each.level == "causal" for each in stated),
        "says": (about or [each.claim for each in findings][:1] or [""])[0],
    }


def _doubts(caveat: str) -> bool:
    """Whether a caveat names a check of the model rather than of the (short) sampling."""
    return "needs a look" in caveat and not any(name in caveat for name in OF_SAMPLING)


def _what(kind: dict[str, str]) -> tuple[str, str]:
    place = kind["touchpoint"]
    if place.startswith("touchpoint"):
        return "emotion at a touchpoint", f"{kind['emotion']}, {place}"
    return "emotion", f"{kind['emotion']}, {EVERYWHERE}"


def _truth(people: People, kind: dict[str, str]) -> float:
    return float(truths(people)[_what(kind)][OUTCOMES.index(kind["outcome"])])


def _estimate(answered: Answered, kind: dict[str, str]) -> float:
    return float(draws_of(answered)[_what(kind)][kind["outcome"]].mean())


def confounded(people: People, table: Any) -> list[dict[str, Any]]:
    """How strong the unmeasured cause is beside what `em.robustness` says would be needed.

    Its strength on the scale of the robustness value: the equal shares of what is left of emotion
    and outcome that would bias as much as its own two shares do (Cinelli & Hazlett 2020). As in the
    model, the other emotions and the style index are held.
    """
    kept = remembered(people, people.felt / TOP, order(people))
    style, rows = style_index(people), []
    for row in table.to_dict("records"):
        if row["outcome"] not in OUTCOMES:
            continue
        e, o = EMOTIONS.index(row["emotion"]), OUTCOMES.index(row["outcome"])
        others = np.column_stack([np.delete(kept, e, axis=1), style])
        left = _residual(people.cause, others), _residual(kept[:, e], others)
        of_emotion = float(np.corrcoef(*left)[0, 1])
        pull, other = _pull(people, row["outcome"])
        own = pull**2 * _residual(people.cause, np.column_stack([kept, style])).var()
        of_outcome = own / (own + other)
        f = np.sqrt(of_outcome * of_emotion**2 / (1 - of_emotion**2))
        rows.append(
            {
                name: row[name]
                for name in ("outcome", "emotion", "to_zero", "to_unsure", "direction")
            }
            | {"of emotion": of_emotion**2, "of outcome": float(of_outcome)}
            | {"strength": float(robustness_value(f))}
            | {"true": float(truths(people)["emotion", f"{row['emotion']}, {EVERYWHERE}"][o])}
        )
    return rows


def style_index(people: People) -> Floats:
    """Mean score over pleasant and over unpleasant emotions, each side weighing half (J,)."""
    mean = people.felt.mean(axis=1) / TOP
    return (mean[:, VALENCE > 0].mean(axis=1) + mean[:, VALENCE < 0].mean(axis=1)) / 2


def _pull(people: People, outcome: str) -> tuple[float, float]:
    """Logits that the unmeasured cause adds to an outcome, and the variance of its noise."""
    pull, logistic = people.deviation.confounder[1], np.pi**2 / 3
    if outcome in ("recommend", "return"):
        return pull * (1 + BOND), logistic + BOND**2
    return pull, 1.0 if outcome == "trust" else logistic


def _residual(values: Floats, given: Floats) -> Floats:
    """What a least-squares line leaves of values."""
    known = np.column_stack([np.ones(len(given)), given])
    return values - known @ np.linalg.lstsq(known, values)[0]

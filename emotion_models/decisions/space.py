"""The combinations of options that are possible, with what each costs."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from emotion_models.decisions.options import Option, Options
from emotion_models.errors import InputProblems, Problem, did_you_mean
from emotion_models.simulation import Change
from emotion_models.simulation.plan import make_plan
from emotion_models.simulation.steps import Rebuild, Step

if TYPE_CHECKING:
    from emotion_models.inference import Fit

Floats = NDArray[np.floating[Any]]
Combo = tuple[int, ...]
"""Setting of every option, counted from 1; 0 where it is left as it is."""
MOST_COMBINATIONS: Final = 300_000


@dataclass(frozen=True, eq=False)
class Space:
    """What can be chosen.

    Parameters
    ----------
    options : tuple of Option
    costs : tuple of array
        Per journey, of every setting of an option; the first is 0, of leaving it.
    combos : int array, shape (N, O)
        All that are possible, whatever they cost; the first is to change nothing.
    """

    options: tuple[Option, ...]
    costs: tuple[Floats, ...]
    combos: NDArray[np.int64]

    @property
    def cost(self) -> Floats:
        """Cost (N,) of every combination."""
        own = (costs[self.combos[:, o]] for o, costs in enumerate(self.costs))
        total: Floats = sum(own, start=np.zeros(len(self.combos)))
        return total

    def change(self, combo: Sequence[int]) -> Change:
        """Put a combination into one change: its steps in the order of the options."""
        steps = [
            step
            for option, setting in zip(self.options, combo, strict=True)
            if setting
            for step in option.settings[setting - 1].change.steps
        ]
        return Change(tuple(steps))

    def label(self, combo: Sequence[int]) -> str:
        """Name a combination."""
        parts = []
        for option, setting in zip(self.options, combo, strict=True):
            if setting:
                own = option.settings[setting - 1].label
                parts.append(option.name if own == option.name else f"{option.name} {own}")
        return "; ".join(parts) or "no change"

    def settings(self, combo: Sequence[int]) -> dict[str, str]:
        """Setting of every option that is taken, by its name."""
        return {
            option.name: option.settings[setting - 1].label
            for option, setting in zip(self.options, combo, strict=True)
            if setting
        }


def make_space(fit: Fit, options: Options, journeys: float | None) -> Space:
    """Check options against a fit and lay out what can be chosen.

    Parameters
    ----------
    fit : Fit
    options : Options
    journeys : float or None
        Of a period, over which fixed costs are spread.

    Returns
    -------
    Space

    Raises
    ------
    InputProblems
        With every problem of every option and setting.
    """
    given = options.options
    problems = [*_problems_of_names(options), *_problems_of_settings(fit, given, journeys)]
    n_combos = prod(1 + len(option.settings) for option in given)
    if n_combos > MOST_COMBINATIONS:
        fix = f"at most {MOST_COMBINATIONS:,}: fewer options, or fewer sizes of each"
        problems.append(Problem("options", f"make {n_combos:,} combinations", fix))
    if problems:
        raise InputProblems("options", problems)
    costs = tuple(_costs(fit, option, journeys) for option in given)
    sizes = [range(1 + len(option.settings)) for option in given]
    combos = np.array(list(itertools.product(*sizes)), dtype=np.int64).reshape(-1, len(given))
    names = [option.name for option in given]
    possible = np.ones(len(combos), dtype=bool)
    for group in (*options.exclude, *_touching_the_same(given)):
        taken = combos[:, [names.index(name) for name in group]] > 0
        possible &= taken.sum(axis=1) <= 1
    return Space(given, costs, combos[possible])


def _problems_of_names(options: Options) -> list[Problem]:
    names = [option.name for option in options.options]
    problems = [] if names else [Problem("options", "there are none", "give at least one")]
    for name in dict.fromkeys(name for name in names if names.count(name) > 1):
        fix = "put its sizes into one option, or rename one"
        problems.append(Problem(f"option '{name}'", "is there twice", fix))
    problems += [
        Problem("exclude", f"no option '{name}'", did_you_mean(name, names))
        for group in options.exclude
        for name in group
        if name not in names
    ]
    return problems


def _problems_of_settings(
    fit: Fit, options: Sequence[Option], journeys: float | None
) -> list[Problem]:
    """What the fit, or its codebook's limits, say against single settings."""
    problems = []
    for option in options:
        for setting in option.settings:
            where = f"option '{option.name}' {setting.label}"
            if setting.fixed and journeys is None:
                fix = "say [value] journeys in the codebook"
                problems.append(Problem(where, "fixed cost of unknown many journeys", fix))
            try:
                make_plan(fit, setting.change)
            except InputProblems as error:
                problems += [Problem(where, each.what, each.fix) for each in error.problems]
    return problems


def _touching_the_same(options: Sequence[Option]) -> list[tuple[str, str]]:
    """Pairs of options that set the same thing: the later one would undo the other."""
    touched = [
        {_place(step) for s in option.settings for step in s.change.steps} for option in options
    ]
    return [
        (options[a].name, options[b].name)
        for a, b in itertools.combinations(range(len(options)), 2)
        if touched[a] & touched[b]
    ]


def _place(step: Step | Rebuild) -> tuple[str, ...]:
    return step.kind, step.touchpoint, step.name if isinstance(step, Step) else "", str(step.who)


def touchpoints_of(option: Option) -> set[str]:
    """Touchpoints that an option changes.

    Parameters
    ----------
    option : Option

    Returns
    -------
    set of str
        With an empty one if it rebuilds the journey.
    """
    steps = [step for setting in option.settings for step in setting.change.steps]
    return {step.touchpoint if isinstance(step, Step) else "" for step in steps}


def _costs(fit: Fit, option: Option, journeys: float | None) -> Floats:
    """Cost per journey of leaving an option, and of each of its settings."""
    found = [0.0]
    for setting in option.settings:
        cost = setting.cost + (setting.fixed / journeys if journeys else 0.0)
        if setting.cost_per_unit:
            cost += setting.cost_per_unit * units_moved(fit, setting.change)
        found.append(cost)
    return np.array(found)


def units_moved(fit: Fit, change: Change) -> float:
    """Units by which a change moves levers, on average over journeys.

    Parameters
    ----------
    fit : Fit
    change : Change

    Returns
    -------
    float
        Minutes, yes instead of no, ...; a change of category counts as one.
    """
    design, levers = fit.design, {lever.name: lever for lever in fit.survey.codebook.levers}
    kinds = [levers[name] for name in design.exposure.lever]
    unit = [x.step if x.kind == "numeric" else 0.5 if x.kind == "categorical" else 1 for x in kinds]
    moved = sum(
        np.abs(step * np.array(unit)).sum(axis=1)
        for step in make_plan(fit, change).exposure.values()
    )
    return float(np.average(np.broadcast_to(moved, design.n_journeys), weights=design.weight))

"""What can be wrong with a declared diagram, each fault in words."""

from __future__ import annotations

from collections.abc import Iterable, Set
from itertools import pairwise

from emotion_models.causal.assumptions import Assumptions, Pair, arrow
from emotion_models.causal.dag import Arrow, Dag
from emotion_models.causal.variables import OWN, STYLE, Variables
from emotion_models.errors import Problem, did_you_mean


def name_problems(known: Variables, assumed: Assumptions, arrows: Set[Arrow]) -> list[Problem]:
    """Find names that a codebook does not have, or has in another role.

    Parameters
    ----------
    known : Variables
    assumed : Assumptions
    arrows : set of (cause, effect)
        Arrows that may be declared absent.

    Returns
    -------
    list of Problem
    """
    roles = known.roles
    problems = _of_role("randomised", assumed.randomised, known.levers, known, "lever")
    may = (*known.traits, STYLE)
    problems += _of_role("confounders", assumed.confounders or (), may, known, "control")
    for name in assumed.latent:
        if name in roles or name in OWN:
            fix = "give the unmeasured cause a name of its own"
            problems.append(Problem(f"latent '{name}'", "is already the name of something", fix))
    names = [("edges", name) for pair in assumed.edges for name in pair]
    names += [(f"latent '{u}'", name) for u, touched in assumed.latent.items() for name in touched]
    for where, name in dict.fromkeys(names):
        if name not in roles and not (where == "edges" and name in assumed.latent):
            fix = did_you_mean(name, [*roles, *assumed.latent])
            problems.append(Problem(where, f"'{name}' is not in the codebook", fix))
    problems += _absent_problems(assumed, roles, arrows)
    return problems + _assigned_problems(assumed)


def _of_role(
    where: str, names: Iterable[str], valid: tuple[str, ...], known: Variables, role: str
) -> list[Problem]:
    problems = []
    for name in names:
        if name in valid:
            continue
        other = known.roles.get(name)
        what = f"'{name}' is not in the codebook"
        fix = did_you_mean(name, valid)
        if other is not None:
            what = f"'{name}' is not a {role} but: {other}"
            if where == "confounders":
                fix = "outcomes are adjusted for controls only; declare further arrows in 'edges'"
        elif where == "confounders":
            fix += "; what was not measured belongs in 'latent'"
        problems.append(Problem(where, what, fix))
    return problems


def _absent_problems(
    assumed: Assumptions, roles: dict[str, str], arrows: Set[Arrow]
) -> list[Problem]:
    problems = []
    for pair in assumed.absent:
        unknown = [name for name in pair if name not in roles]
        for name in unknown:
            fix = did_you_mean(name, [*roles])
            problems.append(Problem("absent", f"'{name}' is not in the codebook", fix))
        if not unknown and pair not in arrows:
            problems.append(Problem(f"absent {arrow(pair)}", "the model has no such arrow", ""))
    return problems


def _assigned_problems(assumed: Assumptions) -> list[Problem]:
    """Nothing can cause what chance assigned."""
    causes: list[Pair] = [pair for pair in assumed.edges if pair[1] in assumed.randomised]
    causes += [
        (u, name) for u, on in assumed.latent.items() for name in on if name in assumed.randomised
    ]
    fix = "drop the arrow, or take the lever out of 'randomised'"
    return [
        Problem(arrow(pair), f"'{pair[1]}' was assigned by chance, so nothing causes it", fix)
        for pair in causes
    ]


def circles(dag: Dag, declared: Set[Arrow]) -> list[Problem]:
    """Find declared arrows that close a circle; each circle once.

    Parameters
    ----------
    dag : Dag
    declared : set of (cause, effect)

    Returns
    -------
    list of Problem
    """
    problems, seen = [], set()
    for cause, effect in sorted(declared):
        back = dag.directed_path(effect, cause)
        if not back or frozenset(back) in seen:
            continue
        seen.add(frozenset(back))
        around = " → ".join((cause, *back))
        mine = [pair for pair in pairwise(back) if pair in declared]
        drop = " or ".join(arrow(pair) for pair in [(cause, effect), *mine])
        fix = f"nothing can cause itself: drop {drop}, or the model does not fit the question"
        problems.append(Problem("edges", f"the diagram has a circle, {around}", fix))
    return problems


def misplaced_confounders(dag: Dag, known: Variables, assumed: Assumptions) -> list[Problem]:
    """Find declared confounders that are consequences: mediators and common effects.

    Adjusting for a mediator takes away the part of the effect that runs through it; adjusting
    for a common effect makes its causes go together where they do not (Pearl 2009, 3.3.1).

    Parameters
    ----------
    dag : Dag
        Without the arrows that a confounder would have.
    known : Variables
    assumed : Assumptions

    Returns
    -------
    list of Problem
    """
    problems = []
    for name in assumed.confounders or ():
        above = dag.ancestors([name]) - {name}
        outcomes = [o for o in known.outcomes if o in above]
        causes = [x for x in (*known.levers, *known.emotions) if x in above]
        if not (outcomes or causes):
            continue
        ways: list[tuple[str, ...]] = [dag.directed_path(x, name) for x in outcomes or causes]
        path = " → ".join(sorted(ways, key=len)[0])
        if outcomes:
            what = (
                f"'{name}' is a common effect (collider), not a confounder: {path}; adjusting "
                "for it would make its causes look related where they are not"
            )
        else:
            what = (
                f"'{name}' is a mediator, not a confounder: {path} → outcome; adjusting for it "
                "would take away the part of the effect that runs through it"
            )
        fix = "take it out of 'confounders' and out of the codebook's controls, or drop the arrow"
        problems.append(Problem("confounders", what, fix))
    return problems

"""The causal diagram: the model's own arrows, what was declared, and what nobody can rule out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

from emotion_models.causal.assumptions import SUBJECT, Assumptions
from emotion_models.causal.dag import Arrow, Dag
from emotion_models.causal.faults import circles, misplaced_confounders, name_problems
from emotion_models.causal.variables import (
    AFFECT,
    BACKGROUND,
    BOND,
    BUNDLE,
    STYLE,
    UNMEASURED,
    Variables,
    variables,
)
from emotion_models.errors import InputProblems, expected

if TYPE_CHECKING:
    from emotion_models.models.spec import JourneyModel
    from emotion_models.survey import Codebook


@dataclass(frozen=True)
class Diagram:
    """A causal diagram over the variables of a model.

    Parameters
    ----------
    dag : Dag
        Unmeasured common causes are nodes too.
    variables : Variables
    assumptions : Assumptions
    """

    dag: Dag
    variables: Variables
    assumptions: Assumptions

    @property
    def measured(self) -> frozenset[str]:
        """Nodes that were measured."""
        known = self.variables
        named = {*known.levers, *known.emotions, *known.outcomes, *known.adjusted}
        return frozenset(named & set(self.dag.nodes))


def diagram(
    model: JourneyModel, codebook: Codebook, assumptions: Assumptions | None = None
) -> Diagram:
    """Draw the diagram of a model under assumptions.

    Parameters
    ----------
    model : JourneyModel
    codebook : Codebook
    assumptions : Assumptions, optional
        Default: nothing is assumed.

    Returns
    -------
    Diagram

    Raises
    ------
    InputProblems
        With every unknown name, every circle, and every declared confounder that the diagram
        makes a mediator or a common effect.
    """
    assumed = Assumptions() if assumptions is None else assumptions
    expected(SUBJECT, "assumptions", assumed, Assumptions, "build them with em.Assumptions()")
    known = variables(model, codebook)
    problems = name_problems(known, assumed, model_arrows(known) | trait_arrows(known, assumed))
    valid = {*known.roles, *assumed.latent}
    declared = {pair for pair in assumed.edges if set(pair) <= valid}
    core = (model_arrows(known) - set(assumed.absent)) | declared
    core |= {(u, name) for u, on in assumed.latent.items() for name in on if name in valid}
    bare = Dag(frozenset(core))
    problems += circles(bare, declared)
    problems += misplaced_confounders(bare, known, assumed)
    if problems:
        raise InputProblems(SUBJECT, problems)
    dag = _with_traits(bare, known, assumed)
    return Diagram(Dag(dag.arrows | _unnamed(dag, known, assumed)), known, assumed)


def model_arrows(known: Variables) -> set[Arrow]:
    """Arrows of the model's equations: levers, emotions, relationship, behaviour, style."""
    arrows: set[Arrow] = set(product(known.levers, known.emotions))
    for outcome in known.outcomes:
        arrows |= set(product(known.acting_on(outcome), [outcome]))
    arrows |= set(product(known.constructs, known.behaviours))
    arrows |= set(product([STYLE], [*known.emotions, *known.outcomes]))
    return arrows


def trait_arrows(known: Variables, assumed: Assumptions) -> set[Arrow]:
    """Arrows from controls and segment to everything they may act on."""
    free = _not_assigned(known, assumed)
    return set(product(known.traits, [*free, *known.emotions, *known.outcomes]))


def _not_assigned(known: Variables, assumed: Assumptions) -> list[str]:
    return [lever for lever in known.levers if lever not in assumed.randomised]


def _with_traits(dag: Dag, known: Variables, assumed: Assumptions) -> Dag:
    """Let controls and segment act on everything that, by what was declared, does not cause them.

    One at a time: two of them together must not close a circle either.
    """
    for trait in known.traits:
        earlier = dag.ancestors([trait])
        own = {pair for pair in trait_arrows(known, assumed) if pair[0] == trait}
        own = {pair for pair in own - set(assumed.absent) if pair[1] not in earlier}
        dag = Dag(dag.arrows | own)
    return dag


def _unnamed(dag: Dag, known: Variables, assumed: Assumptions) -> set[Arrow]:
    """Arrows of the unmeasured causes that are there unless something declared rules them out."""
    free = _not_assigned(known, assumed)
    causes: list[tuple[str, Iterable[str]]] = [
        (AFFECT, known.emotions),
        (BOND, known.constructs if len(known.constructs) > 1 else ()),
        (BACKGROUND, [name for name in (*known.traits, STYLE) if not dag.parents(name)]),
        (BUNDLE, free if len(free) > 1 else ()),
    ]
    if assumed.confounders is None:
        causes.append((UNMEASURED, [*free, *known.emotions, *known.outcomes]))
    return {(cause, name) for cause, touched in causes for name in touched}

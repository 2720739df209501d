"""`identify`: how far each effect may be claimed under a diagram, and why."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final, Protocol, runtime_checkable

from emotion_models.causal.assumptions import Assumptions
from emotion_models.causal.diagram import Diagram, diagram
from emotion_models.causal.ladder import Claimed, Kind, chain, direct_claim
from emotion_models.errors import InputProblems, Problem, did_you_mean, expected
from emotion_models.models.spec import JourneyModel
from emotion_models.summarised import Summarised
from emotion_models.survey import Survey

if TYPE_CHECKING:
    import pandas as pd

    from emotion_models.survey import Codebook

MOST_SETS: Final = 10
KINDS: Final[dict[Kind, str]] = {
    "lever on emotion": "what levers do to emotions",
    "emotion on outcome": "what emotions do to outcomes",
    "construct on behaviour": "what the relationship does to behaviour",
    "lever on outcome": "what levers do to outcomes, through emotions",
}


class Described(Protocol):
    """What a survey and a fit's description of its survey have in common."""

    @property
    def codebook(self) -> Codebook:
        """What the data mean."""
        ...


@runtime_checkable
class Fitted(Protocol):
    """A fit, as far as a diagram needs it."""

    @property
    def model(self) -> JourneyModel:
        """What was estimated."""
        ...

    @property
    def survey(self) -> Described:
        """What it was estimated from."""
        ...

    @property
    def assumptions(self) -> Assumptions | None:
        """What was declared about causes."""
        ...


@dataclass(frozen=True, repr=False)
class Identification(Summarised):
    """The claim level of every effect, with its reason.

    Parameters
    ----------
    diagram : Diagram
    claims : tuple of Claimed
    """

    diagram: Diagram
    claims: tuple[Claimed, ...]

    @cached_property
    def _places(self) -> dict[tuple[str, str], Claimed]:
        return {(claim.exposure, claim.outcome): claim for claim in self.claims}

    def claim(self, exposure: str, outcome: str) -> Claimed:
        """Return the claim about one effect.

        Parameters
        ----------
        exposure, outcome : str

        Returns
        -------
        Claimed

        Raises
        ------
        InputProblems
            If the model holds no such effect.
        """
        found = self._places.get((exposure, outcome))
        if found is None:
            valid = [one for one, other in self._places if other == outcome]
            where = f"effect of '{exposure}' on '{outcome}'"
            fix = did_you_mean(exposure, valid) if valid else f"'{outcome}' is no outcome here"
            raise InputProblems("identification", [Problem(where, "not in the model", fix)])
        return found

    def adjustment_sets(
        self, exposure: str, outcome: str, *, most: int = MOST_SETS
    ) -> tuple[frozenset[str], ...]:
        """List minimal sets of measured variables that meet the back-door criterion.

        Parameters
        ----------
        exposure, outcome : str
        most : int
            Where to stop.

        Returns
        -------
        tuple of frozenset of str
            Smallest first; empty when no measured set suffices.
        """
        self.claim(exposure, outcome)
        dag = self.diagram.dag
        allowed = self.diagram.measured - dag.descendants(exposure) - {exposure, outcome}
        bare = dag.without_effects_of(exposure)
        return bare.separators(exposure, outcome, allowed, most=most)

    def table(self) -> pd.DataFrame:
        """Return one row per effect.

        Returns
        -------
        pandas.DataFrame
            kind, exposure, outcome, claim, reason, held (what the model holds constant).
        """
        import pandas as pd

        rows = [
            (c.kind, c.exposure, c.outcome, c.level, c.reason, ", ".join(sorted(c.held)))
            for c in self.claims
        ]
        columns = ["kind", "exposure", "outcome", "claim", "reason", "held"]
        return pd.DataFrame(rows, columns=columns)

    def summary(self) -> str:
        """Say in words what is assumed and what follows from it."""
        lines = ["Assumed:", *(f"  {said}" for said in self.diagram.assumptions.sentences())]
        lines.append("It follows, if that is true:")
        for kind, words in KINDS.items():
            claims = [claim for claim in self.claims if claim.kind == kind]
            if not claims:
                continue
            levels: dict[str, list[Claimed]] = {}
            for claim in claims:
                levels.setdefault(claim.level, []).append(claim)
            counts = ", ".join(f"{name} {len(found)}" for name, found in levels.items())
            lines.append(f"  {words}: {counts} of {len(claims)}")
            for found in levels.values():
                first = found[0]
                lines.append(f"    {first.exposure} on {first.outcome}: {first.reason}")
        return "\n".join(lines)


def identify(study: Fitted | Survey, assumptions: Assumptions | None = None) -> Identification:
    """Say how far each effect may be claimed, and why.

    An effect is *causal* when the diagram leaves no open back-door path between exposure and
    outcome, given what the model holds constant, and nothing held is a consequence of the
    exposure (the back-door criterion, Pearl 2009, section 3.3.1). Else it is *adjusted* where
    the model has controls, and an *association* where it has none.

    Parameters
    ----------
    study : Fit or Survey
        A survey stands for the model that `JourneyModel.for_survey` would choose.
    assumptions : Assumptions, optional
        Default: those the fit carries (`Fit.under`), else none.

    Returns
    -------
    Identification

    Raises
    ------
    InputProblems
        With everything that is wrong with the diagram; see `Assumptions`.
    """
    if isinstance(study, Survey):
        return identified(diagram(JourneyModel.for_survey(study), study.codebook, assumptions))
    expected("assumptions", "study", study, Fitted, "give a fit or a survey")
    own = study.assumptions if assumptions is None else assumptions
    return identified(diagram(study.model, study.survey.codebook, own))


def identified(drawn: Diagram) -> Identification:
    """Judge every effect of a diagram; see `identify`."""
    known, dag = drawn.variables, drawn.dag
    bare = {x: dag.without_effects_of(x) for x in (*known.levers, *known.emotions)}
    bare |= {c: dag.without_effects_of(c) for c in known.constructs}
    pairs: list[tuple[Kind, str, str]] = []
    pairs += [("lever on emotion", x, e) for x in known.levers for e in known.emotions]
    pairs += [("emotion on outcome", e, o) for o in known.outcomes for e in known.acting_on(o)]
    pairs += [("construct on behaviour", c, b) for b in known.behaviours for c in known.constructs]
    claims = [direct_claim(drawn, bare[x], kind, x, y) for kind, x, y in pairs]
    found = {(claim.exposure, claim.outcome): claim for claim in claims}
    claims += [chain(drawn, found, x, o) for o in known.outcomes for x in known.levers]
    return Identification(drawn, tuple(claims))

"""The variables of a journey model, by role: the nodes of its causal diagram."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from emotion_models.models.design import coordinates

if TYPE_CHECKING:
    from emotion_models.models.spec import JourneyModel
    from emotion_models.survey import Codebook

SEGMENT: Final = "segment"
STYLE: Final = "style"
AFFECT: Final = "mood and affect"
BOND: Final = "rest of the bond"
BACKGROUND: Final = "background"
BUNDLE: Final = "why levers go together"
UNMEASURED: Final = "something unmeasured"
OWN: Final = (AFFECT, BOND, BACKGROUND, BUNDLE, UNMEASURED)
"""Unmeasured causes that every diagram may hold; see `docs/causal.md`."""


@dataclass(frozen=True)
class Variables:
    """What a model links, by role.

    An emotion is one variable: what is remembered of it is computed from its ratings, so nothing
    else can act on it.

    Parameters
    ----------
    levers, emotions, constructs, behaviours, controls : tuple of str
    remembered : tuple of (item, emotion)
        The emotion is empty for a remembered overall experience.
    segment : bool
        Whether the model tells segments apart.
    style : bool
        Whether the model measures the answering style by its index.
    """

    levers: tuple[str, ...]
    emotions: tuple[str, ...]
    remembered: tuple[tuple[str, str], ...]
    constructs: tuple[str, ...]
    behaviours: tuple[str, ...]
    controls: tuple[str, ...]
    segment: bool
    style: bool

    @property
    def outcomes(self) -> tuple[str, ...]:
        """Remembered items, constructs and behaviours."""
        return (*(name for name, _ in self.remembered), *self.constructs, *self.behaviours)

    @property
    def traits(self) -> tuple[str, ...]:
        """Controls, and the segment where there is one."""
        return (*self.controls, SEGMENT) if self.segment else self.controls

    @property
    def adjusted(self) -> tuple[str, ...]:
        """What every outcome is adjusted for."""
        return (*self.traits, STYLE) if self.style else self.traits

    @property
    def roles(self) -> dict[str, str]:
        """Every name with its role in words."""
        named = (
            ("lever", self.levers),
            ("emotion", self.emotions),
            ("control", self.controls),
            ("remembered item", tuple(name for name, _ in self.remembered)),
            ("construct", self.constructs),
            ("behaviour", self.behaviours),
            ("segment", (SEGMENT,) if self.segment else ()),
            ("answering style", (STYLE,)),
        )
        return {name: role for role, names in reversed(named) for name in names}

    def acting_on(self, outcome: str) -> tuple[str, ...]:
        """Emotions that the model lets act on an outcome."""
        own = dict(self.remembered).get(outcome)
        return (own,) if own else self.emotions


def variables(model: JourneyModel, codebook: Codebook) -> Variables:
    """List the variables that a model links.

    Parameters
    ----------
    model : JourneyModel
    codebook : Codebook

    Returns
    -------
    Variables
    """
    valence, _ = coordinates(codebook)
    return Variables(
        levers=tuple(codebook.lever_names),
        emotions=tuple(codebook.emotion_names),
        remembered=tuple((item.name, item.emotion or "") for item in codebook.remembered),
        constructs=tuple(codebook.construct_names),
        behaviours=tuple(codebook.behaviour_names),
        controls=(*codebook.control_names, *_own_controls(model)),
        segment=model.segments and codebook.segments is not None,
        style=bool(model.halo and (valence > 0).any() and (valence < 0).any()),
    )


def _own_controls(model: JourneyModel) -> tuple[str, ...]:
    """What an option of the model adds to the controls, by the name of its column."""
    found = (("value", model.moderator == "value"), ("delay", model.fading))
    return tuple(name for name, present in found if present)

"""What outcomes are worth over time: the codebook's ``[value]``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from pydantic import Field

from emotion_models.errors import did_you_mean
from emotion_models.survey.base import Label, Name, Part
from emotion_models.survey.codes import show
from emotion_models.survey.parts import Behaviour

MOST_PERIODS = 100


class Value(Part):
    """How values of behaviours add up to what a journey is worth.

    Without `retention` a journey is worth the sum of ``value`` times expected amount over the
    behaviours that have a value. With it, the journey is the first of those a customer may still
    make; see `emotion_models.science.equations.lifetime`.

    Parameters
    ----------
    currency : str
        E.g. ``"EUR"``; default: the unit of the first behaviour that has a value.
    period : str
        What horizon, discount and `journeys` count in.
    horizon : int
        Periods ahead that count.
    discount : float
        Per period: one unit of money a period later is worth ``1 / (1 + discount)``.
    journeys : float, optional
        Journeys of one period that a change would concern; totals need it.
    retention : str, optional
        Behaviour that says whether the customer comes again (or, where it is not desirable,
        leaves): yes or no within a period, or a duration until it.
    margin : float or "customer_value", optional
        Worth of each period in which the customer comes again, or the customer's own value.
        Default: the value of the retention behaviour.
    recurring : names of behaviours
        Whose value is expected again at every later journey, as it was at this one.
    """

    currency: Label = ""
    period: Name = "year"
    horizon: int = Field(default=1, ge=1, le=MOST_PERIODS)
    discount: float = Field(default=0.0, ge=0, le=1)
    journeys: float | None = Field(default=None, gt=0)
    retention: Name | None = None
    margin: float | Literal["customer_value"] | None = None
    recurring: tuple[Name, ...] = ()


def value_problems(
    value: Value, behaviours: Sequence[Behaviour], has_customer_value: bool
) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
    """Find what in ``[value]`` contradicts the rest of a codebook.

    Parameters
    ----------
    value : Value
    behaviours : sequence of Behaviour
    has_customer_value : bool
        Whether the codebook has ``[customer_value]``.

    Yields
    ------
    place, what, fix
    """
    known = {behaviour.name: behaviour for behaviour in behaviours}
    for name in value.recurring:
        loc = ("value", "recurring")
        if name not in known:
            yield loc, f"{show(name)} is not among the behaviours", did_you_mean(name, list(known))
        elif known[name].value is None:
            yield loc, f"{show(name)} has no value", "give the behaviour its 'value'"
        elif name == value.retention:
            yield loc, f"{show(name)} is the retention itself", "leave it out"
    if value.recurring and value.retention is None:
        yield ("value", "recurring"), "needs 'retention'", "say which behaviour is the return"
    if value.margin == "customer_value" and not has_customer_value:
        yield ("value", "margin"), "the codebook has no [customer_value]", "describe its column"
    if value.retention is None:
        if value.margin is not None:
            yield ("value", "margin"), "needs 'retention'", "say which behaviour is the return"
        return
    yield from _retention_problems(value, known)


def _retention_problems(
    value: Value, known: dict[str, Behaviour]
) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
    name, loc = str(value.retention), ("value", "retention")
    if name not in known:
        yield loc, f"{show(name)} is not among the behaviours", did_you_mean(name, list(known))
        return
    behaviour = known[name]
    if behaviour.family not in ("bernoulli", "duration"):
        fix = "name a behaviour of family 'bernoulli' or 'duration'"
        yield loc, f"{show(name)} is of family '{behaviour.family}'", fix
    gained = behaviour.family == "bernoulli" and behaviour.desirable
    if value.margin is None and not (gained and behaviour.value is not None):
        fix = "give 'margin', what a period with the customer is worth"
        yield loc, f"{show(name)} has no value of coming again", fix

"""Findings: one claim with its uncertainty, its claim level and the checks it rests on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Protocol

from emotion_models.intervals import PROBABILITY
from emotion_models.reporting.numbers import interval, percent
from emotion_models.reporting.wording import Level


class CheckResult(Protocol):
    """What a finding needs to know of a check."""

    @property
    def name(self) -> str:
        """Name of the check."""
        ...

    @property
    def status(self) -> str:
        """``PASS``, ``REVIEW`` or ``FAIL``."""
        ...

    @property
    def advice(self) -> str:
        """What to do about it."""
        ...


@dataclass(frozen=True)
class Finding:
    """A claim in plain English.

    Parameters
    ----------
    claim : str
        One sentence; of a withheld finding, which check failed and what to do.
    estimate, lower, upper : float or None
        Posterior mean and 90% interval, in `unit`; None when withheld.
    probability : float or None
        Probability that the claim's direction is right; None where the claim has no direction.
    level : {"association", "adjusted", "causal"} or None
        None for a claim about memory or prediction rather than about an effect.
    unit : str
        Unit of the estimate as printed, e.g. ``"percentage points"``.
    digits : int, optional
        Decimals to print; default: fitting the size of the numbers.
    topic : str
        What the claim is about, without saying what was found; printed when withheld.
    depends_on : tuple of str
        Names of the checks that must not have failed.
    caveats : tuple of str
    withheld : bool
    source : tuple of (str, str)
        Where the draws behind it come from: the verb, and what was asked of it by its names in the
        codebook. With the fit, this leads to the same numbers again.
    """

    claim: str
    estimate: float | None
    lower: float | None
    upper: float | None
    probability: float | None
    level: Level | None
    unit: str = ""
    digits: int | None = None
    topic: str = ""
    depends_on: tuple[str, ...] = ()
    caveats: tuple[str, ...] = ()
    withheld: bool = False
    source: tuple[tuple[str, str], ...] = ()


def withhold(finding: Finding, checks: Iterable[CheckResult]) -> Finding:
    """Replace a finding by a statement of what failed, when a check it depends on has failed.

    The numbers are removed too: a withheld finding says nothing anywhere. A check under REVIEW
    adds a caveat.

    Parameters
    ----------
    finding : Finding
    checks : iterable of Check
        With ``name``, ``status`` and ``advice``.

    Returns
    -------
    Finding
    """
    mine = [check for check in checks if check.name in finding.depends_on]
    failed = [check for check in mine if check.status == "FAIL"]
    if not failed:
        review = tuple(
            f"The check '{check.name}' needs a look." for check in mine if check.status != "PASS"
        )
        return replace(finding, caveats=(*finding.caveats, *review))
    names = ", ".join(f"'{check.name}'" for check in failed)
    advice = " ".join(dict.fromkeys(check.advice for check in failed if check.advice))
    what = finding.topic or "A finding"
    noun = "check" if len(failed) == 1 else "checks"
    claim = f"Withheld: {what}. The {noun} {names} failed."
    if advice:
        claim += f" What to do: {advice.rstrip('.')}."
    return replace(
        finding, claim=claim, estimate=None, lower=None, upper=None, probability=None,
        caveats=(), withheld=True,
    )  # fmt: skip


def uncertainty(finding: Finding) -> str:
    """Line under a finding: interval, probability of its direction, claim level, caveats.

    Empty for a withheld finding.
    """
    if finding.withheld or finding.lower is None or finding.upper is None:
        return ""
    between = interval(finding.lower, finding.upper, finding.digits)
    parts = [f"{PROBABILITY:.0%} interval {between} {finding.unit}".rstrip()]
    if finding.probability is not None:
        parts.append(f"probability {percent(finding.probability)}")
    if finding.level:
        parts.append(finding.level)
    return " ".join(["; ".join(parts) + ".", *finding.caveats])

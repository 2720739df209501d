"""In what a world differs from the model: one deviation at a time, of stated strength.

A deviation puts other functions in the place of the model's own; all else of a world stays.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from mechanisms import (
    CARELESS,
    CURVED,
    DECAY,
    JOINED,
    SHIFT,
    SKIPPED,
    STRETCH,
    STRONG,
    STYLED,
    YIELDS,
    Floats,
    Tick,
    carelessly,
    curved,
    four_features,
    higher,
    joined,
    middle,
    outermost,
    own_cutpoints,
    plainly,
    recency,
    segments,
    straight,
    styled,
    threshold,
)


@dataclass(frozen=True)
class Deviation:
    """In what a world differs from the model.

    Parameters
    ----------
    about, strength, source : str
    remember : callable
        Of scores and weights of the four features: what is kept (J, E).
    respond : callable
        Of what is kept and effects (E, outcomes): logits (J, outcomes).
    tick : callable
        Of a generator and scales: what stands in the survey.
    tails : bool
        Whether what people feel and do has the tails of a t distribution with 2 degrees of freedom.
    confounder : tuple of float
        Pull of an unmeasured cause, per standard deviation, on feelings and on outcomes (logits).
    site : tuple of float
        Standard deviation between sites of 20 people of feelings and of outcomes (logits).
    skipped : bool
        Whether ratings are missing more often the worse the feeling.
    advice : str
        Where it fails unnoticed: why, and what a user can do.
    """

    about: str
    strength: str = ""
    source: str = "our choice"
    remember: Callable[[Floats, Floats], Floats] = four_features
    respond: Callable[[Floats, Floats], Floats] = straight
    tick: Tick = plainly
    tails: bool = False
    confounder: tuple[float, float] = (0.0, 0.0)
    site: tuple[float, float] = (0.0, 0.0)
    skipped: bool = False
    advice: str = ""


STYLE: Final = f"{STYLED:.0%} of people, {YIELDS:.0%} of their answers"
STYLES: Final = "Van Vaerenbergh & Thomas 2013 (kinds); strength our choice"
RIGHT: Final = "right"
DEVIATIONS: Final = {
    RIGHT: Deviation("the model's own equations", "none", "docs/model.md"),
    "segments": Deviation(
        "memory keeps peak and end of each half",
        "all of memory",
        "Fredrickson 2000 (moments, not durations); halves our choice",
        remember=segments,
        advice="Parts of a journey are kept apart, which weights of mean, peak, end and first do "
        "not say; try a new order or a shorter journey on some people before relying on "
        "it.",
    ),
    "recency": Deviation(
        "memory decays from moment to moment",
        f"a moment counts {DECAY} of the next",
        remember=recency,
        advice="Every moment fades, not only all but the last; compare memory rules with trend, "
        "and try a new order on some people.",
    ),
    "threshold": Deviation(
        "only strong moments are remembered",
        f"nothing below {STRONG} of the scale",
        remember=threshold,
        advice="Weak feelings leave no trace, so that a point counts at the top and not at the "
        "bottom; compare linear with monotonic scores.",
    ),
    "nonlinear": Deviation(
        "effects grow with the square of memory",
        f"slope 0 to {2 * CURVED:g} times the effect",
        respond=curved,
        advice="A straight line averages a slope that grows; compare linear with monotonic "
        "scores, and trust averages over people more than extremes.",
    ),
    "interaction": Deviation(
        "gratitude takes the edge off anger",
        f"{JOINED:g} logits at the top of both",
        respond=joined,
        advice="The model adds effects up and has no option for emotions that change each "
        "other's; compare effects between people high and low on the other emotion.",
    ),
    "heavy tails": Deviation(
        "feelings and outcomes have t tails",
        "2 degrees of freedom",
        tails=True,
        advice="Few people with extreme feelings carry much of an effect; ask more people, and "
        "look at whether leaving out extreme journeys moves the effects.",
    ),
    "acquiescence": Deviation(
        "some tick a point more",
        STYLE,
        STYLES,
        tick=styled(higher),
        advice="A style that moves ratings and outcomes alike looks like an effect; compare with "
        "and without the style index (em.halo), and take outcomes from records.",
    ),
    "extreme": Deviation(
        "some tick the nearer end",
        STYLE,
        STYLES,
        tick=styled(outermost),
        advice="Ends are ticked by style, so that a point on the scale is less than a point "
        "felt; ask fewer categories, and take outcomes from records.",
    ),
    "midpoint": Deviation(
        "some tick the middle",
        STYLE,
        STYLES,
        tick=styled(middle),
        advice="The middle is ticked by style, which hides differences; offer no middle, and "
        "take outcomes from records.",
    ),
    "own cutpoints": Deviation(
        "everybody has cutpoints of their own",
        f"shift sd {SHIFT} logits, log spread sd {STRETCH}",
        tick=own_cutpoints,
        advice="Scales are used differently, alike in ratings and outcomes; use anchored scales, "
        "several journeys of each person, and outcomes from records.",
    ),
    "careless": Deviation(
        "some answer without reading",
        f"{CARELESS:.0%}: half one place, half anything",
        "Meade & Craig 2012 (10 to 12%, two kinds)",
        tick=carelessly,
        advice="Answers at random dilute effects, equal answers add false ones; look at "
        "em.careless, and compare with em.without_flagged.",
    ),
    "missing": Deviation(
        "bad feelings are not reported",
        f"chance to skip 0.05 to {SKIPPED}",
        skipped=True,
        advice="What is missing depends on itself, which nothing in the data can show; ask in a "
        "way that leaves no rating out, and say how many are missing.",
    ),
    "weak confounder": Deviation(
        "an unmeasured cause of feelings and outcomes",
        "0.3 and 0.4 logits per sd",
        confounder=(0.3, 0.4),
        advice="Nothing in the data shows an unmeasured cause; measure it as a control, vary a "
        "lever by chance, and report em.robustness.",
    ),
    "strong confounder": Deviation(
        "an unmeasured cause of feelings and outcomes",
        "0.8 and 1.0 logits per sd",
        confounder=(0.8, 1.0),
        advice="Nothing in the data shows an unmeasured cause; measure it as a control, vary a "
        "lever by chance, and report em.robustness.",
    ),
    "clusters": Deviation(
        "sites share feelings and outcomes",
        "20 people a site, sd 0.6 and 0.8 logits",
        site=(0.6, 0.8),
        advice="People of a site are not independent; name the sites in the codebook and use "
        "em.design_corrected.",
    ),
}
"""Worlds by name, the right one first."""

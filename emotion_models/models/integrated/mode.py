"""Where the latents of people lie, given their ratings: Newton's method, in Numba.

The latents of a respondent are standard normals ``u = (style, mood, affect of every moment)``.
Moments touch each other only through style and mood, so minus the Hessian of the log density is
an arrow: ``D_t`` for each affect, ``C_t`` beside style and mood, ``A`` among these two. Affects
are eliminated first: what is left of style and mood is ``S = A - sum_t C_t C_t' / D_t``. The
density is concave, as that of every answer is (`rows`), so it has one mode.
"""

from __future__ import annotations

from typing import Any, Final

from numba.extending import register_jitable

from emotion_models.models.integrated import rows

CLOSE: Final = 1e-4
"""Largest step, in standard deviations of people, at which the mode is found. The nodes need to
lie about there, no nearer."""
MOST: Final = 30
LONGEST: Final = 3.0
"""Longest step, where curvature far out promises too much."""

# Rows of what is known of people.
STYLE, MOOD = 0, 1  # the mode
SS, SM, MM = 2, 3, 4  # S
TO_STYLE, TO_MOOD = 5, 6  # slope, then step
PEOPLE: Final = 7
# Rows of what is known of moments.
AFFECT: Final = 0  # the mode
PRECISION: Final = 1  # D
BY_STYLE, BY_MOOD = 2, 3  # C / D: how the mode of affect moves with style and mood
TO_AFFECT: Final = 4
MOMENTS: Final = 5
# Rows of the sums over emotions: of slope and curvature times 1, valence, loading and products.
G1, GV, GL, H1, HV, HL, HVV, HLL, HVL = range(9)


@register_jitable
def find(block: Any, how: Any, person: Any, moment: Any, desk: Any) -> None:
    """Fill `person` and `moment` of a block of journeys, from 0.

    Parameters
    ----------
    block : tuple
        As `blocks.load` returns it.
    how : tuple
        Valence (Q,), loading (Q,), standard deviations (3,).
    person : array, shape (PEOPLE, B)
    moment : array, shape (MOMENTS, T, B)
    desk : tuple
        Memory to work in: see `kernel.desk`.
    """
    _, who, n, n_people = block
    person[:, :n_people] = 0.0
    moment[:, :, :n] = 0.0
    for _ in range(MOST):
        person[SS, :n_people] = 1.0
        person[SM, :n_people] = 0.0
        person[MM, :n_people] = 1.0
        for p in range(n_people):
            person[TO_STYLE, p], person[TO_MOOD, p] = -person[STYLE, p], -person[MOOD, p]
        for t in range(moment.shape[1]):
            sums = _expand(block, how, person, moment, t, desk)
            _eliminate(sums, how[2], who, n, person, moment[:, t])
        largest = _solve(n_people, person)
        for t in range(moment.shape[1]):
            for j in range(n):
                p = who[j]
                pulled = moment[BY_STYLE, t, j] * person[TO_STYLE, p]
                pulled += moment[BY_MOOD, t, j] * person[TO_MOOD, p]
                step = min(max(moment[TO_AFFECT, t, j] - pulled, -LONGEST), LONGEST)
                moment[TO_AFFECT, t, j] = step
                largest = max(largest, abs(step))
        if not largest > CLOSE:  # or nothing that a further step could mend
            break
        for p in range(n_people):
            person[STYLE, p] += person[TO_STYLE, p]
            person[MOOD, p] += person[TO_MOOD, p]
        for t in range(moment.shape[1]):
            for j in range(n):
                moment[AFFECT, t, j] += moment[TO_AFFECT, t, j]


@register_jitable
def bring(person: Any, sd: Any, who: Any, n: int, brought: Any) -> None:
    """Style and mood of every journey's respondent."""
    style, mood, _ = brought
    for j in range(n):
        style[j] = sd[0] * person[STYLE, who[j]]
        mood[j] = sd[1] * person[MOOD, who[j]]


@register_jitable
def feel(moment: Any, t: int, sd: Any, n: int, brought: Any) -> None:
    """Core affect of every journey at a touchpoint."""
    affect = brought[2]
    for j in range(n):
        affect[j] = sd[2] * moment[AFFECT, t, j]


@register_jitable
def _expand(block: Any, how: Any, person: Any, moment: Any, t: int, desk: Any) -> Any:
    """Sum slopes and curvatures of the ratings at a touchpoint over its emotions."""
    (own, upper, lower, _), who, n, _ = block
    valence, loading, sd = how
    lines, brought, work = desk
    found, slope, curve, _ = lines
    bring(person, sd, who, n, brought)
    feel(moment, t, sd, n, brought)
    first, second = work[G1 : GL + 1], work[H1 : HVL + 1]
    work[: HVL + 1, :n] = 0.0
    for q in range(valence.size):
        v, w = valence[q], loading[q]
        rows.shrunk(own[t, q], brought, v, w, lines, n)
        rows.slopes(found, upper[t, q], lower[t, q], n, slope, curve)
        rows.add_products(slope, n, v, w, first)
        rows.add_products(curve, n, v, w, second)
    return work


@register_jitable
def _eliminate(sums: Any, sd: Any, who: Any, n: int, person: Any, moment: Any) -> None:
    """Solve the affects of a touchpoint, leaving equations for style and mood."""
    style, mood, affect = sd[0], sd[1], sd[2]
    for j in range(n):
        p = who[j]
        precision = 1.0 + affect * affect * sums[HLL, j]
        by_style = style * affect * sums[HL, j] / precision
        by_mood = mood * affect * sums[HVL, j] / precision
        slope = affect * sums[GL, j] - moment[AFFECT, j]
        moment[PRECISION, j], moment[TO_AFFECT, j] = precision, slope / precision
        moment[BY_STYLE, j], moment[BY_MOOD, j] = by_style, by_mood
        person[SS, p] += style * style * sums[H1, j] - by_style * by_style * precision
        person[SM, p] += style * mood * sums[HV, j] - by_style * by_mood * precision
        person[MM, p] += mood * mood * sums[HVV, j] - by_mood * by_mood * precision
        person[TO_STYLE, p] += style * sums[G1, j] - by_style * slope
        person[TO_MOOD, p] += mood * sums[GV, j] - by_mood * slope


@register_jitable
def _solve(n_people: int, person: Any) -> float:
    """Steps of style and mood in place of their slopes; the longest of them."""
    largest = 0.0
    for p in range(n_people):
        ss, sm, mm = person[SS, p], person[SM, p], person[MM, p]
        to_style, to_mood = person[TO_STYLE, p], person[TO_MOOD, p]
        det = ss * mm - sm * sm
        step_style = min(max((mm * to_style - sm * to_mood) / det, -LONGEST), LONGEST)
        step_mood = min(max((ss * to_mood - sm * to_style) / det, -LONGEST), LONGEST)
        person[TO_STYLE, p], person[TO_MOOD, p] = step_style, step_mood
        largest = max(largest, abs(step_style), abs(step_mood))
    return largest

"""`importance`: which emotions, or touchpoints, explain how outcomes differ between journeys.

On the latent scale of each outcome row: the scale of its linear predictor, where effects add up.
The variance of what memory brings is set against the whole (McKelvey & Zavoina 1975; per draw:
Gelman, Goodrich, Gabry & Vehtari 2019, doi 10.1080/00031305.2018.1549100),

    R2 = var(memory's part) / (var(predictor) + residual variance),

and divided among emotions or touchpoints (`emotion_models.science.equations.importance`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from emotion_models.effects.places import touchpoint_parts
from emotion_models.effects.shares import Importance
from emotion_models.errors import InputProblems, Problem, did_you_mean
from emotion_models.inference.asked import check_fit
from emotion_models.inference.estimands import claim_of_shares
from emotion_models.inference.latent_effects import answer_variance
from emotion_models.models.forward import remembered
from emotion_models.models.parameters import parameters
from emotion_models.models.response import Response, outcomes_of, respond
from emotion_models.science.equations import importance as equation

if TYPE_CHECKING:
    from emotion_models.inference import Fit

Floats = NDArray[np.floating[Any]]
Of = Literal["emotion", "touchpoint"]
DRAWS: Final = 400
EXACT: Final = 12
"""Up to so many parts all subsets are taken; beyond, random orders."""
ORDERS: Final = 200
"""Pairs of random orders beyond that."""
CHUNK_BYTES: Final = 2**27


def importance(fit: Fit, *, on: str | None = None, of: Of = "emotion") -> Importance:
    """Divide the explained variation of outcomes among emotions or touchpoints.

    The share of an emotion is its contribution to the variance that remembered emotion explains,
    averaged over all orders in which emotions may be taken into account. Correlated emotions
    share what they explain in common, so that a large share says "goes along with", not
    "acts": what one more point does is `effects`. An emotion without an effect of its own that
    accompanies one that has gets a part.

    Parameters
    ----------
    fit : Fit
    on : str, optional
        One outcome; default: all on which several emotions act.
    of : {"emotion", "touchpoint"}
        Among what to divide: the emotions, or the touchpoints at which they were felt.

    Returns
    -------
    Importance

    Raises
    ------
    InputProblems
        If there is no such outcome, or several emotions do not act on it.
    """
    rows = _chosen(fit, on, of)
    design = fit.design
    names = design.emotions if of == "emotion" else design.touchpoints
    found = [_parts(fit, draws, rows, of) for draws in _chunks(fit, len(names), len(rows))]
    joint = np.concatenate([part.joint for part in found], axis=1)
    whole = np.concatenate([part.whole for part in found], axis=1)
    along = np.concatenate([part.along for part in found], axis=1)
    values, error = _divided(joint, fit.seed)
    memory = joint[:, :, -1, -1]
    return Importance(
        values=values / whole[:, None],
        positivity=along / np.where(memory > 0, memory, 1.0),
        rows=tuple(design.rows[row].name for row in rows),
        of=of,
        names=names,
        claim=claim_of_shares(fit),
        error=float((error / whole.mean(axis=1)[:, None]).max(initial=0.0)),
        caution=fit.caution,
    )


@dataclass(frozen=True)
class _Parts:
    """Of some draws: what each name brings to the predictors.

    Parameters
    ----------
    joint : array, shape (rows, S, P + 1, P + 1)
        Covariance of what each name brings and, last, of memory's part: their sum.
    whole : array, shape (rows, S)
        Variance of predictor and residual.
    along : array, shape (rows, S)
        Variance of memory's part that one positivity score predicts.
    """

    joint: Floats
    whole: Floats
    along: Floats


def _chunks(fit: Fit, n_names: int, n_rows: int) -> list[slice]:
    """Draws to work on at once, so that memory stays bounded."""
    n_draws = fit.draws(DRAWS)[0].sizes["sample"]
    each = 8 * fit.design.n_journeys * (n_names + 2) * max(len(fit.design.rows), n_rows)
    step = max(1, CHUNK_BYTES // each)
    return [slice(start, start + step) for start in range(0, n_draws, step)]


def _parts(fit: Fit, draws: slice, rows: list[int], of: Of) -> _Parts:
    """Evaluate the predictors at some draws, construct residuals left out."""
    model, design = fit.model, fit.design
    draws_of, people = (data.isel(sample=draws, missing_dims="ignore") for data in fit.draws(DRAWS))
    known = parameters(model, design, draws_of)
    person = {"person": people["person"].to_numpy().astype(float)} if "person" in people else {}
    response = respond(model, design, known, person)
    memory = remembered(model, design, known)
    if of == "emotion":
        # What follows the emotions are their parts at touchpoints, where effects differ by these.
        n, width = len(design.emotions), memory.shape[2]
        felt = [{k: memory[:, :, k] for k in range(e, width, n)} for e in range(n)]
    else:
        felt = list(touchpoint_parts(model, design, known, memory))
    brought = np.stack([response.shift(response.total, own)[:, rows] for own in felt], axis=2)
    share = design.weight / design.weight.sum()
    total = brought.sum(axis=2, keepdims=True)
    if of == "emotion":  # without any effect, it is the remembered emotion that goes along
        none = ~brought.any(axis=3, keepdims=True)
        same = np.swapaxes(memory[:, :, : brought.shape[2]], 1, 2)[:, None]
        brought = np.where(none, same, brought)
    brought = np.concatenate([brought, total], axis=2)
    brought -= np.einsum("srpj,j->srp", brought, share)[..., None]
    joint = (brought * share) @ np.swapaxes(brought, -1, -2)
    positivity = memory[:, :, : len(design.emotions)] @ design.valence
    positivity -= (positivity @ share)[:, None]
    with_memory = np.einsum("srj,sj,j->rs", brought[:, :, -1], positivity, share)
    spread = np.maximum(positivity**2 @ share, np.finfo(float).tiny)
    return _Parts(
        joint=np.swapaxes(joint, 0, 1),
        whole=_whole(response, rows, share),
        along=with_memory**2 / spread,
    )


def _whole(response: Response, rows: list[int], share: Floats) -> Floats:
    """Variance (rows, S) of predictors and their residuals."""
    known = response.known
    eta = response.eta[:, rows]
    centred = eta - (eta @ share)[..., None]
    found = np.swapaxes(centred**2 @ share, 0, 1)
    construct = {int(row): c for c, row in enumerate(known.relationship)}
    behaviour = {int(row): b for b, row in enumerate(known.behaviour)}
    for k, row in enumerate(rows):
        if row in construct:
            factor = known.bond_factor[:, construct[row]]
            found[k] += (factor**2).sum(axis=1)  # the residual's own variance: 1
            continue
        if row in behaviour and known.relationship.size:
            through = known.bond_effect[:, None, :, behaviour[row]] @ known.bond_factor
            found[k] += (through**2).sum(axis=(1, 2))
        found[k] += answer_variance(response, row, share)
    return found


def _divided(joint: Floats, seed: int) -> tuple[Floats, Floats]:
    """Shares (rows, P, S) and their Monte Carlo standard errors (rows, P)."""
    n_rows, n_draws, n_names = joint.shape[0], joint.shape[1], joint.shape[2] - 1
    shares, errors = np.empty((n_rows, n_names, n_draws)), np.zeros((n_rows, n_names))
    for row, own in enumerate(joint):
        if n_names <= EXACT:
            shares[row] = equation.shapley(own)
        else:
            rng = np.random.default_rng(seed)
            shares[row], errors[row] = equation.shapley_by_orders(own, rng, ORDERS)
    return shares, errors


def _chosen(fit: Fit, on: str | None, of: Of) -> list[int]:
    """Rows to answer for; raises with everything wrong with the question."""
    check_fit("importance", fit)
    design, problems = fit.design, []
    rows = [r for r, row in enumerate(design.rows) if row.pooled] if fit.model.outcomes else []
    every = outcomes_of(design) if fit.model.outcomes else ()
    if not every:
        problems.append(Problem("fit", "has no outcomes", "describe outcomes in the codebook"))
    elif on is not None and on not in every:
        problems.append(Problem(f"outcome '{on}'", "not in the fit", did_you_mean(on, every)))
    elif on is not None:
        rows = [r for r in rows if design.rows[r].outcome == on]
    if every and not rows and not problems:
        what = "a rating of one emotion: only that emotion acts on it"
        problems.append(Problem(f"outcome '{on or every[0]}'", what, "ask of another outcome"))
    if of not in ("emotion", "touchpoint"):
        fix = did_you_mean(of, ["emotion", "touchpoint"])
        problems.append(Problem(f"of '{of}'", "unknown", fix))
    if problems:
        raise InputProblems("importance", problems)
    return rows

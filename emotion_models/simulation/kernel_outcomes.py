"""Outcomes as the kernel reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from emotion_models.models.families import Kind
from emotion_models.models.forward import effect_groups
from emotion_models.models.response import Response
from emotion_models.simulation import kernel
from emotion_models.simulation.kernel_types import Outcomes

if TYPE_CHECKING:
    from emotion_models.models.design import Design

Floats = NDArray[np.float32]
_KINDS: Final[dict[Kind, int]] = {
    "ordinal": kernel.ORDINAL, "binary": kernel.YES_NO, "count": kernel.EXPONENTIAL,
    "amount": kernel.EXPONENTIAL, "number": kernel.PLAIN,
}  # fmt: skip


def known_outcomes(design: Design) -> tuple[str, ...]:
    """Outcomes whose families the kernel knows.

    Parameters
    ----------
    design : Design

    Returns
    -------
    tuple of str
    """
    rows: dict[str, list[Kind]] = {}
    for row in design.rows:
        rows.setdefault(row.outcome, []).append(row.likelihood)
    alike = not design.answering.labels
    return tuple(
        name
        for name, kinds in rows.items()
        if all(kind in _KINDS and (alike or kind != "ordinal") for kind in kinds)
    )


def outcomes_of_rows(response: Response, names: tuple[str, ...], over: Floats) -> Outcomes:
    """Lay outcomes out.

    Parameters
    ----------
    response : Response
    names : tuple of str
        From `known_outcomes`.
    over : array, shape (A, J)
        Weights of the averages.

    Returns
    -------
    Outcomes
    """
    design, known = response.design, response.known
    rows_of, row, kind, items_of, items, scale = [0], [], [], [0], [], []
    for name in names:
        for r in (r for r, each in enumerate(design.rows) if each.outcome == name):
            own = np.flatnonzero(design.items.ordinal_row == r)
            likelihood = design.rows[r].likelihood
            row.append(r)
            kind.append(_KINDS[likelihood])
            items += own.tolist() if likelihood == "ordinal" else []
            items_of.append(len(items))
            scale.append(_scale(response, r, likelihood, own.size))
        rows_of.append(len(row))
    chosen = np.array(items, dtype=np.int64)
    groups = effect_groups(design, known)
    edge = np.clip(known.cutpoint[:, chosen], -kernel.FAR, kernel.FAR)
    return Outcomes(
        eta=np.ascontiguousarray(response.eta),
        effect=np.ascontiguousarray(response.total),
        share=_stacked([np.atleast_2d(each) for each in groups]),
        rows_of=np.array(rows_of),
        row=np.array(row, dtype=np.int64),
        kind=np.array(kind, dtype=np.int64),
        scale=np.ascontiguousarray(np.stack(scale, axis=1), dtype=np.float32),
        items_of=np.array(items_of),
        loading=np.ascontiguousarray(known.loading[:, chosen], dtype=np.float32),
        edge=np.exp(edge, dtype=np.float32),
        item_cuts=design.items.exists[chosen].sum(axis=1),
        over=over,
    )


def _scale(response: Response, row: int, likelihood: Kind, n_items: int) -> NDArray[Any]:
    """What the mean of a row is multiplied by, (S,)."""
    known, design = response.known, response.design
    one = np.ones(known.n_draws, dtype=np.float32)
    if likelihood in ("ordinal", "binary"):
        return one / max(n_items, 1)
    found = design.items.others[likelihood]
    column = int(np.flatnonzero(found.row == row)[0])
    unit = one * np.float32(found.unit[column])
    if likelihood != "amount":
        return unit
    (sd,) = known.shapes_of(likelihood, column)
    return unit * np.exp(np.reshape(sd, -1) ** 2 / 2)


def _stacked(parts: list[Any]) -> Floats:
    """Shares of groups, each (S or 1, J), as (S or 1, G, J)."""
    rows = max(part.shape[0] for part in parts)
    whole = [np.broadcast_to(part, (rows, part.shape[1])) for part in parts]
    return np.ascontiguousarray(np.stack(whole, axis=1), dtype=np.float32)

"""What the posterior of a fit holds: estimates along its paths, its chains, what data changed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from emotion_models.errors import InputProblems, Problem, did_you_mean
from emotion_models.inference.array_stats import array_stats
from emotion_models.inference.diagnostics import is_reported
from emotion_models.intervals import summarise
from emotion_models.models.prior import Prior, density

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

    from emotion_models.inference.result import Fit

Floats = NDArray[np.float64]
INSIDE: Final = ("paths", "ranks", "priors")
"""What `Fit.table` and `Fit.plot` know."""
PATHS: Final = {
    "lever_effect": ("lever to emotion", "logits per step of the lever"),
    "effect": ("emotion to outcome", "logits per full scale of the emotion"),
    "remembered_slope": ("emotion to outcome", "logits per full scale of the emotion"),
    "bond_effect": ("relationship to behaviour", "logits per standard deviation"),
}
"""Parameters that lead from one thing to another: kind of path, unit."""
BINS: Final = 20
WORST: Final = 8
"""Quantities whose chains are shown: those that agree least."""
DRAWS: Final = 1000
POINTS: Final = 120
ELEMENTS: Final = 12
"""Elements of a parameter whose posteriors are shown, evenly among all."""


def table(fit: Fit, what: str) -> pd.DataFrame:
    """Answer one of `INSIDE`.

    Raises
    ------
    InputProblems
        For anything else.
    """
    match what:
        case "paths":
            return paths(fit)
        case "ranks":
            return ranks(fit)
        case "priors":
            return priors(fit)
    fix = did_you_mean(what, INSIDE)
    raise InputProblems("fit", [Problem(f"table '{what}'", "unknown", fix)])


def paths(fit: Fit) -> pd.DataFrame:
    """Estimates along the paths of the model: from lever to emotion to outcome to behaviour.

    Parameters
    ----------
    fit : Fit

    Returns
    -------
    DataFrame
        Columns ``source, target, kind, mean, lower, upper, p_positive, unit``; on the model's own
        scale. What the answers to an outcome do is what `emotion_models.effects` says.
    """
    posterior = fit.posterior["posterior"].to_dataset()
    columns = ["source", "target", "kind", "mean", "lower", "upper", "p_positive", "unit"]
    rows: list[tuple[object, ...]] = []
    for name, (kind, unit) in PATHS.items():
        if name not in posterior:
            continue
        found = summarise(_draws(posterior[name]))
        estimates = (found.mean, found.lower, found.upper, found.p_positive)
        for place, ends in zip(
            np.ndindex(*found.mean.shape), _ends(fit, posterior[name]), strict=True
        ):
            rows.append((*ends, kind, *(float(each[place]) for each in estimates), unit))
    return pd.DataFrame(rows, columns=columns)


def _ends(fit: Fit, variable: xr.DataArray) -> list[tuple[str, str]]:
    """Where the paths of a parameter begin and end, in the order of its elements."""
    names = [variable[dim].to_numpy().astype(str) for dim in variable.dims[2:]]
    if len(names) == 2:
        return [(str(first), str(second)) for first in names[0] for second in names[1]]
    known = {
        row.name: fit.design.emotions[row.emotion] for row in fit.design.rows if not row.pooled
    }
    return [(known[str(name)], str(name)) for name in names[0]]


def drawn(table: pd.DataFrame, what: str) -> Figure:
    """Draw a table of `table`."""
    from emotion_models.drawing import path_diagram, rank_bars, updating

    match what:
        case "ranks":
            return rank_bars.rank_bars(table)
        case "priors":
            return updating.before_and_after(table)
    return path_diagram.path_diagram(table)


def ranks(fit: Fit, worst: int = WORST) -> pd.DataFrame:
    """Ranks of each chain's draws among all chains' (Vehtari et al. 2021).

    Of chains that agree every rank is as likely in each; doi 10.1214/20-BA1221.

    Parameters
    ----------
    fit : Fit
    worst : int
        How many quantities, those of the largest R-hat.

    Returns
    -------
    DataFrame
        Columns ``quantity, r_hat, chain, below, count, lower, upper``: draws in each of 20 bins
        of ranks that end at the share `below`, and the 95% interval of independent draws.
    """
    from scipy.stats import binom, rankdata

    posterior = fit.posterior["posterior"].to_dataset()
    found = [(label, draws) for label, draws in _quantities(posterior) if np.ptp(draws) > 0]
    names = ["quantity", "r_hat", "chain", "below", "count", "lower", "upper"]
    if not found or found[0][1].shape[0] < 2:
        return pd.DataFrame(columns=names)
    values = np.stack([draws for _, draws in found], axis=2)
    r_hat = np.asarray(array_stats().rhat(values, chain_axis=0, draw_axis=1))
    n_chains, n_draws, _ = values.shape
    lower, upper = binom.interval(0.95, n_draws, 1 / BINS)
    rows = []
    for place in np.argsort(-r_hat, kind="stable")[:worst]:
        rank = rankdata(values[:, :, place]).reshape(n_chains, n_draws)
        bins = np.minimum((rank - 1) * BINS // (n_chains * n_draws), BINS - 1).astype(int)
        for chain, own in enumerate(bins):
            count = np.bincount(own, minlength=BINS)
            rows += [
                (found[place][0], r_hat[place], chain, (i + 1) / BINS, int(n), lower, upper)
                for i, n in enumerate(count)
            ]
    return pd.DataFrame(rows, columns=names)


def priors(fit: Fit) -> pd.DataFrame:
    """Densities of parameters before and after the data.

    Parameters
    ----------
    fit : Fit

    Returns
    -------
    DataFrame
        Columns ``parameter, element, when`` (``prior`` or ``posterior``), ``value, density``.
        Marginal ones: an element of several that sum to something is shown by itself.
    """
    posterior, table = fit.posterior["posterior"].to_dataset(), fit.model.prior_table
    rows = []
    for name, prior in table.items():
        if name not in posterior or prior.family == "lkj":
            continue
        draws = _draws(posterior[name])
        size = draws.shape[-1] if draws.ndim > 1 else 1
        flat = draws.reshape(len(draws), -1)
        flat = flat[:, np.ptp(flat, axis=0) > 0]
        rows += [part.assign(parameter=name) for part in _before_and_after(prior, size, flat)]
    columns = ["parameter", "element", "when", "value", "density"]
    return pd.concat(rows)[columns] if rows else pd.DataFrame(columns=columns)


def _before_and_after(prior: Prior, size: int, draws: Floats) -> Iterator[pd.DataFrame]:
    """Density of a prior, and of some elements (S, K) of its posterior, where these are."""
    if draws.shape[1] == 0:
        return
    some = np.unique(np.linspace(0, draws.shape[1] - 1, ELEMENTS).round().astype(int))
    shown = draws[:: max(1, len(draws) // DRAWS), some]
    low, high = np.quantile(shown, [0.001, 0.999])
    edge, positive = (high - low) * 0.2 + 1e-9, bool(shown.min() >= 0)
    ends = (max(low - edge, 0) if positive else low - edge, high + edge)
    value = np.linspace(*ends, POINTS)
    yield _curve("prior", -1, value, density(prior, value, size))
    for element, own in zip(some, shown.T, strict=True):
        within = own[(own >= ends[0]) & (own <= ends[1])]
        # What the kernel spreads beyond zero belongs on this side: reflected.
        at, height, _ = array_stats().kde(
            within, grid_len=POINTS, custom_lims=ends, bound_correction=positive
        )
        yield _curve("posterior", int(element), at, height)


def _curve(when: str, element: int, value: Floats, height: Floats) -> pd.DataFrame:
    return pd.DataFrame({"element": element, "when": when, "value": value, "density": height})


def _quantities(posterior: xr.Dataset) -> Iterator[tuple[str, Floats]]:
    """Every reported quantity by name, with its draws (chain, draw)."""
    for name, variable in posterior.data_vars.items():
        if not is_reported(str(name)):
            continue
        dims = variable.dims[2:]
        values = variable.transpose("chain", "draw", ...).to_numpy()
        for place in np.ndindex(*values.shape[2:]):
            where = [
                str(posterior[dim].to_numpy()[i]) if dim in posterior.coords else str(i)
                for dim, i in zip(dims, place, strict=True)
            ]
            yield f"{name}[{', '.join(where)}]" if where else str(name), values[(..., *place)]


def _draws(variable: xr.DataArray) -> Floats:
    """Draws (S, ...) of all chains."""
    values = variable.transpose("chain", "draw", ...).to_numpy()
    return np.asarray(values.reshape(-1, *values.shape[2:]), dtype="float64")

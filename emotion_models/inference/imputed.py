"""Fits to completed data sets, pooled into one posterior and taken apart again.

Posterior draws of the completed data sets are mixed in equal shares (Zhou & Reiter 2010): along
every chain the first imputation's draws come first, then the second's. An answer is computed in
each imputation with its own ratings (`parts`) and the draws are joined, so that what is not
known of the missing ratings widens every interval.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields, replace
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from emotion_models.inference.checks import Check
from emotion_models.inference.diagnostics import block_of, convergence, is_reported
from emotion_models.inference.imputing import Study, impute, missing_places, with_ratings
from emotion_models.inference.jobs import Job, Sampled, Settings
from emotion_models.inference.parallel import sample
from emotion_models.inference.posterior import assemble
from emotion_models.inference.stored_fit import IMPUTATIONS
from emotion_models.models.design import make_design
from emotion_models.models.variables import PEOPLE

if TYPE_CHECKING:
    from emotion_models.inference.progress import Progress
    from emotion_models.inference.result import Fit

OUTCOMES: Final = "outcomes"
ROUNDS: Final = 2
"""Times that ratings are imputed: the second time with outcomes' parameters of the first."""
_WORST: Final = ("FAIL", "REVIEW", "PASS")
_POOLED: Final = {
    "divergences": "sum",
    "e_bfmi": "min",
    "steps": "mean",
    "arrived": "min",
    "pareto_k": "max",
    "effective_draws": "min",
}
"""How statistics of the imputations become one: the worst, or what there was in all."""


def fit_imputed(
    study: Study, first: Mapping[str, Sampled], settings: Settings, thin: int, progress: Progress
) -> xr.DataTree | None:
    """Impute, fit stages 2 to 4 to every completed data set, and pool.

    Parameters
    ----------
    study : Study
    first : mapping of block name to Sampled
        All blocks, sampled with the available ratings.
    settings : Settings
    thin : int
        Steps per kept draw of the outcomes.
    progress : Progress

    Returns
    -------
    xarray.DataTree or None
        As `assemble`, with the group ``imputations``; None when interrupted.
    """
    progress.step("imputing")
    before = first[OUTCOMES].posterior
    known = [before] * study.model.imputations
    for turn in range(ROUNDS):
        # The last round is kept; earlier ones only bring the outcomes' parameters nearer.
        last = turn == ROUNDS - 1
        brief = settings if last else replace(settings, draws=max(settings.draws // 4, 25))
        rngs = np.random.default_rng([settings.seed, turn]).spawn(len(known))
        rating = np.stack(
            [
                impute(study, first["elicitation"].posterior, draws, rng)
                for draws, rng in zip(known, rngs, strict=True)
            ]
        )
        refits = sample(_jobs(study, rating, thin if last else 1), brief, progress)
        if len(refits) < len(known) or not all(block.complete for block in refits.values()):
            return None
        blocks = list(refits.values())
        known = [block.posterior for block in blocks]
    tree = assemble(pool(first, blocks), study.design)
    notes = xr.Dataset(
        {
            "place": ("missing", missing_places(study.data)),
            "rating": (("imputation", "missing"), rating),
            **_diagnostics(blocks),
            **_reported("available", before),
        }
    )
    return xr.DataTree.from_dict(
        {**{name: node.to_dataset() for name, node in tree.children.items()}, IMPUTATIONS: notes}
    )


def _jobs(study: Study, rating: NDArray[np.int8], thin: int) -> dict[str, Job]:
    """The outcomes under each completed data set."""
    jobs = {}
    for i, values in enumerate(rating):
        design = make_design(study.model, study.codebook, study.completed(values))
        jobs[f"{OUTCOMES}, imputation {i + 1}"] = Job("outcomes", study.model, design, thin)
    return jobs


def pool(first: Mapping[str, Sampled], blocks: Sequence[Sampled]) -> dict[str, Sampled]:
    """Mix the draws of the completed data sets; as many draws in all as a single fit has.

    Parameters
    ----------
    first : mapping of block name to Sampled
    blocks : sequence of Sampled
        The outcomes of each imputation.

    Returns
    -------
    dict of block name to Sampled
    """
    draws, m = blocks[0].posterior.sizes["draw"], len(blocks)
    each = max(draws // m, 1)
    kept = np.linspace(0, draws - 1, each).round().astype(int)
    parts = [block.posterior.isel(draw=kept) for block in blocks]
    joined = xr.concat(parts, dim="draw", join="override").assign_coords(draw=range(each * m))
    stats = xr.concat([block.stats for block in blocks], dim="imputation", join="override")
    total = {str(name): getattr(stats[name], _POOLED[str(name)])("imputation") for name in stats}
    slowest = {step: max(block.seconds[step] for block in blocks) for step in blocks[0].seconds}
    pooled = {OUTCOMES: Sampled(joined, xr.Dataset(total), slowest)}
    for name, block in first.items():
        if name != OUTCOMES:
            same = np.linspace(0, draws - 1, each * m).round().astype(int)
            cut = block.posterior.isel(draw=same).assign_coords(draw=range(each * m))
            pooled[name] = replace(block, posterior=cut)
    return {name: pooled[name] for name in first}


def parts(fit: Fit) -> tuple[Fit, ...]:
    """Take an imputed fit apart: one fit per completed data set, with its share of the draws.

    Parameters
    ----------
    fit : Fit

    Returns
    -------
    tuple of Fit
        Empty where nothing was imputed.
    """
    if IMPUTATIONS not in fit.posterior.children:
        return ()
    notes = fit.posterior[IMPUTATIONS].to_dataset()
    posterior, people = (fit.posterior[n].to_dataset() for n in ("posterior", "people"))
    each = posterior.sizes["draw"] // notes.sizes["imputation"]
    model = fit.model.model_copy(update={"missing": "available"})
    found = []
    for i, rating in enumerate(notes["rating"].to_numpy()):
        own = posterior.isel(draw=slice(i * each, (i + 1) * each))
        tree = {
            "posterior": own.assign_coords(draw=range(each)),
            "sample_stats": fit.posterior["sample_stats"].to_dataset(),
            "people": _people_of(people, i * each, each),
        }
        data = with_ratings(fit.data, notes["place"].to_numpy(), rating)
        found.append(replace(fit, model=model, data=data, posterior=xr.DataTree.from_dict(tree)))
    return tuple(found)


def _people_of(people: xr.Dataset, start: int, each: int) -> xr.Dataset:
    """Draws of people that belong to one imputation, numbered from 0."""
    if "sample" not in people.dims:
        return people
    draw = people["draw"].to_numpy()
    own = np.flatnonzero((draw >= start) & (draw < start + each))
    chosen = people.isel(sample=own)
    return chosen.assign_coords(draw=("sample", draw[own] - start))


def _diagnostics(blocks: Sequence[Sampled]) -> dict[str, object]:
    """Convergence, worst of the imputations by themselves: pooled chains differ as data do."""
    tables = []
    for block in blocks:
        main = block.posterior[[n for n in block.posterior.data_vars if n not in PEOPLE]]
        tables.append(convergence(main, block.stats.expand_dims(block=[OUTCOMES])))
    rows = [asdict(check) for check in worst(tables)]
    return {f"check_{key}": ("check", [row[key] for row in rows]) for key in rows[0]}


def stored_diagnostics(fit: Fit) -> list[Check]:
    """Convergence of the outcomes' blocks, as `fit_imputed` found it.

    Parameters
    ----------
    fit : Fit

    Returns
    -------
    list of Check
    """
    notes = fit.posterior[IMPUTATIONS].to_dataset()
    table = {part.name: notes[f"check_{part.name}"].to_numpy().tolist() for part in fields(Check)}
    return [Check(*row) for row in zip(*table.values(), strict=True)]


def _reported(prefix: str, posterior: xr.Dataset) -> dict[str, object]:
    """Mean and sd of every reported quantity of stages 2 to 4."""
    table = quantities(posterior)
    return {
        f"{prefix}_mean": ("quantity", [float(draws.mean()) for draws in table.values()]),
        f"{prefix}_sd": ("quantity", [float(draws.std(ddof=1)) for draws in table.values()]),
        "quantity": ("quantity", list(table)),
    }


def quantities(posterior: xr.Dataset) -> dict[str, NDArray[np.float64]]:
    """Draws (chain, draw) of every reported quantity of the outcomes, by name."""
    found: dict[str, NDArray[np.float64]] = {}
    for name, variable in posterior.data_vars.items():
        if name in PEOPLE or block_of(str(name)) != OUTCOMES or not is_reported(str(name)):
            continue
        values = variable.transpose("chain", "draw", ...)
        flat = values.to_numpy().reshape((*values.shape[:2], -1)).astype(float)
        labels = [values[dim].to_numpy().astype(str) for dim in values.dims[2:]]
        grid = np.meshgrid(*labels, indexing="ij") if labels else []
        places = [" on ".join(p) for p in zip(*(a.ravel() for a in grid), strict=True)] or [""]
        for k, place in enumerate(places):
            found[f"{name} {place}".strip()] = flat[:, :, k]
    return found


def missing_table(fit: Fit) -> pd.DataFrame:
    """What is not known of the missing ratings, per reported quantity (Rubin 1987).

    ``B`` is the variance of the imputations' means and ``W`` the mean of their variances; the
    total variance is ``T = W + (1 + 1/m) B``, the fraction of missing information
    ``(1 + 1/m) B / T``.

    Parameters
    ----------
    fit : Fit

    Returns
    -------
    pandas.DataFrame
        quantity, mean, sd (square root of T), within, between (square roots of W and B),
        missing_information, available_mean, available_sd (with the available ratings only);
        no rows where nothing was imputed.
    """
    columns = ["quantity", "mean", "sd", "within", "between", "missing_information"]
    if IMPUTATIONS not in fit.posterior.children:
        return pd.DataFrame(columns=[*columns, "available_mean", "available_sd"])
    notes = fit.posterior[IMPUTATIONS].to_dataset()
    m = notes.sizes["imputation"]
    rows = []
    for name, draws in quantities(fit.posterior["posterior"].to_dataset()).items():
        by_imputation = draws.reshape(draws.shape[0], m, -1)
        within = float(by_imputation.var(axis=(0, 2), ddof=1).mean())
        between = float(by_imputation.mean(axis=(0, 2)).var(ddof=1))
        extra = (1 + 1 / m) * between
        total = within + extra
        share = extra / total if total > 0 else 0.0
        rows.append((name, draws.mean(), total**0.5, within**0.5, between**0.5, share))
    table = pd.DataFrame(rows, columns=columns)
    before = notes[["available_mean", "available_sd"]].to_dataframe().rename_axis("quantity")
    return table.merge(before.reset_index(), on="quantity", how="left")


def worst(checks: Sequence[Sequence[Check]]) -> list[Check]:
    """Of the same checks in several imputations the worst of each name."""
    by_name: dict[str, Check] = {}
    for check in (check for some in checks for check in some):
        known = by_name.get(check.name)
        if known is None or _WORST.index(check.status) < _WORST.index(known.status):
            by_name[check.name] = check
    return list(by_name.values())

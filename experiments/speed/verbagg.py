"""VerbAgg, written twice: with the fused likelihood of this project, and in plain PyMC.

``resp ~ Anger + Gender + btype + situ + mode + (1|id) + (1|item)``, cumulative logit, the priors
of all rivals. The two are the same posterior in other coordinates.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
import pymc as pm
import pytensor.tensor as pt
from numpy.typing import NDArray

from emotion_models.models.likelihoods import ordinal

Floats = NDArray[np.float64]

LEVELS: Final = {"resp": ["no", "perhaps", "yes"]}
OF_PEOPLE: Final = ("Anger", "GenderM")
OF_ITEMS: Final = ("btypescold", "btypeshout", "situself", "modedo")
SLOPES: Final = (*OF_PEOPLE, *OF_ITEMS)
REPORTED: Final = (*SLOPES, "cut 1", "cut 2", "sd id", "sd item")
SLOPE_SD, CUT_SD, SD_DF, SD_SCALE = 10.0, 100.0, 3, 2.5
"""Normal priors of slopes and cutpoints, half Student t of the two standard deviations."""


@dataclass(frozen=True)
class Answers:
    """What people said, people in columns, and what is known of people and items.

    Parameters
    ----------
    category : int array, shape (items, people)
    people : float array, shape (people, 2)
        Columns `OF_PEOPLE`.
    items : float array, shape (items, 4)
        Columns `OF_ITEMS`.
    """

    category: NDArray[np.int8]
    people: Floats
    items: Floats


def read(path: Path) -> Answers:
    """Read the table of one answer per row; everybody answered every item."""
    table = pd.read_csv(path)
    category = pd.Categorical(table["resp"], LEVELS["resp"]).codes
    wide = table.assign(category=category).pivot(index="item", columns="id", values="category")
    people = table.groupby("id")[["Anger", "Gender"]].first().loc[wide.columns]
    items = table.groupby("item")[["btype", "situ", "mode"]].first().loc[wide.index]
    marks = [items["btype"] == "scold", items["btype"] == "shout", items["situ"] == "self"]
    return Answers(
        wide.to_numpy("int8"),
        np.column_stack([people["Anger"], people["Gender"] == "M"]).astype(float),
        np.column_stack([*marks, items["mode"] == "do"]).astype(float),
    )


def ours(data: Answers) -> pm.Model:
    """The model in coordinates that hardly depend on each other, answers as a matrix.

    What people and items have in common with their predictors, the mean included, is one
    parameter and not the sum of two: see `Split`.
    """
    exists = np.ones((len(data.items), 2), bool)
    with pm.Model() as model:
        people = Split.add("person", data.people, pm_sd("sd id"))
        items = Split.add("item", data.items, pm_sd("sd item"))
        low, gap = pm.Flat("low", initval=0.0), pm.LogNormal("gap", 0.0, 1.0, initval=2.0)
        pm.Potential("gap_flat", pt.log(gap) ** 2 / 2 + pt.log(gap))
        cuts = pt.stack([low, low + gap])
        eta = pt.repeat(people.location[None], len(data.items), axis=0)
        kappa = cuts[None] - items.location[:, None]
        ordinal("resp", eta, kappa, exists, data.category)
        slopes = pm.Deterministic("slopes", pt.concatenate([people.slopes, items.slopes]))
        shift = people.shift + items.shift
        reported = pm.Deterministic("cuts", cuts + shift)
        pm.Potential("slope_prior", -((slopes / SLOPE_SD) ** 2).sum() / 2)
        pm.Potential("cut_prior", -((reported / CUT_SD) ** 2).sum() / 2)
    return model


def pm_sd(name: str) -> Any:
    """A standard deviation with the prior of all rivals."""
    return pm.HalfStudentT(name, SD_DF, SD_SCALE, initval=1.0)


@dataclass(frozen=True)
class Split:
    """A predictor ``x b + u``, ``u ~ Normal(0, sd)``, by what of it the columns of x can say.

    The part of u within the columns (and the constant) cannot be told from b by the answers:
    their sum is a parameter of its own, b is that sum less a draw of the part, which nothing
    else depends on. What is left of u lies across the columns. Linear: the same posterior for
    any prior of b.

    Parameters
    ----------
    location : tensor, shape (n,)
        The predictor without its mean.
    slopes : tensor, shape (k,)
        b.
    shift : tensor, scalar
        What cutpoints at x = 0 are above those of `location`.
    """

    location: Any
    slopes: Any
    shift: Any

    @classmethod
    def add(cls, name: str, x: Floats, sd: Any) -> Split:
        """Add the parameters to the model.

        Parameters
        ----------
        name : str
        x : array, shape (n, k)
        sd : tensor, scalar
        """
        n, k = x.shape
        basis, triangle = np.linalg.qr(np.column_stack([np.ones(n), x - x.mean(axis=0)]))
        across, small = reflector(basis)
        told = pm.Flat(f"{name}_told_z", shape=k, initval=np.zeros(k))
        part = sd * pm.Normal(f"{name}_part_z", shape=k + 1)
        left = pm.Normal(f"{name}_left_z", 0, sd, shape=n - k - 1)
        within = np.column_stack([basis[:, 1:], -across @ small])
        location = within @ pt.concatenate([told, across[k + 1 :].T @ left])
        location += pt.concatenate([np.zeros(k + 1), left])
        slopes = np.linalg.inv(triangle[1:, 1:]) @ (told - part[1:])
        mean = part[0] / triangle[0, 0]
        # u itself is no part of the density, nor kept: it is there for those who ask.
        pm.Deterministic(f"{name}_effect_z", location - (x - x.mean(axis=0)) @ slopes + mean)
        return cls(location, slopes, (x.mean(axis=0) * slopes).sum() + mean)


def reflector(basis: Floats) -> tuple[Floats, Floats]:
    """A reflection ``I - V M V'`` that takes the first k axes into the span of a basis.

    Its other columns are then an orthonormal basis of what the span leaves out, and multiplying
    by it costs 2 n k products instead of n (n - k).

    Parameters
    ----------
    basis : array, shape (n, k)
        Orthonormal columns.

    Returns
    -------
    V : array, shape (n, k)
    M : array, shape (k, k)
    """
    k = basis.shape[1]
    left, _, right = np.linalg.svd(basis[:k])
    v = basis @ (right.T @ left.T)
    v[:k] += np.eye(k)
    return v, 2 * np.linalg.inv(v.T @ v)


def plain(data: Answers) -> pm.Model:
    """The model in plain PyMC: one row per answer, predictors less their means."""
    item, person = (each.ravel() for each in np.indices(data.category.shape))
    x = np.column_stack([data.people[person], data.items[item]])
    with pm.Model() as model:
        slopes = pm.Normal("slopes", 0, SLOPE_SD, shape=len(SLOPES))
        ordered = pm.distributions.transforms.ordered
        at_mean = pm.Flat("at_mean", shape=2, initval=[-2.0, 2.0], transform=ordered)
        cuts = pm.Deterministic("cuts", at_mean + x.mean(axis=0) @ slopes)
        pm.Potential("cut_prior", -((cuts / CUT_SD) ** 2).sum() / 2)
        of_person = pm.Normal("person_z", 0, pm_sd("sd id"), shape=len(data.people))
        of_item = pm.Normal("item_z", 0, pm_sd("sd item"), shape=len(data.items))
        eta = (x - x.mean(axis=0)) @ slopes + of_person[person] + of_item[item]
        pm.OrderedLogistic("resp", eta=eta, cutpoints=at_mean, observed=data.category.ravel())
    return model


MODELS: Final = {"ours": ours, "pymc": plain}


def draws_table(posterior: Any) -> pd.DataFrame:
    """Draws of the reported parameters, one column each, chains below each other."""
    chains, draws = posterior.sizes["chain"], posterior.sizes["draw"]
    columns = [
        posterior[name].to_numpy().reshape(chains * draws, -1)
        for name in ("slopes", "cuts", "sd id", "sd item")
    ]
    table = pd.DataFrame(np.hstack(columns), columns=list(REPORTED))
    table.insert(0, "chain", np.repeat(np.arange(chains), draws))
    return table

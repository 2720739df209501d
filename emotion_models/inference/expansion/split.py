"""A block's posterior split where the likelihood reads it: prior, what it reads, likelihood.

    p(theta | y)  ~  p(theta) L(phi(theta); y)

phi are the parameters that the likelihood sees: effects, not the pooling they come from. They
are found in the graph: the named quantities, or free parameters, nearest to the likelihood.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from emotion_models.inference.compiled.start import initial_point

if TYPE_CHECKING:
    import pymc as pm

OF_PEOPLE: Final = frozenset({"journey", "respondent"})
"""Dimensions of what is not a parameter."""


@dataclass(frozen=True)
class Split:
    """The parts as PyTensor graphs.

    Parameters
    ----------
    model : pymc.Model
        Data and dimensions frozen.
    free : list of TensorVariable
        Free parameters, unconstrained.
    placeholders, data : list
        Stand for the data, and the data.
    prior : TensorVariable
        Log prior density of the free parameters.
    read : list of TensorVariable
        What the likelihood reads, of the free parameters.
    stand_in : list of TensorVariable
        Stand for them in the likelihood.
    likelihood : TensorVariable
        Log-likelihood, of `stand_in` and data.
    nodes : tuple of int
        Places of the nodes and of their mass in `data`; empty without nodes.
    rule : tuple of int
        Places of the exchangeable nodes of people; empty without.
    of_prior : tuple of int
        Places in `data` of what `prior` and `read` need.
    kept : dict of str to TensorVariable
        What a draw reports.
    """

    model: pm.Model
    free: list[Any]
    placeholders: list[Any]
    data: list[NDArray[Any]]
    prior: Any
    read: list[Any]
    stand_in: list[Any]
    likelihood: Any
    nodes: tuple[int, ...]
    rule: tuple[int, ...]
    of_prior: tuple[int, ...]
    kept: dict[str, Any]

    @cached_property
    def initial(self) -> dict[str, NDArray[Any]]:
        """PyMC's own starting point."""
        return initial_point(self.model)

    @property
    def outputs(self) -> list[Any]:
        """All graphs of the free parameters, `stand_in` and data."""
        return [self.prior, *self.read, self.likelihood, *self.kept.values()]


def split(model: pm.Model) -> Split:
    """Split a block.

    Parameters
    ----------
    model : pymc.Model
        A marginal block of `emotion_models.models.chain`.

    Returns
    -------
    Split
    """
    from pymc.model.transform.optimization import freeze_dims_and_data
    from pytensor.graph.replace import clone_replace
    from pytensor.graph.traversal import ancestors

    from emotion_models.inference.compiled.density import data_of, kept_of
    from emotion_models.models.at_nodes.nodes import MASS, VALUE
    from emotion_models.models.integrated.rules import NAMES

    frozen = freeze_dims_and_data(model)
    free = [frozen.rvs_to_values[variable] for variable in frozen.free_RVs]
    whole = frozen.observedlogp + frozen.potentiallogp
    read = _read(whole, _names(frozen), set(free))
    kept = kept_of(frozen)
    outputs = [frozen.varlogp, *read, whole, *kept.values()]
    data = data_of(outputs, NAMES)
    dummies = [each.type.clone(shape=each.data.shape)(f"data_{i}") for i, each in enumerate(data)]
    prior, *found = clone_replace(outputs, dict(zip(data, dummies, strict=True)))
    read, (likelihood, *others) = found[: len(read)], found[len(read) :]
    stand_in = [each.type(f"read_{i}") for i, each in enumerate(read)]
    (likelihood,) = clone_replace([likelihood], dict(zip(read, stand_in, strict=True)))
    named = {each.name: place for place, each in enumerate(data)}
    needed = set(ancestors([prior, *read]))
    return Split(
        frozen,
        free,
        dummies,
        [np.asarray(each.data) for each in data],
        prior,
        read,
        stand_in,
        likelihood,
        tuple(named[name] for name in (VALUE, MASS) if name in named),
        tuple(named[name] for name in NAMES if name in named),
        tuple(place for place, each in enumerate(dummies) if each in needed),
        dict(zip(kept, others, strict=True)),
    )


def _names(model: pm.Model) -> set[str]:
    """Names of the quantities that may be read: those not of people."""
    dims = model.named_vars_to_dims
    return {
        each.name for each in model.deterministics if not OF_PEOPLE & set(dims.get(each.name) or ())
    }


def _read(likelihood: Any, named: set[str], free: set[Any]) -> list[Any]:
    """What the likelihood reads of the free parameters."""
    from pytensor.graph.traversal import ancestors

    found: dict[Any, None] = {}
    seen: set[Any] = set()
    ahead = [likelihood]
    while ahead:
        each = ahead.pop()
        if each in seen:
            continue
        seen.add(each)
        if each in free or each.name in named:
            if not free.isdisjoint(ancestors([each])):
                found[each] = None
        elif each.owner is not None:
            ahead += each.owner.inputs
    return list(found)

"""Programs with their data: densities as functions of vectors, and nodes that can be moved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from emotion_models.inference.approximation.path import Density
from emotion_models.inference.expansion.programs import Programs, signed
from emotion_models.inference.expansion.split import Split
from emotion_models.models.at_nodes.nodes import laid_out
from emotion_models.models.integrated import rules
from emotion_models.models.integrated.rules import Level

if TYPE_CHECKING:
    from emotion_models.inference.expansion.expand import Expansion

Floats = NDArray[np.float64]
ROUNDS: Final = 6
"""Times that nodes are laid out anew at most."""
STILL: Final = 0.02
"""Movement of the nodes' middle, root mean square, at which they stay."""
LEAST: Final = 0.01
"""Share of the last variance that is added: few nodes may see no spread of a narrow peak."""


@dataclass(frozen=True)
class Layout:
    """Where the nodes of every unit's latents lie.

    Parameters
    ----------
    centre : array, shape (I, C)
    factor : array, shape (I, C, C)
        Cholesky factors of their spread.
    """

    centre: Floats
    factor: Floats


class Bound:
    """A split posterior with its data.

    Parameters
    ----------
    programs : Programs
    parts : Split
    """

    def __init__(self, programs: Programs, parts: Split) -> None:
        import jax

        self._put = jax.device_put
        self.programs = programs
        self._nodes, self._rule = parts.nodes, parts.rule
        self._of_prior = parts.of_prior
        self.data: list[Any] = [self._put(each) for each in parts.data]
        self.signed = signed(parts)
        self._nothing = np.zeros(programs.n_read)
        self.layout: Layout | None = None
        self.level: Level = "fine"
        self.n_nodes = 0
        if self._nodes:
            self.n_nodes, n_units, n_latents = parts.data[self._nodes[0]].shape
            over_prior = np.broadcast_to(np.eye(n_latents), (n_units, n_latents, n_latents))
            self.layout = Layout(np.zeros((n_units, n_latents)), over_prior)

    @property
    def few(self) -> list[Any]:
        """The data that prior and phi need."""
        return [self.data[place] for place in self._of_prior]

    def read(self, theta: Floats) -> tuple[float, Floats]:
        """Log prior density at a vector, and what the likelihood reads of it."""
        prior, phi, _ = self.programs.read(theta, self._nothing, *self.few)
        return float(prior), np.asarray(phi)

    def likelihood(self, phi: Floats) -> tuple[float, Floats]:
        """Log-likelihood and its derivative."""
        value, slope = self.programs.likelihood(phi, *self.data)
        return float(value), np.asarray(slope)

    def density(self, theta: Floats) -> tuple[float, Floats]:
        """Log posterior density and its gradient."""
        _, phi = self.read(theta)
        value, slope = self.likelihood(phi)
        prior, _, gradient = self.programs.read(theta, slope, *self.few)
        return float(prior) + value, np.asarray(gradient)

    def expanded(self, expansion: Expansion) -> Density:
        """Log posterior density with an expansion for its likelihood."""
        fixed = (expansion.middle, expansion.slope, expansion.curvature)
        given = [*map(self._put, fixed), *self.few]

        def density(theta: Floats) -> tuple[float, Floats]:
            value, slope = self.programs.surrogate(theta, *given)
            return float(value), np.asarray(slope)

        return density

    def kept(self, theta: Floats) -> list[Floats]:
        """What a draw reports, in the order of the programs' shapes."""
        return [np.asarray(each) for each in self.programs.kept(theta, *self.data)]

    def put(self, value: Floats, mass: Floats) -> None:
        """Replace the nodes (N, I, C) and their mass (N, I)."""
        for place, each in zip(self._nodes, (value, mass), strict=True):
            self.data[place] = self._put(each)

    def lay_out(self, layout: Layout | None) -> None:
        """Lay the nodes out; nothing without nodes."""
        if layout is not None:
            self.layout = layout
            self.put(*laid_out(layout.centre, layout.factor, self.level))

    def use(self, level: Level) -> None:
        """Integrate people with nodes that are fine or coarse."""
        if level == self.level:
            return
        self.level = level
        self.lay_out(self.layout)
        if self._rule:
            differ = [self.data[place].size > 1 for place in self._rule[1::2]]
            for place, each in zip(self._rule, rules.at(level, *differ), strict=True):
                self.data[place] = self._put(each)

    def shares(self, phi: Floats) -> tuple[Floats, Floats]:
        """Nodes (N, I, C), and their posterior shares (N, I)."""
        weighted = np.asarray(self.programs.shares(phi, *self.data))
        total = weighted.sum(axis=0)
        even = np.full(weighted.shape, 1 / weighted.shape[0])  # of a unit without weight
        share = np.divide(weighted, total, out=even, where=total > 0)
        return np.asarray(self.data[self._nodes[0]]), share

    def follow(self, phi: Floats) -> None:
        """Move the nodes to where the latents lie given what the likelihood reads.

        By their own moments (Naylor & Smith 1982, doi 10.2307/2347995), until they stay.
        """
        for _ in range(ROUNDS):
            before = self.layout
            if before is None:
                return
            found = moments(*self.shares(phi), before)
            self.lay_out(found)
            if np.sqrt(((found.centre - before.centre) ** 2).mean()) < STILL:
                return


def moments(nodes: Floats, share: Floats, before: Layout) -> Layout:
    """Mean and spread of latents from the posterior shares of their nodes.

    Parameters
    ----------
    nodes : array, shape (N, I, C)
    share : array, shape (N, I)
    before : Layout

    Returns
    -------
    Layout
    """
    centre = np.einsum("ni,nic->ic", share, nodes)
    away = nodes - centre
    spread = np.einsum("ni,nic,nid->icd", share, away, away)
    old = np.einsum("icd,ied->ice", before.factor, before.factor)
    return Layout(centre, np.linalg.cholesky(spread + LEAST * old))

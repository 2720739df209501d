"""Journeys that are simulated together: all of them, or so many that memory stays bounded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from emotion_models.cores import in_threads
from emotion_models.inference.elicited import item_loadings_of, lever_effects_of, predictor_at
from emotion_models.inference.estimands import averages
from emotion_models.models.changes_of_memory import MemoryChange
from emotion_models.models.forward import arrays_of
from emotion_models.models.response import Response, respond
from emotion_models.models.some_journeys import Journeys, Which
from emotion_models.simulation.abduction import abduct
from emotion_models.simulation.averages import Averages, outcomes_after
from emotion_models.simulation.engine import changed_ratings
from emotion_models.simulation.quick import Quick
from emotion_models.simulation.remembering import lived_before, remembered_after

if TYPE_CHECKING:
    from emotion_models.inference import Fit
    from emotion_models.models.changed_journeys import Lived
    from emotion_models.simulation.plan import Plan

Floats = NDArray[np.float32]
Noise = dict[Any, Floats]
TOGETHER: Final = 1_000_000
"""Draws times journeys in a block."""
KEPT: Final = 1024**3
"""Bytes up to which blocks are kept for the next question; see `_bytes`."""
AT_ONCE: Final = 25
"""Draws that a thread works on at a time: their arrays stay in fast memory."""


@dataclass(frozen=True, eq=False)
class Block:
    """Some journeys with everything about them that every simulation needs again.

    Parameters
    ----------
    fit : Fit
    journeys : Journeys
    which : int array
        Their numbers.
    over : dict of str to array
        Weights of every average over all journeys, for these.
    noise : dict
        Abducted so far; see `latent`.
    """

    fit: Fit
    journeys: Journeys
    which: Which
    over: dict[str, NDArray[np.float64]]
    noise: Noise = field(default_factory=dict)

    @cached_property
    def response(self) -> Response:
        """Outcomes of the journeys as they were, in single precision."""
        at, model = self.journeys, self.fit.model

        def part(draws: slice) -> Response:
            people = arrays_of(at.people.isel(sample=draws, missing_dims="ignore"))
            return respond(model, at.design, at.known.at(draws), people).in_single()

        found = in_threads(part, _runs(at.known.n_draws))
        eta, direct, total = (
            np.concatenate([getattr(each, name) for each in found])
            for name in ("eta", "direct", "total")
        )
        return Response(at.design, at.known.in_single(), eta, direct, total)

    @cached_property
    def memory(self) -> MemoryChange:
        """How what is remembered changes."""
        return MemoryChange.for_design(self.fit.model, self.journeys.design, self.response.known)

    @cached_property
    def lived(self) -> Lived:
        """The journeys as they were, with what was found of them."""
        return lived_before(self)

    @cached_property
    def quick(self) -> Quick:
        """The same for the kernel."""
        return Quick(self)

    @cached_property
    def before(self) -> Averages:
        """Outcomes of the journeys as they were."""
        return outcomes_after(self)

    @cached_property
    def lever_effects(self) -> Floats:
        """Effect of every lever column, see `lever_effects_of`."""
        return lever_effects_of(self.journeys.design, self.draws)

    @cached_property
    def loadings(self) -> Floats:
        """Loading of every rating item, (S, Q)."""
        return item_loadings_of(self.journeys.design, self.draws)

    def remembered(self, plan: Plan) -> dict[int, Floats]:
        """Change of everything remembered, by whole arrays."""
        return remembered_after(self, plan, changed_ratings(self, plan))

    @property
    def draws(self) -> Any:
        """Draws of the parameters, of all stages."""
        return self.fit.draws(self.journeys.known.n_draws)[0]

    @property
    def latents(self) -> Floats:
        """Room for latent intensities, (T, S, Q, J); see `latent`."""
        if "latents" not in self.noise:
            n_touchpoints, n_journeys, n_items = self.journeys.design.ratings.category.shape
            shape = (n_touchpoints, self.journeys.known.n_draws, n_items, n_journeys)
            # No memory is taken before it is filled.
            self.noise["latents"] = np.zeros(shape, dtype=np.float32)
        return self.noise["latents"]

    def latent(self, t: int) -> tuple[Floats, Floats]:
        """Latent intensity given the answers at a touchpoint, (S, Q, J), and the cutpoints."""
        if t not in self.noise:
            at = self.journeys
            eta, kappa = predictor_at(at.design, self.draws, at.people, t)
            ratings, latents = at.design.ratings, self.latents[t]

            def part(draws: slice) -> None:
                seed = [self.fit.seed, t, int(self.which[0]), draws.start]
                rng, category = np.random.default_rng(seed), ratings.category[t]
                found = abduct(rng, category, eta[draws], kappa[draws], ratings.exists)
                latents[draws] = np.swapaxes(found, 1, 2)

            in_threads(part, _runs(eta.shape[0]))
            self.noise[t] = np.ascontiguousarray(kappa)
        return self.latents[t], self.noise[t]


def blocks(fit: Fit, most: int) -> Iterator[Block]:
    """Go through all journeys; kept for the next question where they are not too many.

    Parameters
    ----------
    fit : Fit
    most : int
        Draws to use at most.

    Yields
    ------
    Block
    """
    if ("blocks", most) in fit.cache:
        yield from fit.cache["blocks", most]
        return
    known = fit.parameters(most)
    found = (_block(fit, most, which) for which in _split(fit, known.n_draws))
    if _bytes(fit, known.n_draws) <= KEPT:
        fit.cache["blocks", most] = list(found)
        yield from fit.cache["blocks", most]
        return
    yield from found


def count_blocks(fit: Fit, most: int) -> int:
    """How many `blocks` there are."""
    return len(_split(fit, fit.parameters(most).n_draws))


def _runs(n_draws: int) -> list[slice]:
    """Draws, so many at a time."""
    return [slice(first, min(first + AT_ONCE, n_draws)) for first in range(0, n_draws, AT_ONCE)]


def _bytes(fit: Fit, n_draws: int) -> int:
    """Size of what blocks keep: every predictor, and intensities once levers moved everywhere."""
    ratings = fit.design.ratings.category.shape
    per_journey = len(fit.design.rows) + ratings[0] * ratings[2]
    return int(4 * n_draws * fit.design.n_journeys * per_journey)


def _split(fit: Fit, n_draws: int) -> list[Which]:
    n = fit.design.n_journeys
    size = max(1, TOGETHER // n_draws)
    if fit.design.n_respondents < n:
        size = n  # journeys of a respondent belong together
    return [np.arange(first, min(first + size, n)) for first in range(0, n, size)]


def _block(fit: Fit, most: int, which: Which) -> Block:
    whole = Journeys(fit.design, fit.parameters(most), fit.draws(most)[1])
    over = {name: weight[which] for name, weight in averages(fit, by_segment=True).items()}
    return Block(fit, whole.some(which), which, over)

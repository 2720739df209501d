"""The parts of a split posterior as machine code, compiled once for any data of their shapes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from emotion_models.inference.compiled.code import (
    Code,
    Content,
    found_or_made,
    in_jax,
    one_vector,
    ready,
    serialized,
)
from emotion_models.inference.compiled.program import lend
from emotion_models.inference.expansion.split import Split, split
from emotion_models.models.priors import is_signed

if TYPE_CHECKING:
    import pymc as pm

Floats = NDArray[np.float64]
SIGNED: Final = 0.5
"""Where signed scales start: both signs are the same, and zero is a saddle."""


@dataclass(frozen=True)
class Programs:
    """Compiled functions of a block's vector theta (D,), of what the likelihood reads phi (P,).

    `few` are the data that prior and phi need (`Split.of_prior`), `data` all of them.

    Parameters
    ----------
    read : compiled function
        ``(theta, slope, *few)``: log prior, phi, and the derivative of
        ``log prior + slope . phi`` by theta.
    likelihood : compiled function
        ``(phi, *data)``: log-likelihood and its derivative.
    surrogate : compiled function
        ``(theta, middle, slope, curvature, *few)``: log density and derivative where the
        log-likelihood is ``slope . d - d' curvature d / 2`` with ``d = phi - middle``.
    shares : compiled function or None
        ``(phi, *data)``: posterior share (N, I) of every node of a unit's latents, times the
        unit's weight. That is how the log-likelihood changes with the node's mass.
    kept : compiled function
        ``(theta, *data)``: what a draw reports.
    start : float array, shape (D,)
    n_read : int
        Length of phi.
    shapes : dict of str to tuple of int
        Of what is kept, by name.
    """

    read: Code
    likelihood: Code
    surrogate: Code
    shares: Code
    kept: Code
    start: Floats
    n_read: int
    shapes: dict[str, tuple[int, ...]]


def prepared(model: pm.Model) -> tuple[Programs, Split]:
    """Compile a marginal block, or find it compiled.

    Parameters
    ----------
    model : pymc.Model

    Returns
    -------
    programs : Programs
    parts : Split
        With the data that the programs want.
    """
    with ready():
        parts = split(model)
        lend([parts.likelihood])
        inputs = [*parts.free, *parts.stand_in, *parts.placeholders]
        start = starting_point(parts)
        bound = partial(Programs, start=start)
        return found_or_made(inputs, parts.outputs, partial(_made, parts, start), bound), parts


def _made(parts: Split, theta: Floats) -> Content:
    """Compile all of `Programs`, for vectors like theta (D,)."""
    import jax

    functions = _Functions(parts, theta)
    data, few = parts.data, [parts.data[place] for place in parts.of_prior]
    phi = np.asarray(functions.read(theta, *few)[1])
    slope, curvature = np.zeros(phi.size), np.zeros((phi.size, phi.size))

    shares = None
    if parts.nodes:
        by_mass = jax.grad(functions.likelihood, argnums=1 + parts.nodes[1])
        shares = serialized(by_mass, phi, *data)
    surrogate = jax.value_and_grad(functions.surrogate)
    reported = jax.eval_shape(functions.kept, theta, *data)
    return {
        "read": serialized(functions.pulled, theta, slope, *few),
        "likelihood": serialized(jax.value_and_grad(functions.likelihood), phi, *data),
        "surrogate": serialized(surrogate, theta, phi, slope, curvature, *few),
        "shares": shares,
        "kept": serialized(functions.kept, theta, *data),
        "n_read": phi.size,
        "shapes": {name: each.shape for name, each in zip(parts.kept, reported, strict=True)},
    }


def starting_point(parts: Split) -> Floats:
    """Where a climb starts: PyMC's own, but a signed scale at one of its modes, not between."""
    values = [np.asarray(parts.initial[each.name], "float64").ravel() for each in parts.free]
    return np.asarray(np.concatenate(values) + SIGNED * signed(parts))


def signed(parts: Split) -> NDArray[np.bool_]:
    """Which free parameters (D,) are signed scales."""
    own = [np.full(parts.initial[each.name].size, is_signed(str(each.name))) for each in parts.free]
    return np.concatenate(own)


class _Functions:
    """The parts as JAX functions of vectors and data.

    Parameters
    ----------
    parts : Split
    theta : array, shape (D,)
        Any.
    """

    def __init__(self, parts: Split, theta: Floats) -> None:
        import jax
        import pytensor.tensor as pt

        shapes = [parts.initial[each.name].shape for each in parts.free]
        free = one_vector(parts.free, shapes)
        few = [parts.placeholders[place] for place in parts.of_prior]
        flat = pt.concatenate([each.ravel() for each in parts.read])
        self.read = in_jax([free.variable, *few], free.into([parts.prior, flat]))
        kept = free.into(list(parts.kept.values()))
        self.kept = in_jax([free.variable, *parts.placeholders], kept)
        shaped = in_jax([free.variable, *few], free.into(parts.read))
        sizes = jax.eval_shape(shaped, theta, *(parts.data[place] for place in parts.of_prior))
        read = one_vector(parts.stand_in, [each.shape for each in sizes])
        self._likelihood = in_jax(
            [read.variable, *parts.placeholders], read.into([parts.likelihood])
        )

    def likelihood(self, phi: Any, *data: Any) -> Any:
        return self._likelihood(phi, *data)[0]

    def pulled(self, theta: Any, slope: Any, *few: Any) -> Any:
        import jax

        def value(theta: Any) -> Any:
            prior, phi = self.read(theta, *few)
            return prior + slope @ phi, (prior, phi)

        (_, (prior, phi)), found = jax.value_and_grad(value, has_aux=True)(theta)
        return prior, phi, found

    def surrogate(self, theta: Any, middle: Any, slope: Any, curvature: Any, *few: Any) -> Any:
        import jax

        prior, phi = self.read(theta, *few)
        away = phi - middle
        # Held, the product is computed once for value and derivative; the curvature is symmetric.
        bend = jax.lax.stop_gradient(curvature @ away)
        return prior + (slope - bend) @ away + 0.5 * bend @ jax.lax.stop_gradient(away)

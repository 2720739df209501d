"""Tells PyTensor's back ends which form of the ratings without people is theirs."""

from __future__ import annotations

from typing import Any

from pytensor.link.jax.dispatch.basic import jax_funcify
from pytensor.link.numba.dispatch.basic import register_funcify_default_op_cache_key

from emotion_models.models.integrated.op import IntegratedRatings


@register_funcify_default_op_cache_key(IntegratedRatings)  # type: ignore[untyped-decorator]
def _numba(op: IntegratedRatings, **_: Any) -> Any:
    from emotion_models.models.fused.kernel import VERSION
    from emotion_models.models.integrated import kernel

    return kernel.value_and_slopes, int(VERSION[:12], 16)


@jax_funcify.register(IntegratedRatings)
def _jax(op: IntegratedRatings, **_: Any) -> Any:
    from emotion_models.models.integrated import jax_form

    return jax_form.value_and_slopes

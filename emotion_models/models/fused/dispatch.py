"""Tells PyTensor's back ends which form of the fused likelihood is theirs."""

from __future__ import annotations

from typing import Any

from pytensor.link.jax.dispatch.basic import jax_funcify
from pytensor.link.numba.dispatch.basic import register_funcify_default_op_cache_key

from emotion_models.models.fused.op import FusedOrdinal


@register_funcify_default_op_cache_key(FusedOrdinal)  # type: ignore[untyped-decorator]
def _numba(op: FusedOrdinal, **_: Any) -> Any:
    from emotion_models.models.fused import kernel

    return kernel.value_and_slopes, int(kernel.VERSION[:12], 16)


@jax_funcify.register(FusedOrdinal)
def _jax(op: FusedOrdinal, **_: Any) -> Any:
    from emotion_models.models.fused import jax_form

    return jax_form.value_and_slopes

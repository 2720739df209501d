"""Tells PyTensor's back ends which form of the answers at nodes is theirs."""

from __future__ import annotations

from typing import Any

from pytensor.link.jax.dispatch.basic import jax_funcify
from pytensor.link.numba.dispatch.basic import register_funcify_default_op_cache_key

from emotion_models.models.at_nodes.op import OrdinalAtNodes


@register_funcify_default_op_cache_key(OrdinalAtNodes)  # type: ignore[untyped-decorator]
def _numba(op: OrdinalAtNodes, **_: Any) -> Any:
    from emotion_models.models.at_nodes import kernel
    from emotion_models.models.fused.kernel import VERSION

    return kernel.value_and_slopes, int(VERSION[:12], 16)


@jax_funcify.register(OrdinalAtNodes)
def _jax(op: OrdinalAtNodes, **_: Any) -> Any:
    from emotion_models.models.at_nodes import jax_form

    return jax_form.value_and_slopes

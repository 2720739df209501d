"""Latents of units integrated out at nodes that are data: equations, kernel, JAX form.

`nodes` says where nodes lie and adds the likelihood to a PyMC model; `op` is the operation, in
Numba (`kernel`), lent to JAX (`foreign`) and written in JAX for accelerators (`jax_form`).
"""

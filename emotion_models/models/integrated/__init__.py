"""Ratings with what people bring integrated out: style, mood and the core affect of moments.

``rules`` are the nodes, ``reference`` the NumPy form of the integral, ``mode`` and ``kernel`` the
Numba form for processors, ``jax_form`` the JAX form for accelerators, ``op`` the PyTensor
operation, ``people`` draws what was integrated out for given parameters.
"""

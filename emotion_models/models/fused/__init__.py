"""The fused ordinal likelihood: value and gradient in one pass over the answers.

``op`` is the PyTensor operation, ``reference`` its NumPy form, ``kernel`` the Numba form for
processors and ``jax_form`` the JAX form for accelerators.
"""

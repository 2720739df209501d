"""Compiling a block of the posterior once: `density` -> `fingerprint` -> `cache` -> `program`.

The equations are compiled with the data as arguments and kept in the user's cache folder by a
fingerprint of the equations, so that other data of the same shape, another seed or another
process find them there.
"""

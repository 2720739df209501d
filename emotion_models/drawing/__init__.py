"""Figure primitives: data frames in, matplotlib figures out; knows nothing of models or fits.

One plot per module. Every module pairs a plot with an ``alt_text`` that is computed from the same
data, for readers who cannot see the figure.
"""

"""A block's posterior approximated in seconds, to iterate on a model; never for a report.

`target` is the compiled density that NUTS samples. `pathfinder` and `mode` fit a `normal` to it,
both by climbing it (`path`); `approximator` does so once per chain and draws; `importance` weighs
the draws of all chains; `judged` says how far they may be believed.
"""

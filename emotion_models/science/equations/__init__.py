"""The equations of the emotion model, each written once.

Every function works on NumPy arrays and on PyTensor tensors alike: the model is built from
them, and the simulator evaluates the same lines on posterior draws. Leading axes (draws) are
allowed everywhere and written ``...`` in the shapes. Letters: T touchpoints, J journeys,
E emotions, K features, R outcome rows, C constructs, G segments, P controls.
"""

"""What to change first? ``python examples/what_to_change.py demo-output/stays.fit``.

Loads a saved fit (``make demo`` leaves one), tries every lever of its codebook, and says
which set is best for the first behaviour, what to find out before, in which order touchpoints would
be remembered best, and where it hurts. Costs and money are in docs/decisions.md.
"""

import sys

import emotion_models as em


def main(path: str) -> None:
    """Print the best set of levers, the best order, and the map of priorities."""
    fit = em.load(path)
    codebook = fit.survey.codebook
    outcome = codebook.behaviours[0].name
    options = [
        option(place, lever) for lever in codebook.levers for place in codebook.lever_sites(lever)
    ]
    best = em.optimise(fit, options, objective=outcome)
    print(best.summary())
    print(em.information(fit, best).summary())
    print(em.sequence(fit, objective=outcome).summary())
    print(em.priorities(fit, outcome).summary())


def option(place, lever):
    """Everything that can be done about a lever at a touchpoint."""
    if lever.kind == "numeric":
        return em.Option.lever(place, lever.name, by=[-lever.step, lever.step])
    return em.Option.lever(place, lever.name, to=lever.categories or [0, 1])


if __name__ == "__main__":
    main(sys.argv[1])

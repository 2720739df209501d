"""What if check-in were faster? ``python examples/what_if.py demo-output/stays.fit``.

Loads a saved fit (``make demo`` leaves one) and asks it three things.
"""

import sys

import emotion_models as em


def main(path: str) -> None:
    """Print the strongest emotions, a simulated change, and what is remembered."""
    fit = em.load(path)
    outcome = fit.survey.codebook.behaviours[0].name
    print(em.effects(fit, on=outcome).summary())

    lever = fit.survey.codebook.levers[0]
    touchpoint = fit.survey.codebook.lever_sites(lever)[0]
    change = em.Change().at(touchpoint).lever(lever.name, to=0)
    print(em.simulate(fit, change).summary())

    print(fit.memory_weights().round(2).to_string(index=False))


if __name__ == "__main__":
    main(sys.argv[1])

"""Students' days, remembered in the evening: ``python examples/diary.py FOLDER``.

FOLDER holds momentary.csv and daily.csv of Neubauer & Schmiedek (2024); without it they are fetched
once from their authors (datasets/neubauer2024/card.md). What is kept of a day, the average of its
moments or their peak and end? ``--quick`` takes the days of a few people, and few draws.
"""

import sys

import emotion_models as em


def main(folder=None, *, quick=False):
    """Fit the diary and say what is remembered."""
    survey = em.load_dataset("neubauer2024", path=folder)
    length = {}
    if quick:
        survey = survey.sample(8, seed=1)
        length = {"draws": 25, "tune": 50, "chains": 2}
    print(survey)
    fit = em.fit(em.JourneyModel.for_survey(survey), survey, seed=1, **length)
    print(fit.checks.status)
    print(em.memory(fit))
    if not quick:
        em.save(fit, "diary.fit")


if __name__ == "__main__":
    arguments = [each for each in sys.argv[1:] if each != "--quick"]
    main(*arguments[:1], quick="--quick" in sys.argv)

"""From your own file to a report: ``python examples/own_survey.py stays.csv stays.toml out.html``.

CSV, Excel, SPSS (.sav) or Parquet. ``emotion-models codebook stays.csv`` drafts the codebook.
``--quick`` draws too little to trust, enough to see that everything works.
"""

import sys

import emotion_models as em


def main(data: str, codebook: str, out: str, *, quick: bool = False) -> None:
    """Read, fit, check, report."""
    survey = em.read_survey(data, codebook=codebook)
    print(survey)
    model = em.JourneyModel.for_survey(survey)
    length = {"draws": 50, "tune": 100, "chains": 2} if quick else {}
    fit = em.fit(model, survey, seed=1, **length)
    print(fit.checks)
    em.report(fit).save(out)


if __name__ == "__main__":
    main(*sys.argv[1:4], quick="--quick" in sys.argv)

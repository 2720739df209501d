"""Three reports of one saved fit: ``python examples/report_only.py demo-output/stays.fit FOLDER``.

One page for a board, all answers for a team, and a paper with its supplement.
"""

import sys
from pathlib import Path

import emotion_models as em


def main(path, folder):
    """Write board.pdf, team.html, paper.pdf and the folder supplement."""
    fit, out = em.load(path), Path(folder)
    out.mkdir(parents=True, exist_ok=True)
    outcome = fit.survey.codebook.behaviours[0].name
    effects = em.effects(fit)
    em.report(fit, effects, audience="board").save(out / "board.pdf")
    em.report(fit, effects, em.priorities(fit, outcome), audience="team").save(out / "team.html")
    paper = em.report(fit, effects, em.criticise(fit))
    paper.save(out / "paper.pdf")
    paper.supplement(out / "supplement")


if __name__ == "__main__":
    main(*sys.argv[1:3])

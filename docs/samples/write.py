"""Write the sample reports beside this file.

::

    python docs/samples/write.py demo-output/stays.fit [diary.fit]

A fit of the hotel study as `make demo` leaves it; one of the diary as examples/diary.py keeps it.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

import emotion_models as em
from emotion_models.reporting import Report

HERE: Final = Path(__file__).parent
LARGEST: Final = 1_000_000
"""Bytes of a sample: larger ones do not belong into a repository."""


def main(hotel: str, diary: str | None = None) -> None:
    """Report both studies."""
    fit = em.load(hotel)
    change = em.Change().at("check-in").lever("wait_minutes", to=5).lever("room_ready", to=1)
    result = em.simulate(fit, change)
    compared = em.compare(fit, "valence-only")
    keep(em.report(fit, compared, result), "hotel-stays-paper.pdf")
    keep(em.report(fit, result, em.worth(fit, change), audience="board"), "hotel-stays-board.pdf")
    if diary:
        days = em.load(diary)
        calmer = em.Change()
        for prompt in range(1, 6):
            calmer = calmer.at(f"beep-{prompt}").emotion("worried", by=-1)
        keep(em.report(days, em.simulate(days, calmer)), "diary-paper.pdf")


def keep(report: Report, name: str) -> None:
    """Save a sample if it is small."""
    path = HERE / name
    report.save(path)
    if path.stat().st_size > LARGEST:
        path.unlink()
        raise SystemExit(f"{name} is too large to be kept")


if __name__ == "__main__":
    main(*sys.argv[1:])

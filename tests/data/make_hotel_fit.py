"""Make hotel.fit: a short real fit of some of the hotel study, for the code in the documentation.

Run from the root of the repository::

    python -m tests.data.make_hotel_fit

Too few stays and draws to conclude anything.
"""

from __future__ import annotations

from pathlib import Path

import emotion_models as em

HOTEL = Path(__file__).with_name("hotel.fit")
STAYS = 60


def main() -> None:
    whole = em.load_dataset("hotel-stays")
    some = em.Survey(whole.codebook, whole.data.isel(journey=slice(0, STAYS)), whole.audit)
    model = em.JourneyModel.for_survey(some)
    em.save(em.fit(model, some, seed=1, draws=15, tune=150, chains=2, progress=False), HOTEL)


if __name__ == "__main__":
    main()

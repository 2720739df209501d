"""A change simulated for very many journeys: time and memory.

::

    python experiments/speed/simulated.py stays.fit JOURNEYS FOLDER

Writes timing.json into the folder. The journeys are those of the fit drawn again (`grow.py`).
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

from everyday import change, peak_memory  # noqa: E402
from grow import grown  # noqa: E402

import emotion_models as em  # noqa: E402

DRAWS = 1000


def main() -> None:
    """Simulate once to compile, then grow, then measure."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("fit", type=Path)
    parser.add_argument("journeys", type=int)
    parser.add_argument("folder", type=Path)
    asked = parser.parse_args()
    fit = em.load(asked.fit)
    em.simulate(fit, change(1), draws=DRAWS)
    fit = grown(fit, asked.journeys)
    _ = fit.design
    holding = peak_memory()
    blocks: list[int] = []
    start = time.perf_counter()
    result = em.simulate(fit, change(2), draws=DRAWS, progress=lambda done, _: blocks.append(done))
    taken = time.perf_counter() - start
    found = {
        "draws": int(result.everybody("return").size),
        "simulate s": taken,
        "blocks": len(blocks),
        "holding it GiB": holding,
        "beyond GiB": peak_memory() - holding,
    }
    (asked.folder / "timing.json").write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    main()

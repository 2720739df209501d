"""The five data sets as tasks: who, what is known of them, and what is predicted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from customer_index import CAUSES, ITEMS, book, construct
from task import Task, controls, felt, moments
from unseen import answers_of, design_of

import emotion_models as em

WIDE: Final = {"positivity": em.Prior.normal(0, 5)}
"""As in experiments/published-tables, where constructs alone are told apart."""
SATISFACTION, VALENCE = "satisfaction-only", "valence-only"
ALL_FLAT, EVERY_MOMENT = "all emotions, flat priors", "all emotions and moments, flat priors"
ONE_MOMENT: Final = "one touchpoint: mean, peak and end are the same number"
RULES: Final = {VALENCE: VALENCE, "mean-only": "mean-only", "peak-end": "peak-end"}
PLS: Final = "PLS path model"
NO_PATHS: Final = {PLS: "no path model of these data is published"}


def built(book: Mapping[str, Any], table: pd.DataFrame) -> em.Survey:
    """A wide table of one touchpoint as a survey."""
    plain = {"study": {"name": "prediction"}, "touchpoints": [{"name": "there"}]}
    layout = {"form": "wide", "journey": "row", "rating": "{emotion}"}
    codebook = em.Codebook.model_validate({**plain, "layout": layout, **book})
    # Surveys sort journeys by name: names of one length keep the order of the table.
    row = [f"{number:06d}" for number in range(len(table))]
    survey = em.read_survey(table.assign(row=row), codebook=codebook)
    if survey.data["journey_id"].to_numpy().tolist() != row:
        raise ValueError("rows of the survey are not those of the table")
    return survey


def model_of(survey: em.Survey, options: Mapping[str, Any], *, halo: bool) -> em.JourneyModel:
    """Stages 2 to 4 for a survey."""
    model = em.JourneyModel.for_survey(survey, halo=halo, elicitation=False)
    return model.with_options(options)


def columns(table: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """Some columns as numbers, rows counted from 0."""
    return table[list(names)].astype(float).reset_index(drop=True)


def score(table: pd.DataFrame) -> pd.DataFrame:
    """How good, altogether: the mean of all columns, each standardised."""
    spread = table.std(ddof=0).replace(0, 1)
    return ((table - table.mean()) / spread).mean(axis=1).to_frame("altogether")


def neubauer2024(data: Path) -> Task:
    """Evenings of a diary from its days: nothing said in the evening is known."""
    survey = em.load_dataset("neubauer2024", path=data / "neubauer2024")
    model = model_of(survey, {}, halo=True)
    design = design_of(model, survey)
    known = controls(design)
    return Task(
        name="neubauer2024",
        survey=survey,
        model=model,
        targets=answers_of(design).names,
        variants=RULES,
        regressions={
            ALL_FLAT: felt(design).join(known),
            EVERY_MOMENT: moments(design).join(known),
        },
        everything=moments(design).join(known),
        absent={
            SATISFACTION: "nobody is asked about it before the evening: see the task in which "
            "satisfaction is known",
            **NO_PATHS,
        },
    )


def neubauer2024_satisfied(data: Path) -> Task:
    """The same evenings, satisfaction with the studies being known."""
    plain = neubauer2024(data)
    own = "study_satisfied"
    names = plain.answers().names
    answer = plain.answers().of(own).astype(float)
    satisfied = pd.DataFrame({own: np.where(answer < 0, np.nan, answer)})
    return Task(
        name="neubauer2024, satisfaction known",
        survey=plain.survey,
        model=plain.model,
        targets=tuple(name for name in names if name != own),
        variants={},
        regressions={
            SATISFACTION: satisfied,
            **{name: table.join(satisfied) for name, table in plain.regressions.items()},
        },
        everything=plain.everything.join(satisfied),
        absent={
            **dict.fromkeys(RULES, "fitted where satisfaction is not known, which says the same"),
            **NO_PATHS,
        },
    )


def mobi_ecsi(data: Path) -> Task:
    """Loyalty of customers from all else they said."""
    table = pd.read_csv(data / "mobi_ecsi" / "mobi.csv")
    items = {**ITEMS, "Complaints": ("CUSCO",)}
    return constructs_task("mobi_ecsi", built(book(), table), table, items=items, paths=CAUSES)


def corp_rep(data: Path) -> Task:
    """Loyalty of customers from competence, liking and satisfaction."""
    table = pd.read_csv(data / "corp_rep" / "corp_rep_data.csv").replace(-99, np.nan)
    stems = {"COMP": "comp", "LIKE": "like", "Loyalty": "cusl"}
    items = {name: tuple(f"{stem}_{i}" for i in (1, 2, 3)) for name, stem in stems.items()}
    survey = built(
        {
            "scales": {"seven": {"values": list(range(1, 8))}},
            "emotions": [
                {"name": "Satisfaction", "column": "cusa", "scale": "seven", "valence": 1}
            ],
            "relationship": [construct(name, own, "seven") for name, own in items.items()],
        },
        table,
    )
    paths = {"Satisfaction": ("COMP", "LIKE"), "Loyalty": ("COMP", "LIKE", "Satisfaction")}
    own = {**items, "Satisfaction": ("cusa",)}
    return constructs_task("corp_rep", survey, table, items=own, paths=paths)


def constructs_task(
    name: str,
    survey: em.Survey,
    table: pd.DataFrame,
    *,
    items: Mapping[str, tuple[str, ...]],
    paths: Mapping[str, tuple[str, ...]],
) -> Task:
    """A task of constructs: items of loyalty from all others."""
    targets = items["Loyalty"]
    known = columns(table, [each for own in items.values() for each in own if each not in targets])
    satisfied = known[list(items["Satisfaction"])].mean(axis=1).to_frame("satisfaction")
    return Task(
        name=name,
        survey=survey,
        model=model_of(survey, {"overrides": WIDE}, halo=False),
        targets=targets,
        variants={},
        regressions={SATISFACTION: satisfied, VALENCE: score(known), ALL_FLAT: known},
        everything=known,
        absent=dict.fromkeys(("mean-only", "peak-end"), ONE_MOMENT),
        paths=paths,
        items=items,
        numbers=columns(table, [*known, *targets]),
    )


def globalwarm(data: Path) -> Task:
    """Support of government action, in whole points, from two emotions, age, sex and ideology."""
    table = pd.read_csv(data / "globalwarm" / "globalwarm.csv")
    # The mean of five answers: half a point goes up.
    table = table.assign(govact=np.floor(table["govact"] + 0.5), worth=np.exp(table["age"] / 10))
    slider = {"kind": "slider", "minimum": 1, "maximum": 6}
    book = {
        "scales": {"mean": slider, "seven": {"values": list(range(1, 8))}},
        "emotions": [
            {"name": "negemot", "scale": "mean", "valence": -1},
            {"name": "posemot", "scale": "mean", "valence": 1},
        ],
        "controls": [
            {"name": "ideology", "kind": "numeric", "minimum": 1, "maximum": 7},
            {"name": "sex", "kind": "binary"},
        ],
        "customer_value": {"column": "worth"},
        "behaviours": [{"name": "govact", "family": "ordinal", "scale": "seven"}],
    }
    survey = built(book, table)
    known = columns(table, ["negemot", "posemot", "ideology", "sex", "age"])
    age = known["age"] - known["age"].mean()
    both = known.assign(
        **{f"{name} x age": (known[name] - known[name].mean()) * age for name in list(known)[:2]}
    )
    absent = dict.fromkeys(("mean-only", "peak-end"), ONE_MOMENT)
    return Task(
        name="globalwarm",
        survey=survey,
        model=model_of(survey, {"moderator": "value"}, halo=False),
        targets=("govact",),
        variants={VALENCE: VALENCE},
        regressions={ALL_FLAT: both},
        everything=known,
        absent={**absent, SATISFACTION: "satisfaction is not asked about", **NO_PATHS},
    )


BEFORE: Final = {
    "happy": 1, "cheerful": 1, "delighted": 1, "relaxed": 1, "lively": 1, "confident": 1,
    "sad": -1, "unhappy": -1, "scared": -1, "tense": -1, "angry": -1, "upset": -1,
}  # fmt: skip
"""Adjectives before the film that stand for what is felt, with their valence."""
AFTER: Final = ("happy", "sad", "scared", "angry", "relaxed", "interested")


def affect_films(data: Path) -> Task:
    """Adjectives after a film from those before it and from which film it was.

    Studies FLAT and Maps: there the first questionnaire is before the film, the second after it.
    """
    found = pd.read_csv(data / "affect_films" / "msqR.csv")
    found = found[found["study"].isin(["FLAT", "Maps"]) & found["film"].notna()]
    known = [*BEFORE, "satisfied"]
    before = found[found["time"] == 1].set_index(["study", "id"])[[*known, "film"]]
    after = found[found["time"] == 2].set_index(["study", "id"])[list(AFTER)].add_suffix("_after")
    table = before.join(after, how="inner").reset_index(drop=True)
    table = table.assign(film=table["film"].astype(int).astype(str))
    scales = {"four": {"values": [0, 1, 2, 3]}}
    book = {
        "scales": scales,
        "emotions": [
            {"name": name, "scale": "four", "valence": valence} for name, valence in BEFORE.items()
        ],
        "controls": [{"name": "film", "kind": "categorical", "categories": ["3", "1", "2", "4"]}],
        "behaviours": [
            {"name": f"{name}_after", "family": "ordinal", "scale": "four"} for name in AFTER
        ],
    }
    survey = built(book, table)
    film = pd.get_dummies(table["film"], prefix="film").astype(float).drop(columns="film_3")
    satisfied = columns(table, ["satisfied"])
    emotions = columns(table, list(BEFORE))
    return Task(
        name="affect_films",
        survey=survey,
        model=model_of(survey, {}, halo=True),
        targets=tuple(f"{name}_after" for name in AFTER),
        variants={VALENCE: VALENCE},
        regressions={SATISFACTION: satisfied.join(film), ALL_FLAT: emotions.join(film)},
        everything=emotions.join(film),
        absent={**dict.fromkeys(("mean-only", "peak-end"), ONE_MOMENT), **NO_PATHS},
    )


TASKS: Final[Mapping[str, Callable[[Path], Task]]] = {
    "globalwarm": globalwarm,
    "mobi_ecsi": mobi_ecsi,
    "corp_rep": corp_rep,
    "affect_films": affect_films,
    "neubauer2024": neubauer2024,
    "neubauer2024-satisfied": neubauer2024_satisfied,
}
"""How each task is read; the small ones first."""

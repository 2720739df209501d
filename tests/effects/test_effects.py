"""Effects: by hand from the formulas, and everything a table or a sentence says of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import emotion_models as em
from emotion_models.effects import Effects, estimate
from emotion_models.errors import InputProblems
from emotion_models.inference import Fit
from emotion_models.inference.estimands import ALL
from tests import oracle

DRAWS = 3
OUTCOMES = (
    "overall", "trust", "return", "recommend", "complain", "spend", "visits", "frustration_kept",
)  # fmt: skip


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Loops in Python are slow: three draws."""
    for by in estimate.DRAWS:
        monkeypatch.setitem(estimate.DRAWS, by, DRAWS)


@pytest.fixture
def fresh_tiny(tiny: Fit) -> Fit:
    """The fit without anything cached."""
    return replace(tiny)


@pytest.fixture(scope="module")
def result(tiny: Fit) -> Effects:
    return em.effects(tiny)


def raised(ratings: oracle.Ratings, emotion: int, top: int, places: range) -> oracle.Ratings:
    return [
        [
            min(y + 1, top) if t in places and e == emotion and y >= 0 else y
            for e, y in enumerate(row)
        ]
        for t, row in enumerate(ratings)
    ]


def by_hand(fit: Fit, emotion: int, places: range, outcome: str) -> np.ndarray:
    """Effects (path, draw, journey) of one more point."""
    found = np.zeros((4, DRAWS, fit.design.n_journeys))
    kept = np.linspace(0, oracle.n_draws(fit) - 1, DRAWS).round().astype(int)
    top = oracle.top_of(fit, emotion)
    for s, index in enumerate(kept):
        draw = oracle.Draw(fit, int(index))
        for j in range(fit.design.n_journeys):
            journey, before = oracle.Journey(draw, j), oracle.ratings_of(fit, j)
            after = raised(before, emotion, top, places)
            memory, new = journey.remembered(before), journey.remembered(after)
            moved = journey.plain_change(before, after)
            plain = [m + d for m, d in zip(memory, moved, strict=True)]
            bond = journey.bond(memory)
            start = journey.expected(outcome, memory, bond)
            total = journey.expected(outcome, new, journey.bond(new)) - start
            held = journey.expected(outcome, new, bond) - start
            direct = total if outcome == "trust" else held
            averaged = journey.expected(outcome, plain, journey.bond(plain)) - start
            found[:, s, j] = total, direct, total - direct, total - averaged
    return found


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize(
    ("outcome", "emotion"),
    [("return", "joy"), ("trust", "frustration"), ("recommend", "worry"), ("spend", "gratitude")],
)
def test_against_the_formulas(tiny: Fit, outcome: str, emotion: str) -> None:
    result = em.effects(tiny, on=outcome, by="segment")
    e = tiny.design.emotions.index(emotion)
    expected = by_hand(tiny, e, range(3), outcome)
    for g, segment in enumerate(result.segments):
        mean = oracle.average(tiny, expected, None if segment == ALL else segment)
        assert result.values[0, :, e, 0, g] == pytest.approx(mean, abs=2e-5 * abs(mean).max())
    assert result.segments == (ALL, "business", "leisure")


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize("outcome", ["visits", "overall", "frustration_kept"])
def test_one_touchpoint_against_the_formulas(tiny: Fit, outcome: str) -> None:
    result = em.effects(tiny, on=outcome, by="touchpoint")
    e = tiny.design.emotions.index("frustration")
    for place in (0, 2):
        mean = oracle.average(tiny, by_hand(tiny, e, range(place, place + 1), outcome))
        found = result.values[0, :, e, 1 + place, 0]
        assert found == pytest.approx(mean, abs=1e-6)
    assert result.touchpoints == (ALL, *tiny.design.touchpoints)


def test_shape_and_labels(result: Effects, tiny: Fit) -> None:
    draws = result.draws
    assert draws.dims == ("outcome", "path", "emotion", "touchpoint", "segment", "sample")
    assert draws.sizes["sample"] == oracle.n_draws(tiny)
    assert result.outcomes == OUTCOMES
    table = result.table()
    assert list(table) == [
        "outcome", "path", "emotion", "touchpoint", "segment", "mean", "sd", "lower", "upper",
        "p_positive", "unit", "claim",
    ]  # fmt: skip
    assert len(table) == 8 * 4 * 4
    assert (table["lower"] <= table["upper"]).all()
    assert set(table["claim"]) == {"adjusted"}
    row = table.iloc[-1]
    cell = draws.sel(
        outcome=row["outcome"], path=row["path"], emotion=row["emotion"], segment=ALL
    ).sel(touchpoint=ALL)
    assert row["mean"] == pytest.approx(float(cell.mean()))


def test_units(result: Effects) -> None:
    assert result.units == {
        "overall": "scale points", "trust": "scale points", "return": "probability",
        "recommend": "scale points", "complain": "probability", "spend": "EUR",
        "visits": "count", "frustration_kept": "scale points",
    }  # fmt: skip


def test_direct_and_via_relationship_make_the_total(result: Effects) -> None:
    total, direct, via, _ = np.moveaxis(result.values, 1, 0)
    assert total == pytest.approx(direct + via, rel=1e-5, abs=1e-6)
    trust = OUTCOMES.index("trust")
    assert (via[trust] == 0).all()  # nothing comes before the relationship
    assert np.abs(via[OUTCOMES.index("return")]).max() > 1e-4


def test_a_plain_average_has_no_effect_via_memory(tiny: Fit) -> None:
    posterior = tiny.posterior.copy()
    draws = posterior["posterior"].to_dataset()
    weight = np.zeros_like(draws["memory_weight"])
    weight[..., 0] = 1
    draws["memory_weight"] = (draws["memory_weight"].dims, weight)
    draws["salience"] = (draws["salience"].dims, np.full_like(draws["salience"], 1 / 3))
    posterior["posterior"].dataset = draws
    result = em.effects(replace(tiny, posterior=posterior), on="return")
    assert result.values[0, 3] == pytest.approx(np.zeros_like(result.values[0, 3]), abs=1e-6)


def test_only_own_emotion_moves_a_rating_of_it(result: Effects) -> None:
    kept = result.values[OUTCOMES.index("frustration_kept"), 0, :, 0, 0]
    assert (kept[[0, 1, 3]] == 0).all()
    assert (kept[2] != 0).all()


def synthetic(values: list[list[float]]) -> Effects:
    """Total effects (emotion, sample) on one outcome."""
    array = np.zeros((1, 4, len(values), 1, 1, len(values[0])))
    array[0, 0, :, 0, 0] = values
    names = tuple("abcdefgh"[: len(values)])
    valence = dict.fromkeys(names, 1.0)
    paths = estimate.PATHS
    return Effects(array, ("y",), paths, names, (ALL,), (ALL,), {"y": "count"}, valence, "adjusted")


def test_ranks() -> None:
    ranks = synthetic([[1, 1, -4, 0], [-2, 2, 1, 2], [0, 0, 2, 1], [-0.5, 0.1, 3, 3]]).ranks()
    by_name = ranks.set_index("emotion")
    assert by_name["expected_rank"].to_dict() == {"a": 2.25, "b": 2.0, "c": 3.5, "d": 2.25}
    assert by_name["p_top1"].to_dict() == {"a": 0.25, "b": 0.5, "c": 0.0, "d": 0.25}
    assert by_name["p_top3"].to_dict() == {"a": 0.75, "b": 0.75, "c": 0.5, "d": 1.0}
    assert ranks["emotion"].iloc[0] == "b"


def test_ranks_are_shares_of_draws(result: Effects) -> None:
    ranks = result.ranks()
    sums = ranks.groupby("outcome")[["p_top1", "p_top3", "expected_rank"]].sum()
    assert sums["p_top1"].to_numpy() == pytest.approx(np.ones(8))
    kept = sums.index == "frustration_kept"
    assert sums["p_top3"].to_numpy() == pytest.approx(np.where(kept, 1.0, 3.0))
    assert sums["expected_rank"].to_numpy() == pytest.approx(np.where(kept, 1.0, 10.0))


def test_what_does_not_act_is_not_ranked(result: Effects) -> None:
    """A remembered rating of one emotion rests on that emotion alone."""
    ranks = result.ranks().set_index("outcome")
    assert ranks.loc["frustration_kept", "emotion"] == "frustration"
    assert "+0 [+0, +0]" not in result.summary()


def test_equal_effects_share_their_rank() -> None:
    ranks = synthetic([[2.0, 2.0], [2.0, 2.0], [-2.0, 2.0], [1.0, 1.0]]).ranks()
    by_name = ranks.set_index("emotion")
    assert by_name.loc[["a", "b", "c"], "p_top1"].to_numpy() == pytest.approx(np.full(3, 1 / 3))


def test_the_summary_says_what_was_asked_for(tiny: Fit) -> None:
    assert "    business: " in em.effects(tiny, on="return", by="segment").summary()
    assert "    check-in: " in em.effects(tiny, on="return", by="touchpoint").summary()


def test_contrast_is_paired() -> None:
    draws = np.random.default_rng(1).normal(size=400)
    effects = synthetic([list(draws + 0.01), list(draws)])
    contrast = effects.contrast("y", "a", "b")
    assert contrast["p_positive"] == 1.0
    assert contrast["lower"] == pytest.approx(0.01)
    assert effects.contrast("y", "b", "a")["mean"] == pytest.approx(-contrast["mean"])


def test_unknown_names(tiny: Fit, result: Effects) -> None:
    with pytest.raises(InputProblems, match="outcome 'retrun': not in the fit; did you mean 'ret"):
        em.effects(tiny, on="retrun")
    with pytest.raises(InputProblems, match="by 'segments': unknown; did you mean 'segment'"):
        em.effects(tiny, by="segments")  # type: ignore[arg-type]
    with pytest.raises(InputProblems, match="emotion 'yoy': not here; did you mean 'joy'"):
        result.contrast("return", "yoy", "joy")
    with pytest.raises(InputProblems, match="outcome 'x': not here; valid names: 'overall'"):
        result.contrast("x", "worry", "joy")


def test_every_problem_at_once(tiny: Fit) -> None:
    with pytest.raises(InputProblems) as caught:
        em.effects(tiny, on="retrun", by="emotions")  # type: ignore[arg-type]
    assert len(caught.value.problems) == 2


def test_a_fit_without_outcomes(tiny: Fit) -> None:
    bare = replace(tiny, model=tiny.model.model_copy(update={"outcomes": False}))
    with pytest.raises(InputProblems, match="fit: has no outcomes"):
        em.effects(bare)


def test_a_fit_without_elicitation_is_enough(tiny: Fit, result: Effects) -> None:
    bare = replace(tiny, model=tiny.model.model_copy(update={"elicitation": False}))
    assert np.array_equal(em.effects(bare).values, result.values)


def test_asking_again_gives_the_same(tiny: Fit, result: Effects) -> None:
    assert np.array_equal(em.effects(tiny).values, result.values)
    one = em.effects(tiny, on="return")
    assert np.array_equal(one.values[0], result.values[OUTCOMES.index("return")])


def test_words_and_figures(tiny: Fit, result: Effects) -> None:
    text = em.effects(tiny, on="return").summary()
    assert text.startswith("One more scale point of an emotion at every touchpoint (adjusted; 90%")
    assert "return (probability)" in text
    assert text.count("among the three largest with probability") == 3
    assert repr(result) == result.summary()
    assert result._repr_html_().startswith("<pre>One more")
    assert len(result.plot().axes) >= 8
    assert em.effects(tiny, on="return").plot().axes
    assert em.effects(tiny, on="return", by="touchpoint").plot().axes
    assert em.effects(tiny, by="touchpoint").plot().axes


def test_by_identity_where_everybody_has_one(fresh_tiny: Fit) -> None:
    """With one identity each, an identity is its segment."""
    identity, segment = (
        em.effects(fresh_tiny, on="return", by=by) for by in ("identity", "segment")
    )
    assert identity.segments == segment.segments
    np.testing.assert_allclose(identity.values, segment.values, atol=1e-7)


def test_by_identity_is_what_it_alone_would_do(fresh_tiny: Fit) -> None:
    """Everybody half of each: the identity's effect is that of a survey of its own people."""
    data = fresh_tiny.data.copy(deep=True)
    data["membership"][:] = 0.5
    mixed = replace(fresh_tiny, data=data)
    found = em.effects(mixed, on="overall", by="identity").draws.sel(path="total", touchpoint=ALL)
    together = em.effects(mixed, on="overall", by="segment").draws.sel(path="total", touchpoint=ALL)
    names = fresh_tiny.design.segments
    # By segment everybody is the same mixture; by identity the two differ as their effects do.
    np.testing.assert_allclose(*(together.sel(segment=name) for name in names))
    assert abs(found.sel(segment=names[0]) - found.sel(segment=names[1])).max() > 1e-3
    middle = (found.sel(segment=names[0]) + found.sel(segment=names[1])) / 2
    np.testing.assert_allclose(middle, together.sel(segment=ALL), atol=0.02)


def test_identities_that_are_not_told_apart(fresh_tiny: Fit) -> None:
    alone = fresh_tiny.model.with_options({"segments": False})
    with pytest.raises(InputProblems, match="tells no identities apart"):
        em.effects(replace(fresh_tiny, model=alone), by="identity")

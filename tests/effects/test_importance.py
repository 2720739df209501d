"""Importance: against the formulas by hand, and everything a table or a sentence says of it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from scipy.special import polygamma

import emotion_models as em
from emotion_models.effects import Importance, decompose
from emotion_models.effects.ranks import larger, ranked
from emotion_models.errors import InputProblems
from emotion_models.inference import Fit
from tests import oracle

ROWS = ("overall", "trust", "return", "recommend", "complain", "spend: any", "spend: amount",
        "visits")  # fmt: skip


@pytest.fixture(scope="module")
def result(tiny: Fit) -> Importance:
    return em.importance(tiny)


def weighted_variance(fit: Fit, values: np.ndarray) -> float:
    mean = oracle.average(fit, values)
    return float(oracle.average(fit, (values - mean) ** 2))


@pytest.mark.parametrize("row", ["trust", "return", "overall", "spend: amount", "visits"])
def test_explained_part_by_hand(tiny: Fit, result: Importance, row: str) -> None:
    """R2 of memory from the formulas, one journey at a time."""
    for s in (0, 7):
        draw = oracle.Draw(tiny, s)
        memory_part, predictor = [], []
        behaviour = row not in ("trust", "overall")
        pull = draw.get("bond_effect", construct="trust", behaviour_row=row) if behaviour else 0.0
        for j in range(tiny.design.n_journeys):
            journey = oracle.Journey(draw, j)
            memory = journey.remembered(oracle.ratings_of(tiny, j))
            nothing = [0.0] * len(memory)
            full = journey.own(row, memory) + pull * journey.own("trust", memory)
            rest = journey.own(row, nothing) + pull * journey.own("trust", nothing)
            memory_part.append(full - rest)
            predictor.append(full)
        residual = {
            "trust": 1.0,
            "overall": math.pi**2 / 3,
            "return": math.pi**2 / 3 + pull**2,
        }
        if row == "spend: amount":
            residual[row] = draw.get("amount_sd") ** 2 + pull**2
        if row == "visits":
            level = draw.get("count_intercept") + float(tiny.design.items.others["count"].level[0])
            mean = oracle.average(tiny, np.exp(np.array(predictor) + level))
            shape = 1 / (1 / mean + 1 / draw.get("count_dispersion"))
            residual[row] = float(polygamma(1, shape)) + pull**2
        whole = weighted_variance(tiny, np.array(predictor)) + residual[row]
        expected = weighted_variance(tiny, np.array(memory_part)) / whole
        assert result.values[ROWS.index(row), :, s].sum() == pytest.approx(expected)


def test_touchpoints_divide_the_same_variation(tiny: Fit, result: Importance) -> None:
    places = em.importance(tiny, of="touchpoint")
    assert places.names == tiny.design.touchpoints
    assert places.values.sum(axis=1) == pytest.approx(result.values.sum(axis=1))
    assert places.positivity == pytest.approx(result.positivity)


def altered(fit: Fit, change: Callable[[dict[str, np.ndarray]], None]) -> Fit:
    """The fit with some posterior draws replaced."""
    posterior = fit.posterior.copy()
    draws = posterior["posterior"].to_dataset()
    names = ("positivity", "effect", "effect_by_segment", "bond_effect")
    arrays = {name: draws[name].to_numpy().copy() for name in names}
    change(arrays)
    for name, values in arrays.items():
        draws[name] = (draws[name].dims, values)
    posterior["posterior"].dataset = draws
    return replace(fit, posterior=posterior)


def same_in_segments(arrays: dict[str, np.ndarray], effect: np.ndarray) -> None:
    arrays["bond_effect"][:] = 0
    arrays["effect"][:] = effect[:, None]
    arrays["effect_by_segment"][:] = effect[:, None]


def test_mere_valence_is_all_positivity(tiny: Fit) -> None:
    fit = altered(tiny, lambda arrays: same_in_segments(arrays, 2.5 * tiny.design.valence))
    result = em.importance(fit, on="return")
    assert result.positivity == pytest.approx(np.ones_like(result.positivity))
    assert "a single positivity score would do for 100%" in result.summary()


def test_without_any_effect_nothing_is_explained(tiny: Fit) -> None:
    fit = altered(tiny, lambda arrays: same_in_segments(arrays, np.zeros(4)))
    result = em.importance(fit, on="return")
    assert (result.values == 0).all()
    table = result.table()
    assert (table["share"] == 0).all()
    assert table["p_top1"].to_numpy() == pytest.approx(np.full(4, 0.25))
    assert table["expected_rank"].to_numpy() == pytest.approx(np.full(4, 2.5))


def test_no_effect_is_the_limit_of_a_small_one(tiny: Fit) -> None:
    found = []
    for small in (0.0, 1e-7):
        effect = np.array([2.0, small, -1.0, -0.5])
        fit = altered(tiny, lambda arrays, effect=effect: same_in_segments(arrays, effect))
        found.append(em.importance(fit, on="return").values)
    assert found[0] == pytest.approx(found[1], abs=1e-5)
    assert (found[0][0, 1] > 1e-4).all()


def test_more_emotions_than_subsets_can_be_listed(
    tiny: Fit, result: Importance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decompose, "EXACT", 2)
    sampled = em.importance(tiny)
    assert sampled.values.sum(axis=1) == pytest.approx(result.values.sum(axis=1))
    apart = np.abs(sampled.values - result.values).mean(axis=2).max()
    assert 0 < apart < 5 * sampled.error < 0.1
    assert "Monte Carlo error" in sampled.summary()
    assert "Monte Carlo error" not in result.summary()
    assert np.array_equal(em.importance(tiny).values, sampled.values)


def test_chunks_do_not_matter(
    tiny: Fit, result: Importance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decompose, "CHUNK_BYTES", 1)
    assert em.importance(tiny).values == pytest.approx(result.values)


def test_ranks_with_ties() -> None:
    values = np.array([[3.0, 1, 1], [1, 3, 1], [0, 0, 1], [0, 0, 1]])
    expected, among = ranked(values)
    assert expected == pytest.approx([(1 + 2 + 2.5) / 3, (2 + 1 + 2.5) / 3, 3.5 * 2 / 3 + 2.5 / 3,
                                      3.5 * 2 / 3 + 2.5 / 3])  # fmt: skip
    assert among[1] == pytest.approx([(1 + 0.25) / 3, (1 + 0.25) / 3, 0.25 / 3, 0.25 / 3])
    assert among[3] == pytest.approx([2.75 / 3, 2.75 / 3, 1.75 / 3, 1.75 / 3])
    chances = larger(values)
    assert chances[0, 1] == pytest.approx(0.5)
    assert chances[0, 2] == pytest.approx((1 + 1 + 0.5) / 3)
    assert chances + chances.T == pytest.approx(np.ones((4, 4)))


def test_table_and_draws(result: Importance, tiny: Fit) -> None:
    assert result.rows == ROWS
    assert result.draws.dims == ("outcome", "emotion", "sample")
    table = result.table()
    assert list(table) == [
        "outcome", "emotion", "share", "sd", "lower", "upper", "explained", "expected_rank",
        "p_top1", "p_top3", "claim",
    ]  # fmt: skip
    sums = table.groupby("outcome")[["share", "p_top1", "p_top3", "expected_rank"]].sum()
    assert sums.to_numpy() == pytest.approx(np.tile([1, 1, 3, 10], (8, 1)))
    whole = result.explained().set_index(["quantity", "outcome"])["mean"]["R2 of memory"]
    parts = table.groupby("outcome")["explained"].sum()
    assert parts[list(ROWS)].to_numpy() == pytest.approx(whole[list(ROWS)].to_numpy())
    assert whole.between(0, 1).all()
    pairs = result.pairs("return")
    assert list(pairs) == list(tiny.design.emotions)
    first = table[table["outcome"] == "return"].iloc[0]
    assert first["expected_rank"] == pytest.approx(
        1 + (1 - pairs.loc[first["emotion"]]).sum() - 0.5
    )


def test_words_and_figures(tiny: Fit, result: Importance) -> None:
    text = em.importance(tiny, on="return").summary()
    assert "adjusted, on the latent scale" in text
    assert "not an effect" in text
    assert "return: memory explains" in text
    assert text.count("largest with probability") == 3
    assert repr(result) == result.summary()
    assert result._repr_html_().startswith("<pre>What explains")
    assert len(result.plot().axes) == 8
    assert em.importance(tiny, on="return", of="touchpoint").plot().axes


def test_every_problem_at_once(tiny: Fit, result: Importance) -> None:
    with pytest.raises(InputProblems) as caught:
        em.importance(tiny, on="retrun", of="emotions")  # type: ignore[arg-type]
    assert len(caught.value.problems) == 2
    assert "did you mean 'return'" in str(caught.value)
    with pytest.raises(InputProblems, match="only that emotion acts on it"):
        em.importance(tiny, on="frustration_kept")
    bare = replace(tiny, model=tiny.model.model_copy(update={"outcomes": False}))
    with pytest.raises(InputProblems, match="has no outcomes"):
        em.importance(bare)
    with pytest.raises(InputProblems, match="did you mean 'trust'"):
        result.pairs("trsut")

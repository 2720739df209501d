"""Published directions as priors: where they enter, and that data can overrule them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import emotion_models as em
from emotion_models.models.chain import block
from emotion_models.models.literature import published_cells
from emotion_models.science.directions import SIZE
from emotion_models.science.equations.outcomes import along_valence, beyond_valence
from tests.models.builders import FULL_MODEL, book, design, feelings
from tests.models.graphs import draws, evaluate

EMOTIONS = ("joy", "contentment", "gratitude", "anger", "frustration", "regret")
OUTCOMES = [{"name": name, "family": "bernoulli"} for name in ("return", "complain", "switch")]
BOOK = book(emotions=feelings(*EMOTIONS), behaviours=OUTCOMES, remembered=None, relationship=None)
MODEL = FULL_MODEL.model_copy(update={"elicitation": False, "recall": False, "segments": False})


def test_only_published_cells_have_a_mean() -> None:
    laid_out = design(MODEL, BOOK)
    cells = published_cells(MODEL, laid_out)
    assert set(cells.labels) == {
        "contentment on return", "gratitude on return", "anger on return",
        "frustration on return", "anger on complain", "frustration on complain",
        "contentment on switch", "anger on switch", "regret on switch",
    }  # fmt: skip
    assert set(np.abs(cells.mean).ravel()) == {0.0, SIZE}
    for changed in ({"priors": "weak"}, {"specific": False}):
        assert not published_cells(MODEL.model_copy(update=changed), laid_out).labels


def test_weak_priors_have_the_graph_they_had() -> None:
    """Nothing of the literature is in it: same variables, same density."""
    weak = MODEL.model_copy(update={"priors": "weak"})
    built = block(weak, design(weak, BOOK), "outcomes")
    assert {v.name for v in built.free_RVs} == {
        "memory_rule", "memory_spread_signed_z", "memory_z", "salience", "positivity",
        "specificity_signed_z", "departure_z", "control_effect", "intercept",
    }  # fmt: skip


def test_prior_of_the_effects() -> None:
    """Means as published, spread by their own sd, and positivity the slope on valence."""
    sharp = {
        "positivity": em.Prior.normal(0, 1e-6),
        "specificity": em.Prior.half_normal(1e-6),
    }
    model = MODEL.with_options({"overrides": sharp})
    laid_out = design(model, BOOK)
    cells, valence = published_cells(model, laid_out), laid_out.valence
    built = block(model, laid_out, "outcomes")
    effect, slope, own = draws(
        [built["effect"], built["positivity"], built["published"]], 2000, seed=3
    )
    assert effect.mean(axis=0) == pytest.approx(cells.mean, abs=6 * 0.5 / 2000**0.5)
    assert own.std(axis=0) == pytest.approx(np.full(own.shape[1], 0.5), rel=0.1)
    assert slope == pytest.approx(along_valence(effect, valence), abs=1e-4)
    others = np.delete(effect[:, :, 0], cells.emotion[cells.row == 0], axis=1)
    assert others.std(axis=0).max() < 0.5  # what was not published is hardly moved


def test_data_overrule_a_wrong_sign() -> None:
    """Conjugate oracle with specificity 0: the posterior goes to the data, not to the sign.

    With effects observed up to normal error s, effect = mu v + P (m + C u) is a linear model
    with normal priors. Were the means fixed (as with sd 0), a wrong sign would stay.
    """
    laid_out = design(MODEL, BOOK)
    cells, valence = published_cells(MODEL, laid_out), laid_out.valence
    row = 1  # complaining: anger and frustration are published as positive
    members = cells.emotion[cells.row == row]
    selection = np.eye(len(valence))[:, members]
    truth = np.where(np.isin(np.arange(len(valence)), members), -SIZE, 0.0)
    found = {
        sd: _posterior_mean(truth, cells.mean[:, [row]], selection, valence, sd)
        for sd in (0.5, 1e-6)
    }
    assert found[0.5][members] == pytest.approx(truth[members], abs=0.05)
    assert (found[1e-6][members] > truth[members] + 0.5).all()


def _posterior_mean(truth: Any, mean: Any, selection: Any, valence: Any, sd: float) -> Any:
    error = 0.02
    columns = np.column_stack([valence[:, None], beyond_valence(selection, valence)])
    start = (beyond_valence(mean, valence) + valence[:, None] * along_valence(mean, valence))[:, 0]
    prior = np.diag([1 / 2**2, *[1 / sd**2] * selection.shape[1]])
    information = columns.T @ columns / error**2 + prior
    return start + columns @ np.linalg.solve(information, columns.T @ (truth - start) / error**2)


def test_the_graph_can_reach_any_published_effect() -> None:
    """Positivity and `published` alone span every effect of the published cells."""
    laid_out = design(MODEL, BOOK)
    built = block(MODEL, laid_out, "outcomes")
    names = ["positivity_z", "published", "specificity_signed_z", "departure_z"]
    variables = [built[name] for name in names]
    start = built.initial_point()
    zero = [np.zeros_like(start[name]) for name in names]
    at = [evaluate(built["effect"], dict(zip(variables, zero, strict=True)))]
    for position in (0, 1):
        for index in range(zero[position].size):
            moved = [value.copy() for value in zero]
            moved[position][index] = 1
            at.append(evaluate(built["effect"], dict(zip(variables, moved, strict=True))))
    jacobian = np.stack([(value - at[0]).ravel() for value in at[1:]], axis=1)
    cells = published_cells(MODEL, laid_out)
    for emotion, row in zip(cells.emotion, cells.row, strict=True):
        target = np.zeros(at[0].shape)
        target[emotion, row] = 1
        solution = jacobian @ np.linalg.lstsq(jacobian, target.ravel(), rcond=None)[0]
        assert solution == pytest.approx(target.ravel(), abs=1e-9)


def test_the_library_can_be_read() -> None:
    library = em.directions()
    table = library.table().set_index(["emotion", "outcome"])
    row = table.loc[("gratitude", "repurchase")]
    assert row["prior_mean"] == SIZE
    assert row["sd"] == 0.5
    assert row["mark"] == "V"
    assert row["sources"].startswith("Soscia 2007 (doi 10.1002/mar.20188); Palmatier 2009")
    silent = table.loc[("relief", "trust")]
    assert np.isnan(silent["prior_mean"])
    assert silent["sources"] == ""
    assert "27 published directions of 12 emotions" in library.summary()
    assert "<table" in library._repr_html_()

"""Groups that use items differently: constraints, oracle, and what is refused."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pymc as pm
import pytest
import xarray as xr

from emotion_models.errors import InputProblems
from emotion_models.inference.likelihood import log_likelihood
from emotion_models.models.chain import block
from emotion_models.models.design import Design
from emotion_models.models.groups import item_basis, shared_items
from emotion_models.models.parameters import Parameters, parameters
from emotion_models.models.requirements import unmet
from emotion_models.models.response import respond
from emotion_models.models.spec import JourneyModel
from tests.models.builders import FULL, FULL_MODEL, book, dataset, design
from tests.models.graphs import MODE, draws

WAVES = {"column": "wave", "categories": [1, 2, 3]}
THREE = [
    {"name": "trust", "items": [{"name": f"trust_{k}", "scale": "agree"} for k in (1, 2, 3)]},
    FULL["relationship"][1],
]
NEW = {"item_shift_sd", "item_stretch_sd", "construct_spread"}


def laid_out(kind: str, **changes: Any) -> tuple[JourneyModel, Design]:
    model = FULL_MODEL.with_options({"invariance": kind, **changes})
    return model, design(model, book(wave=WAVES, relationship=THREE), n=20)


@pytest.fixture(scope="module")
def waves() -> tuple[JourneyModel, Design, pm.Model, dict[str, Any]]:
    """Three waves: the model and every variable of one prior draw."""
    model, found = laid_out("wave")
    built = block(model, found, "outcomes")
    names = [v.name for v in (*built.free_RVs, *built.deterministics)]
    values = draws([built[name] for name in names], 1, seed=4)
    return model, found, built, dict(zip(names, values, strict=True))


def known(model: JourneyModel, found: Design, values: dict[str, Any]) -> Parameters:
    labelled = {
        name: (("sample", *(f"{name}_{axis}" for axis in range(np.ndim(value)))), value[None])
        for name, value in values.items()
    }
    return parameters(model, found, xr.Dataset(labelled))


def test_sums_to_zero(waves: Any) -> None:
    _, found, _, values = waves
    (trust,) = shared_items(found.items)
    assert [found.items.ordinal_names[q] for q in trust] == ["trust_1", "trust_2", "trust_3"]
    for name in ("item_shift", "item_stretch"):
        value = values[name]
        assert value.sum(axis=0) == pytest.approx(np.zeros(value.shape[1]), abs=1e-12)
        assert value[:, trust].sum(axis=1) == pytest.approx(np.zeros(3), abs=1e-12)
        assert (value[:, trust] != 0).all()
        assert not np.delete(value, trust, axis=1).any()
    assert values["construct_spread"].sum(axis=1) == pytest.approx([0.0], abs=1e-12)


def test_a_shift_of_all_items_is_no_shift(waves: Any) -> None:
    """The level of a group on the construct is out of reach of the items' own shifts."""
    _, found, _, _ = waves
    basis = item_basis(found.items)
    assert basis.shape[1] == 2
    assert basis.T @ basis == pytest.approx(np.eye(2))
    assert np.abs(basis.sum(axis=0)).max() < 1e-12


def test_predictor_by_hand(waves: Any) -> None:
    """Every item and journey: loading of its wave times the construct, plus its wave's shift."""
    model, found, _, values = waves
    own = known(model, found, values)
    rng = np.random.default_rng(5)
    construct = rng.normal(size=(1, found.n_journeys))
    spread = values["construct_spread"][0]
    for q, name in enumerate(found.items.ordinal_names):
        predictor = own.item_predictor(found, q, construct)
        for j in range(found.n_journeys):
            wave = int(found.answering.membership[j].argmax())
            stretch = values["item_stretch"][wave, q]
            if name.startswith("trust"):
                stretch += spread[wave]
            loading = values["item_loading"][q] * math.exp(stretch)
            expected = loading * construct[0, j] + values["item_shift"][wave, q]
            assert predictor[0, j] == pytest.approx(expected)


def test_leave_one_out_has_the_likelihood_of_the_model(waves: Any) -> None:
    """Answers drawn by the model: their density there and in NumPy."""
    model, found, built, values = waves
    own = known(model, found, values)
    rng = np.random.default_rng(6)
    eta = rng.normal(size=(found.n_journeys, len(found.rows)))
    items = found.items
    rows = [r for r, row in enumerate(found.rows) if row.likelihood == "ordinal"]
    each = log_likelihood(found, own, lambda row: eta[None, :, row], rows)
    total = 0.0
    for q, row in enumerate(items.ordinal_row):
        kappa = np.concatenate([[-np.inf], values["answer_cutpoint"][q, items.exists[q]], [np.inf]])
        predictor = own.item_predictor(found, q, eta[None, :, row])[0]
        for y, x in zip(items.ordinal[:, q], predictor, strict=True):
            if y >= 0:
                low, high = (1 / (1 + math.exp(min(x - k, 700))) for k in kappa[y : y + 2])
                total += math.log(high - low)
    assert each.sum() == pytest.approx(total)
    assert set(built.named_vars) >= NEW


@pytest.mark.parametrize("kind", ["wave", "segment"])
def test_the_block_agrees_with_posterior_evaluation(kind: str) -> None:
    """Density of the ordinal answers in the PyMC model and on its draws, the same point."""
    model, found = laid_out(kind)
    built = block(model, found, "outcomes")
    rng = np.random.default_rng(7)
    start = built.initial_point()
    point = {name: value + rng.normal(0, 0.3, value.shape) for name, value in start.items()}
    density = built.compile_logp(vars=[built["answer"]], mode=MODE)(point)
    names = [v.name for v in built.unobserved_value_vars]
    inner = built.compile_fn(built.unobserved_value_vars, mode=MODE)(point)
    values = {str(name): np.asarray(value) for name, value in zip(names, inner, strict=True)}
    own = known(model, found, values)
    response = respond(model, found, own, {"bond_residual": values["bond_residual"][None]})
    rows = [r for r, row in enumerate(found.rows) if row.likelihood == "ordinal"]
    each = log_likelihood(found, own, lambda row: response.eta[:, row], rows)
    assert each.sum() == pytest.approx(float(density), rel=1e-9)
    assert abs(own.group_shift).max() > 0.01


def test_means_may_differ() -> None:
    """The groups' levels are controls, waves' and segments' alike, whatever else is estimated."""
    _, found = laid_out("wave", segments=False)
    assert {"wave=2", "wave=3"} <= set(found.control_names)
    _, found = laid_out("segment", segments=False)
    assert "segment=old" in found.control_names
    assert found.segments == ("(all)",)
    _, off = laid_out("none", segments=False)
    assert not [name for name in off.control_names if "=" in name]


def test_off_is_the_model_as_it_was() -> None:
    model, found = laid_out("none")
    built = block(model, found, "outcomes")
    assert not NEW & set(built.named_vars)
    assert found.answering.labels == ()


def test_what_cannot_be_told_is_refused() -> None:
    model = FULL_MODEL.with_options({"invariance": "wave"})
    alone = [FULL["relationship"][1]]
    for codebook in (book(), book(wave=WAVES, relationship=alone), book(relationship=alone)):
        (problem,) = unmet(model, codebook, dataset(codebook))
        assert problem.where == "option 'invariance'"
        assert problem.fix.startswith("it needs two or more categories in [wave], and a construct")
        assert design(model, codebook).answering.labels == ()
    assert unmet(model, book(wave=WAVES), dataset(book(wave=WAVES))) == []
    with pytest.raises(InputProblems, match="option 'invariance': 'waves' is not possible"):
        FULL_MODEL.with_options({"invariance": "waves"})

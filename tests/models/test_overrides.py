"""Priors set by name: refused where they do not fit, and seen wherever priors are read."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import emotion_models as em
from emotion_models.inference.fitting import check_overrides
from emotion_models.models.chain import block, generative, prior_names
from emotion_models.models.overrides import fitting_families
from emotion_models.models.prior import Prior
from emotion_models.models.prior_draws import prior_parameters
from emotion_models.models.priors import PRIORS, used_in
from emotion_models.models.spec import JourneyModel
from emotion_models.models.variables import stages
from tests.models.builders import FULL_MODEL, book, design
from tests.models.graphs import draws

MAKE = {
    "normal": Prior.normal(3, 0.001),
    "half-normal": Prior.half_normal(1e-6),
    "lognormal": Prior.lognormal(1, 0.001),
    "dirichlet": Prior.dirichlet(1e6),
    "zero-sum-normal": Prior.zero_sum_normal(1e-6),
    "lkj": Prior.lkj(1e6),
    "gamma": Prior.gamma(3e6, 1e6),
}
OPTIONAL = {
    "elicitation": False, "recall": False, "scoring": "asymmetric", "fading": True,
    "memory_by_segment": True, "by_touchpoint": True,
}  # fmt: skip
PANEL = FULL_MODEL.model_copy(update={"respondents": True})


def refused(options: dict[str, Any]) -> str:
    with pytest.raises(em.InputProblems) as caught:
        JourneyModel().with_options(options)
    return str(caught.value)


def test_set_by_name() -> None:
    chosen = {"positivity": em.Prior.normal(0, 1), "recall_sd": em.Prior.lognormal(-1, 0.5)}
    model = JourneyModel().with_options({"overrides": chosen})
    assert dict(model.overrides) == chosen
    assert str(model.prior_table["positivity"]) == "normal(0, 1)"
    assert model.prior_table["positivity"].why == PRIORS["positivity"].why
    assert model.prior_table["intercept"] == PRIORS["intercept"]
    assert JourneyModel().prior_table == PRIORS
    assert model.with_options({"specific": False}).overrides == model.overrides


def test_a_model_stays_a_value() -> None:
    model = JourneyModel().with_options({"overrides": {"positivity": Prior.normal(0, 1)}})
    same = JourneyModel(overrides={"positivity": Prior.normal(0, 1)})
    assert model == same
    assert hash(model) == hash(same)
    assert model != JourneyModel()
    assert JourneyModel.model_validate_json(model.model_dump_json()) == model
    with pytest.raises(TypeError):
        model.overrides["positivity"] = Prior.normal(0, 3)  # type: ignore[index]


def test_every_fault_at_once() -> None:
    text = refused(
        {
            "overrides": {
                "positivty": Prior.normal(0, 1),
                "person_sd": Prior.normal(0, 1),
                "salience": Prior.half_normal(1),
                "published": Prior.normal(0.5, 0.5),
                "xyz": Prior.normal(0, 1),
            },
            "specfic": True,
        }
    )
    assert text.startswith("model: 6 problems")
    assert "prior 'positivty': unknown; did you mean 'positivity'?" in text
    assert "prior 'person_sd': normal(0, 1) does not fit this parameter; use half-normal" in text
    assert "prior 'salience': half-normal(1) does not fit this parameter; use dirichlet" in text
    assert "prior 'published': normal(0.5, 0.5) moves all published means one way" in text
    assert "prior 'xyz': unknown; valid names: 'rating_probability', " in text
    assert "option 'specfic': unknown; did you mean 'specific'?" in text


def test_numbers_that_no_prior_can_have() -> None:
    with pytest.raises(em.InputProblems) as caught:
        Prior("half-normal", -1, float("nan"))
    assert len(caught.value.problems) == 3
    text = refused({"overrides": {"base": {"family": "zero-sum-normal", "scale": 0}}})
    assert "option 'overrides.base': scale: 0.0 is not possible; give one above 0" in text
    assert "'overrides.positivity': 3 is not possible" in refused({"overrides": {"positivity": 3}})


@pytest.mark.parametrize("name", PRIORS)
def test_the_default_family_fits(name: str) -> None:
    assert fitting_families(name)[0] == PRIORS[name].family


@pytest.fixture(scope="module")
def everything_set() -> tuple[dict[str, Any], Any]:
    """A model with every prior far from its default: draws of the graphs, draws of NumPy."""
    chosen = {name: MAKE[prior.family] for name, prior in PRIORS.items() if name != "published"}
    model = PANEL.with_options({"overrides": chosen, "priors": "weak"})
    found: dict[str, Any] = {}
    for options in ({}, OPTIONAL):
        optional = model.with_options(options)
        laid_out = design(optional, book(), per_person=2)
        for stage in stages(optional):
            built = block(optional, laid_out, stage)
            every = (*built.free_RVs, *built.deterministics)
            wanted = [v for v in every if v.name.partition(":")[0] in PRIORS]
            assert used_in(built) <= {v.name.partition(":")[0] for v in wanted}
            found |= dict(zip([v.name for v in wanted], draws(wanted, 20), strict=True))
    laid_out = design(model, book(), per_person=2)
    return found, prior_parameters(model, laid_out, np.random.default_rng(1), 20)


def test_every_prior_of_the_graphs_can_be_set(everything_set: tuple[dict[str, Any], Any]) -> None:
    found = {name: value for name, value in everything_set[0].items() if name != "published"}
    assert len(found) > 30
    for name, value in found.items():
        wanted = _expected(MAKE[PRIORS[name.partition(":")[0]].family], value)
        assert value == pytest.approx(wanted, abs=0.02), name


def test_draws_by_numpy_see_every_override(everything_set: tuple[dict[str, Any], Any]) -> None:
    """All spreads are nil and all locations 3: what is left are the locations."""
    graph, known = everything_set
    pooled = known.effect[:, 0, :, : graph["positivity"].shape[1]]
    valence = design(PANEL, book(), per_person=2).valence
    assert pooled == pytest.approx(np.broadcast_to(3 * valence[:, None], pooled.shape), abs=0.02)
    assert known.memory_weight == pytest.approx(np.full(known.memory_weight.shape, 0.25), abs=1e-3)
    assert known.salience == pytest.approx(np.full(known.salience.shape, 1 / 3), abs=0.01)
    assert known.control_effect == pytest.approx(np.full(known.control_effect.shape, 3), abs=0.02)
    assert known.bond_effect == pytest.approx(np.full(known.bond_effect.shape, 3), abs=0.02)
    assert known.bond_factor == pytest.approx(_eye(known.bond_factor), abs=0.02)
    assert known.person_sd == pytest.approx(np.zeros(known.person_sd.shape), abs=1e-4)
    assert np.unique(known.loading.round(1)).tolist() == [1.0, 2.7, 3.0]


def test_how_sure_published_means_are_can_be_set() -> None:
    weak = PANEL.model_copy(update={"priors": "weak"})
    sure = PANEL.with_options({"overrides": {"published": Prior.normal(0, 1e-6)}})
    laid_out = design(sure, book(), per_person=2)
    assert "published" in prior_names(sure, laid_out)
    assert "published" not in prior_names(weak, laid_out)
    assert np.abs(draws(block(sure, laid_out, "outcomes")["published"], 20)).max() < 1e-4


def test_one_model_leaves_the_next_alone() -> None:
    """Priors belong to the model that is built, also to the simulated study."""
    set_model = PANEL.with_options({"overrides": {"control_effect": Prior.normal(3, 1e-3)}})
    laid_out = design(set_model, book(), per_person=2)
    for build in (lambda m: block(m, laid_out, "outcomes"), lambda m: generative(m, laid_out)):
        assert draws(build(set_model)["control_effect"], 5).min() > 2.9
        assert draws(build(PANEL)["control_effect"], 5).min() < 1


def test_a_prior_that_this_model_has_no_parameter_for() -> None:
    """Unused is not unknown: the name is right, but nothing would change."""
    chosen = {"recall_sd": Prior.half_normal(2), "positivity": Prior.normal(0, 1)}
    model = FULL_MODEL.with_options({"overrides": chosen, "recall": False})
    laid_out = design(model, book())
    with pytest.raises(em.InputProblems) as caught:
        check_overrides(model, laid_out)
    (problem,) = caught.value.problems
    assert problem.where == "prior 'recall_sd'"
    assert problem.what == "known, but this model of this survey has no such parameter"
    assert "positivity" in problem.fix
    check_overrides(FULL_MODEL.with_options({"overrides": chosen}), laid_out)
    check_overrides(FULL_MODEL, laid_out)


def _eye(like: Any) -> Any:
    return np.broadcast_to(np.eye(like.shape[-1]), like.shape)


def _expected(prior: Prior, value: Any) -> Any:
    match prior.family:
        case "normal":
            return np.full(value.shape, prior.location)
        case "gamma":
            return np.full(value.shape, prior.location / prior.scale)
        case "lognormal":
            return np.full(value.shape, np.exp(prior.location))
        case "dirichlet":
            return np.full(value.shape, 1 / value.shape[-1])
        case "lkj":
            return _eye(value)
        case _:
            return np.zeros(value.shape)

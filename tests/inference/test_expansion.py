"""An expanded likelihood: what it is made of, and that weighted draws are the posterior's."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import xarray as xr
from scipy.special import logsumexp

import emotion_models as em
from emotion_models.inference import steps
from emotion_models.inference.approximation import importance
from emotion_models.inference.diagnostics import EXPANSION_K, EXPANSION_SHARE
from emotion_models.inference.expansion import expand, pilot, weights
from emotion_models.inference.expansion import sampler as expansion
from emotion_models.inference.expansion.bound import Bound, Layout
from emotion_models.inference.expansion.expand import Expansion
from emotion_models.inference.expansion.people import drawn
from emotion_models.inference.fitting import expandable, jobs
from emotion_models.inference.jobs import Job, Sampled, Settings
from emotion_models.inference.parallel import sample
from emotion_models.inference.progress import Progress
from emotion_models.inference.sampling import Sampler
from emotion_models.models.chain import block
from emotion_models.models.design import Design, make_design
from emotion_models.models.recall import recall_terms
from emotion_models.models.spec import JourneyModel
from emotion_models.models.variables import Block
from tests.models.graphs import MODE

SETTINGS = Settings(draws=250, tune=200, chains=2, cores=1, seed=3)
BLOCKS: tuple[Block, ...] = ("elicitation", "recall", "outcomes")
Floats = np.ndarray[Any, Any]


def going(*_: object) -> None:
    """Nobody is told."""


def on() -> bool:
    """Nobody stops it."""
    return False


@pytest.fixture(scope="module")
def study() -> tuple[JourneyModel, Design]:
    survey = em.load_dataset("hotel-stays")
    model = em.JourneyModel.for_survey(survey)
    data = survey.data.drop_vars(["journey_id", "respondent_id"], errors="ignore").load()
    return model, make_design(model, survey.codebook, data.isel(journey=slice(0, 240)))


@pytest.fixture(scope="module")
def samplers(study: tuple[JourneyModel, Design]) -> dict[str, expansion.ExpansionSampler]:
    model, design = study
    return {name: expansion.ExpansionSampler(Job(name, model, design), SETTINGS) for name in BLOCKS}


@pytest.fixture(scope="module")
def recall(samplers: dict[str, expansion.ExpansionSampler]) -> Expansion:
    first = samplers["recall"].climb(going, on)
    assert first is not None
    bend = samplers["recall"].rows(first, 0, 1, going, on)
    assert bend is not None
    rows, lean = bend
    return replace(first, curvature=(rows + rows.T) / 2, lean=lean)


@pytest.mark.parametrize("name", BLOCKS)
def test_the_parts_are_the_density(
    study: tuple[JourneyModel, Design],
    samplers: dict[str, expansion.ExpansionSampler],
    name: Block,
) -> None:
    """Prior and likelihood of what it reads add up to PyMC's log density, as do their slopes."""
    model = block(*study, name, marginal=True)
    parts, bound = samplers[name]._parts, samplers[name]._bound
    rng = np.random.default_rng(1)
    theta = bound.programs.start + rng.normal(0, 0.1, bound.programs.start.size)
    initial, values, first = model.initial_point(), {}, 0
    for each in parts.free:
        size = initial[each.name].size
        values[each.name] = theta[first : first + size].reshape(initial[each.name].shape)
        first += size
    expected = float(model.compile_logp(sum=True, mode=MODE)(values))
    value, slope = bound.density(theta)
    assert value == pytest.approx(expected, rel=1e-10)
    along = rng.normal(size=theta.size)
    ahead, behind = (bound.density(theta + sign * 1e-5 * along)[0] for sign in (1, -1))
    # Fisher's identity of stage 1 is that of the integral, not of its nodes.
    assert slope @ along == pytest.approx((ahead - behind) / 2e-5, rel=1e-3)


def test_what_is_read_leaves_pooling_out(
    samplers: dict[str, expansion.ExpansionSampler],
) -> None:
    names = {str(each.name) for each in samplers["outcomes"]._parts.read}
    assert any(name.startswith("pull") for name in names)
    assert not {
        name for name in names if name.startswith(("specificity", "departure", "segment_spread"))
    }


def by_grid(design: Design, theta: dict[str, Floats]) -> float:
    """Log-likelihood of recall, what respondents bring integrated on a dense grid."""
    from emotion_models.models.recall import recall_regressors
    from emotion_models.science.equations.families import binary_log_probability
    from emotion_models.science.equations.memory import recalled

    intensity, balance, order = recall_regressors(design)
    eta = recalled(intensity, balance, theta["base"], order, theta["effect"])
    at = np.linspace(-8, 8, 1601)
    log_mass = -0.5 * at**2 - np.log(np.exp(-0.5 * at**2).sum())
    total = 0.0
    for j in range(design.n_journeys):
        own = eta[:, j, None] + theta["sd"] * at
        each = binary_log_probability(np.maximum(design.recall[:, j], 0)[:, None], own)
        each = np.where(design.recall[:, j, None] >= 0, each, 0.0).sum(axis=0)
        total += logsumexp(log_mass + each)
    return float(total)


def test_nodes_that_followed_integrate_recall(
    study: tuple[JourneyModel, Design],
    samplers: dict[str, expansion.ExpansionSampler],
    recall: Expansion,
) -> None:
    parts = samplers["recall"]._parts
    design = study[1]
    size = {"recall_base": len(design.touchpoints), "recall_effect": len(recall_terms(design))}
    found, first = {}, 0
    for each in parts.read:
        n = size.get(str(each.name), 1)
        found[str(each.name)] = recall.middle[first : first + n]
        first += n
    assert first == recall.middle.size
    sd = next(value for name, value in found.items() if name.startswith("recall_sd"))
    theta = {"base": found["recall_base"], "effect": found["recall_effect"], "sd": np.sqrt(sd)}
    assert recall.value == pytest.approx(by_grid(design, theta), abs=2e-3)


def test_the_expansion_is_the_likelihood_nearby(
    samplers: dict[str, expansion.ExpansionSampler], recall: Expansion
) -> None:
    bound = samplers["recall"]._bound
    away = 0.01 * np.random.default_rng(2).normal(size=recall.middle.size)
    errors = []
    for step in (1.0, 2.0):
        there = recall.middle + step * away
        gain = bound.likelihood(there)[0] - recall.value
        errors.append(recall.beyond(there, gain, recall.tangent))
    assert abs(errors[0]) < 1e-4
    assert abs(errors[1]) < 9 * abs(errors[0]) + 1e-8  # of third order


def test_weighted_draws_are_the_posterior(
    study: tuple[JourneyModel, Design],
    samplers: dict[str, expansion.ExpansionSampler],
    recall: Expansion,
) -> None:
    """Means agree with NUTS of the model with sampled respondents, within Monte Carlo error."""
    from arviz_stats.base import array_stats

    exact = Sampler(Job("recall", *study), SETTINGS)
    both = []
    for chains in (
        [samplers["recall"].chain(recall, k, going, on) for k in range(2)],
        [exact.chain(k, going, on) for k in range(2)],
    ):
        drawn_ = [each.posterior for each in chains if each is not None]
        both.append(xr.concat(drawn_, "chain", join="override"))
    for name in ("recall_base", "recall_effect", "recall_sd"):
        of = [each[name].to_numpy().reshape((2, SETTINGS.draws, -1)) for each in both]
        axes = {"chain_axis": 0, "draw_axis": 1}
        error = [
            each.std(axis=(0, 1)) / np.sqrt(array_stats.ess(each, method="mean", **axes))
            for each in of
        ]
        z = (of[0].mean(axis=(0, 1)) - of[1].mean(axis=(0, 1))) / np.hypot(*error)
        assert np.abs(z).max() < 4
        assert of[0].std(axis=(0, 1)) == pytest.approx(of[1].std(axis=(0, 1)), rel=0.35)


def test_people_are_drawn_from_their_posterior() -> None:
    """Shares of proposals and the moments of nodes tell the same of known latents."""
    centre = np.array([[0.5], [-1.0]])
    layout = Layout(np.zeros((2, 1)), np.full((2, 1, 1), 1.0))

    class Known:
        n_nodes = 25

        def put(self, value: Floats, mass: Floats) -> None:
            self.value, self.mass = value, mass

        def shares(self, _: Floats) -> tuple[Floats, Floats]:
            # The likelihood that makes N(0, 1) a posterior of N(centre, .5^2).
            z = self.value
            log_likelihood = 0.5 * z**2 - 0.5 * ((z - centre) / 0.5) ** 2
            joint = self.mass + log_likelihood.sum(axis=-1)
            share = np.exp(joint - joint.max(axis=0))
            return z, share / share.sum(axis=0)

    rng = np.random.default_rng(7)
    known: Any = Known()
    found = np.stack([drawn(known, layout, np.zeros(1), rng) for _ in range(3000)])[..., 0]
    assert found.mean(axis=0) == pytest.approx(centre[:, 0], abs=0.06)
    assert found.std(axis=0) == pytest.approx([0.5, 0.5], rel=0.1)


def test_draws_by_weight_keep_their_order() -> None:
    weight = np.array([0.1, 0.0, 0.4, 0.25, 0.25])
    found = importance.in_order(weight, np.random.default_rng(1))
    assert (np.diff(found) >= 0).all()
    assert 1 not in found
    assert abs(np.bincount(found, minlength=5) - 5 * weight).max() < 1


def weighed(k: float, share: float) -> Sampled:
    stats = xr.Dataset({EXPANSION_K: ("chain", [k]), EXPANSION_SHARE: ("chain", [share])})
    return Sampled(xr.Dataset(), stats, {})


def test_weights_are_trusted_when_every_chain_can_be() -> None:
    assert expansion.trusted([weighed(0.3, 0.8), weighed(0.6, 0.5)])
    assert not expansion.trusted([weighed(0.3, 0.8), weighed(0.8, 0.5)])
    assert expansion.trusted([weighed(0.3, 0.15)])
    assert not expansion.trusted([weighed(0.3, 0.15), weighed(0.3, 0.05)])
    assert not expansion.trusted([weighed(float("nan"), 0.9)])


def test_what_cannot_be_trusted_is_sampled_exactly(
    study: tuple[JourneyModel, Design], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steps, "trusted", lambda _: False)
    short = replace(SETTINGS, draws=120, tune=100)
    wanted = {"recall": replace(jobs(*study)["recall"], expand=True)}
    found = sample(wanted, short, Progress(shown=False))
    assert EXPANSION_K not in found["recall"].stats
    assert found["recall"].people is None


def test_small_studies_and_panels_are_sampled_as_they_are(
    study: tuple[JourneyModel, Design],
) -> None:
    model, design = study
    assert expandable(model, design, "recall")
    assert not expandable(model, design, "elicitation")
    assert not expandable(model.with_options({"respondents": True}), design, "recall")
    assert not expandable(model.with_options({"weighted": True}), design, "recall")


def test_moments_follow_the_shares() -> None:
    from emotion_models.inference.expansion.bound import moments

    nodes = np.array([[[-1.0]], [[0.0]], [[2.0]]])
    share = np.array([[0.25], [0.25], [0.5]])
    found = moments(nodes, share, Layout(np.zeros((1, 1)), np.ones((1, 1, 1))))
    assert found.centre[0, 0] == pytest.approx(0.75)
    assert found.factor[0, 0, 0] ** 2 == pytest.approx(0.25 + 1 * 2 - 0.75**2 + 0.01, abs=1e-9)


def test_an_expansion_without_nodes_has_no_layout(
    samplers: dict[str, expansion.ExpansionSampler],
) -> None:
    bound: Bound = samplers["elicitation"]._bound
    assert bound.layout is None
    bound.follow(np.zeros(bound.programs.n_read))


class Bent:
    """A likelihood that bends in a way of its own, by level of nodes."""

    def __init__(self, **cubic: float) -> None:
        self._cubic, self.level, self.asked = cubic, "fine", {"fine": 0, "coarse": 0}

    def use(self, level: str) -> None:
        self.level = level

    def likelihood(self, phi: Floats) -> tuple[float, Floats]:
        self.asked[self.level] += 1
        return float(-0.5 * phi @ phi + self._cubic[self.level] * (phi**3).sum()), phi


NOTHING = np.zeros(2)
FLAT = Expansion(NOTHING, NOTHING, NOTHING, 0.0, NOTHING, NOTHING, np.eye(2), None)


def weigh(bent: Any, n_kept: int = 200) -> tuple[weights.Weights, Floats]:
    read = list(np.random.default_rng(3).normal(size=(200, 2)))
    found = weights.weigh(bent, FLAT, read, n_kept, going)
    return found, np.array([(phi**3).sum() for phi in read])


def test_weights_are_what_the_expansion_leaves_over() -> None:
    bent = Bent(fine=0.1, coarse=0.101)
    found, cubic = weigh(bent)
    assert found.needed
    assert found.places.tolist() == list(range(200))
    np.testing.assert_allclose(found.log, 0.101 * cubic, atol=1e-12)
    assert bent.asked["coarse"] == 200
    assert bent.asked["fine"] < 20


def test_as_many_draws_are_weighed_as_leave_enough() -> None:
    few, _ = weigh(Bent(fine=0.1, coarse=0.1), n_kept=60)
    more, cubic = weigh(Bent(fine=0.3, coarse=0.3), n_kept=60)
    assert 60 < few.places.size < more.places.size <= 200
    assert (np.diff(more.places) > 0).all()
    np.testing.assert_allclose(more.log, 0.3 * cubic[more.places], atol=1e-12)


def test_coarse_nodes_that_mislead_are_not_believed() -> None:
    found, cubic = weigh(Bent(fine=0.1, coarse=0.5))
    assert found.needed
    np.testing.assert_allclose(found.log, 0.1 * cubic, atol=1e-12)


def test_draws_of_what_is_nearly_its_expansion_need_no_weights() -> None:
    bent = Bent(fine=0.001, coarse=0.001)
    found, _ = weigh(bent)
    assert not found.needed
    assert found.log.size == weights.LOOKED_AT
    assert sum(bent.asked.values()) < 70


def test_a_likelihood_that_fails_weighs_nothing() -> None:
    class Failing(Bent):
        def likelihood(self, phi: Floats) -> tuple[float, Floats]:
            value, slope = super().likelihood(phi)
            return (value if phi[0] < 1 else np.nan), slope

    found, _ = weigh(Failing(fine=0.0, coarse=0.0))
    assert found.needed
    assert np.isneginf(found.log).any()
    assert not np.isnan(found.log).any()


def test_stage_one_integrates_at_both_levels(
    samplers: dict[str, expansion.ExpansionSampler],
) -> None:
    """Coarse nodes are data of the same program, near the fine ones and not the same."""
    bound = samplers["elicitation"]._bound
    phi = bound.read(bound.programs.start)[1]
    values = []
    for level in ("fine", "coarse", "fine"):
        bound.use(level)
        values.append(bound.likelihood(phi)[0])
    assert values[0] == values[2]
    assert 0 < abs(values[0] - values[1]) < 5e-3 * abs(values[0])


def test_a_curvature_that_predicts_slopes_goes_along() -> None:
    there = np.array([1.0, 0.5])
    straight = replace(FLAT, middle=there, coarse_slope=-there, curvature=np.zeros((2, 2)))
    near = FLAT.moved_to(straight, np.ones(2))
    assert near.curved
    np.testing.assert_array_equal(near.middle, there)
    bent = replace(straight, coarse_slope=-1.5 * there)
    assert not FLAT.moved_to(bent, np.ones(2)).curved


def test_k_is_that_of_the_weights_of_all_chains() -> None:
    rng = np.random.default_rng(4)
    parts = [rng.normal(0, 0.5, 200) for _ in range(3)]
    chains = [
        Sampled(xr.Dataset(), xr.Dataset({expansion.LOG_WEIGHT: ("weighed", each)}), {})
        for each in parts
    ]
    found = expansion.judged(chains)
    k = importance.smoothed(np.concatenate(parts))[0]
    assert [each.stats[EXPANSION_K].item() for each in found] == [k] * 3
    assert expansion.LOG_WEIGHT not in found[0].stats


@pytest.mark.parametrize("name", ["recall", "elicitation"])
def test_a_pilot_leads_to_the_same_mode(
    samplers: dict[str, expansion.ExpansionSampler], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    sampler = samplers[name]
    alone = sampler.climb(going, on)
    monkeypatch.setattr(pilot, "JOURNEYS", 110)
    led = sampler.climb(going, on)
    assert alone is not None
    assert led is not None
    sampler._bound.use("fine")
    densities = [sampler._bound.density(each.start)[0] for each in (alone, led)]
    assert densities[1] > densities[0] - 0.1


def test_few_journeys_need_no_pilot(study: tuple[JourneyModel, Design]) -> None:
    assert pilot.of_some(study[1]) is None


def test_a_pilot_with_other_parameters_leads_nowhere(
    samplers: dict[str, expansion.ExpansionSampler], recall: Expansion
) -> None:
    assert pilot.start_from(recall, 2.0, samplers["recall"]._bound) is not None
    assert pilot.start_from(recall, 2.0, samplers["elicitation"]._bound) is None


def test_a_curvature_bends_nowhere_upwards() -> None:
    rows = np.array([[2.0, 0.3], [0.5, -1.0]])
    found = expand.upright(rows)
    np.testing.assert_allclose(found, found.T)
    assert np.linalg.eigvalsh(found)[0] == pytest.approx(0, abs=1e-12)
    upward = np.linalg.eigh((rows + rows.T) / 2)[1][:, 1]
    np.testing.assert_allclose(found @ upward, (rows + rows.T) / 2 @ upward, atol=1e-12)

"""Maximum likelihood: every kernel against a twin in plain loops, every derivative against differences."""

import numpy as np
import pytest

from sim.base.errors import InputError
from sim.experiments.estimation import conditional_logit as logit
from sim.experiments.estimation import covariance, hazard, identification, nested_logit, poisson, sampling
from sim.experiments.estimation import specification_tests as tests_of
from tests.oracles import naive_logit as naive

SITES, FIRMS = 7, 40


def drawn(firms=FIRMS, sites=SITES, k=3, seed=0, effects=False, holes=True):
    """Choices by a conditional logit with coefficients 1, -0.5, 0.25, ...; some sites are not there for some firms."""
    rng = np.random.default_rng(seed)
    x, b = rng.normal(size=(firms, sites, k)), (-0.5) ** np.arange(k)
    there = rng.random((firms, sites)) < 0.8 if holes else np.ones((firms, sites), bool)
    there[:, :2] = True
    errors = np.where(there, rng.gumbel(size=(firms, sites)), -np.inf)
    made = logit.choices(x, (x @ b + errors).argmax(axis=1), available=there)
    if not effects:
        return made
    of = np.broadcast_to(np.arange(-1, sites - 1), (firms, sites))
    made = made._replace(effect=of, effects=tuple(f"site {j}" for j in range(1, sites)))
    return identification.chosen_only(made)[0]


@pytest.mark.parametrize("effects", [False, True])
def test_conditional_logit_is_its_naive_twin_and_its_derivatives_are_right(effects):
    choices = drawn(effects=effects)
    made, point = logit.Likelihood(choices), np.linspace(-0.4, 0.6, len(choices.parameters))
    found = made.point(point)
    assert found.value.value == pytest.approx(naive.conditional(choices, point), abs=1e-10)
    np.testing.assert_allclose(found.value.gradient, naive.slope(lambda b: made.value(b).value, point), atol=1e-6)
    np.testing.assert_allclose(found.value.hessian, naive.slope(lambda b: made.value(b).gradient, point), atol=1e-6)
    np.testing.assert_allclose(found.scores.sum(axis=0), found.value.gradient, atol=1e-10)


@pytest.mark.parametrize("lengths", [(0.5, 0.8), (1.0, 1.0)])
def test_nested_logit_is_its_naive_twin_and_its_derivatives_are_right(lengths):
    choices, nest_of = drawn(), np.array([0, 0, 0, 1, 1, 1, 2])
    nests = nested_logit.Nests(nest_of, np.array([0, 1, -1]), ("a", "b"))
    point = np.append([0.7, -0.3, 0.2], lengths)
    found, scores = nested_logit.evaluate(choices, nests, point)
    assert found.value == pytest.approx(naive.nested(choices, nest_of, (*lengths, 1.0), point[:3]), abs=1e-10)
    of = lambda part: lambda b: getattr(nested_logit.evaluate(choices, nests, b)[0], part)               # noqa: E731
    np.testing.assert_allclose(found.gradient, naive.slope(of("value"), point), atol=1e-6)
    np.testing.assert_allclose(found.hessian, naive.slope(of("gradient"), point), atol=1e-5)
    np.testing.assert_allclose(scores.sum(axis=0), found.gradient, atol=1e-10)


def test_nested_logit_with_dissimilarity_one_is_conditional_logit():
    choices, nests = drawn(), nested_logit.Nests(np.arange(SITES) % 2, np.array([0, 0]), ("l",))
    point = np.array([0.7, -0.3, 0.2])
    nested = nested_logit.evaluate(choices, nests, np.append(point, 1.0))[0]
    plain = logit.Likelihood(choices).value(point)
    assert nested.value == pytest.approx(plain.value, abs=1e-10)
    np.testing.assert_allclose(nested.hessian[:3, :3], plain.hessian, atol=1e-9)


@pytest.mark.parametrize("link", ["logit", "cloglog"])
def test_hazard_is_its_naive_twin_and_its_derivatives_are_right(link):
    rng = np.random.default_rng(3)
    x, point = np.column_stack([np.ones(50), rng.normal(size=(50, 2))]), np.array([-1.0, 0.4, 0.2])
    moved = (rng.random(50) < 0.3).astype(float)
    found, scores = hazard.evaluate(x, moved, point, link)
    assert found.value == pytest.approx(naive.hazard(x, moved, point, link), abs=1e-10)
    of = lambda part: lambda b: getattr(hazard.evaluate(x, moved, b, link)[0], part)                     # noqa: E731
    np.testing.assert_allclose(found.gradient, naive.slope(of("value"), point), atol=1e-6)
    np.testing.assert_allclose(found.hessian, naive.slope(of("gradient"), point), atol=1e-6)
    np.testing.assert_allclose(scores.sum(axis=0), found.gradient, atol=1e-10)


def test_poisson_with_concentrated_effects_is_its_naive_twin_at_the_best_effects():
    rng = np.random.default_rng(4)
    x, group, point = rng.normal(size=(24, 2)), np.repeat(np.arange(4), 6), np.array([0.3, -0.2])
    counts = rng.poisson(np.exp(x @ point + 0.5)).astype(float)
    levels = [np.log(counts[group == g].sum() / np.exp(x[group == g] @ point).sum()) for g in range(4)]
    found, scores = poisson.evaluate(x, counts, group, point)
    assert found.value == pytest.approx(naive.poisson(x, counts, group, point, levels), abs=1e-10)
    of = lambda part: lambda b: getattr(poisson.evaluate(x, counts, group, b)[0], part)                  # noqa: E731
    np.testing.assert_allclose(found.gradient, naive.slope(of("value"), point), atol=1e-6)
    np.testing.assert_allclose(found.hessian, naive.slope(of("gradient"), point), atol=1e-6)
    np.testing.assert_allclose(scores.sum(axis=0), found.gradient, atol=1e-10)


def test_counts_of_arrivals_give_the_coefficients_of_the_choices_they_count():
    """T33."""
    rng = np.random.default_rng(5)
    sites = rng.normal(size=(12, 2))
    x = np.broadcast_to(sites, (600, 12, 2))
    choices = logit.choices(x, (x @ [0.8, -0.4] + rng.gumbel(size=(600, 12))).argmax(axis=1))
    of_choices, counts = logit.fit(choices), np.bincount(choices.chosen, minlength=12).astype(float)
    of_counts = poisson.fit(sites, counts, np.zeros(12, int))
    np.testing.assert_allclose(of_counts.point, of_choices.point, atol=1e-6)
    np.testing.assert_allclose(of_counts.hessian, of_choices.hessian, rtol=1e-8)


def test_standard_errors_are_their_naive_twins():
    choices = drawn()
    found = logit.fit(choices)
    scores, cluster = logit.Likelihood(choices).point(found.point).scores, np.arange(FIRMS) % 9
    np.testing.assert_allclose(covariance.clustered(found.hessian, scores, cluster),
                               naive.sandwich(found.hessian, scores, list(cluster)), rtol=1e-9)
    alone = covariance.clustered(found.hessian, scores, np.arange(FIRMS)) * (FIRMS - 1) / FIRMS
    np.testing.assert_allclose(covariance.robust(found.hessian, scores), alone, rtol=1e-9)


def test_errors_of_a_right_model_agree_whichever_way_they_are_computed():
    choices = drawn(firms=20000)
    found = logit.fit(choices)
    scores = logit.Likelihood(choices).point(found.point).scores
    np.testing.assert_allclose(covariance.errors(covariance.robust(found.hessian, scores)),
                               covariance.errors(covariance.plain(found.hessian)), rtol=0.05)


@pytest.mark.parametrize("numbers", [(3, 4), (30, 20)])
def test_sampled_alternatives_estimate_the_same_coefficients_and_need_their_correction(numbers):
    choices = drawn(firms=6000, sites=60, k=2, holes=False)
    near = sampling.nearest(choices.x[:, :, 0], 30)            # a stratum that hangs together with a regressor
    found = sampling.sample(choices, near, numbers, np.random.default_rng(1))
    assert found.available.sum(axis=1).max() == sum(numbers)
    fitted = logit.fit(found)
    error = covariance.errors(covariance.plain(fitted.hessian))
    assert (np.abs(fitted.point - [1.0, -0.5]) < 4 * error).all()
    if numbers == (3, 4):
        return
    wrong = logit.fit(found._replace(correction=np.zeros_like(found.correction))).point
    assert np.abs(wrong - [1.0, -0.5])[0] > 4 * error[0]


def test_sampling_all_alternatives_changes_nothing():
    choices = drawn()
    found = sampling.sample(choices, np.zeros(choices.available.shape, int), (SITES,), np.random.default_rng(0))
    np.testing.assert_allclose(logit.fit(found).point, logit.fit(choices).point, atol=1e-8)


def test_independence_of_irrelevant_alternatives_holds_where_it_is_built_in_and_fails_under_nests():
    without = np.arange(SITES) < 3
    good = drawn(firms=4000, holes=False)
    assert tests_of.hausman_mcfadden(good, logit.fit(good), without).p > 1e-3
    rng = np.random.default_rng(2)
    x = rng.normal(size=(6000, SITES, 1))
    shared = np.where(without, rng.gumbel(size=(6000, 1)) * 4.0, 0.0)
    bad = logit.choices(x, (x[..., 0] + shared + 0.3 * rng.gumbel(size=(6000, SITES))).argmax(axis=1))
    assert tests_of.hausman_mcfadden(bad, logit.fit(bad), without).p < 1e-3


def test_an_elasticity_is_what_one_per_cent_does_to_the_expected_choices():
    choices = drawn(firms=300, holes=False)
    found = logit.fit(choices)
    told = tests_of.own_elasticities(choices, found, np.array([True, True, False]))
    before = logit.Likelihood(choices).point(found.point).probability.sum(axis=0)
    rises = []
    for site in range(SITES):
        x = choices.x.copy()
        x[:, site, 0] += 1e-4
        changed = logit.Likelihood(choices._replace(x=x)).point(found.point).probability.sum(axis=0)
        rises.append((changed[site] - before[site]) / 1e-4)
    assert told[0] == pytest.approx(sum(rises) / before.sum(), rel=1e-3)
    assert told[2] / found.point[2] == pytest.approx(100 * told[1] / found.point[1])


# -- what the data do not decide ----------------------------------------------------------------------

def refused(choices):
    """What is said of choices that decide nothing, before or after a fit."""
    with pytest.raises(InputError) as told:
        estimated(choices)
    return str(told.value)


def estimated(choices):
    identification.check(choices)
    zero = logit.Likelihood(choices).value(np.zeros(len(choices.parameters))).hessian
    identification.check_fit(choices, logit.fit(choices), zero)


def with_column(column, name):
    choices = drawn()
    return choices._replace(x=np.concatenate([choices.x, column(choices)[..., None]], axis=-1),
                            names=("access", "rent", "talent", name))


@pytest.mark.parametrize("column, name, sentence", [
    (lambda c: np.broadcast_to(np.arange(FIRMS)[:, None], (FIRMS, SITES)), "size",
     "size: it does not vary among the alternatives of any chooser; leave it out: choices among places cannot "
     "identify it"),
    (lambda c: c.x[..., 0] - 2 * c.x[..., 1], "both",
     "access, rent, both: they are collinear: one follows from the others; leave one of them out"),
    (lambda c: (np.arange(SITES) == c.chosen[:, None]) * 2.0, "winner",
     "winner: it predicts every choice, so its coefficient is unbounded; leave it out, or use more choices")])
def test_what_is_in_the_way_is_named(column, name, sentence):
    assert refused(with_column(column, name)) == sentence


def test_a_regressor_that_effects_of_places_absorb_is_named():
    choices = drawn(effects=True, firms=400)
    fixed = np.broadcast_to(np.arange(SITES) % 3, (400, SITES))
    choices = choices._replace(x=np.concatenate([choices.x, fixed[..., None]], axis=-1),
                               names=("access", "rent", "talent", "coast"))
    assert refused(choices) == ("coast: it follows from the effects of the places; leave it out, or the effects")


def test_places_that_nobody_chose_are_named_and_left_out():
    choices = drawn(firms=400)
    choices = choices._replace(
        effect=np.broadcast_to(np.arange(-1, SITES - 1), (400, SITES)), effects=tuple("abcdef"))
    choices = choices.at(choices.chosen != 3)
    left, never = identification.chosen_only(choices)
    assert never == ["c"] and left.effects == tuple("abdef") and not left.available[:, 3].any()
    assert logit.fit(left).converged


def test_one_alternative_and_no_choice_are_refused():
    choices = drawn()
    assert "there is only one alternative" in refused(choices._replace(
        available=np.arange(SITES) == choices.chosen[:, None]))
    assert "there are no choices to estimate from" in refused(choices.at(np.zeros(FIRMS, bool)))


def test_with_few_clusters_the_wild_bootstrap_rejects_the_truth_as_often_as_it_says():
    """Choices of a cluster share a taste; the normal law rejects a true coefficient of 0 far more often than 5 %."""
    rng = np.random.default_rng(11)
    normal, wild = [], []
    for _world in range(200):
        cluster = np.repeat(np.arange(8), 40)
        x = rng.normal(size=(320, 4, 1)) * 0.3 + rng.normal(size=(8, 4, 1))[cluster]
        v = (rng.normal(size=(8, 1)) * 0.8)[cluster] * x[:, :, 0] + rng.gumbel(size=(320, 4))
        choices = logit.choices(x, v.argmax(axis=1))
        found = logit.fit(choices)
        scores = logit.Likelihood(choices).point(found.point).scores
        error = covariance.errors(covariance.clustered(found.hessian, scores, cluster))
        normal.append(abs(found.point[0]) > 1.96 * error[0])
        wild.append(covariance.wild_p(found.point, found.hessian, scores, cluster, rng)[0] < 0.05)
    assert np.mean(normal) > 0.09 and np.mean(wild) < np.mean(normal) - 0.02 and np.mean(wild) < 0.11

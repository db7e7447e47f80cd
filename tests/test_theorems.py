"""What theory says of one choice: logit, nested logit, substitution, size, and independent choices.

Tolerances: 1e-12 for identities, 4 standard errors for means, p > 1e-3 for laws, all at fixed seeds.
"""

import naive
import numpy as np
import pytest
import worlds
from scipy import stats

from sim.kernels import choice, expected, layout

EXACT = {"rtol": 1e-12, "atol": 1e-13}
EULER = 0.5772156649015329
WORLDS = {"one nest": ([0] * 5, 1.0), "two nests": ([0, 0, 1, 1, 1], 0.5),
          "deep nests": ([0, 1, 1, 2, 2], 0.1)}
UTILITY = np.array([0.3, -0.5, 1.1, 0.0, 0.7])


def made(nests, length, utility, *overrides, number=2, members=1, floor=None):
    where = worlds.region(nests, floor)
    v = worlds.plain(where, utility, {"choice": {"dissimilarity": length}}, worlds.people(number), *overrides)
    return worlds.make(where, v, members=members)


def shares(*arguments, **keywords):
    """(site + 1,) expected choice of one enterprise."""
    return worlds.expected(made(*arguments, **keywords))[0]


def logit(v, nests):
    """(probabilities, inclusive value) of the kernel for utilities v."""
    p = v[None].copy()
    value = expected.logit(p, nests.of_site, nests.dissimilarity[0])
    return p[0], value[0]


NESTS = layout.Nests(np.array([0, 0, 1, 1, 1, 2]), np.array([2, 3, 1]), np.array([[0.4, 0.8, 1.0]]))
V = np.append(UTILITY, 0.2)


def test_t01_shares_are_the_exponentials_of_utility():
    p = shares([0] * 5, 1.0, UTILITY)
    np.testing.assert_allclose(p[:-1], np.exp(UTILITY) / np.exp(UTILITY).sum(), **EXACT)


def test_t01_the_outside_option_has_utility_zero():
    p = shares([0] * 5, 1.0, UTILITY, {"choice": {"outside": True}})
    np.testing.assert_allclose(p[-1], 1 / (1 + np.exp(UTILITY).sum()), **EXACT)


@pytest.mark.parametrize("other", [-3.0, 0.0, 4.0])
def test_t01_odds_of_two_sites_do_not_depend_on_a_third(other):
    p = shares([0] * 5, 1.0, np.append(UTILITY[:4], other))
    np.testing.assert_allclose(p[0] / p[2], np.exp(UTILITY[0] - UTILITY[2]), **EXACT)


@pytest.mark.parametrize(("nests", "length"), WORLDS.values(), ids=WORLDS)
@pytest.mark.parametrize("outside", [False, True])
def test_t01_t03_choices_follow_the_nested_logit(nests, length, outside):
    m = made(nests, length, UTILITY, {"choice": {"outside": outside}}, number=20000)
    state = worlds.chosen(m, m.economy)[0]
    chosen = np.where(state.site[0] < 0, 5, state.site[0])
    p = naive.probabilities(np.append(UTILITY, 0.0 if outside else -700.0), 0, m.world.nests)
    seen = np.bincount(chosen, minlength=6)
    assert stats.chisquare(seen[:5 + outside], 20000 * np.array(p[:5 + outside])).pvalue > 1e-3


@pytest.fixture(scope="module")
def best_utilities():
    """Best utility with the kernel's errors, drawn some 40,000 times."""
    draws, best = choice.draws_for(6, 3), []
    keys = np.arange(9, dtype=np.uint64) << np.uint64(32)
    shape = 40000 // layout.LANES, layout.LANES
    for key in np.random.default_rng(4).integers(0, 2 ** 64, shape, np.uint64):
        draws.key[:] = key
        choice.draw_errors(draws, keys[:6], keys[6:], NESTS.of_site, NESTS.dissimilarity[0])
        best.append((V[:, None] + draws.error).max(axis=0))
    return np.concatenate(best)


def test_t02_the_expected_best_utility_is_the_logsum_and_eulers_constant(best_utilities):
    error = best_utilities.mean() - logit(V, NESTS)[1] - EULER
    assert abs(error) < 4 * best_utilities.std() / len(best_utilities) ** 0.5


def test_t02_the_best_utility_is_gumbel(best_utilities):
    assert stats.kstest(best_utilities - logit(V, NESTS)[1], "gumbel_r").pvalue > 1e-3


def test_t03_nests_of_dissimilarity_one_are_no_nests():
    np.testing.assert_allclose(shares([0, 0, 1, 1, 2], 1.0, UTILITY), shares([0] * 5, 1.0, UTILITY), **EXACT)


@pytest.mark.parametrize("length", [1e-2, 1e-3, 1e-6])
@pytest.mark.parametrize("car", [0.0, 1.0, -3.0])
def test_t03_two_buses_that_differ_by_colour_only_are_one_alternative(length, car):
    p = shares([0, 1, 1], length, [car, 0.0, 0.0])
    bus = 2 ** length / (np.exp(car) + 2 ** length)
    np.testing.assert_allclose(p[:3], [1 - bus, bus / 2, bus / 2], **EXACT)


def test_t03_choices_hold_the_buses_apart_from_the_car():
    m = made([0, 1, 1], 1e-6, [0.0, 0.0, 0.0], number=20000)
    seen = np.bincount(worlds.chosen(m, m.economy)[0].site[0], minlength=3)
    assert stats.chisquare(seen, [10000, 5000, 5000]).pvalue > 1e-3


@pytest.mark.parametrize("j", range(6))
@pytest.mark.parametrize("rise", [-2.0, 0.5, 3.0])
def test_t04_the_logsum_rises_by_the_path_integral_of_the_probability(j, rise):
    nodes, weights = np.polynomial.legendre.leggauss(40)
    unit = np.eye(6)[j]
    path = [logit(V + rise * (x + 1) / 2 * unit, NESTS)[0][j] for x in nodes]
    gain = logit(V + rise * unit, NESTS)[1] - logit(V, NESTS)[1]
    np.testing.assert_allclose(gain, rise * np.dot(weights, path) / 2, **EXACT)


@pytest.mark.parametrize("constant", [-20.0, 0.1, 300.0])
@pytest.mark.parametrize(("nests", "length"), WORLDS.values(), ids=WORLDS)
def test_t05_a_constant_for_all_sites_changes_no_choice(nests, length, constant):
    plain, raised = (made(nests, length, UTILITY + c, number=3000) for c in (0.0, constant))
    np.testing.assert_allclose(worlds.expected(raised)[0], worlds.expected(plain)[0], atol=1e-12)
    sites = [worlds.chosen(m, m.economy)[0].site for m in (plain, raised)]
    assert (sites[0] == sites[1]).all()


# -- substitution: one nest of sites and an outside option, theta = 1 / l, rho = 1 - l (1 - P_inside) ------

@pytest.mark.parametrize("length", [1.0, 0.6, 0.2])
@pytest.mark.parametrize("j", [0, 2])
class TestSubstitution:
    def slopes(self, length):
        """(theta, rho, shares within the nest, d ln n_k / dV_j)."""
        nests = layout.Nests(np.array([0, 0, 0, 1]), np.array([3, 1]), np.array([[length, 1.0]]))
        p = np.array(naive.probabilities([0.4, -0.2, 1.0, 0.8], 0, nests))
        jacobian = np.empty((5, 4))
        expected.flows(np.array([[0.4, -0.2, 1.0, 0.8]]), np.array([-1]), np.ones(1), np.zeros(3), 0.0,
                       nests.of_site, nests.dissimilarity[0], jacobian)
        rho = 1 - length * (1 - p[:3].sum())
        return 1 / length, rho, p[:3] / p[:3].sum(), jacobian[:3, :3] / p[:3, None], jacobian[:3, :3]

    def test_t06_own_effect(self, length, j):
        theta, rho, s, slope, _ = self.slopes(length)
        np.testing.assert_allclose(slope[j, j], theta * (1 - rho * s[j]), **EXACT)

    def test_t06_cross_effect(self, length, j):
        theta, rho, s, slope, _ = self.slopes(length)
        np.testing.assert_allclose(np.delete(slope[:, j], j), -theta * rho * s[j], **EXACT)

    def test_t06_diversion(self, length, j):
        _, rho, s, _, slope = self.slopes(length)
        diverted = -np.delete(slope[:, j], j).sum() / slope[j, j]
        np.testing.assert_allclose(diverted, rho * (1 - s[j]) / (1 - rho * s[j]), **EXACT)


# -- size -------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("nests", "length"), [([0, 0, 0], 1.0), ([0, 1, 1], 0.6), ([1, 0, 0], 0.3)])
@pytest.mark.parametrize("pieces", [(0.5, 0.5), (0.9, 0.1), (0.2, 0.3, 0.5)])
def test_t14_splitting_a_town_leaves_the_sum_of_its_probabilities(nests, length, pieces):
    whole = shares(nests, length, UTILITY[:3], floor=[2.0, 0.7, 1.5])
    n = len(pieces)
    split = shares(nests[:1] * n + nests[1:], length, [*UTILITY[:1].repeat(n), *UTILITY[1:3]],
                   floor=[*(2.0 * share for share in pieces), 0.7, 1.5])
    np.testing.assert_allclose([split[:n].sum(), *split[n:]], whole, **EXACT)


# -- independent choices ----------------------------------------------------------------------------

@pytest.fixture(scope="module")
def independent():
    """(member, site) counts of 60 enterprises that choose without peers, and the probabilities."""
    m = made([0, 0, 1, 1, 1], 0.5, UTILITY, worlds.years(1), number=60, members=2000)
    return worlds.counts_after(m, 1), worlds.expected(m)[0, :-1]


def test_t11_counts_are_multinomial(independent):
    counts, p = independent
    for k in range(5):
        law = stats.binom(60, p[k])
        cuts = np.unique(law.ppf(np.linspace(0, 1, 9)[1:-1]))
        seen = np.bincount(np.searchsorted(cuts, counts[:, k]), minlength=len(cuts) + 1)
        below = np.append(law.cdf(cuts), 1.0)
        assert stats.chisquare(seen, len(counts) * np.diff(below, prepend=0.0)).pvalue > 1e-3


def test_t11_pairs_of_counts_covary_as_in_the_multinomial(independent):
    counts, p = independent
    centred = counts - 60 * p
    product = centred[:, 0] * centred[:, 2]
    assert abs(product.mean() + 60 * p[0] * p[2]) < 4 * product.std() / len(counts) ** 0.5


def test_t11_expected_concentration(independent):
    counts, p = independent
    hhi = ((counts / 60) ** 2).sum(axis=1)
    assert abs(hhi.mean() - (1 - 1 / 60) * (p ** 2).sum() - 1 / 60) < 4 * hhi.std() / len(hhi) ** 0.5

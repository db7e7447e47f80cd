"""What theory says of many quarters: stationary laws and lags.

Tolerances: 1e-12 for identities, p > 1e-3 for laws, at fixed seeds.
"""

import itertools
import math

import numpy as np
import pytest
import worlds
from scipy import stats

from sim import tables

LOCAL = {"terms": {"localisation": {"gamma": 1.0}}}
CROWDED = [[0.0, -0.4, -0.7, -0.9, -1.2, -1.5, -1.8, -2.0]] * 2
FRIENDLY = [[0.0, 0.5, 0.8, 1.0, 1.1, 1.2]] * 3
MIXED = [[0.0, 0.3, 0.6, 0.9, 1.2], [0.0, -0.3, -0.6, -0.9, -1.2], [1.0, 0.0, 1.0, 0.0, 1.0],
         [0.0, 0.0, 0.0, 0.0, 2.0]]
GAMES = {  # payoff f_k(n) counting oneself, constants, dissimilarity, peers
    "friendly": (FRIENDLY, [0.0, 0.2, -0.3], 1.0, {"form": "table", "payoff": FRIENDLY}),
    "crowded": (CROWDED, [0.0, 0.4], 0.5, {"form": "table", "payoff": CROWDED}),
    "mixed": (MIXED, [0.0, 0.1, 0.2, 0.3], 0.7, {"form": "table", "payoff": MIXED}),
    "log": ([[math.log(1 + n) for n in range(6)]] * 3, [0.1, 0.0, -0.2], 1.0, {"form": "log", "offset": 1.0}),
    "linear": ([[n / 5 for n in range(6)]] * 3, [0.1, 0.0, -0.2], 0.5, {"form": "linear"}),
    "saturating": ([[n / (n + 2) for n in range(6)]] * 2, [0.2, 0.0], 0.4,
                   {"form": "saturating", "half": 2.0})}


# -- stationary laws --------------------------------------------------------------------------------

def gibbs(payoff, constant, beta):
    """Occupancies of the sites and their probabilities: N!/prod n_k! exp(beta sum of payoffs)."""
    number = len(payoff[0])
    occupancies = [n for n in itertools.product(range(number + 1), repeat=len(payoff)) if sum(n) == number]
    weight = [beta * sum(constant[k] * m + sum(payoff[k][:m]) for k, m in enumerate(n))
              - sum(math.lgamma(m + 1) for m in n) for n in occupancies]
    p = np.exp(np.array(weight) - max(weight))
    return occupancies, p / p.sum()


def p_value(seen, p):
    """Chi-square p of counts against probabilities, the rarest cells together so that 5 are expected."""
    order = np.argsort(p)
    seen, p = seen[order], p[order]
    first = np.searchsorted(seen.sum() * np.cumsum(p), 5.0)
    seen, p = (np.append(values[:first + 1].sum(), values[first + 1:]) for values in (seen, p))
    return stats.chisquare(seen, seen.sum() * p).pvalue


def stationary(name, revision, quarters):
    """p of the occupancies of 2,000 runs after so many quarters against the Gibbs law."""
    payoff, constant, length, peers = GAMES[name]
    where = worlds.region([0] * len(payoff))
    game = {"peers": peers, "choice": {"dissimilarity": length}, "switches": {"revision": revision}}
    v = worlds.plain(where, constant, worlds.years(quarters), worlds.people(len(payoff[0])), LOCAL, game)
    counts = worlds.counts_after(worlds.make(where, v, members=2000), quarters)
    occupancies, p = gibbs(payoff, constant, 1 / length)
    row = {n: k for k, n in enumerate(occupancies)}
    return p_value(np.bincount([row[tuple(n)] for n in counts.tolist()], minlength=len(p)), p)


@pytest.mark.parametrize("name", GAMES)
def test_t08_one_random_reviser_a_step_leads_to_the_gibbs_law(name):
    assert stationary(name, "one", 70) > 1e-3


@pytest.mark.parametrize("name", ["friendly", "crowded"])
def test_t08_revising_one_after_another_leads_to_the_gibbs_law(name):
    assert stationary(name, "sequential", 12) > 1e-3


@pytest.mark.parametrize("name", ["friendly", "crowded", "mixed"])
def test_t08_revising_all_at_once_does_not(name):
    assert stationary(name, "simultaneous", 12) < 1e-10


@pytest.mark.parametrize("cost", [0.0, 0.8, 2.5])
def test_t09_moving_costs_shift_the_stationary_law_to_better_sites(cost):
    u = np.array([0.5, -0.4, 0.0, 1.0])
    where = worlds.region([0] * 4)
    m = worlds.make(where, worlds.plain(where, u, {"moving": {"cost": cost}}, worlds.people(8)))
    leave = np.stack([worlds.expected(m, economy=at(m, k))[0, :-1] for k in range(4)])
    pi = moving_law(u, cost)
    np.testing.assert_allclose(pi @ leave, pi, rtol=1e-12)


def moving_law(u, cost):
    weight = np.exp(u) * (np.exp(u) * (1 - np.exp(-cost)) + np.exp(-cost) * np.exp(u).sum())
    return weight / weight.sum()


def at(made, site):
    """The economy with everybody at one site."""
    state = made.economy.state
    return made.economy._replace(state=state._replace(site=np.full_like(state.site, site)))


@pytest.mark.parametrize("keep", [0.0, 0.4])
def test_t09_runs_settle_in_that_law(keep):
    u = np.array([0.5, -0.4, 0.0, 1.0])
    where = worlds.region([0] * 4)
    v = worlds.plain(where, u, worlds.years(30), worlds.people(20000), {"moving": {"cost": 1.2}},
                     {"choice": {"keep_errors": keep}})
    seen = worlds.counts_after(worlds.make(where, v), 30)[0]
    assert p_value(seen, moving_law(u, 1.2)) > 1e-3


# -- lags -------------------------------------------------------------------------------------------

def erlang(k, x):
    """Distribution function of the sum of k unit exponentials."""
    return 1 - sum(math.exp(-x) * x ** n / math.factorial(n) for n in range(k)) if x > 0 else 0.0


def perceived(quarters=60, **keys):
    where = worlds.region([0, 0])
    m = worlds.make(where, worlds.plain(where, [0, 0], worlds.years(quarters), worlds.people(4)),
                    policies=[worlds.policy("grant", amount=1.0, sites=["site-0"], **keys)])
    return [tables.intensity(m.world.policies[0], m.world.calendar, q).item() for q in range(quarters)]


@pytest.mark.parametrize(("shape", "lag"), [(1, 1.0), (2, 1.0), (4, 2.5), (7, 0.3)])
def test_t35_perception_rises_as_an_erlang_law_after_the_start(shape, lag):
    found = perceived(start=worlds.date(2023, 1), lag=lag, lag_shape=shape)
    twin = [erlang(shape, shape * (q - 8 + 0.5) / 4 / lag) for q in range(60)]
    np.testing.assert_allclose(found, twin, atol=1e-12)


@pytest.mark.parametrize("shape", [1, 3])
def test_t35_the_mean_lag_is_the_given_one(shape):
    missing = 1 - np.array(perceived(160, start=worlds.date(2021, 1), lag=2.0, lag_shape=shape))
    assert abs(missing.sum() / 4 - 2.0) < 2e-3                        # midpoint rule over quarters


def test_t35_withdrawal_is_perceived_by_the_same_law():
    found = perceived(start=worlds.date(2021, 1), end=worlds.date(2025, 1), lag=1.0, lag_shape=2)
    rise = [erlang(2, 2 * (q + 0.5) / 4) for q in range(60)]
    fall = [1 - erlang(2, 2 * (q - 16 + 0.5) / 4) for q in range(60)]
    np.testing.assert_allclose(found, np.array(rise) * fall, atol=1e-12)


def test_t35_an_announced_policy_counts_with_its_credibility():
    found = perceived(announced=worlds.date(2022, 1), start=worlds.date(2023, 1), credibility=0.3, lag=1.0)
    twin = [0.0] * 4 + [0.3] * 4 + [0.3 + 0.7 * erlang(2, 2 * (q - 8 + 0.5) / 4) for q in range(8, 60)]
    np.testing.assert_allclose(found, twin, atol=1e-12)


@pytest.mark.parametrize(("quarter", "level"), [(7, 0.0), (8, 1.0), (19, 1.0), (20, 0.0)])
def test_without_lag_a_policy_is_there_from_its_first_day_to_its_last(quarter, level):
    found = perceived(start=worlds.date(2023, 1), end=worlds.date(2026, 1), lag=0.0)
    assert found[quarter] == level

"""What theory says of peers and rents in the large: mean fields of the production choice.

A round lets ten million enterprises choose on the counts before; these are whole sixteenths, which
limits fixed points to 1e-7.
"""

import numpy as np
import pytest
import worlds
from scipy.optimize import brentq

from sim.processes import land

LOG = {"peers": {"form": "log", "offset": 0.0}}
LINEAR = {"peers": {"form": "linear"}}


def field_world(theta, length, utility, *overrides, number=10):
    where = worlds.region([0] * len(utility))
    return worlds.make(where, worlds.plain(
        where, utility, worlds.people(number), {"terms": {"localisation": {"gamma": theta}}},
        {"choice": {"dissimilarity": length}}, *overrides))


def after(made, share, table=None):
    """Shares that the shares lead to."""
    counts = np.rint(16e7 * share).astype(np.int64)[None, None]
    return worlds.expected(made, slots=[0], table=table, economy=made.economy._replace(counts=counts))[0, :-1]


def mean_field(theta, length, utility, start, rounds, *overrides):
    """Shares after so many rounds."""
    made = field_world(theta, length, utility, {"peers": {"counts": "frozen"}}, *overrides)
    share, table = np.array(start, float), worlds.offers(made, 0)
    for _ in range(rounds):
        share = after(made, share, table)
    return share


# -- log peers --------------------------------------------------------------------------------------

@pytest.mark.parametrize(("theta", "length"), [(0.0, 1.0), (0.5, 1.0), (0.3, 0.5), (-0.6, 1.0)])
def test_t12_log_peers_sharpen_the_shares(theta, length):
    utility, mu = np.array([0.4, 0.0, -0.3]), 1 / length
    p = np.exp(mu * utility / (1 - mu * theta))
    share = mean_field(theta, length, utility, [0.2, 0.3, 0.5], 80, LOG)
    np.testing.assert_allclose(share, p / p.sum(), atol=1e-7)


@pytest.mark.parametrize(("theta", "length"), [(1.3, 1.0), (0.7, 0.5)])
@pytest.mark.parametrize("leader", [0, 1, 2])
def test_t12_above_one_whoever_leads_takes_over(theta, length, leader):
    start = np.full(3, 0.33) + 0.01 * np.eye(3)[leader]
    assert mean_field(theta, length, np.zeros(3), start, 80, LOG)[leader] > 1 - 1e-6


@pytest.mark.parametrize(("theta", "low", "high"), [(0.5, 0.0, 0.6), (1.5, 0.95, 1.0)])
def test_t12_runs_tip_only_above_one(theta, low, high):
    made = field_world(theta, 1.0, [0.0, 0.0], worlds.years(60), LOG, number=400)
    leader = worlds.counts_after(made, 60).max(axis=1) / 400
    assert (low <= leader).all()
    assert (leader <= high).all()


# -- rents ------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("alpha", "floor_share", "eta", "length"), [
    (0.4, 0.38, 0.8, 1.0), (0.0, 0.9, 0.0, 1.0), (0.3, 0.2, 3.0, 0.6)])
def test_t13_rents_flatten_the_shares(alpha, floor_share, eta, length):
    utility, supply = np.array([0.4, 0.0, -0.3]), np.array([0.2, 0.5, 0.3])
    made = field_world(alpha, length, utility, LOG, {
        "peers": {"counts": "frozen"}, "terms": {"rent": {"beta": floor_share}},
        "land": {"elasticity": eta, "slack": 1000.0}})
    share = np.array([0.3, 0.3, 0.4])
    for _ in range(120):
        rent = land.clear(made.world, share[None], supply[None], np.ones((1, 3)))
        share = (share + after(made, share, worlds.offers(made, 0, rent=rent))) / 2
    kappa, mu = floor_share / (1 + eta), 1 / length
    p = np.exp(mu * (utility + kappa * np.log(supply)) / (1 - mu * (alpha - kappa)))
    np.testing.assert_allclose(share, p / p.sum(), atol=1e-7)


# -- linear peers -----------------------------------------------------------------------------------

@pytest.mark.parametrize(("strength", "magnetisation"), [(0.9, 0.0), (1.5, 0.858560), (2.0, 0.957504)])
def test_t16_two_sites_magnetise_as_in_brock_and_durlauf(strength, magnetisation):
    share = mean_field(2 * strength, 1.0, [0.0, 0.0], [0.7, 0.3], 400, LINEAR)
    assert abs(share[0] - share[1] - magnetisation) < 1e-6             # published to six digits


@pytest.mark.parametrize(("strength", "length"), [(0.8, 1.0), (1.7, 1.0), (0.6, 0.5)])
def test_t16_with_a_difference_of_sites(strength, length):
    share = mean_field(2 * strength, length, [0.3, -0.3], [0.5, 0.5], 400, LINEAR)
    m = brentq(lambda m: np.tanh((0.3 + strength * m) / length) - m, 1e-9, 1)
    assert abs(share[0] - share[1] - m) < 1e-7


@pytest.mark.parametrize("sites", [3, 5])
def test_t19_uniform_shares_lose_stability_at_as_many_as_there_are_sites(sites):
    near = np.full(sites, 1 / sites) + 1e-4 * (np.eye(sites)[0] - 1 / sites)
    below, above = (mean_field(sites * factor, 1.0, np.zeros(sites), near, 300, LINEAR)
                    for factor in (0.95, 1.05))
    assert abs(below[0] - 1 / sites) < 1e-6
    assert above[0] > 0.5


@pytest.mark.parametrize(("sites", "threshold"), [(3, 2.745644), (5, 3.564502)])
def test_t19_a_leader_holds_out_from_the_published_strength(sites, threshold):
    led = np.append(0.8, np.full(sites - 1, 0.2 / (sites - 1)))
    below, above = (mean_field(threshold + step, 1.0, np.zeros(sites), led, 1500, LINEAR)
                    for step in (-2e-3, 2e-3))
    assert below[0] < 1 / sites + 1e-3
    assert above[0] > 0.4

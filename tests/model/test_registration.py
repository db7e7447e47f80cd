"""Two ledgers of place: where enterprises work, and where they are registered.

Taxes and grants act on registration; what legal places are worth acts on function.
"""

import copy

import numpy as np
import pytest

from sim.kernels import arrays
from sim.kernels.firms.registration import register
from tests.oracles import naive_registration
from tests.samples import worlds
from tests.samples.registrations import FUNCTION, GRANT, TAX, apart, share_apart
from tests.terms.test_signs import HERE


def registered(made, policies_of=None, quarter=0):
    """The State after `register` on the opening, with the offers of another world if one is given."""
    state = copy.deepcopy(made.economy.state)
    offers = worlds.offers(policies_of or made, quarter)
    register(quarter, state, offers, made.fixed.peers, made.world.keys,
             made.fixed.rules._replace(review=np.ones(1)))
    return state


# -- the kernel and its law -------------------------------------------------------------------------

def test_the_kernel_agrees_with_its_twin():
    """Where nothing is offered to anybody, at places that many are not registered at yet; else the quarter's twin."""
    made = apart()
    state, draw = copy.deepcopy(made.economy.state), np.random.default_rng(4)
    shape = state.legal.shape
    state.legal[:] = np.where(draw.random(shape) < 0.4, arrays.EMPTY, draw.integers(0, 6, shape))
    offers, rules = worlds.offers(made, 0), made.fixed.rules._replace(review=np.full(1, 0.8))
    found, twin = copy.deepcopy(state), copy.deepcopy(state)
    register(0, found, offers, made.fixed.peers, made.world.keys, rules)
    naive_registration.register(0, twin, offers, made.world.keys, rules)
    assert all((a == b).all() for a, b in zip(found, twin))
    live = found.site >= 0
    assert (found.legal[live] >= 0).all()
    assert 0.1 < (found.legal != state.legal)[live].mean() < 1.0 and 0.05 < share_apart(found) < 0.95


def test_registrations_follow_the_logit_of_their_worth():
    """Chi-square of 20,000 registrations at one site against q e^(w / l) over their sum."""
    from scipy import stats
    lasting = worlds.policy("tax_rate", rate=5.0, sites=["site-2"], permanent=True)
    made = apart({"population": {"candidates": 20000}, "terms": {"tax": {"taste_sd": 0.0}}}, policies=[lasting])
    state = made.economy.state._replace(site=np.where(made.economy.state.site >= 0, 1, arrays.EMPTY),
                                        legal=np.full_like(made.economy.state.legal, arrays.EMPTY))
    state = registered(made._replace(economy=made.economy._replace(state=state)))
    q, scale = made.world.places.home[0][:, 1], made.world.places.scale[0]
    high = state.hightech[0] == 1
    for points, who in ((20.0, ~high), (10.0, high)):
        weight = q * np.exp(np.where(np.arange(6) == 2, 0.028 * points / scale, 0.0))
        here = who & (state.site[0] >= 0)
        seen = np.bincount(state.legal[0][here], minlength=6)
        assert stats.chisquare(seen, seen.sum() * weight / weight.sum()).pvalue > 1e-3


@pytest.mark.parametrize("policy", [TAX, GRANT], ids=["tax", "grant"])
def test_an_improved_place_gains_registrations_and_no_other_does(policy):
    without, having = apart(), apart(policies=[policy])
    before, after = registered(without).legal, registered(without, having).legal
    changed = before != after
    assert changed.sum() > 3
    assert (after[changed] == 2).all()


def test_who_functions_where_is_no_matter_of_registration_without_benefits():
    """T37, and theorems on function alone: the two ledgers then give the same bits."""
    both = [worlds.run(apart(switch), 6)[0] for switch in ({}, FUNCTION)]
    for one, other in zip(*both):
        assert (one.enterprises == other.enterprises).all()
        assert all((a == b).all() for a, b in zip(one.events, other.events))


# -- the value of legal places, seen from function ---------------------------------------------------

def utilities(made):
    """(enterprise, site) utilities of potential entrants."""
    from sim.kernels.choice.systematic_utility import base_utilities
    slots = np.flatnonzero(made.economy.state.site[0] == arrays.CANDIDATE)
    return base_utilities(0, 0, slots, made.economy.state, made.economy.counts, worlds.offers(made, 0),
                          made.fixed.peers, made.fixed.moving)[:, :-1], slots


@pytest.mark.parametrize("policy", [TAX, GRANT], ids=["tax", "grant"])
def test_the_value_is_the_log_sum_over_legal_places_at_every_site(policy):
    """V with the policy less V without = l_r ln sum_r q_rj e^(w_r / l_r), w what a function there gained."""
    (v, _), (base, _) = utilities(apart(policies=[policy])), utilities(apart())
    gain = utilities(apart(FUNCTION, policies=[policy]))[0] - utilities(apart(FUNCTION))[0]
    w, places = gain[:, HERE], apart().world.places
    assert (w > 0).all()
    assert (np.delete(gain, HERE, axis=1) == 0).all()
    q, scale = places.home[0][HERE], places.scale[0]
    expected = scale * np.log1p(q[None] * np.expm1(w / scale)[:, None])
    np.testing.assert_allclose(v - base, expected, atol=1e-12)


def test_a_policy_everywhere_is_worth_at_every_site_what_it_is_worth_to_function():
    everywhere = worlds.policy("tax_rate", rate=5.0, sites="all", movers=True)
    np.testing.assert_allclose(utilities(apart(policies=[everywhere]))[0] - utilities(apart())[0],
                               utilities(apart(FUNCTION, policies=[everywhere]))[0] - utilities(apart())[0],
                               atol=1e-12)


def test_where_the_substance_rule_asks_for_all_functions_registration_is_function():
    """But for spin-offs: where registration is function they get no grant as they stay with their parent."""
    bound, entrants = {"registration": {"substance": 1.0}}, {"spinoff": {"share": 0.0}}
    found, function = (worlds.run(apart(switch, entrants, policies=[TAX, GRANT]), 6)
                       for switch in (bound, FUNCTION))
    assert share_apart(found[1].state) == 0.0
    assert (found[0][-1].enterprises == function[0][-1].enterprises).all()


def test_the_value_of_a_place_rises_with_its_benefit_and_most_where_it_is_home():
    taxes = [worlds.policy("tax_rate", rate=rate, sites=["site-2"], movers=True) for rate in (12.0, 6.0, 0.0)]
    gains = [utilities(apart(policies=[tax]))[0] for tax in taxes]
    low, middle, high = (gain - utilities(apart())[0] for gain in gains)
    assert (low >= 0).all()
    assert (middle > low).all()
    assert (high > middle).all()
    assert (high.argmax(axis=1) == HERE).all()


@pytest.mark.parametrize("movers", [False, True])
def test_benefits_for_newcomers_do_not_draw_the_registrations_of_others(movers):
    policy = worlds.policy("tax_rate", rate=0.0, sites=["site-2"], movers=movers)
    without, having = apart(), apart(policies=[policy])
    before, after = registered(without), registered(without, having)
    incumbents = without.economy.state.site >= 0
    assert ((before.legal != after.legal)[incumbents].any()) == movers


def test_relief_goes_with_the_legal_place_and_not_with_the_site():
    made = apart(policies=[worlds.policy("tax_rate", rate=0.0, sites=["site-2"], movers=True, years=1.0)])
    economy = worlds.run(made, 3)[1]
    state = economy.state
    holds = (state.site >= 0) & (state.status != arrays.SETTLED)
    assert holds.sum() > 20
    assert (state.legal[holds] == 2).all()
    assert (state.site[holds] != 2).any()

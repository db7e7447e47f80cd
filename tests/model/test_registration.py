"""Two ledgers of place: where enterprises work, and where they are registered.

Taxes and grants act on registration; what legal places are worth acts on function.
"""

import copy
import dataclasses

import numpy as np
import pytest

from sim.kernels import arrays
from sim.kernels.firms.registration import register
from sim.model import choice_tables, registration_prior
from sim.model.preflight.validation import region_of
from sim.model.preflight.validation import warnings as doubts
from sim.model.processes.registration import register as process
from sim.region import network
from sim.region.synthetic import synthetic_region
from sim.scenario.load import load
from tests.oracles import naive
from tests.samples import worlds
from tests.terms.test_signs import HERE

TAX = worlds.policy("tax_rate", rate=5.0, sites=["site-2"], movers=True)
GRANT = worlds.policy("grant", amount=30.0, sites=["site-2"])
CALM = [{"population": {"candidates": 600}, "moving": {"cost": 1.0}, "base_year": {"constants": {}},
         "entry": {"rate": 1.0}, "peers": {"counts": "frozen"}, "land": {"rents": "frozen"}}]
FUNCTION = {"switches": {"registration": "function"}}


def apart(*overrides, policies=(), **options):
    """Six sites in three nests, everybody registers apart, a quarter's potential entrants."""
    where = worlds.region([0, 0, 1, 1, 2, 2], industries=3)
    made = worlds.make(where, worlds.values(worlds.years(8), *CALM, *overrides), policies=policies, **options)
    return made._replace(economy=worlds.with_newcomers(made, 0))


def share_apart(state):
    here = state.site >= 0
    return (state.legal != state.site)[here].mean()


def registered(made, policies_of=None, quarter=0):
    """The State after `register` on the opening, with the offers of another world if one is given."""
    state = copy.deepcopy(made.economy.state)
    offers = worlds.offers(policies_of or made, quarter)
    register(quarter, state, offers, made.fixed.peers, made.fixed.moving, made.world.keys,
             made.fixed.rules._replace(review=np.ones(1)))
    return state


# -- the kernel and its law -------------------------------------------------------------------------

@pytest.mark.parametrize("revision", [arrays.SEQUENTIAL, arrays.ONE])
def test_the_kernel_agrees_with_its_twin(revision):
    made = worlds.lively()
    state = copy.deepcopy(worlds.chosen(made, worlds.with_newcomers(made, 2), 2)[0])
    offers, rules = worlds.offers(made, 2), made.fixed.rules._replace(revision=revision)
    found, twin = copy.deepcopy(state), copy.deepcopy(state)
    register(2, found, offers, made.fixed.peers, made.fixed.moving, made.world.keys, rules)
    naive.register(2, twin, offers, made.world.keys, rules)
    assert all((a == b).all() for a, b in zip(found, twin))
    live = found.site >= 0
    assert (found.legal != state.legal)[live].any()
    assert (found.legal[live] >= 0).all()


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


# -- calibration: the share is a target, l_r meets it ------------------------------------------------

@pytest.mark.parametrize(("share", "substance"), [(0.33, 0.1), (0.2, 0.3), (0.4, 0.05)])
def test_the_share_registered_apart_is_met_by_l_r(share, substance):
    keys = {"registration": {"share": share, "substance": substance}}
    made = apart({"population": {"candidates": 4000, "spread": 1e6}}, keys)
    order, shares = made.world.places.order, np.full(6, 1 / 6)
    cost = registration_prior.costs(substance, 0.5, made.world.distance)
    assert abs(registration_prior.separated(shares, cost, made.world.places.scale[0], order) - share) < 1e-12
    assert abs(share_apart(made.economy.state) - share) < 4 * (share * (1 - share) / 4000) ** 0.5


def test_a_stricter_rule_and_a_smaller_l_r_register_fewer_apart():
    made, shares = apart(), np.full(6, 1 / 6)
    order, km = made.world.places.order, made.world.distance
    by_rule = [registration_prior.separated(shares, registration_prior.costs(s, 0.5, km), 0.3, order)
               for s in (0.0, 0.1, 0.5, 1.0)]
    by_scale = [registration_prior.separated(shares, registration_prior.costs(0.1, 0.5, km), scale, order)
                for scale in (0.05, 0.3, 1.0)]
    assert (np.diff(by_rule) < 0).all()
    assert by_rule[-1] == 0.0
    assert (np.diff(by_scale) > 0).all()


def test_base_probabilities_are_those_of_the_formula():
    where = synthetic_region(7, nests=2, seed=5)
    p = tables_of(where, registration={"dissimilarity": 0.4, "substance": 0.2, "distance": 0.7})
    q, s = p.home[0], registration_prior.expected_shares(where, {})
    km = network.distances_km(where.sites["lon"].to_numpy(float), where.sites["lat"].to_numpy(float))
    for j in range(7):
        weight = [1.0 if r == j else s[r] / (1 - s[j]) * np.exp(-0.25 * 0.7 * np.log(1 + km[r, j]) / 0.4)
                  for r in range(7)]
        np.testing.assert_allclose(q[:, j], np.array(weight) / sum(weight), rtol=1e-12)


def tables_of(where, **sections):
    made = worlds.make(where, worlds.values(worlds.years(1), sections, {
        "base_year": {"constants": {}}, "moving": {"cost": 1.0}, "population": {"candidates": 1000}}))
    return made.world.places


# -- what must not matter ----------------------------------------------------------------------------

def test_relabelling_sites_permutes_the_values_of_places_bit_by_bit():
    where, order = synthetic_region(7, nests=2, seed=5), np.array([3, 0, 6, 2, 5, 1, 4])
    here, there = tables_of(where), tables_of(dataclasses.replace(where, sites=where.sites.iloc[order]))
    assert (there.home[0] == here.home[0][np.ix_(order, order)]).all()
    assert (there.scale == here.scale).all()


def test_a_member_registers_as_it_does_alone():
    together = worlds.run(apart(policies=[TAX], members=3), 4)[1].state
    for m in range(3):
        alone = worlds.run(apart(policies=[TAX], members=[m]), 4)[1].state
        live = together.site[m] >= 0
        ids = dict(zip(alone.id[0], alone.legal[0]))
        assert [ids[i] for i in together.id[m][live]] == together.legal[m][live].tolist()


def test_nobody_who_works_somewhere_is_registered_nowhere():
    made = apart(policies=[TAX, worlds.policy("anchor", name="head", industry="industry-1", employees=500.0,
                                              sites=["site-4"], start=worlds.date(2021, 7))])
    state = worlds.run(made, 6)[1].state
    live = state.site >= 0
    assert ((state.legal >= 0) == live)[live].all()
    hosted = live & (state.anchor > 0)
    assert hosted.any()
    assert (state.legal[hosted] == state.site[hosted]).all()


def test_nobody_reregisters_before_something_changes():
    made = apart({"choice": {"review": 1.0, "keep_errors": 0.99}, "switches": {"churn": False}})
    made.fixed.rules.keep[:] = 1.0
    state = copy.deepcopy(made.economy.state)
    process(made.world, made.fixed, 0, state, worlds.offers(made, 0))
    here = made.economy.state.site >= 0
    assert (state.legal == made.economy.state.legal)[here].all()


# -- bad input ---------------------------------------------------------------------------------------

def told(tmp_path, *settings):
    path = tmp_path / "it.toml"
    path.write_text('region = "yrd-zone"\n')
    loaded = load(str(path), settings)
    return list(map(str, doubts(loaded, region_of(loaded))))


def test_a_share_that_no_l_r_meets_is_warned_about(tmp_path):
    assert not any("registration.share" in line for line in told(tmp_path))
    found = told(tmp_path, "registration.substance=0.9")
    assert any("registration.share" in line and "registration.substance" in line for line in found)


def test_tax_and_grant_do_not_enter_twice():
    """With registration apart no table of the site's own utility has them."""
    made = apart(policies=[TAX, GRANT])
    offers, function = (worlds.offers(m, 0) for m in (made, apart(FUNCTION, policies=[TAX, GRANT])))
    assert len(offers.loading_of) == len(function.loading_of) - 1
    assert arrays.TASTE_TAX in function.loading_of
    assert arrays.TASTE_TAX not in offers.loading_of
    assert function.places.relief.size == 0
    assert offers.places.relief.any()
    assert choice_tables.terms.registry.get("tax").legal
    assert choice_tables.terms.registry.get("grant").legal

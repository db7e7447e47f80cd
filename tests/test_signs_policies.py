"""A sign theorem for every registered instrument: it draws those whom it concerns to its sites.

The tests run over the registry, so an instrument without a case fails.
"""

import dataclasses

import numpy as np
import pytest
import worlds
from test_signs import AT_WORK, HERE, chances, state_of

from sim import policies
from sim.kernels import layout
from sim.world import TYPES

INSTRUMENTS = {
    "alliance": (+1, {"industries": ["industry-0"], "share": 0.5}),
    "anchor": (+1, {"industry": "industry-0", "employees": 100.0}),
    "ecology": (+1, {"change": 0.5}),
    "enclave": (+1, {"partner": "site-0"}),
    "express_road": (+1, {"stops": ["site-0", "site-2"]}),
    "fiscal_sharing": (0, {"matrix": {"district-0": {"district-0": 0.5, "district-1": 0.5}}}),
    "floor_area_ratio": (+1, {"change": 0.5, "building_time": 0.0}),
    "grant": (+1, {"amount": 20.0}),
    "joint_fund": (0, {"share": 0.5}),
    "land_capacity": (+1, {"change": 0.5, "building_time": 0.0}),
    "platform": (+1, {"reduction": 0.5}),
    "recognition": (+1, {"amount": 20.0, "revenue": dict.fromkeys(TYPES, 0.0)}),
    "regime_exposure": (+1, {"exposure": "ftz"}),
    "red_line": (-1, {"share": 0.3}),
    "services": (+1, {"system": "finance", "change": 0.5}),
    "talent": (+1, {"change": 0.5}),
    "talent_spillover": (+1, {"hub": "station-0", "change": 0.5, "reach": 500.0}),
    "tod": (+1, {"bonus": 0.5, "building_time": 0.0}),
    "tax_rate": (+1, {"rate": 5.0, "movers": True}),
    "transit_link": (+1, {"line": "new", "stops": ["site-2", "station-0"], "speed": 300.0, "headway": 2.0}),
}

NEARER = ("enclave", "express_road", "platform")            # theirs are in test_nearness.py
THROUGH_PEERS = ("alliance", "anchor", *NEARER)             # with sign theorems of their own
IN_NO_UTILITY = ("fiscal_sharing", "joint_fund")


def enacted(instrument, *overrides, **keys):
    """The world of `made`, without and with a policy at the site."""
    where = worlds.region([0, 0, 1, 1, 2, 2], industries=3)
    v = worlds.values(worlds.years(8), {"population": {"candidates": 200}, "moving": {"cost": 1.0},
                                        "base_year": {"constants": {}}, "entry": {"rate": 1.0}},
                      AT_WORK, *overrides)
    keys = {"start": worlds.date(2021, 1), **INSTRUMENTS[instrument][1], **keys}
    policy = worlds.policy(instrument, sites=["site-2"], **keys)
    both = [worlds.make(where, v, policies=given) for given in ([], [policy])]
    if instrument == "tod":
        both = [with_stations(m) for m in both]
    return [m._replace(economy=worlds.with_newcomers(m, 0)) for m in both]


def with_stations(m):
    """The same with stations open everywhere since long ago."""
    return m._replace(world=dataclasses.replace(m.world, station_age=np.full_like(m.world.station_age, 99)))


def reaction(instrument, *overrides, **keys):
    """(enterprise,) change of the chances of the site, and the enterprises' attributes."""
    without, having = enacted(instrument, *overrides, **keys)
    return chances(having) - chances(without), state_of(without)


@pytest.mark.parametrize("name", sorted(set(policies.registry.names()) - set(THROUGH_PEERS)))
def test_every_instrument_draws_with_its_sign(name):
    sign, _ = INSTRUMENTS[name]
    change, state = reaction(name, {"terms": {"access_taste": {"sd": 0.0}}})
    assert policies.registry.get(name).sign == sign
    assert (np.sign(change[state.site != HERE]) == sign).all()


# -- what acts through peers ---------------------------------------------------------------------------

def everybody(m):
    """Chances of the site by the enterprise's id, and kind by id."""
    state = state_of(m)
    return dict(zip(state.id, chances(m))), dict(zip(state.id, state.kind))


@pytest.mark.parametrize("industry", ["industry-0", "industry-2"])
def test_an_anchor_draws_everybody_and_its_own_industry_most(industry):
    where = dict(industry=industry, start=worlds.date(2020, 1))
    (before, kinds), (after, _) = (everybody(m) for m in enacted("anchor", LEVEL, **where))
    gain = {who: np.log(after[who] / before[who]) for who in before}
    assert all(g > 0 for g in gain.values()) and policies.registry.get("anchor").sign == +1
    own = int(industry[-1])
    new = {kind: np.mean([gain[who] for who in gain if kinds[who] == kind]) for kind in range(3)}
    assert max(new, key=new.get) == own


LEVEL = {"terms": {"access_taste": {"sd": 0.0}}}


def test_an_alliance_draws_its_members_to_each_other_and_nobody_else():
    """All other partners but ten at the site are taken away, so that the alliance is there alone."""
    without, having = (with_partners_here(m) for m in enacted("alliance", start=worlds.date(2020, 1)))
    change, kind = chances(having) - chances(without), state_of(having).kind
    assert ((change > 0) == (kind == 3)).all() and (kind == 3).sum() > 20
    assert (change[kind != 3] == 0).all() and policies.registry.get("alliance").sign == +1


def with_partners_here(m):
    counts = 0 * m.economy.counts
    counts[0, -3, HERE] = 10 * layout.WEIGHT_ONE             # industry 0, in the alliance if there is one
    return m._replace(economy=m.economy._replace(counts=counts),
                      fixed=m.fixed._replace(peers=m.fixed.peers._replace(live=0)))


def test_a_lighter_anchor_draws_less():
    light, heavy = (everybody(enacted("anchor", LEVEL, start=worlds.date(2020, 1), weight=weight)[1])[0]
                    for weight in (3.0, 30.0))
    anchor = set(light) - set(everybody(enacted("anchor", LEVEL)[0])[0])
    assert len(anchor) == 1 and all(heavy[who] > light[who] for who in set(light) - anchor)


def test_no_sign_is_claimed_for_an_instrument_that_is_gone():
    assert set(INSTRUMENTS) == set(policies.registry.names())


@pytest.mark.parametrize("name", sorted(set(INSTRUMENTS) - {"transit_link", "red_line", *THROUGH_PEERS,
                                                            *IN_NO_UTILITY}))
def test_an_instrument_moves_enterprises_only_to_its_sites(name):
    frozen = {"peers": {"counts": "frozen"}, "population": {"candidates": 2000}}
    before, after = (worlds.chosen(m, m.economy, review=np.ones(1))[0].site for m in enacted(name, frozen))
    assert (before != after).sum() > 3
    assert (after[before != after] == HERE).all()


@pytest.mark.parametrize("name", ["grant", "tax_rate"])
def test_benefits_by_industry_concern_these_industries(name):
    change, state = reaction(name, industries=["industry-1"])
    assert ((change > 0) == ((state.industry == 1) & (state.site != HERE))).all()


def test_grants_for_recognised_headquarters_concern_those_who_meet_the_thresholds():
    keys = {"revenue": {"growth": 150.0, "functional": 90.0}, "research": {"growth": 5.0}}
    change, state = reaction("recognition", **keys)
    revenue, growth = 1.5 * np.exp(state.log_size), state.hq_type == 2
    research = 0.04 * revenue * state.loading[:, layout.LOADINGS.index("rnd")]
    meets = growth & (revenue >= 150) & (research >= 5) | (state.hq_type == 1) & (revenue >= 90)
    assert ((change > 0) == (meets & (state.site != HERE))).all()
    assert meets[growth].any() and not meets[growth].all()


def test_a_tax_threshold_counts_taxes_at_statutory_rates():
    change, state = reaction("recognition", revenue={}, tax=dict.fromkeys(TYPES, 5.0))
    rate = np.where(state.hightech == 1, 0.15, 0.25)
    paid = np.exp(state.log_size) * (1.5 * 0.3 * 0.06 + 0.12 * 0.05 + 1.5 * 0.08 * rate)
    assert ((change > 0) == ((paid >= 5.0) & (state.site != HERE))).all()


def test_grants_by_type_concern_these_types():
    change, state = reaction("grant", types=["growth", "regional"])
    assert ((change > 0) == ((state.hq_type >= 2) & (state.site != HERE))).all()


@pytest.mark.parametrize("name", ["grant", "tax_rate"])
def test_benefits_for_newcomers_leave_movers_alone(name):
    change, state = reaction(name, movers=False)
    assert ((change > 0) == (state.site == layout.CANDIDATE)).all()


@pytest.mark.parametrize(("rate", "gains"), [(15.0, False), (14.0, True)])
def test_high_tech_enterprises_gain_only_from_rates_below_their_own(rate, gains):
    change, state = reaction("tax_rate", rate=rate)
    there = state.site != HERE
    assert (change[there & (state.hightech == 0)] > 0).all()
    assert ((change[there & (state.hightech == 1)] > 0) == gains).all()


def test_a_tax_for_incumbents_keeps_them():
    change, state = reaction("tax_rate", incumbents=True)
    assert (change > 0).all()


def test_a_higher_rate_of_tax_draws_fewer():
    low, high = (reaction("tax_rate", rate=rate)[0] for rate in (5.0, 10.0))
    assert (low >= high).all()
    assert (low > high).any()


def test_a_larger_grant_draws_more():
    large, small = (reaction("grant", amount=amount)[0] for amount in (30.0, 10.0))
    assert (large >= small).all()
    assert (large > small).any()


def test_a_grant_weighs_less_for_a_larger_enterprise():
    without, having = enacted("grant", worlds.PLAIN | {"terms": worlds.NO_TERMS | {"grant": {"beta": 0.3}}})
    change, state = chances(having) - chances(without), state_of(without)
    new = state.site == layout.CANDIDATE
    order = np.argsort(state.log_size[new])
    assert (np.diff(change[new][order]) <= 0).all()
    assert change[new].min() < change[new].max()


def test_ground_that_is_not_built_yet_draws_nobody():
    change, _ = reaction("land_capacity", building_time=30.0)
    assert (change == 0).all()


def test_new_ground_lowers_the_rent_there_and_nowhere_else():
    rents = [worlds.run(m, 1)[0][0].rent[0] for m in enacted("land_capacity")]
    assert rents[1][HERE] < rents[0][HERE]
    assert (np.delete(rents[1] - rents[0], HERE) == 0).all()


@pytest.mark.parametrize(("length", "gain"), [(1.0, 0.24), (0.7, 0.33)])
def test_ten_points_of_tax_account_for_the_published_share_of_locations(length, gain):
    """Bartik's but-for share 1 - e^(-dV / l), dV = 0.28 at the median taste, within a nest."""
    plain = {"choice": {"dissimilarity": length}, "terms": {"tax": {"beta": 0.028, "taste_sd": 0.0}}}
    without, having = enacted("tax_rate", plain, rate=15.0)
    new = (state_of(without).site == layout.CANDIDATE) & (state_of(without).hightech == 0)
    slots = np.flatnonzero(without.economy.state.site[0] != layout.EMPTY)[new]
    odds = [p[:, HERE] / p[:, HERE + 1] for p in (worlds.expected(m, slots=slots) for m in (without, having))]
    np.testing.assert_allclose(1 - odds[0] / odds[1], 1 - np.exp(-0.28 / length), rtol=1e-10)
    assert abs(1 - np.exp(-0.28 / length) - gain) < 0.005

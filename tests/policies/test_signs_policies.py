"""A sign theorem for every registered instrument: it draws those whom it concerns to its sites.

The tests run over the registry, with the example that each instrument registers.
"""

import dataclasses

import numpy as np
import pytest

from sim import policies
from sim.config.toml_file import format_value, parse
from sim.kernels import arrays
from sim.model import choice_tables
from sim.policies.effects import at_its_sites, everywhere
from sim.region.opening_stock import TYPES
from sim.results import direct_effects
from sim.scenario.load import build
from sim.verification import laboratory
from tests.samples import worlds
from tests.terms.test_signs import AT_WORK, HERE, chances, state_of

ALL = policies.registry.entries()
AT_SITES = [entry.name for entry in ALL if entry.direct_effect in (at_its_sites, everywhere)]
HERE_ALONE = [entry.name for entry in ALL if entry.direct_effect is at_its_sites and entry.sign > 0]


def enacted(instrument, *overrides, **keys):
    """The world of `made`, without and with a policy at the site."""
    where = worlds.region([0, 0, 1, 1, 2, 2], industries=3)
    v = worlds.values(worlds.years(8), {"population": {"candidates": 200}, "moving": {"cost": 1.0},
                                        "base_year": {"constants": {}}, "entry": {"rate": 1.0}},
                      AT_WORK, *overrides)
    keys = laboratory.example(instrument, **{"start": worlds.date(2021, 1), "sites": ["site-2"]} | keys)
    policy = worlds.policy(instrument, **keys)
    both = [worlds.make(where, v, policies=given) for given in ([], [policy])]
    if policies.registry.get(instrument).stations:
        both = [with_stations(m) for m in both]
    return [m._replace(economy=worlds.with_newcomers(m, 0)) for m in both]


def with_stations(m):
    """The same with stations open everywhere since long ago."""
    return m._replace(world=dataclasses.replace(m.world, station_age=np.full_like(m.world.station_age, 99)))


def reaction(instrument, *overrides, **keys):
    """(enterprise,) change of the chances of the site, and the enterprises' attributes."""
    without, having = enacted(instrument, *overrides, **keys)
    return chances(having) - chances(without), state_of(without)


@pytest.mark.parametrize("name", AT_SITES)
def test_every_instrument_draws_with_its_sign(name):
    """All whom it concerns elsewhere are drawn, the others there are not, and those here are not repelled."""
    without, having = enacted(name, LEVEL)
    change, sign = chances(having) - chances(without), policies.registry.get(name).sign
    elsewhere, whom = state_of(without).site != HERE, concerned(without, having)
    assert (np.sign(change[elsewhere & whom]) == sign).all() and (elsewhere & whom).any()
    assert (change[elsewhere & ~whom] == 0).all() and (np.sign(change) * sign >= 0).all()


def concerned(without, having):
    """Everybody; where there are awards, whoever meets their bars."""
    state = state_of(without)
    there = np.ones(len(state.site), bool)
    awards = choice_tables.levers_at(having.world, 0, np.zeros((1, 6)), np.ones((1, 6))).awards
    for award in awards:
        there &= np.exp(state.log_size) >= np.exp(award.bar[0])[classes_of(having.world, state)]
    return there


def classes_of(world, state):
    """(enterprise,) number of its class as a newcomer, or a mover."""
    status = np.where(state.site == arrays.CANDIDATE, arrays.NEWCOMER, arrays.MOVER)
    at = np.stack([world.status_of_class, world.industry_of_class, world.type_of_class, world.hightech_of_class])
    mine = np.stack([status, state.industry, state.hq_type, state.hightech])
    return (at[:, None, :] == mine[:, :, None]).all(axis=0).argmax(axis=1)


@pytest.mark.parametrize("name", policies.registry.names())
def test_the_direct_effect_of_every_example_has_its_sign_and_of_size_nothing_there_is_none(name):
    """No enterprise class is drawn against the sign, some are drawn with it."""
    entry = policies.registry.get(name)
    there = direct_effect(entry, entry.example)
    assert (np.sign(there) * entry.sign >= 0).all() and (there != 0).any() == (entry.sign != 0)
    if entry.neutral is not None:
        assert (direct_effect(entry, entry.neutral) == 0).all()


def direct_effect(entry, keys):
    """(row, ) least and largest dV of the table of direct effects, of a scenario on the made-up region."""
    given = laboratory.example(entry.name, **keys)
    text = "\n".join(f"{key} = {format_value(value)}" for key, value in given.items())
    scenario = build(parse(f"""[policies.it]\ninstrument = "{entry.name}"\nstart = 2021-01-01\n{text}
        [population]\ncandidates = 400\nspread = 20.0\n[peers]\ndecay = 10.0\n[time]\nend = 2023-12-31""", "it.toml"))
    where = worlds.region([0, 0, 1, 1, 2, 2], industries=3)
    where = at_stations(where) if entry.stations else where
    return direct_effects.effects(where, scenario)[["dv_lowest", "dv_highest"]].to_numpy()


def at_stations(where):
    """The region with a station at every site."""
    at = {"lon": where.sites["lon"].to_numpy(), "lat": where.sites["lat"].to_numpy()}
    return dataclasses.replace(where, stations=where.stations.assign(**at))


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


# tastes of those who are there depend on what is there
LEVEL = {"terms": {name: {"sd": 0.0} for name in ("access_taste", "core_taste", "linkage_taste")}
         | {"tax": {"taste_sd": 0.0}}}


def test_an_alliance_draws_its_members_to_each_other_and_nobody_else():
    """All other partners but ten at the site are taken away, so that the alliance is there alone."""
    without, having = (with_partners_here(m) for m in enacted("alliance", start=worlds.date(2020, 1), sites="all"))
    change, kind = chances(having) - chances(without), state_of(having).kind
    assert ((change > 0) == (kind == 3)).all() and (kind == 3).sum() > 20
    assert (change[kind != 3] == 0).all() and policies.registry.get("alliance").sign == +1


def with_partners_here(m):
    counts = 0 * m.economy.counts
    counts[0, -3, HERE] = 10 * arrays.WEIGHT_ONE             # industry 0, in the alliance if there is one
    return m._replace(economy=m.economy._replace(counts=counts),
                      fixed=m.fixed._replace(peers=m.fixed.peers._replace(live=0)))


def test_a_lighter_anchor_draws_less():
    light, heavy = (everybody(enacted("anchor", LEVEL, start=worlds.date(2020, 1), weight=weight)[1])[0]
                    for weight in (3.0, 30.0))
    anchor = set(light) - set(everybody(enacted("anchor", LEVEL)[0])[0])
    assert len(anchor) == 1 and all(heavy[who] > light[who] for who in set(light) - anchor)


@pytest.mark.parametrize("name", HERE_ALONE)
def test_an_instrument_moves_enterprises_only_to_its_sites(name):
    frozen = {"peers": {"counts": "frozen"}, "population": {"candidates": 8000}}
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
    research = 0.04 * revenue * state.loading[:, arrays.LOADINGS.index("rnd")]
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
    assert ((change > 0) == (state.site == arrays.CANDIDATE)).all()


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
    new = state.site == arrays.CANDIDATE
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
    without, having = enacted("tax_rate", plain, rate=15.0, permanent=True)
    new = (state_of(without).site == arrays.CANDIDATE) & (state_of(without).hightech == 0)
    slots = np.flatnonzero(without.economy.state.site[0] != arrays.EMPTY)[new]
    odds = [p[:, HERE] / p[:, HERE + 1] for p in (worlds.expected(m, slots=slots) for m in (without, having))]
    np.testing.assert_allclose(1 - odds[0] / odds[1], 1 - np.exp(-0.28 / length), rtol=1e-10)
    assert abs(1 - np.exp(-0.28 / length) - gain) < 0.005

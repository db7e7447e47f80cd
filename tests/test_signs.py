"""A sign theorem for every registered utility term: what it raises draws enterprises, or repels them.

A case names the driver that is raised at one site and the enterprises that it concerns. Those it
concerns must choose the site more often (sign +1) or less (-1); for all others nothing may change at
all. The tests run over the registries, so an entry without a case fails.
"""

import dataclasses

import numpy as np
import pytest
import worlds

from sim import terms
from sim.kernels import layout
from sim.policies.levers import neutral
from sim.terms.services import SYSTEMS

HERE = 2                                              # the site whose driver is raised
AT = np.eye(6)[[HERE]]                                # (1, site)
EVERYBODY = "everybody"
CLUB = worlds.policy("alliance", name="club", industries=["industry-0", "industry-1"], share=0.5)
AT_WORK = {"switches": {"registration": "function"}}    # where taxes act; test_registration has the other
OTHERS = {"coagglomeration", "headquarters", "localisation", "partners"}


def made(*overrides, ring="radiation", where=None, policies=()):
    """Six sites, all terms at their defaults, some 200 enterprises and a quarter's potential entrants."""
    where = worlds.region([0, 0, 1, 1, 2, 2], industries=3) if where is None else where
    rings = ["radiation"] * HERE + [ring] + ["radiation"] * (5 - HERE)
    where = dataclasses.replace(where, sites=where.sites.assign(ring=rings))
    v = worlds.values(worlds.years(8), {"population": {"candidates": 200}, "moving": {"cost": 1.0},
                                        "base_year": {"constants": {}}, "entry": {"rate": 1.0}},
                      AT_WORK, *overrides)
    m = worlds.make(where, v, policies=policies)
    return m._replace(economy=worlds.with_newcomers(m, 0))


def chances(m, economy=None, **levers):
    """(enterprise,) probability of choosing the site, given changed levers."""
    slots = np.flatnonzero(m.economy.state.site[0] != layout.EMPTY)
    return worlds.expected(m, slots=slots, table=worlds.offers(m, 0, **levers), economy=economy)[:, HERE]


def state_of(m):
    """Attributes of the same enterprises, (enterprise,) each."""
    alive = m.economy.state.site[0] != layout.EMPTY
    return layout.State(*(array[0][alive] for array in m.economy.state))


def loading_of(m, name):
    return state_of(m).loading[:, layout.LOADINGS.index(name)]


def only(name):
    """An override that leaves one term of those that share its driver."""
    return {"terms": {other: worlds.NO_TERMS[other] for other in OTHERS - {name}}}


# -- one case a term: (chances before, chances after, concerned) ----------------------------------------

def by_lever(**levers):
    def case():
        m = made()
        return chances(m), chances(m, **levers), EVERYBODY
    return case


def by_regime(name):
    def case():
        m = made()
        regimes = neutral(m.world.classes, 6).regimes
        return chances(m), chances(m, regimes={**regimes, name: AT}), EVERYBODY
    return case


def by_offer(**offer):
    """Levers by class, offered to newcomers and movers alone."""
    def case():
        m = made()
        arriving = np.isin(m.world.status_of_class, [layout.NEWCOMER, layout.MOVER])
        levers = {name: amount * arriving[None, :, None] * AT for name, amount in offer.items()}
        return chances(m), chances(m, **levers), state_of(m).site != HERE
    return case


def by_access(*overrides, concerned=lambda m: EVERYBODY):
    def case():
        m = made(*overrides)
        world = dataclasses.replace(m.world, log_access=m.world.log_access + 0.3 * AT)
        return chances(m), chances(m._replace(world=world)), concerned(m)
    return case


def by_station():
    m = made()
    ages = np.full_like(m.world.station_age, -1), np.where(AT > 0, 30, -1) + 0 * m.world.station_age
    without, having = (m._replace(world=dataclasses.replace(m.world, station_age=age)) for age in ages)
    return chances(without), chances(having), EVERYBODY


def by_ring(ring, loading):
    def case():
        before, after = made(), made(ring=ring)
        return chances(before), chances(after), loading_of(before, loading)
    return case


def by_peers(name, concerned):
    """Ten more enterprises of industry 0 at the site."""
    def case():
        m = made(only(name))
        counts = m.economy.counts.copy()
        counts[0, 0, HERE] += 10 * layout.WEIGHT_ONE
        return chances(m), chances(m, m.economy._replace(counts=counts)), concerned(state_of(m).industry)
    return case


def by_partners():
    """Ten more members of the alliance at the site, of an industry whose peers are not looked at."""
    m = made(only("partners"), policies=[CLUB])
    counts = m.economy.counts.copy()
    counts[0, 3, HERE] += 10 * layout.WEIGHT_ONE                # kind 3 is industry 0 and in the alliance
    return chances(m), chances(m, m.economy._replace(counts=counts)), state_of(m).kind >= 3


def by_service(k):
    system = np.ones((1, len(SYSTEMS), 6))
    system[0, k, HERE] = 1.5
    return by_lever(services=system)


TERMS = {
    "access": (+1, by_access({"terms": {"access_taste": {"sd": 0.0}}})),
    "access_taste": (0, by_access({"terms": {"access": {"between_cities": 0.0, "within_city": 0.0}}},
                                  concerned=lambda m: loading_of(m, "taste_access"))),
    "coagglomeration": (+1, by_peers("coagglomeration", lambda industry: industry != 0)),
    "core_taste": (0, by_ring("core", "taste_core")),
    "ecology": (+1, by_lever(ecology=1 + AT)),
    "floor": (+1, by_lever(floor=1 + AT)),
    "ftz": (+1, by_regime("ftz")),
    "grant": (+1, by_offer(grant=20.0)),
    "headquarters": (+1, by_peers("headquarters", lambda industry: EVERYBODY)),
    "linkage_taste": (0, by_ring("linkage", "taste_linkage")),
    "localisation": (+1, by_peers("localisation", lambda industry: industry == 0)),
    "partners": (+1, by_partners),
    "rent": (-1, by_lever(rent=1 + AT)),
    "scitech": (+1, by_regime("scitech")),
    "services": (+1, by_service(0)),
    "site_constant": (+1, by_lever(constant=0.5 * AT)),
    "station": (+1, by_station),
    "talent": (+1, by_lever(talent=1 + AT)),
    "tax": (+1, by_offer(tax_relief=5.0)),
    "zone_bundle": (+1, by_regime("bundle")),
}


def assert_sign(sign, before, after, concerned):
    """All whom it concerns react with the sign (of their loading, where the sign is 0), nobody else does."""
    if isinstance(concerned, str):
        concerned = np.ones(len(before), bool)
    towards = sign * concerned if sign else np.sign(concerned)
    assert (np.sign(after - before)[towards != 0] == towards[towards != 0]).all()
    assert (towards != 0).any()
    assert (after[towards == 0] == before[towards == 0]).all()


@pytest.mark.parametrize("name", terms.registry.names())
def test_every_term_draws_with_its_sign(name):
    sign, case = TERMS[name]
    assert terms.registry.get(name).sign == sign
    assert_sign(sign, *case())


def test_no_sign_is_claimed_for_a_term_that_is_gone():
    assert set(TERMS) == set(terms.registry.names())


@pytest.mark.parametrize("system", SYSTEMS)
def test_each_service_system_draws(system):
    assert_sign(+1, *by_service(SYSTEMS.index(system))())


@pytest.mark.parametrize(("regime", "loading"), [("ftz", "trade"), ("scitech", "rnd")])
def test_a_regime_draws_nobody_without_exposure_to_it(regime, loading):
    m = made()
    m.economy.state.loading[..., layout.LOADINGS.index(loading)] = 0.0
    regimes = neutral(m.world.classes, 6).regimes
    assert (chances(m, regimes={**regimes, regime: AT}) == chances(m)).all()


def gains_from_peers(closeness):
    """What ten more enterprises of industry 0 add to the chances of the other industries."""
    where = worlds.region([0, 0, 1, 1, 2, 2], industries=3)
    proximity = where.proximity * 0 + np.where(np.eye(3), 0.0, closeness)
    m = made(only("coagglomeration"), where=dataclasses.replace(where, proximity=proximity))
    counts = m.economy.counts.copy()
    counts[0, 0, HERE] += 10 * layout.WEIGHT_ONE
    gain = chances(m, m.economy._replace(counts=counts)) - chances(m)
    return gain[state_of(m).industry != 0]


def test_a_closer_industry_draws_more():
    assert (gains_from_peers(0.9) > gains_from_peers(0.3)).all()

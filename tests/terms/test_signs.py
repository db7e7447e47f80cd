"""A sign theorem for every registered utility term: what it rises with draws enterprises, or repels them.

A term's registration names its driver, which is raised at one site. Those it concerns must choose the
site more often (sign +1) or less (-1); for all others nothing may change at all. The tests run over the
registry; a term with a driver of its own kind needs a way to raise it here.
"""

import dataclasses

import numpy as np
import pytest

from sim import terms
from sim.kernels import arrays
from sim.model.choice_tables import levers_at
from sim.policies.levers import neutral
from sim.terms.services import SYSTEMS
from tests.samples import worlds

HERE = 2                                              # the site whose driver is raised
AT = np.eye(6)[[HERE]]                                # (1, site)
EVERYBODY = "everybody"
CLUB = worlds.policy("alliance", name="club", industries=["industry-0", "industry-1"], share=0.5)
AT_WORK = {"switches": {"registration": "function"}}    # where taxes act; test_registration has the other


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
    slots = np.flatnonzero(m.economy.state.site[0] != arrays.EMPTY)
    return worlds.expected(m, slots=slots, table=worlds.offers(m, 0, **levers), economy=economy)[:, HERE]


def state_of(m):
    """Attributes of the same enterprises, (enterprise,) each."""
    alive = m.economy.state.site[0] != arrays.EMPTY
    return arrays.State(*(array[0][alive] for array in m.economy.state))


def loading_of(m, name):
    return state_of(m).loading[:, arrays.LOADINGS.index(name)]


def alone(name):
    """An override that switches off the terms with the same driver."""
    driver = terms.registry.get(name).driver
    others = {entry.name for entry in terms.registry.entries() if entry.driver == driver} - {name}
    return {"terms": {other: worlds.NO_TERMS[other] for other in others & set(worlds.NO_TERMS)}}


# -- a way to raise each driver: (chances before, chances after, concerned) -----------------------------

def by_lever(driver, entry):
    """A lever of sites goes up; one that is offered by class, to newcomers and movers alone."""
    m = made()
    value = getattr(neutral(m.world.classes, 6), driver)
    if value.shape[1] == m.world.classes:
        arriving = np.isin(m.world.status_of_class, [arrays.NEWCOMER, arrays.MOVER])
        years = np.full((1, m.world.classes, 6), 20.0)
        offered = {driver: 10.0 * arriving[None, :, None] * AT, "benefit_quarters": years}
        return chances(m), chances(m, **offered), state_of(m).site != HERE
    return chances(m), chances(m, **{driver: value + 0.5 * AT}), personally(m, entry)


def by_regime(driver, entry):
    m = made()
    regimes = neutral(m.world.classes, 6).regimes
    after = chances(m, regimes={**regimes, driver.removeprefix("regimes."): AT})
    return chances(m), after, personally(m, entry)


def by_access(driver, entry):
    m = made(alone(entry.name))
    world = dataclasses.replace(m.world, log_access=m.world.log_access + 0.3 * AT)
    return chances(m), chances(m._replace(world=world)), personally(m, entry)


def by_station(driver, entry):
    m = made()
    ages = np.full_like(m.world.station_age, -1), np.where(AT > 0, 30, -1) + 0 * m.world.station_age
    without, having = (m._replace(world=dataclasses.replace(m.world, station_age=age)) for age in ages)
    return chances(without), chances(having), personally(m, entry)


def by_ring(driver, entry):
    """The site comes to lie in that ring which the term looks at; the enterprises and their tastes stay the same."""
    before = made()
    rings = [made(ring=ring) for ring in ("core", "linkage")]
    (after,) = [m._replace(economy=before.economy) for m in rings if entry(m.world, None, 0)[0, :, HERE].any()]
    return chances(before), chances(after), personally(before, entry)


def by_home(driver, entry):
    """The site's jurisdiction becomes home to one origin; those who come from there are concerned."""
    own = worlds.region([0, 0, 1, 1, 2, 2], industries=3)
    own = dataclasses.replace(own, sites=own.sites.assign(jurisdiction=np.where(AT[0], "district-1", "district-0")))
    m = made(where=own)
    home = m.world.region.jurisdictions.assign(home=[[], ["delta"], []])
    at_home = dataclasses.replace(m.world.region, jurisdictions=home)
    after = m._replace(world=dataclasses.replace(m.world, region=at_home))
    return chances(m), chances(after), loading_of(m, "home_delta")


def by_peers(driver, entry):
    """Ten more enterprises of industry 0 and of the alliance at the site; whoever looks at them is concerned."""
    m = made(alone(entry.name), policies=[CLUB])
    kind = 3                                                    # industry 0, in the alliance
    counts = m.economy.counts.copy()
    counts[0, kind, HERE] += 10 * arrays.WEIGHT_ONE
    term = entry(m.world, levers_at(m.world, 0, np.zeros((1, 6)), np.ones((1, 6))))
    phi = term.phi if term.phi.ndim == 2 else term.phi[0]
    looks = (term.row_of_kind >= 0) & (phi[term.row_of_kind, kind] > 0)
    return chances(m), chances(m, m.economy._replace(counts=counts)), looks[state_of(m).kind]


def personally(m, entry):
    """Everybody; of a term without a sign those with a loading, in its direction."""
    return EVERYBODY if entry.sign else loading_of(m, entry.loading)


DRIVERS = {"log_access": by_access, "station_age": by_station, "ring": by_ring, "homes": by_home, "counts": by_peers}


def case(name):
    entry = terms.registry.get(name)
    by = by_regime if entry.driver.startswith("regimes.") else DRIVERS.get(entry.driver, by_lever)
    return by(entry.driver, entry)


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
    assert_sign(terms.registry.get(name).sign, *case(name))


@pytest.mark.parametrize(("name", "sign"), [("rent", -1), ("access_taste", 0), ("core_taste", 0), ("tax", 1)])
def test_what_a_term_registers_is_no_proof_of_itself(name, sign):
    assert terms.registry.get(name).sign == sign


@pytest.mark.parametrize("name", ["localisation", "coagglomeration", "partners"])
def test_peers_concern_those_who_look_at_them(name):
    """Its own industry, the other industries, and the members of its alliances."""
    m = made(policies=[CLUB])
    expected = {"localisation": state_of(m).industry == 0, "coagglomeration": state_of(m).industry != 0,
                "partners": state_of(m).kind >= 3}[name]
    assert (case(name)[2] == expected).all()


@pytest.mark.parametrize("system", SYSTEMS)
def test_each_service_system_draws(system):
    m, index = made(), np.ones((1, len(SYSTEMS), 6))
    index[0, SYSTEMS.index(system), HERE] = 1.5
    assert_sign(+1, chances(m), chances(m, services=index), EVERYBODY)


@pytest.mark.parametrize(("regime", "loading"), [("ftz", "trade"), ("scitech", "rnd")])
def test_a_regime_draws_nobody_without_exposure_to_it(regime, loading):
    m = made()
    m.economy.state.loading[..., arrays.LOADINGS.index(loading)] = 0.0
    regimes = neutral(m.world.classes, 6).regimes
    assert (chances(m, regimes={**regimes, regime: AT}) == chances(m)).all()


def gains_from_peers(closeness):
    """What ten more enterprises of industry 0 add to the chances of the other industries."""
    where = worlds.region([0, 0, 1, 1, 2, 2], industries=3)
    proximity = where.proximity * 0 + np.where(np.eye(3), 0.0, closeness)
    m = made(alone("coagglomeration"), where=dataclasses.replace(where, proximity=proximity))
    counts = m.economy.counts.copy()
    counts[0, 0, HERE] += 10 * arrays.WEIGHT_ONE
    gain = chances(m, m.economy._replace(counts=counts)) - chances(m)
    return gain[state_of(m).industry != 0]


def test_a_closer_industry_draws_more():
    assert (gains_from_peers(0.9) > gains_from_peers(0.3)).all()

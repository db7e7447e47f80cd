"""Small worlds for tests: made-up regions and scenario values, run on the production path.

`PLAIN` switches everything off that a theorem does not speak of: utility is then the site constants
alone, everybody reviews every quarter with fresh errors, and moving is free. Overrides are nested
dicts as in a scenario file. Sites are in the engine's order.
"""

import copy
import dataclasses
import datetime
import functools
from typing import NamedTuple

import numpy as np
import pandas as pd

from sim import assembly, opening, schema, tables, terms
from sim.ensemble import Member
from sim.kernels import layout
from sim.kernels.choice import choose
from sim.kernels.expected import base_utilities, expected_choices
from sim.layers import merge
from sim.processes import demography
from sim.step import measure, step
from sim.synthetic import synthetic_region

NO_TERMS = {entry.name: dict.fromkeys(entry.parameters.model_fields, 0.0)
            for entry in terms.registry.entries() if entry.parameters}
PLAIN = {"choice": {"review": 1.0, "keep_errors": 0.0, "dissimilarity": 1.0, "outside": False},
         "moving": {"cost": 0.0, "log_size": 0.0, "age": 0.0, "log_distance": 0.0},
         "population": {"spread": 1e6}, "peers": {"decay": 0.0}, "land": {"rents": "frozen"},
         "switches": {"churn": False}, "terms": NO_TERMS}


def region(nests, floor=None, industries=1, seed=0):
    """A region with one site an entry of `nests` (number of its nest) and one stock group of all."""
    made = _synthetic(len(nests), max(nests) + 1, industries, seed)
    sites = made.sites.assign(nest=[f"nest-{k}" for k in nests])
    if floor is not None:
        sites["floor"] = np.asarray(floor, float)
    return dataclasses.replace(made, sites=sites, stock=stock(sites.index))


_synthetic = functools.cache(lambda sites, nests, industries, seed: synthetic_region(
    sites=sites, nests=nests, industries=industries, seed=seed))


def stock(ids, headquarters=1.0):
    """One group that spreads over the sites evenly."""
    row = {"headquarters": headquarters, "sites": list(ids), "weights": [1.0] * len(ids)}
    return pd.DataFrame([row], index=pd.Index(["all"], name="group"))


def values(*overrides):
    """Scenario values: the schema's defaults under the overrides, later ones above earlier ones."""
    data = {}
    for override in overrides:
        data = merge(data, override)
    return schema.build()(**data)


def plain(where, utility, *overrides):
    """PLAIN values with these site constants, in the engine's order of sites."""
    given = {"base_year": {"constants": dict(zip(where.sites.index, map(float, utility)))}}
    return values(PLAIN, given, *overrides)


def years(number):
    """An override: the run covers so many quarters."""
    return {"time": {"start": datetime.date(2021, 1, 1),
                     "end": datetime.date(2021 + (number - 1) // 4, 3 * ((number - 1) % 4) + 1, 1)}}


def people(number):
    """An override: so many enterprises at the opening."""
    return {"population": {"candidates": number}}


def policy(instrument, **keys):
    """One policy as a member carries it; perceived at once unless the keys say otherwise."""
    keys = {"lag": 0.0, "start": datetime.date(2020, 1, 1), **keys}
    return (keys.pop("name", instrument), instrument, schema.policy_models()[instrument](**keys))


class Made(NamedTuple):
    """What a run needs: made by assembly.build and opening.prepare."""

    world: object
    fixed: object
    economy: object
    base: object


def make(where, *scenario, members=1, policies=()):
    """A prepared ensemble: several scenarios side by side, or one in so many (or these) replicates."""
    replicates = range(members) if isinstance(members, int) else members
    wanted = [(v, 0) for v in scenario] if len(scenario) > 1 else [(scenario[0], k) for k in replicates]
    world = assembly.build(where, [Member(v, tuple(policies), k) for v, k in wanted])
    return Made(world, *opening.prepare(world))


def run(made, quarters):
    """Infos of so many quarters from an untouched copy of the opening, and the last economy."""
    economy, infos = copy.deepcopy(made.economy), []
    for quarter in range(quarters):
        economy, info = step(made.world, made.fixed, economy, quarter)
        infos.append(info)
    return infos, economy


def counts_after(made, quarters):
    """(member, site) enterprises at the close of the last of so many quarters."""
    return run(made, quarters)[0][-1].enterprises.sum(axis=(2, 3))


def offers(made, quarter, **levers):
    """The kernel's tables of a quarter at base-year rents, with single levers replaced."""
    flat = np.ones((1, made.world.sites))
    found = tables.levers_at(made.world, quarter, made.fixed.constant, flat)
    return tables.choice_tables(made.world, found._replace(**levers), quarter)


def no_events(world):
    cube = np.zeros((world.members, world.sites, world.industries, 4), np.int32)
    flows = np.zeros((world.members, world.industries, world.sites, world.sites + 1), np.int32)
    return layout.Events(cube.copy(), cube.copy(), cube.copy(), flows, np.zeros(world.members, np.int32))


def with_newcomers(made, quarter):
    """A copy of the economy with the quarter's potential entrants as candidates."""
    economy = copy.deepcopy(made.economy)
    state = demography.entry(made.world, made.fixed, quarter, economy.state)
    return economy._replace(state=state, counts=measure(made.world, made.fixed, state)[0])


def chosen(made, economy, quarter=0, table=None, **rules):
    """(State, Events, counts) after `choose` on a copy of the economy."""
    economy, events = copy.deepcopy(economy), no_events(made.world)
    table = offers(made, quarter) if table is None else table
    choose(quarter, economy.state, economy.counts, table, made.world.nests, made.fixed.peers,
           made.fixed.moving, made.world.keys, made.fixed.rules._replace(**rules), events)
    return economy.state, events, economy.counts


def expected(made, member=0, slots=None, quarter=0, table=None, economy=None):
    """(slot, site + 1) probabilities of the enterprises in `slots` (default: all) with fresh errors."""
    economy = made.economy if economy is None else economy
    slots = np.flatnonzero(economy.state.site[member] >= 0) if slots is None else np.asarray(slots)
    table = offers(made, quarter) if table is None else table
    return expected_choices(quarter, member, slots, economy.state, economy.counts, table,
                            made.world.nests, made.fixed.peers, made.fixed.moving)


def base_utilities_of(made, quarter=0):
    """(slot, site) utilities of the first member's enterprises, errors apart, peers at the opening counts."""
    slots = np.flatnonzero(made.economy.state.site[0] >= 0)
    return base_utilities(quarter, 0, slots, made.economy.state, made.economy.counts, offers(made, quarter),
                          made.fixed.peers, made.fixed.moving)[:, :-1]


def date(year, month):
    return datetime.date(year, month, 1)


def enterprises(made):
    """(member, site, industry, type) enterprises at the opening."""
    return measure(made.world, made.fixed, made.economy.state)[2]


def headquarters(made):
    """(member, site, industry, type) headquarters at the opening."""
    return measure(made.world, made.fixed, made.economy.state)[3]


# -- worlds that several files use ------------------------------------------------------------------

NESTS = {"one nest": ([0] * 6, 1.0), "nests": ([0, 0, 1, 1, 1, 2], 0.5),
         "deep nests": ([0, 0, 0, 1, 1, 1], 0.1)}
FROZEN = {"peers": {"counts": "frozen"}, "land": {"rents": "frozen"}}
PEERS = {"terms": {"localisation": {"gamma": 0.5}, "headquarters": {"gamma": 0.3}}, "peers": {"decay": 15.0}}
SEVERAL = [{"choice": {"review": 0.9, "dissimilarity": 0.5, "keep_errors": 0.2}, "peers": {"decay": 20.0}},
           {"choice": {"review": 0.6, "dissimilarity": 1.0, "keep_errors": 0.9}, "moving": {"cost": 0.3},
            "terms": {"localisation": {"gamma": 0.8}, "grant": {"beta": 0.6}, "tax": {"taste_sd": 0.2}},
            "population": {"size_sd": 0.7}, "peers": {"offset": 2.0}, "growth": {"drift": 0.1, "sd": 0.5}}]
POLICIES = [policy("tax_rate", rate=10.0, sites=["site-1", "site-3"], movers=True, years=1.0),
            policy("grant", amount=8.0, sites=["site-0"]),
            policy("recognition", amount=9.0, sites=["site-2", "site-5"], revenue={"growth": 100.0},
                   research={"functional": 4.0, "growth": 5.0}),
            policy("regime_exposure", exposure="ftz", sites=["site-2"]),
            policy("alliance", name="club", industries=["industry-0", "industry-2"], share=0.5),
            policy("alliance", name="guild", industries=["industry-0"], share=0.4, lag=2.0),
            policy("anchor", name="head", industry="industry-2", employees=900.0, sites=["site-4"], alliances=["club"])]


def frozen(nests, length, *overrides, number=4000, members=1):
    where = region(nests)
    v = plain(where, [0.3, -0.5, 0.9, 0.0, 0.6, -0.2], years(12), people(number), FROZEN,
                     {"choice": {"dissimilarity": length, "outside": True}}, *overrides)
    return make(where, v, members=members)


def lively(*overrides):
    """Two unlike members with every term, three policies, a free and a single-site nest; after 2 quarters."""
    where = region([0, 0, 1, 1, 1, 2], industries=3)
    common = {"population": {"candidates": 40}, "moving": {"cost": 0.6}, "exit": {"headquarters_factor": 3.0},
              "base_year": {"constants": {"site-1": 0.5, "site-4": -1.0}}, "entry": {"rate": 0.9},
              "peers": {"payoff": [[0.1 * k * n for n in range(9)] for k in range(6)]}}
    members = [values(years(8), common, own, *overrides) for own in SEVERAL]
    made = make(where, *members, policies=POLICIES)
    return made._replace(economy=run(made, 2)[1])

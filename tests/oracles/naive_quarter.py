"""A naive twin of the quarter: every process in plain loops, one after another, in the order of the model's schedule.

    policies -> rents on the opening stocks -> what sites offer -> promises expire -> exits -> growth -> spin-offs ->
    potential entrants, asked what the region is worth to them -> anchors come and go -> choices one after another ->
    registration -> stocks of the close

Policies and terms are the registered functions, each a formula of its own; how strongly a policy is perceived, what is
added up, who sees what and when is written down here again. Nothing is taken from `step`, processes or tables.
"""

import collections
import copy
from types import SimpleNamespace

import numpy as np

from sim.region.opening_stock import TYPES
from tests.oracles import naive, naive_headquarters, naive_life, naive_registration
from tests.oracles.naive_population import asked, close, come_and_go, enter, grow, nobody, settle, spin_off
from tests.oracles.naive_sites import density_of, levers_of, market_of, peers_of, tables_of


def quarter(world, fixed, economy, q):
    """(State, names of what the quarter leaves behind -> values) from an economy, which is left as it is."""
    state, told = copy.deepcopy(economy.state), {}
    events = SimpleNamespace(**no_events(world))
    levers = levers_of(world, fixed, q)
    market = market_of(world, fixed, economy, levers)
    told |= {name: np.array(values) for name, values in market.items()}
    tables = tables_of(world, levers._replace(rent=told["rent"]), q)
    peers = peers_of(world, fixed, levers)
    choosing = (tables, world.nests, peers, fixed.moving, world.keys)
    naive_life.expire(q, state, tables)
    looks = Looks(state, fixed.criteria)
    told["at_risk"] = at_risk = census(world, q, state)
    told["log_density"], told["asked"], told["entrant_value"] = economy.log_density, *nobody(world)
    stayed, told["closed"] = [], np.zeros_like(at_risk)
    if world.p.switches.churn[0]:
        told["log_density"] = density_of(world, fixed, economy.employees)
        close(world, fixed, q, state, told["rent"], events, told["closed"])
        assert (told["closed"] == at_risk - census(world, q, state)).all()
        grow(world, fixed, q, state, told["log_density"] - economy.log_density)
        looks.look(state)
        state, stayed = spin_off(world, fixed, q, state, tables, events)
        state, came = enter(world, fixed, q, state)
        told["asked"], told["entrant_value"] = asked(world, fixed, q, state, came, choosing)
    state = come_and_go(world, fixed, q, state, events)
    looks.look(state)
    settle(q, state, stayed, fixed, choosing)
    naive.choose(q, state, fixed.frozen_counts, *choosing, fixed.rules, events)
    if world.places.separate:
        naive_registration.register(q, state, tables, world.keys, fixed.rules)
    looks.look(state, choosing=True)
    leave_alliances(world, state)
    told |= {name: getattr(events, name) for name in ("entries", "spinoffs", "exits", "flows", "declined")}
    told |= looks.told(world)
    return state, told | stocks(world, fixed, state)


def leave_alliances(world, state):
    """Whoever stands at none of an alliance's sites is in it no longer."""
    for m in range(world.members):
        for i in naive_life.alive(m, state):
            industry = state.kind[m, i] % world.industries
            clubs = [bool(state.kind[m, i] // world.industries >> k & 1) and (
                state.anchor[m, i] != 0 or alliance.where[state.site[m, i]])
                     for k, alliance in enumerate(world.alliances)]
            state.kind[m, i] = industry + world.industries * sum(2 ** k for k, belongs in enumerate(clubs) if belongs)


# -- what is counted --------------------------------------------------------------------------------------

class Looks:
    """Headquarters looked at after every process, so that each event counts as it is."""

    def __init__(self, state, criteria):
        self.criteria, self.found = criteria, collections.Counter()
        self.standing = naive_headquarters.standing(state, criteria)

    def look(self, state, choosing=False):
        now = naive_headquarters.standing(state, self.criteria)
        self.found.update(naive_headquarters.events(self.standing, now, choosing))
        self.standing = now

    def told(self, world):
        place = (world.members, world.sites)
        arrays = {name: np.zeros(place, int) for name in ("entries", "spinoffs", "exits", "growth")}
        arrays["flows"] = np.zeros((*place, world.sites + 1), int)
        for (name, *at), number in self.found.items():
            arrays[name][tuple(at)] += number
        return {f"headquarters_{name}": array for name, array in arrays.items()}


def census(world, q, state):
    by_age = np.zeros((world.members, 3, 61), int)
    naive_life.census(q, state, by_age)
    return by_age


def no_events(world):
    cube = (world.members, world.sites, world.industries, len(TYPES))
    flows = (world.members, world.industries, world.sites, world.sites + 1)
    return {"entries": np.zeros(cube, int), "spinoffs": np.zeros(cube, int), "exits": np.zeros(cube, int),
            "flows": np.zeros(flows, int), "declined": np.zeros(world.members, int)}


def stocks(world, fixed, state):
    """Enterprises, headquarters, peers and employees of the close."""
    cube = (world.members, world.sites, world.industries, len(TYPES))
    found = {"counts": np.zeros((world.members, len(world.industry_of_kind), world.sites), int),
             "enterprises": np.zeros(cube, int), "headquarters": np.zeros(cube, int),
             "employees": np.zeros((world.members, world.sites), int)}
    naive_life.count(state, fixed.criteria, *found.values())
    return found

"""Head enterprises: they come and go as their policies say, and bring suppliers.

A hosted anchor stands where its policy says. One that chooses is a candidate in the quarter of its
arrival and reviews its site like everybody else; should it leave the region it is gone for good. The
arrival of a hosted anchor counts as an entry, every withdrawal as an exit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.base import random_streams
from sim.base.calendar import EVE
from sim.kernels import arrays
from sim.kernels.firms.life import take_owners
from sim.kernels.firms.population import arrive, count_arrivals
from sim.model.opening_population import laws, with_room
from sim.model.processes import demography
from sim.policies.anchor import as_peer
from sim.region.opening_stock import AT_HOME, ORIGINS, TYPES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.model.step import RunConstants
    from sim.model.world import World



def placed(world: World, traits: arrays.Traits, state: arrays.State) -> arrays.State:
    """The opening State with the anchors that are there before the run, those that choose included."""
    for number, anchor in enumerate(world.anchors, 1):
        there = np.broadcast_to(_in_force(anchor, world.calendar.first + EVE), (world.members,))
        if there.any():
            state, members, slots = _appear(world, traits, number, np.flatnonzero(there), EVE, state)
            state.site[members, slots] = state.legal[members, slots] = np.flatnonzero(anchor.where)[0]
            state.born[members, slots] = (_of(anchor.start, members) - world.calendar.first).astype(int)
    return state


def come_and_go(world: World, fixed: RunConstants, quarter: int, state: arrays.State,
                events: arrays.Events) -> arrays.State:
    """The State after this quarter's arrivals and withdrawals of anchors, with the suppliers they bring."""
    now, changing = world.calendar.first + quarter, changes(world, quarter)
    for number, anchor in enumerate(world.anchors if changing or _supplied(world) else (), 1):
        if changing and anchor.end is not None:
            _withdraw(number, np.broadcast_to(anchor.end == now, (world.members,)), state, events)
        arriving = changing and np.broadcast_to((anchor.start == now) & _in_force(anchor, now), (world.members,))
        if np.any(arriving):
            state, members, slots = _appear(world, fixed.traits, number, np.flatnonzero(arriving), quarter, state)
            if not anchor.chooses[0]:
                state.site[members, slots] = state.legal[members, slots] = np.flatnonzero(anchor.where)[0]
                _count(events.entries, state, members, slots)
        if _supplied(world) and anchor.suppliers.any():
            state = _supply(world, fixed, number, anchor, quarter, state)
    return state


def changes(world: World, quarter: int) -> bool:
    """Whether a head enterprise comes or is withdrawn in a quarter, in some member."""
    return world.calendar.first + quarter in world.keep("changing anchors", (), _dates)


def _supplied(world):
    """Whether any anchor brings potential entrants."""
    return world.keep("supplied", (), lambda world, _: bool(world.p.switches.churn[0]) and any(
        anchor.suppliers.any() for anchor in world.anchors))


def _dates(world, _):
    """The quarters since year 0 in which some anchor comes or is withdrawn."""
    dates = [date for anchor in world.anchors for date in (anchor.start, anchor.end) if date is not None]
    return set(np.concatenate(dates).tolist()) if dates else set()


def tenants(world: World, employees: NDArray[np.int64], state: arrays.State) -> NDArray[np.int64]:
    """(member, site) employees in 1/1024 whose floor is rented: all but the anchors' on their own campus."""
    if not world.anchors:
        return employees
    renting = employees.copy()
    take_owners(state, world.keep("own floor", (), _own_floor), renting)
    return renting


def _own_floor(world, _):
    """(member, anchor) share of each anchor's floor that is its own."""
    return np.stack(np.broadcast_arrays(*(anchor.own_floor for anchor in world.anchors)), axis=1)


def spinoff_multiplier(world: World) -> NDArray[np.float64]:
    """(member, anchor + 1) rate of spin-offs relative to others of the size; first that of all others."""
    return world.keep("spinoff multiplier", (), _multiplier)


def _multiplier(world, _):
    columns = [np.ones(world.members), *(anchor.spinoff_multiplier for anchor in world.anchors)]
    return np.stack([np.broadcast_to(column, (world.members,)) for column in columns], axis=1)


def _of(values, members):
    """The members' entries of a (member,) array, or of one for all."""
    return values[members % len(values)]


def _in_force(anchor, now):
    ended = False if anchor.end is None else anchor.end <= now
    return (anchor.start <= now) & ~np.asarray(ended)


def _appear(world, traits, number, members, quarter, state):
    """The State in which these members have the anchor as a candidate, and the slots where it is.

    Its exposures are its industry's means, its taste for low tax the median, its other tastes none.
    """
    anchor, region = world.anchors[number - 1], world.region
    kind, weight = as_peer(world, anchor)
    state = with_room(state, 1)
    slots = np.array([np.flatnonzero(state.site[m] == arrays.EMPTY)[0] for m in members], dtype=int)
    industry = region.industries.index.get_loc(anchor.industry)
    attributes = dict(
        id=random_streams.key_of(f"anchor {anchor.name}"), parent=0, site=arrays.CANDIDATE, industry=industry,
        hq_type=TYPES.index(anchor.hq_type), origin=ORIGINS.index(anchor.origin), hightech=int(anchor.high_tech[0]),
        kind=kind, weight=_of(weight, members),
        anchor=-number if anchor.chooses[0] else number, log_size=np.log(_of(anchor.employees, members)),
        born=quarter, arrived=quarter, legal=arrays.EMPTY, legal_since=quarter, status=arrays.SETTLED, epoch=0)
    for name, value in attributes.items():
        getattr(state, name)[members, slots] = value
    at_home = [float(anchor.origin == origin) for origin in AT_HOME]
    state.loading[members, slots] = [traits.trade[industry], traits.rnd[industry], 1.0, 0.0, 0.0, 0.0, *at_home]
    return state, members, slots


def _withdraw(number, leaving, state, events):
    """Anchors whose policy ends leave from wherever they are."""
    here = leaving[:, None] & (np.abs(state.anchor) == number) & (state.site >= 0)
    members, slots = np.nonzero(here)
    _count(events.exits, state, members, slots)
    state.site[members, slots] = arrays.EMPTY


def _count(cube, state, members, slots):
    where = state.site[members, slots], state.industry[members, slots], state.hq_type[members, slots]
    np.add.at(cube, (members, *where), 1)


def _supply(world, fixed, number, anchor, quarter, state):
    """The State with the potential entrants that an anchor adds; those of one that was there are in entry.rate."""
    came = (np.abs(state.anchor) == number) & (state.site >= 0) & (state.born >= 0)
    key = random_streams.key_of(f"suppliers of {anchor.name}")
    mean = np.broadcast_to(0.25 * anchor.suppliers, (world.members,)) * came.any(axis=1)
    numbers = count_arrivals(quarter, fixed.streams["entry"] ^ key, mean)
    state = with_room(state, int(numbers.max()))
    traits = fixed.traits._replace(industry_cum=_industries(world, anchor))
    arrive(quarter, fixed.streams["attributes"], numbers, state, traits, key)
    demography.refuse_giants(world, quarter, state, *demography.DRAWN)
    return state


def _industries(world, anchor):
    """(industry,) cumulative shares of the suppliers' industries, as all enterprises' are to each other."""
    named = np.isin(world.region.industries.index, anchor.supplier_industries or [anchor.industry])
    share = np.where(named, np.maximum(laws(world)[0], 1e-12), 0.0)
    cumulative = np.cumsum(share / share.sum())
    return np.where(np.cumsum(named) == named.sum(), 1.0, cumulative)

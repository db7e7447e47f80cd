"""How long two ensembles have one past: until something sets their worlds apart.

All that enterprises, land and feedback take from a World beside the values that never change is
compared here: what policies do to sites, and the network. Anchors and alliances act on enterprises
themselves, so that worlds in which these differ have no common past. Public accounts are no part of it.
"""

from types import SimpleNamespace

import numpy as np

from sim.base.calendar import EVE
from sim.model import choice_tables
from sim.model.world import World

IDLE = ("policies", "title", "title_zh", "description", "description_zh")     # values that change no result
TIMED = ("minutes", "log_access", "station_age")                              # (member, quarter + 1, ...)


def parting(one: World, other: World) -> int | None:
    """The first quarter in which two Worlds differ, their length where none does; None: the opening may differ."""
    if not one_opening(one, other):
        return None
    for quarter in range(one.calendar.length):
        if not _same(_at(one, quarter), _at(other, quarter)):
            return quarter
    return one.calendar.length


def one_opening(one: World, other: World) -> bool:
    """Whether two Worlds open alike: with the same enterprises, base years and errors."""
    return _for_ever(one, other) and _same(_at(one, EVE), _at(other, EVE))


def _for_ever(one, other):
    """Whether all that holds through the whole run is the same."""
    return (one.replicates == other.replicates and one.seeds == other.seeds and one.calendar == other.calendar
            and one.region.digest == other.region.digest
            and _same(one.anchors, other.anchors) and _same(one.alliances, other.alliances)
            and _same(*({name: value for name, value in vars(world.p).items() if name not in IDLE}
                        for world in (one, other))))


def _at(world, quarter):
    """What a quarter's enterprises and land read; constants and rents apart, which are not the world's."""
    neutral = np.zeros((1, world.sites)), np.ones((1, world.sites))
    return (choice_tables.levers_at(world, quarter, *neutral),
            [getattr(world, name)[:, quarter + 1] for name in TIMED])


def _same(one, other):
    """Whether two values, or namespaces, tables and rows of values, are the same to the last bit."""
    if isinstance(one, SimpleNamespace):
        return isinstance(other, SimpleNamespace) and _same(vars(one), vars(other))
    if isinstance(one, dict):
        return isinstance(other, dict) and one.keys() == other.keys() and all(_same(one[k], other[k]) for k in one)
    if isinstance(one, (tuple, list)):
        return isinstance(other, (tuple, list)) and len(one) == len(other) and all(map(_same, one, other))
    if isinstance(one, np.ndarray) or isinstance(other, np.ndarray):
        return np.array_equal(one, other)
    return one == other

"""What a run leaves behind, quarter by quarter, as plain arrays of one chunk of members."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.base.sparse_counts import SparseCounts
from sim.kernels.arrays import AGES, EMPLOYEE, GENERATIONS
from sim.region.opening_stock import TYPES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.model.step import QuarterRecord
    from sim.model.world import World

CUBES = ("enterprises", "headquarters", "entries", "exits", "spinoffs")     # (site, industry, type)
CENSUS = ("at_risk", "closed")                                               # (generation, age)
MARKET = ("rent", "floor", "unmet_demand", "red_line_premium", "at_capacity")
OF_HEADQUARTERS = ("entries", "exits", "spinoffs", "growth")                 # (site,)
FOLLOWED = tuple(f"headquarters_{name}" for name in (*OF_HEADQUARTERS, "flows"))
OF_ENTRANTS = ("potential_entrants", "entrant_value")                        # numbers
PLACES = ("employment", "access", *MARKET)                                   # (site,)
SPARSE_FROM = 200                  # sites above which moves between them are kept by their positions
MOST = np.iinfo(np.int16).max
PLAIN = TYPES.index("growth")      # a headquarters type to whom an airport is a hub like another


class Wanted(NamedTuple):
    """What of a run somebody will read: the rest need not be worked out, and changes no number of what is read."""

    arrays: frozenset[str] | None = None       # names of a Recorder's arrays; None for all
    measured: frozenset[int] | None = None     # entries at which feedback is read; None for all at which it is measured

    def has(self, *names: str) -> bool:
        """Whether one of these arrays is read."""
        return self.arrays is None or not self.arrays.isdisjoint(names)


ALL = Wanted()


class Recorder:
    """Arrays (member, quarter + 1, ...), those that are wanted; entry 0 is the opening state, flows there are 0."""

    def __init__(self, world: World, wanted: Wanted = ALL) -> None:
        length = world.calendar.length + 1
        cube = (world.members, length, world.sites, world.industries, len(world.type_names))
        flows = (world.members, length, world.industries, world.sites, world.sites + 1)
        self.arrays: dict[str, Any] = {name: np.zeros(cube, np.int16) for name in CUBES}
        self.arrays |= {"flows": _moves_of(flows), "declined": np.zeros(flows[:2], np.int16)}
        self.arrays |= {name: np.zeros((world.members, length, world.sites)) for name in PLACES}
        self._follow(world, length)
        census = (world.members, length, GENERATIONS, AGES)
        self.arrays |= {name: np.zeros(census, np.int32) for name in CENSUS}
        self.arrays = {name: array for name, array in self.arrays.items() if wanted.has(name)}
        for entry in range(length if wanted.has("access") else 0):
            self.arrays["access"][:, entry] = world.log_access_at(entry - 1)[:, PLAIN]

    def _follow(self, world, length):
        """Arrays of what happens to headquarters, and of what the region is worth to potential entrants."""
        place = (world.members, length, world.sites)
        self.arrays |= {f"headquarters_{name}": np.zeros(place, np.int16) for name in OF_HEADQUARTERS}
        self.arrays["headquarters_flows"] = _moves_of((*place, world.sites + 1))
        self.arrays |= {"potential_entrants": np.zeros(place[:2], np.int16),
                        "entrant_value": np.full(place[:2], np.nan)}

    def take_over(self, other: Recorder, entries: int) -> None:
        """Record the first entries as another recorder has them, whose past was the same."""
        for name, array in other.arrays.items():
            if isinstance(array, SparseCounts):
                self.arrays[name].take_over(array, entries)
                continue
            self.arrays[name] = self.arrays[name].astype(array.dtype, copy=False)
            self.arrays[name][:, :entries] = array[:, :entries]

    def opening(self, enterprises: NDArray[np.int32], headquarters: NDArray[np.int32],
                employees: NDArray[np.int64]) -> None:
        """Record the state before the first quarter, at base-year rents."""
        self._stocks(0, enterprises, headquarters, employees, (1.0, 1.0, 0.0, 0.0, 0.0), np.inf)

    def quarter(self, index: int, info: QuarterRecord, slots: float = np.inf) -> None:
        """Record the close of quarter `index` (0 is the first), in which a member had so many slots or fewer."""
        self._stocks(index + 1, info.enterprises, info.headquarters, info.employees,
                     [getattr(info, name) for name in MARKET], slots)
        for name in ("entries", "exits", "spinoffs", "flows", "declined"):
            self._count(name, index + 1, getattr(info.events, name), slots)
        for name in (*OF_HEADQUARTERS, "flows"):
            self._count(f"headquarters_{name}", index + 1, getattr(info.of_headquarters, name), slots)
        self._count("potential_entrants", index + 1, info.asked.number, slots)
        self._set("entrant_value", index + 1, info.asked.value)
        for name in CENSUS:
            self._set(name, index + 1, getattr(info, name))

    def _stocks(self, entry, enterprises, headquarters, employees, market, slots):
        self._count("enterprises", entry, enterprises, slots)
        self._count("headquarters", entry, headquarters, slots)
        self._set("employment", entry, employees / EMPLOYEE)
        for name, values in zip(MARKET, market):
            self._set(name, entry, values)

    def _count(self, name, entry, values, slots):
        """Counts, of no more than so many, are kept in 16 bits, and in 32 once one does not fit."""
        array = self.arrays.get(name)
        if isinstance(array, SparseCounts):
            array.set(entry, values)
            return
        if array is not None and slots > MOST and array.dtype == np.int16 and values.max(initial=0) > MOST:
            self.arrays[name] = array.astype(np.int32)
        self._set(name, entry, values)

    def _set(self, name, entry, values):
        if name in self.arrays:
            self.arrays[name][:, entry] = values


def _moves_of(shape):
    """Room for moves (member, quarter, ..., origin, destination), of many sites by position."""
    return SparseCounts(shape) if shape[-2] > SPARSE_FROM else np.zeros(shape, np.int16)

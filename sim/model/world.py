"""World: everything that a run reads and never writes, as arrays.

Built by `assemble` from the members' scenario values and the region; leading axis `member`, of
length 1 where all members agree. Sites are in the order of their ids.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim import policies
from sim.base.calendar import Calendar
from sim.kernels import arrays
from sim.region.load import Region
from sim.region.opening_stock import AT_HOME, TYPES

YES, NO = np.ones(1), np.zeros(1)                # switches as (member,) arrays
NATIONAL_RATE, HIGHTECH_RATE = 25.0, 15.0        # Enterprise Income Tax Law, articles 4 and 28


@dataclass(frozen=True)
class World:
    """Read-only arrays; `p` holds every parameter as (member,) arrays under its scenario key."""

    region: Region
    calendar: Calendar
    members: int
    seeds: tuple
    replicates: tuple
    p: SimpleNamespace
    policies: tuple                  # of namespaces with name, instrument, where and the keys' values
    alliances: tuple                 # of those policies that are alliances somebody hears of within the run
    statuses: dict                   # regime -> (quarter + 1, site) level recorded, the eve first
    tax_relief: np.ndarray           # (quarter + 1, site) points below the highest recorded rate, the eve first
    minutes: np.ndarray              # (member, quarter + 1, site, hub) from door to hub, the eve first
    log_access: np.ndarray           # (member, quarter + 1, type, site), the eve first
    station_age: np.ndarray          # (member, quarter + 1, site) quarters since a station opened, -1 none
    base_floor: np.ndarray           # (site,) usable floor, 1 where the region names none
    area_km2: np.ndarray             # (site,) stated area, nan where the region states none
    city_weights: np.ndarray         # (site, site) column j averages over j's city
    proximity: np.ndarray            # (industry, industry)
    industry_of_kind: np.ndarray     # (kind,)
    alliances_of_kind: np.ndarray    # (kind,) bits, alliance k the k-th
    industry_of_class: np.ndarray    # (class,)
    type_of_class: np.ndarray        # (class,)
    hightech_of_class: np.ndarray    # (class,)
    status_of_class: np.ndarray      # (class,)
    dissimilarity_of_site: np.ndarray  # (member, site)
    nests: arrays.Nests
    keys: arrays.Keys
    distance: np.ndarray             # (site, site) km
    places: arrays.Places            # where enterprises register; the worth of taxes is a quarter's

    type_names = TYPES

    @functools.cached_property
    def sites(self) -> int:
        return len(self.region.sites)

    @functools.cached_property
    def industries(self) -> int:
        return len(self.region.industries)

    @functools.cached_property
    def classes(self) -> int:
        return len(self.status_of_class)

    @functools.cached_property
    def statutory_rate(self) -> NDArray[np.float64]:
        """(1, class) national rate of the corporate income tax, percentage points."""
        return np.where(self.hightech_of_class == 1, HIGHTECH_RATE, NATIONAL_RATE)[None]

    @functools.cached_property
    def anchors(self) -> tuple[SimpleNamespace, ...]:
        """The policies that are anchors; State.anchor counts them from 1."""
        return tuple(policy for policy in self.policies if policies.registry.get(policy.instrument).settles)

    @functools.cached_property
    def brings_nearer(self) -> bool:
        """Whether a policy may change the distance between sites that peers feel."""
        return any(policies.registry.get(policy.instrument).nearer for policy in self.policies)

    def dated(self, quarter: int) -> list[SimpleNamespace]:
        """The policies with the quarter, and the (member,) quarters since the start of each."""
        if self._dated.get("quarter") != quarter:
            now = self.calendar.first + quarter
            dated = [SimpleNamespace(**vars(policy), quarter=quarter, since=now - policy.start)
                     for policy in self.policies]
            self._dated.update(quarter=quarter, policies=dated)
        return self._dated["policies"]

    @functools.cached_property
    def _dated(self) -> dict[str, Any]:
        """The quarter that `dated` was last asked for and its answer: a quarter asks a dozen times."""
        return {}

    def keep(self, name: Hashable, parts: Sequence[NDArray[Any]],
             make: Callable[[World, Sequence[NDArray[Any]]], Any]) -> Any:
        """What `make` makes of parts; what it made when last asked by that name, if that was of the same or equal ones.

        Most quarters change little of what depends on them. Nobody writes to what is kept.
        """
        before, made = self._kept.get(name, (None, None))
        if before is None or len(before) != len(parts) or not all(map(_equal, before, parts)):
            made = make(self, parts)
            self._kept[name] = tuple(parts), made
        return made

    @functools.cached_property
    def _kept(self) -> dict[Hashable, Any]:
        """Name -> what it was made of, and what was made."""
        return {}

    def minutes_at(self, quarter: int) -> NDArray[np.float64]:
        """(member, site, hub) minutes from door to hub; -1 is the eve of the start."""
        return self.minutes[:, quarter + 1]

    def log_access_at(self, quarter: int) -> NDArray[np.float64]:
        """(member, type, site) log accessibility of a quarter; -1 is the eve of the start."""
        return self.log_access[:, quarter + 1]

    def station_age_at(self, quarter: int) -> NDArray[np.int64]:
        """(member, site) quarters since a station opened, -1 where there is none."""
        return self.station_age[:, quarter + 1]

    @functools.cached_property
    def authorities(self) -> NDArray[np.int64]:
        """(site, authority) one where a site lies in a jurisdiction, int64."""
        return np.eye(len(self.region.jurisdictions), dtype=np.int64)[self.region.jurisdiction_of_site]

    @functools.cached_property
    def homes(self) -> NDArray[np.float64]:
        """(origin, site) one where enterprises of an origin of AT_HOME are at home, by the site's jurisdiction."""
        home = np.array([[origin in each for each in self.region.jurisdictions["home"]] for origin in AT_HOME], float)
        return home[:, self.region.jurisdiction_of_site]

    def in_ring(self, ring: str) -> NDArray[np.float64]:
        """(1, site) one where the site lies in the ring."""
        return (self.region.ring_of_site == ring).astype(float)[None]

    def eligible(self, industries: Sequence[str], types: Sequence[str] = (), movers: NDArray[np.float64] = YES,
                 incumbents: NDArray[np.float64] = NO, arriving: bool = False) -> NDArray[np.float64]:
        """(member, class) one where a class may draw a benefit.

        Newcomers always may; movers and incumbents if their (member,) switches say so; with
        `arriving` only on arrival.
        """
        names = tuple(industries), tuple(types)
        return self.keep(("eligible", names, arriving), (movers, incumbents),
                         lambda world, switches: world._eligible(*names, switches, arriving))

    def _eligible(self, industries, types, switches, arriving):
        named, (movers, incumbents) = self._named(industries, types), switches
        status = self.status_of_class[None]
        on_arrival = (status == arrays.NEWCOMER) | ((status == arrays.MOVER) & (movers[:, None] > 0))
        staying = ((status == arrays.NEWCOMER_STAYS)
                   | ((status == arrays.MOVER_STAYS) & (movers[:, None] > 0))
                   | ((status == arrays.SETTLED) & (incumbents[:, None] > 0)))
        return (named[None] & (on_arrival if arriving else on_arrival | staying)).astype(float)

    def _named(self, industries, types):
        """(class,) whether its industry and its type are listed, read once; where none is listed, all are meant."""
        if (industries, types) not in self._names:
            industry = _listed(industries, self.region.industries.index)[self.industry_of_class]
            self._names[industries, types] = industry & _listed(types, TYPES)[self.type_of_class]
        return self._names[industries, types]

    @functools.cached_property
    def _names(self) -> dict[Any, Any]:
        """What `_named` has read."""
        return {}


def _equal(one, other):
    return one is other or (one.shape == other.shape and one.tobytes() == other.tobytes())


def _listed(names, known):
    """(known,) true where a name is listed; where none is, all are meant."""
    return np.array([not names or name in names for name in known])


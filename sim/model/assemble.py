"""How a World is put together from a region and the members of an ensemble."""

import functools
from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.base import random_streams
from sim.base.calendar import Calendar
from sim.kernels import arrays
from sim.model import ensemble, registration_prior
from sim.model.ensemble import Member
from sim.model.world import World
from sim.policies.levers import REGIMES
from sim.region import network
from sim.region.load import Region
from sim.region.opening_stock import TYPES

AIRPORT_TYPES = ("comprehensive", "regional")
NETWORKS = 32                  # whose timetables are kept, the latest: all of an ensemble whose coordinates are drawn


def build(region: Region, members: Sequence[Member]) -> World:
    """The World of an ensemble of members, all of one region and one calendar.

    What a scenario file says is checked by `validation` beforehand: a name that the region does not
    know ends here in a KeyError or ValueError, values that members must share in an InputError.
    """
    ensemble.check(members)
    first = members[0].values
    calendar = Calendar.between(first.time.start, first.time.end)
    p = ensemble.stack([member.values for member in members])
    seeds = tuple(member.values.run.seed for member in members)
    replicates = tuple(member.replicate for member in members)
    nests, distance = _nests(region, p), region.distances()
    enacted = ensemble.policies_of(members, region)
    alliances = ensemble.alliances(enacted, calendar)
    return World(
        region=region, calendar=calendar, members=len(members), seeds=seeds, replicates=replicates,
        p=p, policies=enacted, alliances=alliances,
        statuses=_statuses(region, calendar, first.switches.statuses),
        tax_relief=_tax_relief(region, calendar, first.switches.statuses), base_floor=base_floor(region),
        area_km2=region.sites.get("area_km2", pd.Series(np.nan, region.sites.index)).to_numpy(float),
        **_timed(region, calendar, members, p), city_weights=_city_weights(region),
        proximity=region.proximity.to_numpy(float),
        **_kinds(len(region.industries), len(alliances)), **_classes(len(region.industries)),
        nests=nests, dissimilarity_of_site=nests.dissimilarity[:, nests.of_site[:-1]],
        keys=_keys(region, seeds, replicates), distance=distance,
        places=registration_prior.places(region, p, distance))


def _kinds(industries, alliances):
    """Kinds are what peers see of an enterprise: kind = industry + industries * bits of its alliances."""
    bits, industry = np.indices((2**alliances, industries)).reshape(2, -1)
    return dict(industry_of_kind=industry, alliances_of_kind=bits)


def _statuses(region, calendar, wanted):
    """regime -> (quarter + 1, site) highest level in force that the region's files record.

    The eve of the start always has them, because the base year is solved there; without
    `wanted` they end with it.
    """
    levels = {name: np.zeros((calendar.length + 1, len(region.sites))) for name in REGIMES}
    for row in region.statuses.itertuples():
        if row.regime not in levels:
            continue
        first = max(calendar.index(row.start) + 1, 0)
        last = calendar.length + 1 if _missing(row.end) else max(calendar.index(row.end) + 1, 0)
        span = levels[row.regime][first:last, region.sites.index.get_loc(row.site)]
        np.maximum(span, row.level, out=span)
    if not wanted:
        for level in levels.values():
            level[1:] = 0.0
    return levels


def _tax_relief(region, calendar, wanted):
    """(quarter + 1, site) percentage points of tax below the highest dated rate of the region, the eve first.

    Rows of levels.csv name a site or its jurisdiction; between periods and where none is dated the relief is 0.
    Without `wanted` the rates of the eve stay.
    """
    rows = [row for row in region.levels.itertuples() if row.lever == "profit_tax"]
    found = np.zeros((calendar.length + 1, len(region.sites)))
    place = {name: [j] for j, name in enumerate(region.sites.index)} | {
        name: region.jurisdiction_of_site == k for k, name in enumerate(region.jurisdictions.index)}
    for row in rows:
        first = max(calendar.index(row.start) + 1, 0)
        last = calendar.length + 1 if _missing(row.end) else max(calendar.index(row.end) + 2, 0)
        found[first:last, place[row.place]] = max(each.value for each in rows) - row.value
    return found if wanted else np.broadcast_to(found[:1], found.shape)


def _missing(date):
    return date is None or date != date        # NaT is the only date that differs from itself


def _timed(region, calendar, members, p):
    """minutes, log_access and station_age: one timetable for every distinct network among the members.

    It begins a quarter early, on the eve of the start, for the base year.
    """
    from_eve = Calendar(calendar.first - 1, calendar.length + 1)
    which = [_network_of(member) for member in members]
    tables = [_timetable(region, from_eve, *each) for each in (which[:1] if len(set(which)) == 1 else which)]
    minutes = np.stack([table.minutes[table.state_of_quarter] for table in tables])
    return dict(minutes=minutes, log_access=_log_access(region, minutes, p),
                station_age=np.stack([table.station for table in tables]))


def _network_of(member):
    """What sets a member's network apart: delays, added links, and of whom coordinates are drawn, if they are."""
    added = []
    for entry, section in member.changes_of_the_network:
        added = entry(added, section)
    draw = (member.values.run.seed, member.replicate) if member.values.access.draw_coordinates else None
    links = tuple(network.Link(**link) if isinstance(link, dict) else link for link in added)
    return tuple(sorted(member.values.access.delays.items())), links, draw


@functools.lru_cache(maxsize=NETWORKS)
def _timetable(region, calendar, delays, added, draw):
    """The timetable of a network: many ensembles of a region, one after another, have the same."""
    positions = None if draw is None else _drawn_positions(region, *draw)
    return network.timetable(region, calendar, dict(delays), added, positions)


def _drawn_positions(region, seed, replicate):
    """(site, 2) longitudes and latitudes drawn within the coordinates' errors (normal, 1 sd = error)."""
    draw = random_streams.generator("coordinates", seed, replicate).standard_normal((len(region.sites), 2))
    km = region.sites["coord_error_km"].to_numpy(float)[:, None] * draw
    lon, lat = region.sites["lon"].to_numpy(float), region.sites["lat"].to_numpy(float)
    per_degree = 111.2
    return np.column_stack([lon + km[:, 0] / (per_degree * np.cos(np.radians(lat))), lat + km[:, 1] / per_degree])


def _log_access(region, minutes, p):
    """(member, quarter, type, site) ln sum_k M_k (1 + extra airport) exp(-theta minutes)  (Hansen 1959).

    Minutes count from the nearest hub, theta times its own are taken off the logarithm: a site that
    is days away from everything has a small accessibility, not none. Where there are no hubs all are alike, 0.
    """
    if not len(region.hubs):
        return np.zeros((1, minutes.shape[1], len(TYPES), minutes.shape[2]))
    mass = region.hubs["mass"].to_numpy(float)
    airport = region.hubs["airport"].to_numpy(dtype=float)
    is_airport_type = np.array([name in AIRPORT_TYPES for name in TYPES], dtype=float)
    extra = 1.0 + p.access.airport[:, None, None] * is_airport_type[:, None] * airport
    decay, nearest = p.access.decay[:, None, None], minutes.min(axis=3)    # (member, quarter, site)
    reach = np.exp(-decay[..., None] * (minutes - nearest[..., None]))     # (member, quarter, site, hub)
    members = max(len(reach), len(extra))
    weights = np.broadcast_to(mass * extra, (members,) + extra.shape[1:])  # (member, type, hub)
    reach = np.broadcast_to(reach, (members,) + reach.shape[1:])
    return np.log(np.einsum("mqsk,mtk->mqts", reach, weights)) - (decay * nearest)[:, :, None, :]


def base_floor(region: Region) -> NDArray[np.float64]:
    """(site,) usable floor in the base year, relative to a neutral 1 where the region names none."""
    return np.asarray(region.sites.get("floor", pd.Series(1.0, region.sites.index)), float)


def _city_weights(region):
    """(site, site) whose column j averages over the floor of the sites of j's city."""
    city = region.sites["city"].to_numpy()
    floor = (city[:, None] == city[None, :]) * base_floor(region)[:, None]
    return floor / floor.sum(axis=0)


def _classes(industries):
    """Index arrays of the classes ((status, industry), type), high-tech."""
    status, industry, hq_type, hightech = np.indices((arrays.STATUSES, industries, len(TYPES), 2)).reshape(4, -1)
    return dict(status_of_class=status, industry_of_class=industry, type_of_class=hq_type, hightech_of_class=hightech)


def _nests(region, p):
    """Nests of the region, the outside option's own nest last."""
    names = list(region.nests.index)
    of_site = np.array([names.index(nest) for nest in region.sites["nest"]] + [len(names)])
    columns = [p.choice.dissimilarity for _ in names] + [np.ones_like(p.choice.dissimilarity)]
    for name, length in p.choice.dissimilarity_of.items():
        columns[names.index(name)] = np.full_like(p.choice.dissimilarity, length)
    return arrays.Nests(of_site=of_site, size=np.bincount(of_site, minlength=len(names) + 1),
                        dissimilarity=np.ascontiguousarray(np.stack(columns, axis=1)))


def _keys(region, seeds, replicates):
    stream = {name: random_streams.streams(name, seeds, replicates)
              for name in ("choice", "review", "epoch", "order", "register")}
    return arrays.Keys(**stream, site=random_streams.keys_of([*region.sites.index, "outside option"]),
                       nest=random_streams.keys_of(f"nest {name}" for name in [*region.nests.index, "outside"]))

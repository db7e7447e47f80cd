"""Door-to-hub minutes over a timed network that grows with its opening dates.

What a trip costs is in `sim/region/trips.py`; here the network is put together for each quarter: links open
and close, lines are late, links are added, and one shortest-path pass is made for each distinct state.
"""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.base.calendar import Calendar
from sim.base.errors import InputError, Problem
from sim.base.geodesy import separation_km
from sim.base.messages import _
from sim.base.registry import near_miss
from sim.region.load import Region
from sim.region.trips import access_minutes, road_minutes, transit_minutes

LINK_COLUMNS = ["line", "line_en", "from", "to", "minutes", "headway", "opened"]
NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True)
class Link:
    """A link to add: its ends are stations, or sites, which then have a station at their door.

    Minutes are given, or follow from `speed` in km/h over the straight line. It carries trains from
    the quarter of `opened` on and, if it closes, until the quarter before that of `closed`.
    """

    line: str
    start: str
    end: str
    headway: float
    opened: datetime.date
    minutes: float | None = None
    speed: float | None = None
    closed: datetime.date | None = None


@dataclass(frozen=True, eq=False)
class Timetable:
    """Travel times by state of the network; sites in the order of region.sites, hubs of region.hubs."""

    minutes: np.ndarray            # (state, site, hub) the better of transit and road
    transit_minutes: np.ndarray    # (state, site, hub) inf where there is no transit
    road_minutes: np.ndarray       # (site, hub)
    state_of_quarter: np.ndarray   # (length,) int64
    station: np.ndarray            # (length, site) int64, quarters since the first station near the site, -1 before


def timetable(region: Region, calendar: Calendar, delays: Mapping[str, int] | None = None, added: Iterable[Any] = (),
              positions: NDArray[np.float64] | None = None) -> Timetable:
    """Travel times for each distinct state of the network within the calendar.

    A link is open from the quarter that holds its opening date on. `delays` {line: quarters} moves the
    links of a line (by `line` or `line_en`) that are to open after the first quarter; `added` are
    Links, or mappings of their fields; `positions` (site, 2) lon and lat take the place of those of
    region.sites. Raises InputError on unknown lines or ends.
    """
    delays, added = delays or {}, [Link(**link) if isinstance(link, dict) else link for link in added]
    problems = check(region, delays, added)
    if problems:
        raise InputError(problems)
    sites = region.sites[["lon", "lat"]].to_numpy() if positions is None else np.asarray(positions, float)
    stations, links = _network(region, sites, added)
    service = _service(links, calendar, delays)
    states, first, of_quarter = np.unique(service.running, axis=0, return_index=True, return_inverse=True)
    order = np.argsort(first)                              # of the states by their first quarter
    access = access_minutes(sites, stations[["lon", "lat"]].to_numpy(), region.rules)
    hubs = stations.index.get_indexer(region.hubs.index)
    road = road_minutes(sites, region.hubs.join(region.stations[["lon", "lat"]]), region.rules)
    transit = np.stack([transit_minutes(access, links[running], hubs, region.rules) for running in states[order]])
    km = separation_km(sites[:, None, 0], sites[:, None, 1], stations["lon"].to_numpy(), stations["lat"].to_numpy())
    age = _station_age(km <= region.rules.station_km, stations, links, service, calendar)
    return Timetable(np.minimum(transit, road), transit, road, np.argsort(order)[of_quarter.ravel()], age)


def check(region: Region, delays: Mapping[str, int], added: Iterable[Any]) -> list[Problem]:
    """Problems of delays and added links: unknown lines, stations or sites, minutes out of bounds."""
    lines = {*region.links["line"], *region.links["line_en"], *(link.line for link in added)}
    problems = [Problem("", f"delays.{line}", _("the line is unknown"), "", near_miss(line, lines))
                for line in delays if line not in lines]
    problems += [Problem("", f"delays.{line}", _("{value} is not a delay", value=repr(late)),
                         _("whole quarters, 0 or more"))
                 for line, late in delays.items() if not (isinstance(late, int) and late >= 0)]
    known = {*region.stations.index, *region.sites.index}
    names = [name for table in (region.stations, region.sites) for column in ("name_en", "name_zh")
             for name in table[column]]
    return problems + [problem for link in added for problem in _link_problems(link, known, names)]


def _link_problems(link, known, names):
    key = f"link {link.line}"
    problems = [Problem("", key, _("{name} is neither a station nor a site", name=repr(end)), "",
                        near_miss(end, [*sorted(known), *names]))
                for end in (link.start, link.end) if end not in known]
    if (link.minutes is None) == (link.speed is None):
        problems.append(Problem("", key, _("minutes is {minutes} and speed is {speed}", minutes=link.minutes,
                                         speed=link.speed), _("one of the two")))
    bounds = {"minutes": (link.minutes, 1440), "headway": (link.headway, 1440), "speed": (link.speed, 1000)}
    problems += [Problem("", f"{key}.{name}", _("{value} is out of range", value=repr(value)),
                         _("a number in {interval}", interval=f"(0, {most}]"))
                 for name, (value, most) in bounds.items() if value is not None and not 0 < value <= most]
    if link.start == link.end:
        problems.append(Problem("", key, _("{name} is at both ends", name=repr(link.start)), _("two different ends")))
    return problems


def _network(region, sites, added):
    """Stations and links with the added ones, and the numbers of the links' stations."""
    stations = region.stations[["lon", "lat", "mode", "opened"]]
    links = region.links[LINK_COLUMNS].assign(closed=pd.Series(pd.NaT, region.links.index, dtype="datetime64[s]"))
    if added:
        ends = {end for link in added for end in (link.start, link.end)} - {*stations.index}
        place = pd.DataFrame(sites[region.sites.index.get_indexer(sorted(ends))], sorted(ends), ["lon", "lat"])
        at_doors = place.assign(mode="", opened=pd.Series(pd.NaT, sorted(ends), dtype="datetime64[s]"))
        stations = pd.concat([stations, at_doors])
        links = pd.concat([links, pd.DataFrame([_row(link, stations) for link in added])], ignore_index=True)
    return stations, links.assign(start=stations.index.get_indexer(links["from"]),
                                  end=stations.index.get_indexer(links["to"]))


def _row(link, stations):
    minutes = link.minutes
    if minutes is None:
        ends = stations.loc[[link.start, link.end], ["lon", "lat"]].to_numpy()
        minutes = separation_km(*ends[0], *ends[1]) / link.speed * 60
    return {"line": link.line, "line_en": link.line, "from": link.start, "to": link.end,
            "minutes": float(minutes), "headway": float(link.headway), "opened": pd.Timestamp(link.opened),
            "closed": pd.NaT if link.closed is None else pd.Timestamp(link.closed)}


@dataclass(frozen=True, eq=False)
class _Service:
    """Quarters at which links were planned to open and do open, and (quarter, link) whether trains run."""

    planned: np.ndarray
    opening: np.ndarray
    running: np.ndarray


def _service(links, calendar, delays):
    """A delay moves what is to open after the first quarter: what runs already keeps running."""
    planned = _quarters(links["opened"], calendar)
    late = [max(delays.get(line, 0), delays.get(line_en, 0)) for line, line_en in zip(links["line"], links["line_en"])]
    opening = planned + np.where(planned > 0, np.array(late, dtype=np.int64), 0)
    quarter = np.arange(calendar.length)[:, None]
    return _Service(planned, opening, (opening <= quarter) & (quarter < _quarters(links["closed"], calendar)))


def _quarters(dates, calendar):
    """Quarters of the calendar that hold the dates (negative before its start), NEVER for none."""
    return np.array([NEVER if pd.isna(date) else calendar.index(date) for date in dates], dtype=np.int64)


def _station_age(near, stations, links, service, calendar):
    """(quarter, site) quarters since the first of the near stations opened, -1 where no near one has trains.

    A station's own date counts when it lies before the plans of all its links (trains that are not
    among the timed links), but not for an airport.
    """
    own = _quarters(stations["opened"].where(stations["mode"] != "air"), calendar)
    own = np.where(own < _first_by_station(links, service.planned, len(stations)), own, NEVER)
    first = np.minimum(own, _first_by_station(links, service.opening, len(stations)))
    quarter = np.arange(calendar.length)[:, None]
    served = own <= quarter
    for end in ("start", "end"):
        row, link = np.nonzero(service.running)
        served[row, links[end].to_numpy()[link]] = True
    since = quarter - np.where(near, first, NEVER).min(axis=1, initial=NEVER)
    return np.where(served @ near.T, since, -1)


def _first_by_station(links, quarters, stations):
    first = np.full(stations, NEVER)
    for end in ("start", "end"):
        np.minimum.at(first, links[end].to_numpy(), quarters)
    return first

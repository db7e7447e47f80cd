"""What the files of a region must say together: each check returns a list of Problems.

A cell that could not be read was reported where it was read; here it is passed over.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.base.errors import Problem
from sim.base.geodesy import Geometry, outside_km, separation_km
from sim.base.messages import _, one_of
from sim.base.registry import near_miss
from sim.region.csv_tables import Sheet
from sim.region.opening_stock import AT_HOME
from sim.region.settings import Settings

WORDS = ("all", "zone", "towns", "startup", "core", "linkage", "radiation", "outside")
FASTEST = 500          # km/h over the straight line; beyond, the minutes are in another unit
SHARE_ERROR = 1e-6
NEAR_KM, NEAR_SHARE = 0.2, 0.005     # a stated distance may differ by so much from the computed one


def relations(sheets: Mapping[str, Sheet]) -> list[Problem]:
    """Checks between the CSV files; `sheets` maps file names to Sheets."""
    sites, links, jurisdictions = (sheets[f"{name}.csv"] for name in ("sites", "links", "jurisdictions"))
    return [*_references(sheets), *unknown(jurisdictions, "home", AT_HOME), *_reserved(sites),
            *_reserved(jurisdictions), *_shared_ids(sites, jurisdictions), *_startup(sites),
            *_link_ends(links), *_link_speeds(links, sheets["stations.csv"]),
            *_stock_rows(sheets["stock.csv"]), *_stock_covers(sheets["stock.csv"], sites),
            *_shares(sheets["industries.csv"]), *_periods(sheets["statuses.csv"]), *_checks(sheets["validation.csv"])]


def proximity(sheet: Sheet, industries: Sequence[str]) -> list[Problem]:
    """Every industry once as a row and once as a column, zeros on the diagonal."""
    if sheet.frame.empty:
        return []
    frame, rows = sheet.frame, list(sheet.frame["industry"])
    problems = unknown(sheet, "industry", industries)
    problems += [Problem(f"{sheet.file} row 1", name, _("the industry is unknown"), one_of(industries),
                         near_miss(name, industries)) for name in frame.columns[1:] if name not in industries]
    problems += [Problem(sheet.file, "industry", _("there is no row for {name}", name=repr(name)),
                         _("one row for each industry"))
                 for name in industries if name not in rows]
    problems += [sheet.problem(row, name, _("{value:g} is on the diagonal", value=frame[name][row]), "0")
                 for row, name in enumerate(rows)
                 if name in frame and not np.isnan(_number(frame[name][row])) and frame[name][row] != 0]
    return problems


def places(sheet: Sheet, settings: Settings, districts: Mapping[str, Geometry]) -> list[Problem]:
    """Sites against the origin, the rings and the districts of the base map."""
    distance = site_distances(sheet.frame, (settings.origin.lon, settings.origin.lat))
    return [*_distances(sheet, distance), *_rings(sheet, distance, settings.rings.core_km[1]),
            *_districts(sheet, districts, settings.basemap.districts_error_km)]


def site_distances(sites: pd.DataFrame, origin: tuple[float, float]) -> NDArray[np.float64]:
    """Km of every site from the origin."""
    return separation_km(sites["lon"].to_numpy(), sites["lat"].to_numpy(), *origin)


def ring_names(sites: pd.DataFrame, distance: NDArray[np.float64], core_km: float) -> NDArray[np.str_]:
    """The study's rule: core in the startup area and near, linkage in the zone, else radiation."""
    core = sites["in_startup_area"].to_numpy() & (distance <= core_km)
    return np.where(core, "core", np.where(sites["in_zone"].to_numpy(), "linkage", "radiation"))


def _number(value):
    return value if isinstance(value, float) else np.nan


def unknown(sheet, column, known):
    """Cells that name nothing known; passed over when the other file could not be read."""
    known = list(known)
    return [] if not known else [
        sheet.problem(row, column, _("the id {name} is unknown", name=repr(name)), "", near_miss(name, known))
        for row, cell in enumerate(sheet.frame[column])
        for name in (cell if isinstance(cell, (list, tuple)) else [cell])
        if name and name not in known]


def _references(sheets):
    ids = {file: list(sheets[file].frame["id"]) for file in
           ("sites.csv", "jurisdictions.csv", "nests.csv", "stations.csv", "industries.csv")}
    pairs = [("sites.csv", "jurisdiction", "jurisdictions.csv"), ("sites.csv", "nest", "nests.csv"),
             ("links.csv", "from", "stations.csv"), ("links.csv", "to", "stations.csv"),
             ("hubs.csv", "id", "stations.csv"), ("stock.csv", "sites", "sites.csv"),
             ("statuses.csv", "site", "sites.csv"), ("specialisations.csv", "site", "sites.csv"),
             ("specialisations.csv", "industry", "industries.csv"), ("headquarters_types.csv", "site", "sites.csv"),
             ("stocks.csv", "site", "sites.csv"), ("stocks.csv", "industry", "industries.csv"),
             ("validation.csv", "jurisdictions", "jurisdictions.csv")]
    return [problem for file, column, other in pairs for problem in unknown(sheets[file], column, ids[other])]


def _reserved(sheet):
    return [sheet.problem(row, "id", _("the id {name} is reserved", name=repr(name)),
                          _("an id other than {names}", names=", ".join(WORDS)))
            for row, name in enumerate(sheet.frame["id"]) if name in WORDS]


def _shared_ids(sites, jurisdictions):
    both = set(jurisdictions.frame["id"]) - {""}
    return [sites.problem(row, "id", _("the id {name} is a jurisdiction's too", name=repr(name)), _("different ids"))
            for row, name in enumerate(sites.frame["id"]) if name in both]


def _startup(sites):
    frame = sites.frame
    return [sites.problem(row, "in_startup_area", _("in_startup_area is 1, but in_zone is 0"),
                          _("a startup area inside the zone"))
            for row in np.flatnonzero(frame["in_startup_area"] & ~frame["in_zone"])]


def _link_ends(links):
    frame = links.frame
    same = (frame["from"] == frame["to"]) & (frame["from"] != "")
    problems = [links.problem(row, "to", _("{name} is at both ends", name=repr(frame["to"][row])),
                              _("two different stations"))
                for row in np.flatnonzero(same)]
    ends = [(line, *sorted(pair)) for line, *pair in zip(frame["line"], frame["from"], frame["to"])]
    again = pd.Series(ends, dtype="object").duplicated()
    return problems + [links.problem(row, "from", _("the link {link} is there already", link=" ".join(ends[row])),
                                     _("each link of a line once"))
                       for row in np.flatnonzero(again)]


def _link_speeds(links, stations):
    places = stations.frame.drop_duplicates("id").set_index("id")[["lon", "lat"]]
    start, end = (places.reindex(links.frame[column]).to_numpy() for column in ("from", "to"))
    speed = separation_km(*start.T, *end.T) / links.frame["minutes"].to_numpy() * 60
    return [links.problem(row, "minutes", _("{minutes:g} minutes mean {speed:.0f} km/h",
                                               minutes=links.frame["minutes"][row], speed=speed[row]),
                          _("up to {most} km/h", most=FASTEST), _("give minutes in the vehicle"))
            for row in np.flatnonzero(speed > FASTEST)]


def _stock_rows(stock):
    problems = []
    for row, record in stock.frame.iterrows():
        sites, weights = record["sites"], record["weights"]
        if sites and weights and len(sites) != len(weights):
            problems.append(stock.problem(row, "weights", _("the number of weights is {count}", count=len(weights)),
                                          _("{count}, one for each site", count=len(sites))))
        if len(set(sites)) < len(sites):
            problems.append(stock.problem(row, "sites", _("{sites} names a site twice", sites=";".join(sites)),
                                          _("each site once")))
        if record["low"] > record["headquarters"] or record["headquarters"] > record["high"]:
            problems.append(stock.problem(row, "headquarters", _("{count:g} is not between low and high",
                                                                 count=record["headquarters"]),
                                          _("a number in [{low:g}, {high:g}]", low=record["low"], high=record["high"])))
    return problems


def _stock_covers(stock, sites):
    covered = {site for cell in stock.frame["sites"] for site in cell}
    if not covered:
        return []
    return [sites.problem(row, "id", _("no group of stock.csv has the site {name}", name=repr(name)),
                          _("every site in at least one group"))
            for row, name in enumerate(sites.frame["id"]) if name and name not in covered]


def _shares(industries):
    total = industries.frame["share"].sum(skipna=False)
    if industries.frame.empty or not abs(total - 1) > SHARE_ERROR:
        return []
    return [Problem(industries.file, "share", _("the shares sum to {total:.6g}", total=total),
                    _("shares that sum to 1"))]


def _periods(statuses):
    frame = statuses.frame
    last = frame["end"].fillna(pd.Timestamp("9999-12-31"))
    problems = [statuses.problem(row, "end", _("{end:%Y-%m-%d} is before the start", end=frame["end"][row]),
                                 _("a date from {start:%Y-%m-%d} on", start=frame["start"][row]))
                for row in np.flatnonzero(last < frame["start"])]
    for _key, group in frame.groupby(["site", "regime"]):
        group = group.sort_values("start")
        overlap = group["start"].iloc[1:].to_numpy() <= last[group.index[:-1]].to_numpy()
        problems += [statuses.problem(row, "start", _("{start:%Y-%m-%d} is before the end of the period before",
                                                        start=frame["start"][row]),
                                      _("periods that do not overlap"))
                     for row in group.index[1:][overlap]]
    return problems


def _checks(series):
    """What runs are held against has a measure and a day, and the rows of a series count the same places."""
    frame, place = series.frame, series.frame["jurisdictions"].map(tuple)
    problems = [series.problem(row, column, "an empty cell", "", "fill it in, or write another use than check")
                for column in ("measure", "as_of") for row in np.flatnonzero(frame["use"] == "check")
                if pd.isna(frame[column][row]) or frame[column][row] == ""]
    first = place.groupby([frame["measure"], frame["area"], frame["area_zh"]]).transform("first")
    return problems + [series.problem(row, "jurisdictions", ";".join(place[row]) or "an empty cell",
                                      ";".join(first[row]) or "an empty cell", "one series counts the same places")
                       for row in np.flatnonzero((frame["use"] == "check") & (place != first))]


def _distances(sheet, distance):
    stated = sheet.frame["distance_km"].to_numpy()
    off = np.abs(stated - distance) > np.maximum(NEAR_KM, NEAR_SHARE * distance)
    return [sheet.problem(row, "distance_km", _("{value:g} is not the distance from the origin", value=stated[row]),
                          _("{distance:.1f}, computed from lon and lat", distance=distance[row]))
            for row in np.flatnonzero(off)]


def _rings(sheet, distance, core_km):
    rings, stated = ring_names(sheet.frame, distance, core_km), sheet.frame["ring"]
    known = np.isfinite(distance)
    return [sheet.problem(row, "ring", _("{ring} is not the ring of a site {distance:.1f} km from the origin",
                                         ring=repr(stated[row]), distance=distance[row]), repr(str(rings[row])))
            for row in range(len(rings)) if known[row] and stated[row] and stated[row] != rings[row]]


def _districts(sheet, districts, error_km):
    problems = []
    for row, site in sheet.frame.iterrows():
        if site["district"] not in districts or np.isnan(site["lon"] + site["lat"]):
            continue
        off = outside_km(site["lon"], site["lat"], districts[site["district"]])
        if off > error_km + np.nan_to_num(site["coord_error_km"]):
            wrong = _("{lon:g}, {lat:g} is {off:.1f} km outside {district}", lon=site["lon"], lat=site["lat"], off=off,
                      district=site["district"])
            problems.append(sheet.problem(row, "lon", wrong, _("a place inside it, within {error:g} km and "
                                                               "coord_error_km", error=error_km)))
    return problems

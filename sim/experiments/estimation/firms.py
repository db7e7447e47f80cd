"""Firms by year, place and industry, from a list as it is: every row is used, or dropped for a reason that is told.

    FirmTable + Spec + Places  ->  Firms (firm, year, place, industry), DataReport
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.base.errors import InputError, Problem
from sim.base.messages import _
from sim.experiments.estimation import coordinates, credit_codes, firm_tables, industries, places
from sim.experiments.estimation.data_report import DataReport

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiments.estimation.conditional_logit import Index
    from sim.experiments.estimation.firm_tables import FirmTable
    from sim.experiments.estimation.places import Places
    from sim.experiments.estimation.spec import Spec

YEARS = (1900, 2100)
MOST_FIRM_YEARS = 20_000_000
STEP_M = (30.0, 0.35)          # metres and share of the shift by which a change of systems may miss it


class Firms(NamedTuple):
    """Firm-years, in the order of firm and year, one a firm and year."""

    firm: Index                # (row,) number of the firm
    year: Index
    place: Index
    industry: Index            # -1 for unknown
    industries: tuple[str, ...]
    entered: Index             # (row,) year of entry that the list says, 0 where it has none
    spells: bool               # whether rows of the list were spans of time
    open_ended: bool           # whether the list has no exits: who left is missing


def clean(table: FirmTable, spec: Spec, where: Places) -> tuple[Firms, DataReport]:
    """Firms and what became of the rows; InputError where no row is left."""
    report = DataReport()
    report.count(_("rows read"), len(table.frame))
    names = spec.values.firms.columns
    cells = {key: firm_tables.column(table, header, spec.where(("firms", "columns", key)), f"firms.columns.{key}")
             for key, header in names if header}
    kept = report.drop(_("no firm is named"), (cells["firm"] == "").to_numpy(), np.ones(len(table.frame), bool),
                       cells["firm"])
    if names.credit_code:
        kept = _credit_codes(cells["credit_code"], kept, report)
    start, end, kept = _dates(cells, kept, report)
    at, kept = _located(cells, spec, where, kept, report)
    industry, known, kept = industries.assigned(cells["industry"], spec, kept, report)
    rows = np.flatnonzero(kept)
    if not len(rows):
        raise InputError(Problem(table.file, "", _("no row is left: see why in the report on the data"),
                                 remedy="; ".join(str(line["what"]) for line in report.lines[1:])))
    _mixed_systems(cells, spec, rows, report)
    _registered_elsewhere(cells, where, at, rows, report)
    found = _by_year(cells["firm"], start, end, at, industry, rows)
    found, again = _once(found)
    if again:
        report.doubt(_("a firm is at several places in one year: its first row counts"), again)
    firm, year, place, of, entered = found
    report.count(_("firms kept"), len(np.unique(firm)))
    report.count(_("firm-years kept"), len(firm))
    open_ended = bool(names.entry) and not (names.exit and (cells["exit"] != "").any())
    return Firms(firm, year, place, of, known, entered, bool(names.entry), open_ended), report


def years_in(texts: pd.Series) -> Index:
    """(row,) the year that a date begins with, 0 where there is none; "2015年3月1日", "20150301" and "2015-3-1" alike.

    >>> import pandas as pd
    >>> years_in(pd.Series(["2015年3月1日", "20150301", "soon", "2015"])).tolist()
    [2015, 2015, 0, 2015]
    """
    found: Index = texts.str.extract(r"^\s*(\d{4})(?!\d{1,3}$)", expand=False).fillna("0").to_numpy(dtype=np.intp)
    return np.where((found >= YEARS[0]) & (found <= YEARS[1]), found, 0)


def _credit_codes(codes, kept, report):
    """Rows whose code is right: with a wrong one a firm is taken for two, one that left and one that came."""
    unique, number = np.unique(codes.to_numpy(object).astype(str), return_inverse=True)
    wrong = ~credit_codes.valid(unique)[number.ravel()]
    kept = report.drop(_("the credit code has a wrong check character"), wrong, kept, codes)
    report.count(_("divisions of first registration among the credit codes"),
                 len({credit_codes.division(code) for code in unique}))
    return kept


def _dates(cells, kept, report):
    """(first year, last year, kept) of every row; a span without an end goes on to the last year of the list."""
    if "year" in cells:
        year = years_in(cells["year"])
        kept = report.drop(_("no year can be read"), year == 0, kept, cells["year"])
        return year, year, kept
    start = years_in(cells["entry"])
    kept = report.drop(_("no date of entry can be read"), start == 0, kept, cells["entry"])
    end = years_in(cells["exit"]) if "exit" in cells else np.zeros(len(start), int)
    if "exit" in cells:
        kept = report.drop(_("no date of exit can be read"), (end == 0) & (cells["exit"] != "").to_numpy(), kept,
                           cells["exit"])
    latest = max(start[kept].max(initial=0), end[kept].max(initial=0))
    end = np.where(end > 0, end, latest)
    kept = report.drop(_("the exit is before the entry"), end < start, kept, cells.get("exit", cells["entry"]))
    return start, end, kept


def _located(cells, spec, where, kept, report):
    """(number of the place, kept) of every row."""
    if "site" in cells:
        known = {name: k for names in (where.names_zh, where.names, where.ids) for k, name in enumerate(names)}
        at = cells["site"].map(known).fillna(-1).astype(int).to_numpy()
        kept = report.drop(_("it is at none of the places"), at < 0, kept, cells["site"])
        return at, kept
    lon, lat = places.as_numbers(cells["lon"]), places.as_numbers(cells["lat"])
    known = np.isfinite(lon) & np.isfinite(lat) & (np.abs(lon) <= 180.0) & (np.abs(lat) <= 90.0)
    kept = report.drop(_("it has no coordinates"), ~known, kept, cells["lon"])
    lon, lat = _in_wgs84(np.where(known, lon, 0.0), np.where(known, lat, 0.0), cells, spec)
    at, km = places.nearest(where, lon, lat)
    far = km > spec.values.places.within_km
    return at, report.drop(_("it is farther than {km:g} km from every place", km=spec.values.places.within_km), far,
                           kept, [f"{each:.0f} km" for each in km])


def _in_wgs84(lon, lat, cells, spec):
    """Coordinates row by row in the system that the list or the row says."""
    usual = spec.values.firms.coordinates or "wgs84"
    system = cells["system"].str.lower().str.replace("-", "").to_numpy() if "system" in cells else \
        np.full(len(lon), usual)
    system = np.where(system == "", usual, system)
    unknown = sorted(set(system) - {"wgs84", "gcj02", "bd09"})
    if unknown:
        raise InputError(spec.problem(("firms", "columns", "system"), _("{name} is no coordinate system",
                                                                        name=repr(unknown[0])),
                                      _("'wgs84', 'gcj02' (Amap, Tencent) or 'bd09' (Baidu)")))
    lon, lat = lon.copy(), lat.copy()
    for name in ("gcj02", "bd09"):
        own = system == name
        lon[own], lat[own] = coordinates.to_wgs84(lon[own], lat[own], name)
    return lon, lat


def _mixed_systems(cells, spec, rows, report):
    """Firms that jump between two rows by just what GCJ-02 moves a point: the list mixes coordinate systems."""
    if "lon" not in cells or "system" in cells:
        return
    order = rows[np.argsort(cells["firm"].to_numpy()[rows], kind="stable")]
    firm = cells["firm"].to_numpy()[order]
    lon, lat = (places.as_numbers(cells[name])[order] for name in ("lon", "lat"))
    same = firm[1:] == firm[:-1]
    east, north = coordinates.shift(lon[:-1], lat[:-1])
    metres = 111_195.0 * np.cos(np.radians(lat[:-1])), 111_195.0
    jump = np.hypot(np.diff(lon) * metres[0], np.diff(lat) * metres[1])
    miss = np.minimum(*(np.hypot((np.diff(lon) - sign * east) * metres[0], (np.diff(lat) - sign * north) * metres[1])
                        for sign in (1, -1)))
    mixed = same & (jump > STEP_M[0]) & (miss < np.minimum(STEP_M[0], STEP_M[1] * jump))
    first = int(order[np.flatnonzero(mixed)[0] + 1]) + firm_tables.FIRST_ROW if mixed.any() else ""
    report.doubt(_("a firm jumps by what GCJ-02 moves a point: the list mixes coordinate systems"), int(mixed.sum()),
                 first, f"{jump[mixed][0]:.0f} m" if mixed.any() else "")


def _registered_elsewhere(cells, where, at, rows, report):
    """Firms whose code is of another division than their place's (column division, digits may be fewer): they moved."""
    if "credit_code" not in cells or "division" not in where.frame:
        return
    home = where.frame["division"].str.strip().to_numpy(object)[at[rows]]
    codes = cells["credit_code"].to_numpy(object)[rows]
    away = {code for code, own in zip(codes, home) if own and not credit_codes.division(code).startswith(own)}
    report.count(_("firms first registered in another division than their place's: at least so many have moved"),
                 len(away))


def _by_year(names, start, end, at, industry, rows):
    """A row a firm and year of its span: (firm, year, place, industry, year of entry)."""
    import pandas as pd

    length = end[rows] - start[rows] + 1
    if length.sum() > MOST_FIRM_YEARS:
        raise InputError(Problem("", "firms.columns.entry", _("{count:,} firm-years are too many", count=length.sum()),
                                 _("at most {most:,}", most=MOST_FIRM_YEARS)))
    each = np.repeat(rows, length)
    offset = np.arange(len(each)) - np.repeat(np.cumsum(length) - length, length)
    firm = pd.factorize(names.to_numpy()[each], sort=True)[0]
    return firm, start[each] + offset, at[each], industry[each], start[each]


def _once(found):
    """(the same in the order of firm and year, rows left out because the firm has one in that year)."""
    firm, year = found[:2]
    order = np.lexsort((np.arange(len(firm)), year, firm))
    later = np.zeros(len(firm), bool)
    later[1:] = (firm[order][1:] == firm[order][:-1]) & (year[order][1:] == year[order][:-1])
    places_differ = later[1:] & (found[2][order][1:] != found[2][order][:-1])
    return tuple(each[order][~later] for each in found), int(places_differ.sum())

"""Firms by year, place and industry, from a list as it is: every row is used, or dropped for a reason that is told.

    FirmTable + Spec + Places  ->  Firms (firm, year, place, industry), DataReport
"""

from typing import NamedTuple

import numpy as np
import pandas as pd

from sim.base.errors import InputError, Problem
from sim.base.messages import _, joined, with_chinese
from sim.experiments.estimation import coordinates, credit_codes, dates, firm_tables, industries, places
from sim.experiments.estimation.conditional_logit import Index
from sim.experiments.estimation.data_report import DROPPED, DataReport
from sim.experiments.estimation.firm_tables import FirmTable
from sim.experiments.estimation.places import Places
from sim.experiments.estimation.spec import Spec

MOST_FIRM_YEARS = 20_000_000
NUMBERED = ("year", "entry", "exit", "lon", "lat", "system", "industry", "credit_code")    # columns of digits and codes
ONE_INDUSTRY = "all"           # of a list that says no industries
STEP_M = (30.0, 0.35)          # metres and share of the shift by which a change of systems may miss it


class Firms(NamedTuple):
    """Firm-years, in the order of firm and year, one a firm and year."""

    firm: Index                # (row,) number of the firm
    year: Index
    place: Index
    industry: Index            # -1 for unknown
    industries: tuple[str, ...]
    spells: bool               # whether rows of the list were spans of time
    open_ended: bool           # whether the list has no exits: who left is missing


def clean(table: FirmTable, spec: Spec, where: Places) -> tuple[Firms, DataReport]:
    """Firms and what became of the rows; InputError where no row is left."""
    report = DataReport()
    report.count(_("rows read"), len(table.frame))
    names = spec.values.firms.columns
    cells = {key: firm_tables.column(table, header, spec.where(("firms", "columns", key)), f"firms.columns.{key}")
             for key, header in names if header}
    cells |= {key: firm_tables.plain_width(cells[key]) for key in NUMBERED if key in cells}
    cells.setdefault("industry", cells["firm"].map(lambda _name: ONE_INDUSTRY))
    kept = report.drop(_("no firm is named"), (cells["firm"] == "").to_numpy(), np.ones(len(table.frame), bool),
                       cells["firm"])
    if names.leave_out:
        kept = report.drop(_("it is marked to be left out"), (cells["leave_out"] != "").to_numpy(), kept,
                           cells["leave_out"])
    if names.credit_code:
        kept = _credit_codes(cells["credit_code"], kept, report)
    start, end, kept = dates.spans(cells, kept, report)
    end, kept = dates.known(start, end, kept, spec.values.choices.known_to, report)
    at, kept = _located(cells, spec, where, kept, report)
    industry, known, kept = industries.assigned(cells["industry"], spec, kept, report)
    rows = np.flatnonzero(kept)
    if not len(rows):
        raise InputError(_nothing_left(table, report))
    _mixed_systems(cells, spec, rows, report)
    _registered_elsewhere(cells, where, at, rows, report)
    found = _by_year(cells["firm"], start, end, at, industry, rows)
    found, again, elsewhere = _once(found)
    report.doubt(_("a firm is at several places in one year: its first row counts"), elsewhere)
    report.doubt(_("a firm has several rows of one year and place: one counts"), again)
    firm, year, place, of = found
    report.count(_("firms kept"), len(np.unique(firm)))
    report.count(_("firm-years kept"), len(firm))
    open_ended = bool(names.entry) and not (names.exit and (cells["exit"] != "").any())
    return Firms(firm, year, place, of, known, bool(names.entry), open_ended), report


def _nothing_left(table, report):
    """The Problem of a list of which no row is left: every reason with its first example."""
    why = [joined(": ", [with_chinese(line["what"], line["what_zh"]), repr(str(line["example"]))])
           for line in report.lines if line["fate"] == str(DROPPED)]
    return Problem(table.file, "", _("no row is left"), remedy=joined(_("; "), why))


def _credit_codes(codes, kept, report):
    """Rows whose code is right: with a wrong one a firm is taken for two, one that left and one that came."""
    unique, number = np.unique(codes.to_numpy(object).astype(str), return_inverse=True)
    wrong = ~credit_codes.valid(unique)[number.ravel()]
    kept = report.drop(_("the credit code has a wrong check character"), wrong, kept, codes)
    report.count(_("divisions of first registration among the credit codes"),
                 len({credit_codes.division(code) for code in unique}))
    return kept


def _located(cells, spec, where, kept, report):
    """(number of the place, kept) of every row."""
    if "site" in cells:
        known, shared = _names(where)
        at = cells["site"].map(known).fillna(-1).astype(int).to_numpy()
        kept = report.drop(_("several places have the name of its place"), cells["site"].isin(shared).to_numpy(), kept,
                           cells["site"])
        kept = report.drop(_("it is at none of the places"), at < 0, kept, cells["site"])
        return at, kept
    lon, lat = places.as_numbers(cells["lon"]), places.as_numbers(cells["lat"])
    known = np.isfinite(lon) & np.isfinite(lat) & (np.abs(lon) <= 180.0) & (np.abs(lat) <= 90.0)
    _refuse_exchanged(cells, spec, lon, lat, kept)
    kept = report.drop(_("it has no coordinates"), ~known, kept, cells["lon"])
    lon, lat = _in_wgs84(np.where(known, lon, 0.0), np.where(known, lat, 0.0), cells, spec)
    at, km = places.nearest(where, lon, lat)
    far = km > spec.values.places.within_km
    return at, report.drop(_("it is farther than {km:g} km from every place", km=spec.values.places.within_km), far,
                           kept, [f"{each:.0f} km" for each in km])


def _refuse_exchanged(cells, spec, lon, lat, kept):
    """InputError where most latitudes are none and would be good longitudes: the columns are exchanged."""
    rows = kept & np.isfinite(lon) & np.isfinite(lat)
    exchanged = (np.abs(lat) > 90.0) & (np.abs(lat) <= 180.0) & (np.abs(lon) <= 90.0)
    if rows.any() and exchanged[rows].mean() > 0.5:
        first = int(np.flatnonzero(exchanged & rows)[0])
        raise InputError(spec.problem(("firms", "columns", "lat"),
                           _("{value} is not a latitude; the column of longitudes has {other}",
                             value=cells["lat"].iloc[first], other=cells["lon"].iloc[first]), "",
                           _("exchange lon and lat")))


def _names(where):
    """({name or id: number of the place}, names that several places have): an id is never shared."""
    known: dict[str, int] = {}
    shared = set()
    for names in (where.names_zh, where.names):
        for k, name in enumerate(names):
            if known.setdefault(name, k) != k:
                shared.add(name)
    shared -= set(where.ids)
    found = {name: k for name, k in known.items() if name not in shared}
    return found | {name: k for k, name in enumerate(where.ids)}, shared


def _in_wgs84(lon, lat, cells, spec):
    """Coordinates row by row in the system that the list or the row says."""
    usual = spec.values.firms.coordinates or "wgs84"
    system = cells["system"].str.lower().str.replace("-", "").to_numpy() if "system" in cells else \
        np.full(len(lon), usual)
    system = np.where(system == "", usual, system)
    unknown = sorted(set(system) - {"wgs84", "gcj02", "bd09"})
    if unknown:
        raise InputError(spec.problem(("firms", "columns", "system"), _("{name} is not a coordinate system",
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
    """A row a firm and year of its span: (firm, year, place, industry)."""
    length = end[rows] - start[rows] + 1
    if length.sum() > MOST_FIRM_YEARS:
        raise InputError(Problem("", "firms.columns.entry", _("{count:,} firm-years are too many", count=length.sum()),
                                 _("at most {most:,}", most=MOST_FIRM_YEARS)))
    each = np.repeat(rows, length)
    offset = np.arange(len(each)) - np.repeat(np.cumsum(length) - length, length)
    firm = pd.factorize(names.to_numpy()[each], sort=True)[0]
    return firm, start[each] + offset, at[each], industry[each]


def _once(found):
    """(the same in the order of firm and year, rows left out at the place that the firm has, and at another)."""
    firm, year = found[:2]
    order = np.lexsort((np.arange(len(firm)), year, firm))
    later = np.zeros(len(firm), bool)
    later[1:] = (firm[order][1:] == firm[order][:-1]) & (year[order][1:] == year[order][:-1])
    place = found[2][order]
    elsewhere = int((place != place[np.maximum.accumulate(np.where(later, 0, np.arange(len(place))))])[later].sum())
    return tuple(each[order][~later] for each in found), int(later.sum()) - elsewhere, elsewhere

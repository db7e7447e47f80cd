"""The CSV files of a region folder: which columns each has, of which kind, within which bounds."""

from collections.abc import Iterable
from dataclasses import dataclass

from sim.region.opening_stock import TYPES


@dataclass(frozen=True)
class Column:
    """What a column holds; an optional one may be absent or have empty cells."""

    kind: str              # id, text, evidence, word, number, count, flag, date, ids, numbers (lists with ";")
    required: bool = True
    allowed: str = ""      # interval, for numbers; for a word the words with ", "
    default: object = None


@dataclass(frozen=True)
class Table:
    """What a file holds. `key` is its column of ids; an optional file may be absent."""

    columns: dict
    key: str = ""
    required: bool = True
    rows: bool = True      # at least one row is needed
    most: int = 0          # and at most so many, if not 0


def _text(default=None):
    return Column("text", required=False, default=default or "")


def _number(allowed, default=None):
    return Column("number", default is None, allowed, default)


NAMED = {"id": Column("id"), "name_en": Column("text"), "name_zh": _text("name_en")}
PROVENANCE = {"source": _text(), "confidence": _text()}
MOST = 2**15 - 1               # sites, or industries: an enterprise's state has 16 bits for each
USES = ("calibration", "check", "put aside")   # the base year meets it, runs are held against it, or nothing reads it
SHARE = Column("number", required=False, allowed="[0, 1]")
LEVERS = ("profit_tax",)         # what levels.csv can date: percentage points of tax on profits
LON, LAT = _number("[-180, 180]"), _number("[-90, 90]")

TABLES = {
    "sites.csv": Table(key="id", most=MOST, columns={
        **NAMED, "code": _text(), "short_en": _text("name_en"), "short_zh": _text("name_zh"), "lon": LON, "lat": LAT,
        "district": _text(), "city": _text(), "province": _text(), "jurisdiction": Column("id"),
        "ring": _text(), "nest": Column("id"), "in_startup_area": Column("flag"), "in_zone": Column("flag"),
        "is_town": Column("flag"), "distance_km": Column("number", False, "[0, inf)"),
        "coord_error_km": _number("[0, inf)", 0.0), "floor": _number("(0, inf)", 1.0),
        "area_km2": Column("number", False, "(0, inf)"), **PROVENANCE}),
    "jurisdictions.csv": Table(key="id", columns={**NAMED, "province": _text(),
                                                  "home": Column("ids", required=False)}),
    "nests.csv": Table(key="id", columns=NAMED),
    "industries.csv": Table(key="id", most=MOST, columns={
        **NAMED, "share": _number("[0, 1]"), "rnd": _number("[0, 1]"), "trade": _number("[0, 1]"),
        "hightech": _number("[0, 1]"), "evidence": Column("evidence"), "source": _text()}),
    "stations.csv": Table(key="id", required=False, columns={
        "id": Column("id"), "name_en": Column("text"), "name_zh": _text("name_en"), "lon": LON, "lat": LAT,
        "mode": _text(), "opened": Column("date", required=False), **PROVENANCE}),
    "links.csv": Table(required=False, rows=False, columns={
        "line": Column("text"), "line_en": _text("line"), "from": Column("id"), "to": Column("id"),
        "minutes": _number("(0, 1440]"), "headway": _number("(0, 1440]"), "opened": Column("date"),
        **PROVENANCE}),
    "hubs.csv": Table(key="id", required=False, columns={
        **NAMED, "mass": _number("(0, inf)"), "airport": Column("flag"),
        "centre_penalty_min": _number("[0, 1440]", 0.0), "evidence": Column("evidence"), "source": _text()}),
    "stock.csv": Table(key="group", columns={
        "group": Column("id"), "name_en": Column("text"), "name_zh": _text("name_en"),
        "headquarters": Column("count", True, "[0, inf)"), "sites": Column("ids"),
        "weights": Column("numbers", True, "(0, inf)"), "low": _number("[0, inf)"),
        "high": _number("[0, inf)"), "evidence": Column("evidence"), **PROVENANCE}),
    "specialisations.csv": Table(required=False, rows=False, columns={
        "site": Column("id"), "industry": Column("id"), "share": SHARE, "evidence": Column("evidence"), **PROVENANCE}),
    "headquarters_types.csv": Table(required=False, rows=False, columns={
        "site": Column("id"), "hq_type": Column("word", allowed=", ".join(TYPES)), "share": SHARE,
        "evidence": Column("evidence"), **PROVENANCE}),
    "statuses.csv": Table(required=False, rows=False, columns={
        "site": Column("id"), "regime": Column("id"), "level": _number("[0, 1]"), "start": Column("date"),
        "end": Column("date", required=False), "evidence": Column("evidence"), **PROVENANCE}),
    "stocks.csv": Table(required=False, rows=False, columns={
        "site": Column("id"), "industry": Column("id", required=False), "first": Column("date"),
        "headquarters": Column("numbers", True, "[0, inf)")}),
    "levels.csv": Table(required=False, rows=False, columns={
        "place": Column("id"), "lever": Column("word", allowed=", ".join(LEVERS)), "value": _number("[0, 100]"),
        "start": Column("date"), "end": Column("date", required=False), "evidence": Column("evidence"),
        **PROVENANCE}),
    "lines.csv": Table(required=False, rows=False, columns={
        "line": Column("text"), "line_en": _text("line"), "mode": _text(), "status": _text(),
        "opened": Column("date", required=False), **PROVENANCE}),
    "validation.csv": Table(required=False, rows=False, columns={
        "area": Column("text"), "area_zh": _text("area"), "metric": Column("text"), "value": _number("(-inf, inf)"),
        "unit": Column("text"), "date": _text(), "use": Column("word", allowed=", ".join(USES)), "measure": _text(),
        "as_of": Column("date", required=False), "jurisdictions": Column("ids", required=False), **PROVENANCE}),
    "instruments.csv": Table(key="id", required=False, rows=False, columns={
        "id": Column("id"), "instrument": Column("text"), **PROVENANCE}),
}


def proximity_table(industries: Iterable[str]) -> Table:
    """proximity.csv: one row and one column for each industry."""
    return Table({"industry": Column("id"), **{i: _number("[0, 1]") for i in industries}}, key="industry",
                 required=False, rows=False)

"""A region's folder from a table of places: the least that a region needs, neutral where nothing is said."""

import csv
import io
from pathlib import Path

import numpy as np
import pandas as pd

from sim.base import files as made_files
from sim.base import plain_files, table_files
from sim.base.errors import InputError, OutputError
from sim.base.messages import _
from sim.config.toml_file import format_value
from sim.region.columns import LAT, LON, Column, Table
from sim.region.csv_tables import read_sheet
from sim.region.load import Region, from_files
from sim.region.settings import FILE
from sim.region.synthetic import as_csv

TABLE = Table(key="id", columns={
    "id": Column("id", False, default=""), "name_en": Column("text", False, default=""),
    "name_zh": Column("text", False, default=""), "lon": LON, "lat": LAT,
    "headquarters": Column("count", True, "[0, inf)"), "jurisdiction": Column("text", False, default=""),
    "nest": Column("text", False, default=""), "in_zone": Column("flag", False, default=True)})
COLUMNS = {"代码": "id", "编号": "id", "编码": "id", "英文名称": "name_en", "英文名": "name_en", "名称": "name_zh",
           "中文名称": "name_zh", "地点": "name_zh", "地名": "name_zh", "乡镇": "name_zh", "经度": "lon", "纬度": "lat",
           "总部数": "headquarters", "总部企业数": "headquarters", "总部数量": "headquarters", "总部": "headquarters",
           "辖区": "jurisdiction", "区县": "jurisdiction", "巢": "nest", "分组": "nest", "片区内": "in_zone",
           "是否在片区内": "in_zone", "是否片区": "in_zone", "示范区内": "in_zone", "是否在示范区内": "in_zone",
           "是否示范区": "in_zone", "longitude": "lon", "latitude": "lat", "name": "name_en"}
NUMBERS, FLAGS = ("lon", "lat", "headquarters", "in_zone"), ("in_zone",)
NAMES = ("id", "name_en", "name_zh")     # one of them is enough
ALL, SAID = "everywhere", "the table of places"


def region_of(data: bytes, label: str, name: str) -> tuple[Region, dict[str, bytes]]:
    """(the region of a table of places, its files by name); InputError with every fault of the table, by row.

    The table is CSV (UTF-8 or GB18030) or XLSX, with names of columns in English or Chinese.
    There are no rings and no network, each place is a stock group of its own, and in the zone unless the table says
    otherwise; places without a jurisdiction or nest share one, and there is one industry. What is not in the table is
    neutral and marked as an assumption.
    """
    sheet = read_sheet(label, table_files.plain(data, label, COLUMNS, NUMBERS, FLAGS), TABLE)
    places, problems = _named(sheet)
    if sheet.problems or problems:
        raise InputError([*sheet.problems, *problems])
    files = {file: as_csv(table) for file, table in _tables(places).items()} | {FILE: _settings(places, name)}
    return from_files(files, name), files


def unread(data: bytes, label: str) -> list[str]:
    """Names of the columns of a table of places that say nothing to us."""
    text = table_files.plain(data, label, COLUMNS, NUMBERS, FLAGS).decode("utf-8-sig")
    return [name for name in next(csv.reader(io.StringIO(text)), []) if name and name not in TABLE.columns]


def _named(sheet):
    """(the places, each with an id and both names; problems of those that have none, or an id that another has)."""
    places = sheet.frame[[*TABLE.columns]].copy()
    told = places[list(NAMES)].copy()
    for column in NAMES:
        for other in ("name_en", "name_zh", "id"):
            places[column] = places[column].where(places[column] != "", told[other])
    for column in ("id", "jurisdiction", "nest"):
        places[column] = places[column].str.replace(r"[\s;]+", "-", regex=True).str.slice(0, 64)
    places[["jurisdiction", "nest"]] = places[["jurisdiction", "nest"]].replace("", ALL)
    again = places["id"].duplicated() & (told["id"] == "") & (places["id"] != "")
    return places, [*(sheet.problem(row, "id", _("the place has neither an id nor a name"), remedy=_("fill one in"))
                      for row in np.flatnonzero(places["id"] == "")),
                    *(sheet.problem(row, "id", _("{id} already exists", id=repr(places["id"][row])), _("each id once"))
                      for row in np.flatnonzero(again))]


def write(files: dict[str, bytes], folder: Path) -> None:
    """Write a region's files into a new folder; OutputError if it is there already."""
    if folder.exists():
        raise OutputError(_("{path} already exists; choose another name", path=folder))
    with made_files.writing(folder):
        folder.mkdir(parents=True)
        for name, content in files.items():
            with plain_files.new(folder / name) as file:
                file.write(content)


def _tables(places):
    ids = {column: pd.DataFrame({"id": sorted(set(places[column]))}).assign(
        name_en=lambda table: table["id"].replace(ALL, "All places"),
        name_zh=lambda table: table["id"].replace(ALL, "全部地点")) for column in ("jurisdiction", "nest")}
    sites = places.drop(columns="headquarters").assign(in_startup_area=False, is_town=False, source=SAID)
    count = places["headquarters"].astype(int)
    stock = pd.DataFrame({"group": places["id"], "name_en": places["name_en"], "name_zh": places["name_zh"],
                          "headquarters": count, "sites": places["id"], "weights": 1, "low": count, "high": count,
                          "evidence": "data", "source": SAID})
    industry = pd.DataFrame({"id": ["all"], "name_en": ["All industries"], "name_zh": ["全部行业"], "share": 1.0,
                             "rnd": 0.5, "trade": 0.5, "hightech": 0.0, "evidence": "assumption", "source": "neutral"})
    return {"sites.csv": sites, "jurisdictions.csv": ids["jurisdiction"], "nests.csv": ids["nest"],
            "industries.csv": industry, "stock.csv": stock}


def _settings(places, name):
    """region.toml: the origin is the middle of the places; there are no rings."""
    lines = [f"name = {format_value(name)}", f"title = {format_value(name)}", "", "[origin]",
             f"lon = {np.round(places['lon'].mean(), 4)}", f"lat = {np.round(places['lat'].mean(), 4)}", ""]
    return "\n".join(lines).encode()

"""Every fault of a region's files is an InputError that names file, row and column."""

import contextlib
import csv
import io

import numpy as np
import pytest

from sim.base.errors import InputError
from sim.model.opening_population import empty_state
from sim.region import columns, csv_tables, synthetic
from sim.region import load as region_files

OPTIONAL = ["stocks.csv", "levels.csv", "lines.csv", "statuses.csv", "validation.csv", "instruments.csv",
            "specialisations.csv", "headquarters_types.csv"]


def edit(data, row, column, cell):
    """The CSV with one cell changed; `row` is the line in the file."""
    records = list(csv.reader(io.StringIO(data.decode('utf-8-sig'))))
    records[row - 1][records[0].index(column)] = cell
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(records)
    return text.getvalue().encode()


def problems(files):
    with pytest.raises(InputError) as caught:
        region_files.from_files(files, "mine")
    return caught.value.problems


CELLS = [      # file, line in the file, column, the cell it gets, what the problem must say
    ("sites.csv", 3, "lon", "121,5", "a number"), ("sites.csv", 3, "lon", "nan", "a number"),
    ("sites.csv", 3, "lon", "inf", "a number"), ("sites.csv", 3, "lon", "1_20", "a number"),
    ("sites.csv", 3, "lon", "１２０", "a number"), ("sites.csv", 3, "lon", "", "fill it in"),
    ("sites.csv", 3, "lon", "181", "[-180, 180]"), ("sites.csv", 3, "lat", "120.9", "swapped"),
    ("sites.csv", 4, "id", "xicen", "already exists"), ("sites.csv", 4, "id", "", "fill it in"),
    ("sites.csv", 4, "id", "two words", "without spaces"), ("sites.csv", 4, "id", "zone", "an id other than"),
    ("sites.csv", 4, "id", "qingpu", "jurisdiction"), ("sites.csv", 4, "name_en", "", "fill it in"),
    ("sites.csv", 4, "jurisdiction", "jiashn", "did you mean 'jiashan'"),
    ("sites.csv", 4, "nest", "zones", "did you mean 'zone'"),
    ("sites.csv", 4, "in_zone", "yes", "0, 1"), ("sites.csv", 13, "in_startup_area", "1", "inside the zone"),
    ("sites.csv", 4, "distance_km", "18", "computed"), ("sites.csv", 4, "distance_km", "-8", "[0, inf)"),
    ("sites.csv", 4, "ring", "linkage", "'core'"), ("sites.csv", 4, "coord_error_km", "-1", "[0, inf)"),
    ("sites.csv", 4, "lon", "121.2", "outside 嘉善县"),
    ("industries.csv", 3, "share", "1.5", "[0, 1]"), ("industries.csv", 3, "evidence", "guess", "assumption"),
    ("industries.csv", 3, "hightech", "-0.1", "[0, 1]"),
    ("proximity.csv", 3, "software", "1.1", "[0, 1]"), ("proximity.csv", 2, "integrated_circuits", "0.5", "diagonal"),
    ("proximity.csv", 3, "industry", "sofware", "did you mean 'software'"),
    ("stations.csv", 5, "opened", "2010", "YYYY-MM-DD"), ("stations.csv", 5, "opened", "2010-02-30", "YYYY-MM-DD"),
    ("stations.csv", 5, "id", "PVG", "already exists"),
    ("links.csv", 2, "from", "SHHQ", "did you mean 'SH_HQ'"),
    ("links.csv", 2, "to", "nowhere", "the id 'nowhere' is unknown"),
    ("links.csv", 2, "to", "SH_HQ", "two different stations"), ("links.csv", 2, "minutes", "0", "(0, 1440]"),
    ("links.csv", 2, "minutes", "-3", "(0, 1440]"), ("links.csv", 2, "minutes", "0.1", "km/h"),
    ("links.csv", 2, "headway", "0", "(0, 1440]"), ("links.csv", 2, "headway", "-5", "(0, 1440]"),
    ("links.csv", 2, "opened", "", "fill it in"), ("links.csv", 2, "opened", "30/12/2017", "YYYY-MM-DD"),
    ("links.csv", 2, "opened", "２０１７-12-30", "YYYY-MM-DD"),
    ("hubs.csv", 2, "id", "SH_QH", "did you mean 'SH_HQ'"), ("hubs.csv", 2, "mass", "0", "(0, inf)"),
    ("hubs.csv", 2, "centre_penalty_min", "-1", "[0, 1440]"),
    ("stock.csv", 2, "headquarters", "31.5", "whole"), ("stock.csv", 2, "headquarters", "40", "is not between low"),
    ("stock.csv", 2, "sites", "xicen;hq_qingpo;shixi;logistics;qingpu_nc;origin", "did you mean 'hq_qingpu'"),
    ("stock.csv", 2, "sites", "xicen;xicen;hq_qingpu;shixi;logistics;qingpu_nc", "each site once"),
    ("stock.csv", 2, "weights", "1;1", "one for each site"), ("stock.csv", 2, "weights", "1;1;1;1;1;0", "(0, inf)"),
    ("statuses.csv", 2, "site", "zhangjian", "did you mean 'zhangjiang'"),
    ("statuses.csv", 2, "level", "1.2", "[0, 1]"),
    ("statuses.csv", 2, "end", "2014-01-01", "a date from 2015-04-01 on"),
    ("statuses.csv", 2, "start", "soon", "YYYY-MM-DD"), ("validation.csv", 2, "value", "about 30", "a number"),
    ("validation.csv", 2, "use", "calibrate", "did you mean 'calibration'"),
    ("validation.csv", 2, "use", "", "fill it in"), ("validation.csv", 11, "measure", "", "another use than check"),
    ("validation.csv", 12, "as_of", "", "another use than check"),
    ("validation.csv", 17, "jurisdictions", "quingpu", "did you mean 'qingpu'"),
    ("validation.csv", 18, "jurisdictions", "qingpu", "same places"),
    ("jurisdictions.csv", 2, "home", "local;shangai", "did you mean 'shanghai'"),
    ("jurisdictions.csv", 2, "home", "foreign", "the id 'foreign' is unknown"),
    ("specialisations.csv", 2, "site", "xicenn", "did you mean 'xicen'"),
    ("specialisations.csv", 2, "industry", "softwar", "did you mean 'software'"),
    ("specialisations.csv", 3, "industry", "integrated_circuits", "named twice at 'xicen'"),
    ("headquarters_types.csv", 2, "hq_type", "regionl", "did you mean 'regional'"),
    ("headquarters_types.csv", 2, "share", "1.2", "[0, 1]"),
    ("sites.csv", 2, "name_en", "Xi\x1b[31mcen", "control characters"),
    ("sites.csv", 2, "source", "a\u2028b", "control characters"),
    ("stations.csv", 2, "name_zh", "\x9b31m站", "control characters"),
    ("lines.csv", 2, "status", "op\ufffeen", "control characters"),
]


@pytest.mark.parametrize("file, row, column, cell, said", CELLS)
def test_a_bad_cell_is_named_by_file_row_and_column(zone_files, file, row, column, cell, said):
    found = problems({**zone_files, file: edit(zone_files[file], row, column, cell)})
    named = [p for p in found if p.where == f"mine/{file} row {row}" and p.key == column]
    assert named and said in str(named[0])


def test_the_distance_outside_its_district_is_said_in_km(zone_files):
    found = problems({**zone_files, "sites.csv": edit(zone_files["sites.csv"], 4, "lat", "30.72")})
    assert any("km outside 嘉善县" in p.wrong and p.key == "lon" for p in found)


def test_overlapping_statuses_of_one_site_and_regime_are_refused(zone_files):
    line = next(k for k, text in enumerate(zone_files["statuses.csv"].decode().split("\n"), 1)
                if text.startswith("xicen,scitech,0.25"))
    found = problems({**zone_files, "statuses.csv": edit(zone_files["statuses.csv"], line, "end", "2023-01-01")})
    assert [p.key for p in found] == ["start"] and "statuses.csv row" in found[0].where


def test_a_link_given_twice_is_refused(zone_files):
    lines = zone_files["links.csv"].split(b"\n")
    found = problems({**zone_files, "links.csv": b"\n".join([*lines[:2], lines[1], *lines[2:]])})
    assert str(found[0]).startswith("mine/links.csv row 3: from")


def test_a_site_without_stock_is_named(zone_files):
    found = problems({**zone_files, "stock.csv": edit(edit(
        zone_files["stock.csv"], 2, "sites", "xicen;hq_qingpu;shixi;logistics;origin"), 2, "weights", "1;1;1;1;1")})
    assert [(p.key, p.wrong) for p in found] == [("id", "no group of stock.csv has the site 'qingpu_nc'")]


def test_shares_must_sum_to_one(zone_files):
    found = problems({**zone_files, "industries.csv": edit(zone_files["industries.csv"], 2, "share", "0.5")})
    assert [p.key for p in found] == ["share"]


def test_a_regime_of_any_name_is_accepted(zone_files):
    files = {**zone_files, "statuses.csv": edit(zone_files["statuses.csv"], 2, "regime", "free-port")}
    assert region_files.from_files(files).statuses["regime"][0] == "free-port"


def test_all_problems_come_at_once(zone_files):
    broken = {**zone_files, "sites.csv": edit(edit(zone_files["sites.csv"], 3, "lon", "x"), 5, "nest", "y"),
              "links.csv": edit(zone_files["links.csv"], 2, "minutes", "z"), "region.toml": b"name = 1"}
    where = {p.where.partition(":")[0] for p in problems(broken)}
    assert {"mine/sites.csv row 3", "mine/sites.csv row 5", "mine/links.csv row 2", "mine/region.toml"} <= where


@pytest.mark.parametrize("file", sorted(region_files.TABLES.keys() - set(OPTIONAL)) + ["region.toml"])
def test_a_missing_file_is_named(zone_files, file):
    found = problems({name: data for name, data in zone_files.items() if name != file})
    assert (f"mine/{file}", "file not found") in [(p.where, p.wrong) for p in found]


@pytest.mark.parametrize("file, column", [("sites.csv", "lon"), ("links.csv", "headway"), ("stock.csv", "weights")])
def test_a_missing_column_is_named_with_its_near_miss(zone_files, file, column):
    data = zone_files[file].replace(column.encode(), column.encode() + b"s", 1)
    found = problems({**zone_files, file: data})
    assert (found[0].where, found[0].key) == (f"mine/{file} row 1", column)
    assert f"did you mean '{column}s'" in found[0].remedy


def test_a_misspelt_optional_column_is_not_passed_over(zone_files):
    found = problems({**zone_files, "sites.csv": zone_files["sites.csv"].replace(b"distance_km", b"distanc_km", 1)})
    assert [p.key for p in found] == ["distance_km"]


FORMS = [
    ("sites.csv", b"", "the file is empty"), ("sites.csv", b"id,id,lon\n", "the column is there twice"),
    ("sites.csv", "id,名".encode("gbk"), "not UTF-8"), ("links.csv", b"\xff\xfe", "not UTF-8"),
    ("nests.csv", b"id,name_en\n", "has no rows"), ("nests.csv", b"id,name_en\nzone,Zone,more\n", "cells is 3"),
    ("nests.csv", b'id,name_en\n"zone,Zone\n', "unexpected end"),
    ("region.toml", b"name = ", "Invalid value"), ("region.toml", b"\xff", "UTF-8"),
    ("region.toml", b"x = 1\n" * 200000, "is larger than 1,048,576 bytes"),
    ("region.toml", b"a = " + b"[" * 5000, "levels deep"),
    ("region.toml", b"nam = 'x'", "unknown key"), ("region.toml", b"rings = 3", "3"),
    ("basemap/districts.geojson", b"{", "Expecting"),
    ("basemap/districts.geojson", b"[]", "there is no list of features"),
    ("basemap/lakes.geojson", b"[" * 100000, "ecursion"),
    ("basemap/lakes.geojson", b'{"features": [{"geometry": {"type": "Point"}}]}', "it is not a polygon"),
    ("basemap/lakes.geojson", b'{"features": [{"geometry": {"type": "Polygon", "coordinates": [[[0, 0], [1, 1]]]}}]}',
     "a ring is not closed"),
    ("basemap/districts.geojson", b'{"features": [{"properties": {}}]}', "missing"),
]


@pytest.mark.parametrize("file, data, said", FORMS)
def test_a_malformed_file_is_an_input_error_that_names_it(zone_files, file, data, said):
    found = problems({**zone_files, file: data})
    assert any(p.where.startswith(f"mine/{file}") and said in str(p) for p in found)


RULES = [
    ("core_km = [5, 10]", "core_km = [10, 5]", "rings.core_km"), ("core_km = [5, 10]", "core_km = 10", "rings.core_km"),
    ("linkage_km = [10, 30]", "linkage_km = [8, 30]", "rings.linkage_km"),
    ("lon = 120.8972", "lon = nan", "origin.lon"), ("lon = 120.8972", "lon = true", "origin.lon"),
    ("lat = 31.0198", "lat = 120", "origin.lat"),
    ("walk_km = {value = 1.2", "walk_km = {value = -1", "rules.walk_km.value"),
    ("walk_km = {value = 1.2", "walk_km = {value = inf", "rules.walk_km.value"),
    ("walk_km = {value = 1.2, evidence = \"assumption\"", "walk_km = {value = 1.2, evidence = \"sure\"",
     "rules.walk_km.evidence"),
    ("walk_km = {value = 1.2, evidence", "walk_km = {valu = 1.2, evidence", "rules.walk_km.valu"),
    ("walk_km =", "walk_kms =", "rules.walk_kms"), ("[8.0, 25.0, 60.0]", "[8.0, 60.0]", "rules.road_breaks_km"),
    ("[8.0, 25.0, 60.0]", "[8.0, 60.0, 25.0]", "rules.road_breaks_km"),
    ("districts_error_km = 2.6", "districts_error_km = 'x'", "basemap.districts_error_km"),
    ("name = \"yrd-zone\"", "name = ''", "name"),
]


@pytest.mark.parametrize("old, new, key", RULES)
def test_a_bad_setting_is_named_by_its_key_and_line(zone_files, old, new, key):
    text = zone_files["region.toml"].decode()
    line = text[:text.index(old)].count("\n") + 1
    found = problems({**zone_files, "region.toml": text.replace(old, new, 1).encode()})
    assert (f"mine/region.toml:{line}", key) in [(p.where.rpartition(":")[0], p.key) for p in found]


def test_a_file_that_is_too_large_is_refused(tmp_path, monkeypatch):
    synthetic.write(synthetic.synthetic_region(3, seed=0), tmp_path)
    monkeypatch.setattr(region_files, "LARGEST", 100)
    with pytest.raises(InputError, match="the file is larger than 100 bytes"):
        region_files.load(tmp_path)


def test_a_flood_of_problems_is_cut_and_counted(zone_files):
    rows = b"".join(b"a,b,c,d,e,f,g\n" for _ in range(1000))
    found = problems({**zone_files, "links.csv": b"line,from,to,minutes,headway,opened,source\n" + rows})
    assert len(found) == region_files.MOST_PROBLEMS + 1 and "more problems" in found[-1].wrong


@pytest.mark.slow
def test_industries_that_are_cut_off_anywhere_are_told_in_words():
    """Cut behind "industry", an industry has the name of the column of names in the table of proximities."""
    files = synthetic.files_of(synthetic.synthetic_region(2, industries=2))
    whole = files["industries.csv"]
    for length in range(len(whole)):
        with contextlib.suppress(InputError):                # what ends with its last line is whole
            region_files.from_files(files | {"industries.csv": whole[:length]}, "mine")


@pytest.mark.parametrize("file", ["sites.csv", "industries.csv"])
def test_more_rows_than_the_state_of_an_enterprise_can_tell_apart_are_refused(file):
    most = columns.TABLES[file].most
    for rows, said in ((most, []), (most + 1, [f"{file}: the number of rows is 32768; expected at most 32767"])):
        data = ("id\n" + "\n".join(map(str, range(rows)))).encode()
        found = csv_tables.read_sheet(file, data, columns.Table({"id": columns.Column("id")}, "id", most=most))
        assert [str(problem) for problem in found.problems] == said
    state = empty_state(1, 1)
    assert {np.iinfo(array.dtype).max for array in (state.site, state.legal, state.industry)} == {most}

"""The embedded region is what its sources say, and any region reads back as it was written."""

import dataclasses
import json

import pandas as pd
import pytest

from sim.base.errors import InputError
from sim.region import load as region_files
from sim.region import synthetic
from sim.region.settings import Rules


def same(a, b):
    """Every field of two regions is equal, tables value for value and type for type."""
    for field in dataclasses.fields(a):
        left, right = getattr(a, field.name), getattr(b, field.name)
        if isinstance(left, pd.DataFrame):
            pd.testing.assert_frame_equal(left, right, check_exact=True)
        else:
            assert left == right, field.name


# the embedded region

def test_the_zone_has_the_parlour_ten_towns_and_twenty_two_competitors(zone):
    assert len(zone.sites) == 33
    assert zone.sites["is_town"].sum() == 10
    assert not zone.sites.loc["origin", "is_town"]


def test_rings_follow_membership_as_well_as_distance(zone):
    ring = zone.sites["ring"]
    assert set(ring.index[ring == "core"]) == {"origin", "xicen", "xiangfudang", "fenhu"}
    assert set(ring.index[ring != "radiation"]) == set(zone.sites.index[zone.sites["in_zone"]])
    assert zone.sites.loc["hq_qingpu", "distance_km"] > 40 and ring["hq_qingpu"] == "linkage"


def test_sites_are_sorted_by_id_and_remember_their_row(zone):
    assert list(zone.sites.index) == sorted(zone.sites.index)
    assert zone.sites["order"].idxmin() == "origin"
    assert sorted(zone.sites["order"]) == list(range(33))


def test_the_zones_own_headquarters_are_the_studys_and_an_assumption_for_jiashan(zone):
    stock = zone.stock
    assert list(stock.loc[["qingpu", "wujiang", "jiashan"], "headquarters"]) == [31, 27, 12]
    assert list(stock.loc[["qingpu", "wujiang", "jiashan"], "evidence"]) == ["data", "data", "assumption"]


def test_validation_series_are_not_in_the_stock_that_is_solved(zone):
    of_use = zone.validation.groupby("use")["value"].agg(set)
    assert of_use["check"] == {831, 848, 891, 940, 1833, 2411}
    assert of_use["calibration"] == {31, 27, 384, 136, 106, 100}
    assert not of_use["check"] & set(zone.stock["headquarters"])
    assert of_use["calibration"] <= set(zone.stock["headquarters"])


@pytest.mark.parametrize("table", ["sites", "stations", "links", "statuses", "stock", "lines", "instruments",
                                   "validation", "specialisations", "headquarters_types"])
def test_every_row_says_its_source_and_confidence(zone, table):
    frame = getattr(zone, table)
    assert (frame["source"] != "").all() and (frame["confidence"] != "").all()


def test_what_is_from_memory_is_nowhere_called_data(zone):
    for frame in (zone.stock, zone.statuses, zone.specialisations, zone.headquarters_types):
        assert not ((frame["evidence"] == "data") & frame["confidence"].str.contains("memory")).any()


def test_lines_that_opened_since_the_study_have_their_real_dates(zone):
    opened = zone.links.groupby("line_en")["opened"].max()
    assert opened["Shanghai Metro Line 17"] == pd.Timestamp("2024-11-30")
    assert opened["Shanghai-Suzhou-Huzhou HSR"] == pd.Timestamp("2024-12-26")
    assert opened["Airport Link Line"] == pd.Timestamp("2024-12-27")


def test_the_map_carries_its_credit_and_its_caveat_in_both_languages(zone):
    assert any("GS(2024)0650" in line for line in zone.basemap["attributions"])
    assert any("GS(2024)0650" in line for line in zone.basemap["attributions_zh"])
    assert any("not settled" in line for line in zone.basemap["attributions"])


def test_every_rule_of_the_network_has_its_evidence_and_a_source(zone):
    named = {field.name for field in dataclasses.fields(Rules)} - {"provenance"}
    assert set(zone.rules.provenance) == named
    assert all(kind == "assumption" and source for kind, source in zone.rules.provenance.values())


# loading

def test_a_written_region_reads_back_equal(tmp_path):
    made = synthetic.synthetic_region(sites=20, seed=5, nests=3)
    synthetic.write(made, tmp_path / "made")
    same(region_files.load(tmp_path / "made"), made)


def test_the_embedded_region_survives_being_written(zone, tmp_path):
    synthetic.write(zone, tmp_path / "zone")
    again = region_files.load(str(tmp_path / "zone"))
    same(dataclasses.replace(again, digest=zone.digest), zone)


def test_a_region_is_read_once_as_long_as_its_files_stay(tmp_path):
    synthetic.write(synthetic.synthetic_region(5), tmp_path / "made")
    first = region_files.load(tmp_path / "made")
    assert region_files.load(tmp_path / "made") is first
    file = tmp_path / "made" / "sites.csv"
    file.write_bytes(file.read_bytes().replace(b"Site 3", b"Site three"))
    changed = region_files.load(tmp_path / "made")
    assert changed.digest != first.digest and "Site three" in set(changed.sites["name_en"])


def test_the_same_seed_makes_the_same_region_and_another_another():
    assert synthetic.synthetic_region(9, seed=1).digest == synthetic.synthetic_region(9, seed=1).digest
    assert synthetic.synthetic_region(9, seed=1).digest != synthetic.synthetic_region(9, seed=2).digest


@pytest.mark.parametrize("sites, nests", [(1, 1), (2, 2), (30, 4), (1000, 5)])
def test_synthetic_regions_of_any_size_fill_every_nest(sites, nests):
    made = synthetic.synthetic_region(sites=sites, nests=nests, seed=3)
    assert len(made.sites) == sites and made.sites["nest"].nunique() == nests


def test_the_digest_changes_with_any_byte(zone, zone_files):
    assert region_files.digest(zone_files) == zone.digest
    touched = {**zone_files, "sites.csv": zone_files["sites.csv"] + b"\n"}
    assert region_files.digest(touched) != zone.digest


OPTIONAL = ["lines.csv", "statuses.csv", "proximity.csv", "validation.csv", "instruments.csv", "specialisations.csv",
            "headquarters_types.csv",
            "basemap/districts.geojson", "basemap/lakes.geojson"]



def test_tables_are_marked_as_utf8_and_the_mark_changes_nothing(zone, zone_files):
    """Who opens a copy of them in a spreadsheet in China sees names and not garbage."""
    tables = {name: data for name, data in zone_files.items() if name.endswith(".csv")}
    assert tables and all(data.startswith(b"\xef\xbb\xbf") for data in tables.values())
    plain = {name: data.removeprefix(b"\xef\xbb\xbf") for name, data in zone_files.items()}
    bare = region_files.from_files(plain, "mine")
    assert bare.digest == zone.digest
    assert bare.sites.equals(zone.sites)


def test_optional_files_may_be_absent(zone_files):
    bare = region_files.from_files({name: data for name, data in zone_files.items() if name not in OPTIONAL})
    assert (bare.proximity.to_numpy() == 0).all()
    assert bare.statuses.empty and bare.basemap["districts"] is None


def test_a_region_lies_in_any_country_and_has_rules_by_default(zone):
    made = synthetic.synthetic_region(5, seed=0)
    assert dataclasses.replace(made.rules, provenance={}) == dataclasses.replace(zone.rules, provenance={})


@pytest.mark.parametrize("name", ["yrd-zon", "", "/nowhere/at/all", "..", "a\0b"])
def test_an_unknown_region_is_an_input_error(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError):
        region_files.load(name)


def test_a_misspelt_region_is_answered_with_the_near_miss():
    with pytest.raises(InputError, match="did you mean 'yrd-zone'"):
        region_files.load("yrd-zon")


def test_the_travel_times_check_and_the_notices_are_shipped():
    folder = region_files._find("yrd-zone")[0]
    for name in ("SOURCES.md", "travel_times_check.csv", "basemap/NOTICE.md", "basemap/LGPL-3.txt"):
        assert region_files._child(folder, name).is_file()
    assert json.loads(region_files._child(folder, "basemap/lakes.geojson").read_text())["features"]


@pytest.mark.parametrize("counts", [dict(sites=2, nests=3), dict(nests=0), dict(industries=0), dict(hubs=7),
                                    dict(stations=2)])
def test_a_synthetic_region_of_counts_that_cannot_be_is_refused(counts):
    with pytest.raises(ValueError, match="needs 1 <= nests <= sites"):
        synthetic.synthetic_region(**counts)


def test_a_place_without_a_chinese_name_goes_by_its_short_english_one():
    sites = region_files.load("us-metros").sites
    assert sites.loc["boston", ["short_en", "short_zh", "name_zh"]].tolist() == [
        "Boston", "Boston", "Boston-Cambridge-Newton, MA-NH"]
    assert region_files.load("yrd-zone").sites.loc["xicen", "short_zh"] == "西岑"

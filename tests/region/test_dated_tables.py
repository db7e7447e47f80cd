"""Regions without rings or a network, with stocks and tax rates by date; and a region from a table of places."""

import dataclasses
import datetime

import numpy as np
import pytest

from sim.base.calendar import Calendar
from sim.base.errors import InputError
from sim.model import assemble
from sim.model.choice_tables import choice_tables, levers_at
from sim.model.ensemble import members_of
from sim.model.initialise import prepare
from sim.region import from_places, synthetic
from sim.region import load as region_files
from sim.region.opening_stock import dated_stock, group_counts
from sim.scenario.load import load
from tests.region.test_region import same
from tests.samples import runs

PLACES = b"id,name_en,lon,lat,headquarters\na,Alpha,10.0,50.0,20\nb,Beta,10.5,50.2,30\n"


@pytest.fixture(scope="module")
def world(metros):
    scenario = load(str(runs.ROOT / "scenarios/regions/us-metros.toml"), ["time.end=2013-12-31"])
    return assemble.build(metros, members_of(scenario, [0]))


def test_the_stock_of_a_start_is_that_of_the_year_before(metros):
    row = metros.stocks[(metros.stocks["site"] == "houston") & (metros.stocks["industry"] == "energy")].iloc[0]
    place = metros.sites.index.get_loc("houston"), metros.industries.index.get_loc("energy")
    for start, number in ((datetime.date(2005, 1, 1), 0), (datetime.date(2013, 1, 1), 8),
                          (datetime.date(1990, 1, 1), 0), (datetime.date(2030, 7, 1), 14)):
        assert dated_stock(metros, start)[place] == row["headquarters"][number]


def test_a_group_has_the_dated_stock_of_its_site_unless_the_scenario_says_otherwise(metros):
    start = datetime.date(2010, 1, 1)
    counts = group_counts(metros, {"boston": 7.0}, start)
    by_site = dated_stock(metros, start).sum(axis=1)
    expected = [7.0 if group == "boston" else by_site[metros.sites.index.get_loc(group)]
                for group in metros.stock.index]
    np.testing.assert_array_equal(counts, expected)


def test_the_opening_has_the_sectors_that_were_counted_at_every_site(metros, world):
    _fixed, economy, _base = prepare(world)
    state, stock = economy.state, dated_stock(metros, datetime.date(2013, 1, 1))
    houston, energy = metros.sites.index.get_loc("houston"), metros.industries.index.get_loc("energy")
    there = (state.site == houston) & (state.industry == energy)
    assert stock[houston, energy] <= there.sum() <= stock[houston, energy] + stock[houston, -1]


def test_recorded_profit_taxs_act_from_their_day_on_and_only_their_change_does(metros, world):
    rows = metros.levels[metros.levels["place"] == "il"].set_index("start")["value"]
    raised = rows["2011-01-01"] - rows[:"2010-12-31"].iloc[-1]                   # Illinois raised its rate in 2011
    assert raised > 0
    scenario = load(str(runs.ROOT / "scenarios/regions/us-metros.toml"),
                    ["time.start=2010-01-01", "time.end=2012-12-31", "population.candidates=5700"])
    early = assemble.build(metros, members_of(scenario, [0]))
    chicago, calendar = metros.sites.index.get_loc("chicago"), Calendar.between(*_span(scenario))
    change = calendar.index(datetime.date(2011, 1, 1))
    relief = early.tax_relief[:, chicago]
    assert np.flatnonzero(np.diff(relief)).tolist() == [change]
    assert relief[change] - relief[change + 1] == pytest.approx(raised)
    tables = [choice_tables(early, levers_at(early, q, np.zeros((1, 60)), np.ones((1, 60))), q) for q in (0, 8)]
    worth = [table.personal.sum(axis=1)[0, 0, :table.site.size] + table.site[0] for table in tables]
    assert worth[1][chicago] < worth[0][chicago]


def _span(scenario):
    return scenario.values.time.start, scenario.values.time.end


def test_without_hubs_all_sites_are_equally_accessible(world):
    assert (world.log_access == 0.0).all()


def test_without_rings_everything_in_the_zone_is_alike(metros):
    assert set(metros.sites["ring"]) == {"linkage"}


def test_such_a_region_reads_back_as_it_was_written(metros, tmp_path):
    synthetic.write(metros, tmp_path / "copy")
    copy = region_files.load(tmp_path / "copy")
    same(copy, dataclasses.replace(metros, digest=copy.digest))


@pytest.mark.parametrize(("file", "old", "new", "wrong"), [
    ("stocks.csv", b"atlanta,life", b"atlanta,live", "the id 'live' is unknown"),
    ("stocks.csv", b"atlanta,life,2004-12-31,", b"atlanta,life,2004-12-31,1;", "the number of entries is 16"),
    ("stocks.csv", b"atlanta,life", b"atlanta,energy", "the site and industry are there already"),
    ("levels.csv", b"\nal,", b"\nalabama,", "the id 'alabama' is unknown"),
    ("levels.csv", b"profit_tax", b"profit_taxs", "profit_tax")])
def test_a_fault_of_a_dated_table_is_told(file, old, new, wrong):
    files = region_files._read(region_files._find("us-metros")[0], "m")[0]
    with pytest.raises(InputError) as error:
        region_files.from_files({**files, file: files[file].replace(old, new, 1)}, "m")
    assert any(wrong in str(each.wrong) and file in each.where for each in error.value.problems), error.value


def test_a_table_of_places_makes_a_region_that_is_good_and_neutral():
    region, files = from_places.region_of(PLACES, "places.csv", "mine")
    assert region.stock["headquarters"].tolist() == [20, 30] and len(region.nests) == len(region.industries) == 1
    assert set(files) == {"region.toml", "sites.csv", "jurisdictions.csv", "nests.csv", "industries.csv", "stock.csv"}
    world = assemble.build(region, members_of(load(str(runs.ROOT / "scenarios/regions/us-metros.toml"),
                                                   ["population.candidates=300"]), [0]))
    assert world.sites == 2


def test_a_fault_of_a_table_of_places_is_told_by_row():
    with pytest.raises(InputError, match=r"places.csv row 3: lat"):
        from_places.region_of(PLACES.replace(b"50.2", b"95"), "places.csv", "mine")

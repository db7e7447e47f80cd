"""The traps of the panel of listed firms: what the tables of us-metros do with each, on made panels and as shipped."""

import pathlib

import numpy as np
import pandas as pd
import pytest

from tests.samples import scripts

ROOT = pathlib.Path(__file__).parents[2]
SHIPPED = ROOT / "sim" / "data" / "regions" / "us_metros"
metros = scripts.script("docs/us_metros.py")


def panel(*firms):
    """Rows of firms (cik, first year, places year after year, SIC, ZIP code)."""
    rows = [(cik, first + k, place, sic, code, metros.sector(sic)) for cik, first, places, sic, code in firms
            for k, place in enumerate(places)]
    return pd.DataFrame(rows, columns=["cik", "year", "metro", "sic", "zip5", "sector"]).sort_values(["cik", "year"])


def events(rows):
    """[(year, from, to)] of moves, and the rows of all events."""
    found = metros.events(metros.confirmed(rows))
    moves = found[found["origin"] > 0]
    return sorted(zip(moves["year"], moves["origin"], moves["at"], strict=True)), found


def shipped(name):
    return pd.read_csv(SHIPPED / name, encoding="utf-8-sig", keep_default_na=False)


def test_an_address_that_flips_back_is_no_move_and_one_that_stays_is_dated_at_its_second_year():
    moves, _ = events(panel((1, 2004, [10, 10, 20, 10, 10], 7372, "1"), (2, 2004, [10, 10, 20, 20, 20], 7372, "1")))
    assert moves == [(2007, 10, 20)]


def test_no_event_reads_a_later_year():
    draw = np.random.default_rng(1)
    rows = panel(*((cik, 2004, draw.choice([10, 20, 30], 12).tolist(), 7372, "1") for cik in range(40)))
    for last in (2008, 2011):
        early, _ = events(rows[rows["year"] <= last])
        assert early == [each for each in events(rows)[0] if each[0] <= last]


def test_an_arrival_after_an_exit_of_its_kind_at_its_address_is_a_reregistration():
    """Of the same SIC in the same ZIP code within two years; not of another kind, place, or after three years."""
    gone = [(1, 2004, [10, 10, 10], 7372, "A"), (6, 2004, [10, 10, 10], 7372, "C")]         # until 2006
    came = [(2, 2007, [10], 7372, "A"), (3, 2007, [10], 2834, "A"), (4, 2007, [10], 7372, "B"),
            (5, 2009, [10], 7372, "C")]
    _, found = events(panel(*gone, *came))
    assert dict(zip(found["cik"], found["again"], strict=True)) == {2: True, 3: False, 4: False, 5: False}


def test_first_filings_count_from_2006_on():
    _, found = events(panel((1, 2005, [10, 10], 7372, "A"), (2, 2006, [10, 10], 7372, "B")))
    assert found["cik"].tolist() == [2]


@pytest.mark.parametrize("sic", [0.0, float("nan")])
def test_an_unknown_sic_is_no_sector(sic):
    assert metros.sector(sic) == ""


@pytest.fixture
def raw(tmp_path):
    """A folder with a panel of 61 areas, the last of which is large after 2012 alone."""
    def write(extra=()):
        rows = [(1000 * area + k, year, area, 7372, 1) for area in range(1, 62) for k in range(3 if area < 61 else 1)
                for year in (2011, 2012)]
        rows += [(10 ** 6 + k, year, 61, 7372, 1) for k in range(500) for year in (2013, 2014)]
        table = pd.DataFrame([*rows, *extra], columns=["cik", "year", "cbsa", "sic", "operating"])
        table.assign(zip5="1", lon=0.0, lat=0.0).to_csv(tmp_path / "hq_panel_2004_2018.csv.gz", index=False)
        return tmp_path
    return write


def test_the_choice_of_places_does_not_look_ahead(raw):
    assert set(metros.panel(raw())["metro"]) - {0} == set(range(1, 61))


def test_shells_trusts_and_firms_that_are_not_listed_are_left_out(raw):
    extra = [(7, 2012, 1, 6189, 1), (8, 2012, 1, 6770, 1), (9, 2012, 1, 7372, 0), (10, 2019, 1, 7372, 1)]
    assert not {7, 8, 9, 10} & set(metros.panel(raw(extra))["cik"])


def test_a_longer_panel_is_read_to_the_year_that_is_asked_for(raw):
    extra = [(1000 + k, year, 1, 7372, 1) for k in range(3) for year in (2018, 2019, 2020)]
    folder = raw(extra)
    (folder / "hq_panel_2004_2018.csv.gz").rename(folder / "hq_panel_2004_2022.csv.gz")
    assert metros.panel(folder)["year"].max() == 2018 and metros.panel(folder, 2020)["year"].max() == 2020


def test_shipped_choices_have_sectors_to_2013_and_no_year_after_2018():
    found = shipped("choices.csv")
    assert found["year"].between(2005, 2018).all() and (found["from"] != found["to"]).all()
    assert not found.loc[found["year"] > metros.SECTORS_TO, "industry"].any()
    assert found.loc[found["year"] <= metros.SECTORS_TO, "industry"].ne("").mean() > 0.5


def test_shipped_reregistrations_are_seven_percent_to_nine_percent_of_the_arrivals_with_a_sector():
    found = shipped("choices.csv")
    known = found[(found["from"] == "") & (found["industry"] != "")]
    again = known.loc[known["kind"] == "re-registration", "count"].sum() / known["count"].sum()
    assert 0.06 < again < 0.1


def test_shipped_series_are_the_sums_of_shipped_stocks_and_choices():
    counted, stocks, chosen = shipped("series.csv"), shipped("stocks.csv"), shipped("choices.csv")
    firms = counted[counted["series"] == "firms"].pivot(index="area", columns="date", values="value")
    lists = stocks["headquarters"].str.split(";", expand=True).astype(int).groupby(stocks["site"]).sum()
    assert (firms.to_numpy() == lists.loc[firms.index].to_numpy()).all()
    come = chosen[chosen["from"] == ""].groupby(["to", "year"])["count"].sum()
    said = counted[counted["series"] == "arrivals"].set_index(["area", "date"])["value"]
    assert (said == come.reindex(said.index, fill_value=0)).all() and said.sum() == come.sum()


def test_shipped_moves_and_arrivals_are_as_many_as_the_page_says():
    found = shipped("choices.csv")
    counts = found["count"].groupby(found["from"] != "").sum()
    assert counts.to_dict() == {True: 1730, False: 4378}

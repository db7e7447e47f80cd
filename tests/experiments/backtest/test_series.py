"""A file of series: what is read, what is left out by name, and what is an error."""

import datetime
import gzip

import numpy as np
import pytest

from sim.base import package_data
from sim.base.errors import InputError
from sim.experiments.backtest import later_stocks, series
from sim.region.opening_stock import dated_stock

HEAD = "series,area,date,value,what_it_counts,measure\n"


def read(zone, *rows, head=HEAD):
    return series.of_bytes((head + "\n".join(rows) + "\n").encode(), "mine.csv", zone)


def test_a_cumulative_count_is_scored_by_its_increments(zone):
    measure = "regional_headquarters_recognised"
    found, left = read(zone, f"a,Shanghai,2021,831,cumulative recognitions,{measure}",
                       f"a,Shanghai,2022-06,848,cumulative recognitions,{measure}")
    assert not left
    point, = found[0].points
    assert point == (datetime.date(2021, 12, 31), datetime.date(2022, 6, 30), 17.0)
    there = zone.sites["jurisdiction"].isin(["qingpu", "rest-shanghai"]).to_numpy()
    assert (found[0].where.sites == there).all()


def test_arrivals_count_from_the_row_before_and_from_the_day_that_is_said(zone):
    found, _left = read(zone, "a,wujiang,2020,3,arrivals,,2019", "a,wujiang,2021,5,arrivals,,",
                        head="series,area,date,value,what_it_counts,industry,since\n")
    assert [(point.since.year, point.date.year, point.value) for point in found[0].points] == [
        (2019, 2020, 3.0), (2020, 2021, 5.0)]
    assert found[0].measure.name == "headquarters_entries"


@pytest.mark.parametrize(("word", "measure", "why"), [
    ("stock", "entries", "it is stock, and the measure entries counts arrivals"),
    ("stock", "", "no measure of the model counts it")])
def test_what_no_measure_counts_is_left_out_by_name(zone, word, measure, why):
    found, left = read(zone, f"a,wujiang,2020,3,{word},{measure}", f"a,wujiang,2021,3,{word},{measure}",
                       "b,wujiang,2020,3,stock,headquarters")
    assert [each.name for each in found] == ["b"]
    assert [(each.series, str(each.why)) for each in left] == [("a", why)]


def test_rows_of_another_definition_are_left_out_and_the_series_stays(zone):
    rows = [f"a,wujiang,{year},{year - 1990},stock,headquarters" for year in (2019, 2020)]
    found, left = read(zone, *rows, "a,wujiang,2021,99,all levels: another definition,headquarters")
    assert len(found[0].points) == 2
    assert left[0].series == "a" and "another definition" in left[0].why


@pytest.mark.parametrize(("row", "column", "wrong"), [
    ("a,wujang,2020,3,stock,headquarters", "area", "the area 'wujang' is unknown"),
    ("a,wujiang,20x0,3,stock,headquarters", "date", "'20x0' is not a date"),
    ("a,wujiang,2020,-3,stock,headquarters", "value", "'-3' is out of range"),
    ("a,wujiang,2020,3,stock,headquartres", "measure", "'headquartres' is unknown")])
def test_a_fault_is_told_with_its_row(zone, row, column, wrong):
    with pytest.raises(InputError) as error:
        read(zone, row)
    problem, = error.value.problems
    assert (problem.where, problem.key, str(problem.wrong)) == ("mine.csv row 2", column, wrong)


def test_a_file_that_is_not_there_is_one_sentence(zone):
    with pytest.raises(InputError, match="file not found"):
        series.read("nowhere.csv", zone)


@pytest.mark.parametrize(("values", "word", "why"), [
    ((3, 5, 4), "cumulative", "it falls, which a cumulative count cannot"),
    ((3e6, 4e6, 5e6), "stock", "above 100,000")])
def test_numbers_that_no_law_can_be_of_are_left_out_by_name(zone, values, word, why):
    rows = [f"a,wujiang,{2019 + k},{value:.0f},{word}" for k, value in enumerate(values)]
    found, left = read(zone, *rows, head="series,area,date,value,what_it_counts\n")
    assert not found and why in left[0].why


def test_what_is_counted_may_be_said_in_chinese(zone):
    rows = [f"a,wujiang,{year},{year - 1990},存量" for year in (2019, 2020)]
    found, left = read(zone, *rows, head="series,area,date,value,what_it_counts\n")
    assert found[0].counts == "stock" and not left


CHINESE = ("系列,地区,日期,数值,统计口径,指标,备注\n"
           '认定,上海市,2021年12月,"1,831",累计认定数,累计认定的区域型总部数,甲\n'
           "认定,上海,2020/12/31,771,累计认定数,累计认定的区域型总部数,乙\n"
           "认定,上海市,2022Q2,1848,累计认定数,累计认定的区域型总部数,丙\n")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_file_is_read_as_people_save_it(zone, encoding, separator):
    """Chinese headers, names with their rank or without, days in any form, thousands apart, rows in any order."""
    text = CHINESE.replace('"1,831"', "@").replace(",", separator).replace("@", '"1,831"')
    found, left = series.of_bytes(text.encode(encoding), "mine.csv", zone)
    assert not left
    own, = found
    assert own.levels == ((datetime.date(2020, 12, 31), 771.0), (datetime.date(2021, 12, 31), 1831.0),
                          (datetime.date(2022, 6, 30), 1848.0))
    assert own.measure.name == "regional_headquarters_recognised"


def test_a_workbook_is_read(zone, tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    pytest.importorskip("python_calamine")
    book = openpyxl.Workbook()
    for row in (["series", "area", "date", "value", "what_it_counts"],
                ["a", "嘉善", datetime.date(2021, 12, 31), 30, "存量"], ["a", "嘉善", 2022, 33, "存量"]):
        book.active.append(row)
    book.save(tmp_path / "mine.xlsx")
    found, left = series.read(tmp_path / "mine.xlsx", zone)
    assert [point.value for each in found for point in each.points] == [30.0, 33.0] and not left


@pytest.mark.parametrize("text", ["2021-13", "2021Q5", "2021-02-30", "Dec 2021", "21-12-31"])
def test_what_is_no_day_is_told(zone, text):
    with pytest.raises(InputError, match="is not a date"):
        read(zone, f"a,wujiang,{text},3,stock,headquarters")


def test_a_town_is_found_by_the_name_in_brackets_of_its_site(zone):
    found, _left = read(zone, "a,盛泽镇,2021,3,stock,headquarters", "a,盛泽镇,2022,3,stock,headquarters")
    assert list(zone.sites.index[found[0].where.sites]) == ["shengze"]


def test_an_unknown_area_is_told_once(zone):
    with pytest.raises(InputError) as told:
        read(zone, *(f"a,Atlantis,{year},3,stock,headquarters" for year in range(2015, 2022)))
    assert len(told.value.problems) == 1


def test_periods_that_overlap_are_left_out_by_name(zone):
    found, left = read(zone, *(f"a,wujiang,{year},3,arrivals,2017" for year in (2018, 2019, 2020)),
                       head="series,area,date,value,what_it_counts,since\n")
    assert not found and "overlap" in left[0].why


def later(metros, leave=()):
    """Stocks of all metropolitan areas to 2021, each a firm more a year."""
    own = dated_stock(metros, datetime.date(2019, 1, 1)).sum(axis=1)
    rows = [f"firms,{site},{year},{count + ahead:.0f},stock,enterprises" for site, count in zip(metros.sites.index, own)
            for ahead, year in enumerate(range(2019, 2022), 1) if (site, year) not in leave]
    return series.of_bytes((HEAD + "\n".join(rows)).encode(), "later.csv", metros)[0]


def test_a_run_from_a_later_origin_opens_with_the_stock_of_the_users_series(metros):
    region = later_stocks.extended(metros, later(metros))
    before, after = (dated_stock(region, datetime.date(year, 1, 1)).sum(axis=1) for year in (2019, 2022))
    assert (after == before + 3).all() and region.digest != metros.digest
    assert (dated_stock(region, datetime.date(2014, 1, 1)) == dated_stock(metros, datetime.date(2014, 1, 1))).all()


def test_no_stock_knows_of_a_later_observation(metros):
    """A year that is missing has the one before, and not what lies between its neighbours."""
    region = later_stocks.extended(metros, later(metros, leave={("boston", 2020)}))
    at = metros.sites.index.get_loc("boston")
    counts = [dated_stock(region, datetime.date(year, 1, 1))[at].sum() for year in (2019, 2020, 2021, 2022)]
    assert np.diff(counts).tolist() == [1.0, 0.0, 2.0]


def test_without_a_stock_of_every_site_the_regions_own_stay(metros):
    part = [each for each in later(metros) if each.area != "boston"]
    assert later_stocks.extended(metros, part) is metros


OWN = (package_data.regions()["yrd-zone"].place / "series.csv").read_bytes()
AS_KEPT = "series,area,metric,date,value,unit,what_it_counts,source,confidence\n"


def kept(zone, *rows, origin=None):
    text = AS_KEPT + "".join(f"{row}\n" for row in rows)
    return series.of_bytes(text.encode(), "later.csv", zone, OWN, origin)


def test_further_columns_are_kept_out_of_the_way(zone):
    """`source` is not taken for a misspelt `measure`, nor `state` for `date`."""
    found, left = read(zone, *(f"a,wujiang,{year},3,stock,x,y" for year in (2020, 2021)),
                       head="series,area,date,value,what_it_counts,source,size\n")
    assert len(found) == 1 and not left


def test_later_rows_of_a_series_of_the_region_have_its_measure_and_what_came_before(zone):
    found, left = kept(zone, "shanghai_rhq,Shanghai,MNC regional HQs,2024-12,1016,HQs,cumulative recognitions,x,y",
                       "shanghai_rd,Shanghai,foreign R&D centres,2023-12,561,centres,cumulative recognitions,x,y",
                       origin=datetime.date(2023, 9, 30))
    own, = found
    assert own.measure.name == "regional_headquarters_recognised" and own.earlier == 16
    assert own.points[-1] == (datetime.date(2023, 9, 30), datetime.date(2024, 12, 31), 76.0)
    assert [(each.series, str(each.why)) for each in left] == [("shanghai_rd", "no measure of the model counts it")]


def test_a_file_with_a_past_of_its_own_keeps_to_it(zone):
    rows = [f"shanghai_rhq,Shanghai,,{year},{value},,cumulative," for year, value in
            ((2019, 720), (2020, 771), (2021, 831), (2022, 891))]
    found, _left = kept(zone, *(f"{row}," for row in rows), origin=datetime.date(2021, 12, 31))
    assert found[0].earlier == 0 and len(found[0].levels) == 4


@pytest.mark.parametrize(("unit", "values"), [
    ("家", [30.0, 33.0]), ("百家", [3000.0, 3300.0]), ("thousand firms", [30000.0, 33000.0]), ("HQs", [30.0, 33.0])])
def test_a_unit_of_many_enterprises_is_counted_in_single_ones(zone, unit, values):
    found, _left = kept(zone, f"a,wujiang,,2020,30,{unit},stock,,", f"a,wujiang,,2021,33,{unit},stock,,")
    assert [point.value for point in found[0].points] == values


@pytest.mark.parametrize("unit", ["亿元", "%", "万人", "RMB million"])
def test_a_unit_that_is_no_count_is_left_out_by_name(zone, unit):
    found, left = kept(zone, *(f"a,wujiang,,{year},{year - 1990},{unit},stock,," for year in (2020, 2021)))
    assert not found and "is no number of enterprises" in left[0].why


def test_a_year_that_is_missing_does_not_make_the_next_one_longer(zone):
    found, _left = read(zone, *(f"a,wujiang,{year},3,arrivals" for year in (2018, 2019, 2021)),
                        head="series,area,date,value,what_it_counts\n")
    assert [(point.since.year, point.date.year) for point in found[0].points] == [(2017, 2018), (2018, 2019),
                                                                                 (2020, 2021)]


def test_an_area_that_the_region_lacks_is_left_out_by_name_beside_others(zone):
    rows = [f"a,{area},{year},{year - 1990},stock" for area in ("wujiang", "天津", "wujang") for year in (2020, 2021)]
    found, left = read(zone, *rows, head="series,area,date,value,what_it_counts\n")
    assert [each.area for each in found] == ["wujiang"]
    assert [str(each.why) for each in left] == [
        "the region has no area '天津'",
        "the region has no area 'wujang'; did you mean 'wujiang'?"]


def test_a_column_for_each_year_is_told_in_one_sentence(zone):
    with pytest.raises(InputError) as told:
        series.of_bytes("地区,2019年,2020年,2021年\n吴江区,3,4,5\n".encode(), "wide.csv", zone)
    problem, = told.value.problems
    assert "a column for each year (2019年, 2020年, ...)" in str(problem.wrong)


@pytest.mark.parametrize("raw", [b"\xff\xfea", b"\x1f\x8b\x08\x00garbage"])
def test_a_broken_file_is_one_sentence(zone, raw):
    with pytest.raises(InputError):
        series.of_bytes(raw, "broken", zone)


def test_a_file_may_be_compressed(zone):
    text = "series,area,date,value,what_it_counts\na,wujiang,2020,3,stock\na,wujiang,2021,4,stock\n"
    found, _left = series.of_bytes(gzip.compress(text.encode()), "mine.csv.gz", zone)
    assert len(found) == 1

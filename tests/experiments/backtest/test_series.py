"""A file of series: what is read, what is left out by name, and what is an error."""

import datetime

import pytest

from sim.base.errors import InputError
from sim.experiments.backtest import series
from sim.region import load as region_files

HEAD = "series,area,date,value,what_it_counts,measure\n"


@pytest.fixture(scope="module")
def zone():
    return region_files.load("yrd-zone")


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
    ((3, 5, 4), "cumulative", "a cumulative count never falls"), ((3e6, 4e6, 5e6), "stock", "above 100,000")])
def test_numbers_that_no_law_can_be_of_are_left_out_by_name(zone, values, word, why):
    rows = [f"a,wujiang,{2019 + k},{value:.0f},{word}" for k, value in enumerate(values)]
    found, left = read(zone, *rows, head="series,area,date,value,what_it_counts\n")
    assert not found and why in left[0].why


def test_what_is_counted_may_be_said_in_chinese(zone):
    rows = [f"a,wujiang,{year},{year - 1990},存量" for year in (2019, 2020)]
    found, left = read(zone, *rows, head="series,area,date,value,what_it_counts\n")
    assert found[0].counts == "stock" and not left

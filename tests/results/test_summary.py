"""summary.csv: its intervals are those of the members; no cell of it is a formula."""

import csv
import io

import numpy as np
import pandas as pd
import pytest

from sim.base.csv_files import read_csv
from sim.model.ensemble import members_of
from sim.model.simulate import simulate
from sim.results import from_outcomes, summary
from tests.samples import runs


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    path = runs.write_scenario(tmp_path_factory.mktemp("scenario"))
    job = runs.job(path, path.parent / "out", "time.end=2031-06-30", "run.replicates=5")
    outcome = simulate(job.region, members_of(job.scenario, job.replicates))
    return from_outcomes.dataset(job.region, job.scenario, [outcome], job.replicates)


def of_place(data, row):
    """Members' values of a summary row, found by label."""
    values = data[row.measure].sel(quarter=row.quarter)
    values = values.sum([dim for dim in ("industry", "hq_type") if dim in values.dims])
    inside = {"zone": data["in_zone"], "ring": data["ring"] == row.place, "site": data["site"] == row.place,
              "jurisdiction": data["jurisdiction"] == row.place}[row.level]
    return values.where(inside, 0).sum("site").to_numpy()


def test_every_row_holds_the_statistics_of_its_members(data):
    rows = [row for row in summary.table(data).itertuples() if row.level not in ("feedback", "land")]
    assert len({(row.measure, row.level, row.place, row.quarter) for row in rows}) == len(rows) > 100
    for row in rows:
        values = of_place(data, row)
        sd, band = np.std(values, ddof=1), np.quantile(values, [0.05, 0.95])
        found = [row.mean, row.sd, row.se, row.p05, row.p95]
        assert np.allclose(found, [values.mean(), sd, sd / np.sqrt(5), *band], rtol=1e-12)
        assert row.members == 5


def test_sites_at_capacity_are_a_share_of_those_in_the_zone(data):
    full = data["at_capacity"].isel(site=np.flatnonzero(data["in_zone"].to_numpy())).mean("site")
    for row in summary.table(data).itertuples():
        if row.level == "land":
            values = full.sel(quarter=row.quarter).to_numpy()
            assert np.isclose(row.mean, values.mean()) and row.place == "zone"


def test_the_table_has_every_place_at_the_opening_every_five_years_and_at_the_end(data):
    table = summary.table(data)
    assert list(dict.fromkeys(table["quarter"])) == ["2020-Q4", "2025-Q4", "2030-Q4", "2031-Q2"]
    sums = {level: part.groupby(["measure", "quarter"])["mean"].sum()
            for level, part in table.groupby("level")}
    for level in ("ring", "jurisdiction", "site"):
        assert set(table["place"][table["level"] == level]) == set(data[level].to_numpy())
        assert np.allclose(sums[level], sums["site"])
    assert (sums["zone"] <= sums["site"]).all()


def test_one_member_has_no_deviation(data):
    table = summary.table(data.isel(member=[0]))
    assert table["sd"].isna().all()
    assert (table["p05"] == table["p95"]).all()


@pytest.mark.parametrize(("name", "cell"), [
    ("=1+1", "'=1+1"), ("+1", "'+1"), ("-2+3", "'-2+3"), ("@SUM(A1)", "'@SUM(A1)"), ("\t=1", "'=1"),
    ("\r=1", "'=1"), ("a\n=1", "a =1"), ('a",=1', 'a",=1'), ("上海", "上海")])
def test_a_name_that_looks_like_a_formula_is_inert_and_numbers_stay_numbers(data, name, cell):
    names = np.where(data["site"] == "site-4", name, data["name_zh"])
    table = summary.table(data.assign_coords(name_zh=("site", names)))
    text = summary.csv_of(table).decode("utf-8-sig")
    assert len(text.splitlines()) == len(table) + 1
    rows = [row for row in csv.DictReader(io.StringIO(text)) if row["place"] == "site-4"]
    assert {row["place_zh"] for row in rows} == {cell}
    assert pd.read_csv(io.StringIO(text))["mean"].dtype.kind == "f"


def test_a_number_of_numpy_is_written_as_a_number_also_among_dates():
    table = pd.DataFrame({"low": np.array([np.float64(0.25), "2024-01-01"], dtype=object)})
    assert summary.csv_of(table).decode("utf-8-sig") == "low\n0.25\n2024-01-01\n"


def test_negative_numbers_and_quotes_survive():
    table = pd.DataFrame([[-1.5, 'say "hello", ok', "零"]], columns=["a", "b", "c"])
    assert list(csv.reader(io.StringIO(summary.csv_of(table).decode("utf-8-sig")))) == [
        ["a", "b", "c"], ["-1.5", 'say "hello", ok', "零"]]


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_our_readers_take_tables_with_the_mark_of_utf8_and_without(tmp_path, mark):
    raw = summary.csv_of(pd.DataFrame([["NA", "零", 1.5]], columns=["place", "place_zh", "mean"]))
    path = tmp_path / "table.csv"
    path.write_bytes(mark + raw.removeprefix(b"\xef\xbb\xbf"))
    assert read_csv(path).to_dict("list") == {"place": ["NA"], "place_zh": ["零"], "mean": [1.5]}

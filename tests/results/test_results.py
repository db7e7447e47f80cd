"""Results: what is in results.nc, that it adds up, and that others can read it."""

import csv
import json
import shutil
import subprocess
import sys
import tracemalloc

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from sim.base import files, stored
from sim.kernels import arrays
from sim.model import assemble, initialise
from sim.model.ensemble import members_of
from sim.model.recorder import Recorder
from sim.model.simulate import Outcome, simulate
from sim.model.step import step
from sim.report import run_page
from sim.results import dataset, from_outcomes
from sim.results.run_folder import load
from sim.runs import parts
from tests.samples import runs


@pytest.fixture(scope="module")
def job(tmp_path_factory):
    path = runs.write_scenario(tmp_path_factory.mktemp("scenario"))
    made = runs.job(path, path.parent / "out", "entry.rate=0.2", jobs=2, chunk=3)
    runs.finish(made)
    return made


@pytest.fixture(scope="module")
def data(job):
    return load(job.folder)


# -- readable without us ----------------------------------------------------------------------------

def test_xarray_and_pandas_read_the_results_without_us(job, data):
    code = ("import sys, pandas, xarray\n"
            "data = xarray.open_dataset('results.nc', engine='h5netcdf')\n"
            "print(int(data.headquarters.sum()), *dict(data.sizes).values())\n"
            "for name in ('summary.csv', 'assumed.csv'): print(*pandas.read_csv(name).shape)\n"
            "assert not [name for name in sys.modules if name.split('.')[0] == 'sim']")
    said = subprocess.run([sys.executable, "-I", "-c", code], cwd=job.folder, capture_output=True, text=True,
                          timeout=120)
    assert said.returncode == 0, said.stderr
    first, *tables = said.stdout.splitlines()
    assert list(map(int, first.split())) == [int(data["headquarters"].sum()), *dict(data.sizes).values()]
    assert all(int(rows) > 0 for rows, _ in map(str.split, tables))


def test_every_variable_says_what_it_is_in_both_languages_and_in_which_unit(data):
    for name, variable in data.variables.items():
        for key in ("long_name", "long_name_zh"):
            assert variable.attrs[key].strip(), (name, key)
    assert all(variable.attrs["units"] for variable in data.data_vars.values())
    assert (data["lon"].attrs["units"], data["lat"].attrs["units"]) == ("degrees_east", "degrees_north")


def test_labels_are_the_regions_and_the_calendars(job, data):
    region = job.region
    assert list(data["site"].to_numpy()) == list(region.sites.index) == sorted(region.sites.index)
    assert list(data["destination"].to_numpy()) == [*region.sites.index, "outside"]
    assert list(data["industry"].to_numpy()) == list(region.industries.index)
    assert list(data["member"].to_numpy()) == list(range(7))
    assert list(data["quarter"].to_numpy())[::4] == ["2020-Q4", "2021-Q4", "2022-Q4"]
    assert list(data["date"].to_numpy()[:2]) == list(np.array(["2020-12-31", "2021-03-31"], "datetime64[ns]"))
    names = region.jurisdictions["name_zh"]
    assert list(data["jurisdiction_zh"].to_numpy()) == list(names[region.sites["jurisdiction"]])


def test_attributes_hold_what_figures_need(data):
    assert (data.attrs["title"], data.attrs["title_zh"], data.attrs["scenario"]) == ("Small", "小型", "small")
    assert {"origin", "lines", "core_km", "linkage_km"} <= set(json.loads(data.attrs["basemap"]))
    assert [tuple(event.values()) for event in json.loads(data.attrs["events"])] == [
        ("2021-01-01", "status starts", "status开始"), ("2021-07-01", "tax starts", "tax开始"),
        ("2022-01-01", "status ends", "status结束")]


# -- accounts ---------------------------------------------------------------------------------------

def test_the_story_has_every_kind_of_event(data):
    for name in ("entries", "exits", "declined"):
        assert data[name].sum() > 20
    assert data["flows"].sel(destination=data["origin"].to_numpy()).sum() > 20
    assert data["flows"].sel(destination="outside").sum() > 0


def test_stocks_follow_from_flows_at_every_site_in_every_industry_and_quarter(data):
    stock = data["enterprises"].sum("hq_type").transpose("member", "quarter", "site", "industry").to_numpy()
    gain = (data["entries"] - data["exits"]).sum("hq_type").transpose("member", "quarter", "site", "industry")
    sites = data["site"].to_numpy()
    leave = data["flows"].sum("destination").transpose("member", "quarter", "origin", "industry").to_numpy()
    come = data["flows"].sel(destination=sites).sum("origin")
    come = come.transpose("member", "quarter", "destination", "industry").to_numpy()
    assert (np.diff(stock.astype(int), axis=1) == (gain.to_numpy() + come - leave)[:, 1:]).all()


def test_nobody_moves_to_where_it_is_and_nothing_happens_before_the_start(data):
    moves = data["flows"].to_numpy()
    assert not np.diagonal(moves[..., :-1], axis1=3, axis2=4).any()
    for name in ("entries", "exits", "spinoffs", "flows", "declined"):
        assert not data[name].isel(quarter=0).any()


def test_parts_are_no_larger_than_the_whole(data):
    assert (data["spinoffs"] <= data["entries"]).all()
    assert (data["headquarters"] <= data["enterprises"]).all()
    for name in ("enterprises", "headquarters", "entries", "exits", "spinoffs", "flows", "declined"):
        assert data[name].dtype.kind == "i"
        assert int(data[name].min()) == 0


def test_the_base_year_has_the_headquarters_of_the_stock(job, data):
    opening = data["headquarters"].isel(quarter=0).sum(("industry", "hq_type"))
    for group in job.region.stock.itertuples():
        assert (opening.sel(site=list(group.sites)).sum("site") == group.headquarters).all()
    assert np.allclose(data["allocated_share"].sum("site"), 1)


def test_rents_and_floor_start_at_one_and_stay_above_zero(data):
    for name in ("rent", "floor"):
        assert (data[name].isel(quarter=0) == 1).all()
        assert (data[name] > 0).all()
    assert float(data["rent"].std()) > 0
    assert (data["employment"].where(data["enterprises"].sum(("industry", "hq_type")) > 0, 1) > 0).all()


def test_accessibility_rises_when_lines_open_and_never_falls():
    """On the real region: Shanghai-Suzhou-Huzhou at the end of 2024, three lines at the start of 2028."""
    job = runs.job(runs.ROOT / "scenarios/baseline.toml", "unused", "population.candidates=1500",
                   "time.start=2024-01-01", "time.end=2028-06-30")
    outcome = simulate(job.region, members_of(job.scenario, [0]))
    data = from_outcomes.dataset(job.region, job.scenario, [outcome], [0])
    change = data["access"].isel(member=0).diff("quarter")
    assert list(change["quarter"].to_numpy()[(change != 0).any("site").to_numpy()]) == ["2024-Q4", "2028-Q1"]
    assert (change >= 0).all()
    assert float(change.sel(quarter="2028-Q1", site="xicen")) > 0.1


# -- storage ----------------------------------------------------------------------------------------

def test_what_is_saved_is_what_is_loaded(data, tmp_path):
    (tmp_path / "again.nc").write_bytes(dataset.netcdf_of(data))
    xr.testing.assert_identical(dataset.load(tmp_path / "again.nc"), data)


def test_counts_that_outgrow_16_bits_are_kept_in_32(job):
    world = assemble.build(job.region, members_of(job.scenario, [0]))
    fixed, economy, _ = initialise.prepare(world)
    recorder = Recorder(world)
    _, info = step(world, fixed, economy, 0)
    flows = info.events.flows.copy()
    flows[0, 0, 1, 2] = 2**15
    small = recorder.arrays["flows"].dtype
    recorder.quarter(0, info)
    recorder.quarter(1, info._replace(events=arrays.Events(**{**info.events._asdict(), "flows": flows})))
    assert (small, recorder.arrays["flows"].dtype) == (np.int16, np.int32)
    assert recorder.arrays["flows"][0, 2, 0, 1, 2] == 2**15
    assert (recorder.arrays["flows"][:, 1] == info.events.flows).all()


def test_wide_and_narrow_chunks_join_without_loss(job):
    outcomes = [simulate(job.region, members_of(job.scenario, [member])) for member in (0, 1)]
    wide = {**outcomes[1].arrays, "exits": outcomes[1].arrays["exits"].astype(np.int32) + 2**16}
    chunks = iter([outcomes[0], outcomes[1]._replace(arrays=wide)])
    found = from_outcomes.dataset(job.region, job.scenario, chunks, range(2))["exits"]
    assert found.dtype == np.int32
    assert (found[0] == outcomes[0].arrays["exits"][0]).all()
    assert (found[1] == wide["exits"][0]).all()


# -- in how much memory -----------------------------------------------------------------------------

def peak(work):
    """(what some work gives, the most bytes that it had taken at once)."""
    tracemalloc.start()
    try:
        return work(), tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.fixture(scope="module")
def many(job, tmp_path_factory):
    """A run's dataset of 1,600 members from stored parts of its own."""
    folder, at_once = tmp_path_factory.mktemp("many"), 100
    outcome = simulate(job.region, members_of(job.scenario, [0]))
    repeated = Outcome(*({name: np.repeat(array, at_once, axis=0) for name, array in field.items()}
                         if isinstance(field, dict) else np.repeat(field, at_once, axis=0) for field in outcome))
    for first in range(0, 1600, at_once):
        parts.save(folder, list(range(first, first + at_once)), repeated)
    outcomes = (parts.opened(path, Outcome)[1] for path in parts.paths(folder))
    return from_outcomes.dataset(job.region, job.scenario, outcomes, range(1600))


@pytest.mark.slow
def test_results_are_put_together_one_variable_at_a_time(many):
    content, taken = peak(lambda: dataset.netcdf_of(many))
    assert many.nbytes > 5e7
    assert taken < many.nbytes / 3 + 2 * len(content)


@pytest.mark.slow
def test_a_page_reads_what_it_shows_and_no_more(job, many, tmp_path):
    folder = shutil.copytree(job.folder, tmp_path / "out")
    files.write_bytes(folder / "results.nc", dataset.netcdf_of(many))
    manifest = files.read_manifest(folder)
    manifest["sha256"]["results.nc"] = stored.sha256(folder / "results.nc")
    files.write_manifest(folder, manifest)
    run_page.write(folder)                                    # what is imported and kept for the next page
    _, taken = peak(lambda: run_page.write(folder))
    assert taken < many.nbytes / 2


def test_the_tables_are_plain_csv_that_says_it_is_utf8(job):
    """A spreadsheet in China takes a file without the mark for GBK and shows names as garbage."""
    for name in ("summary.csv", "assumed.csv", "ledger.csv"):
        text = (job.folder / name).read_bytes().decode("utf-8")
        assert "\r" not in text
        assert text.startswith("\ufeff") and text.count("\ufeff") == 1
        table = pd.read_csv(job.folder / name, encoding="utf-8-sig")
        assert list(table) == next(csv.reader([text.removeprefix("\ufeff").split("\n")[0]]))
        if name == "ledger.csv":
            continue
        spread = [column for column in ("sd", "se") if column in table]        # one member has none
        assert table.drop(columns=spread).notna().all(axis=None)
        assert all(table[column].notna()[table["members"] > 1].all() for column in spread)

"""The simulator from Python: every public call, on small scenarios, beside the command of its name."""

import os
import re
import subprocess
import sys

import nbformat
import numpy as np
import pytest
import xarray as xr
from nbclient import NotebookClient

import sim
from sim.base.errors import FailedRunsWarning, InputError, ScenarioWarning
from tests.samples import comparisons, runs, sweeps

pytestmark = pytest.mark.filterwarnings("ignore::sim.base.errors.ScenarioWarning")
PUBLIC = {"ClusterModel", "backtest", "check", "compare", "estimate", "explore", "explored", "load", "run", "sweep",
          "targets"}
DOUBTED = {"time.end": "2021-12-31", "growth.sd": 0.9}      # above the usual range
ENGINE = {"numba", "mesa", "sim.model", "sim.kernels", "sim.scenario"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with scenario files, their region and a sweep file."""
    folder = tmp_path_factory.mktemp("front")
    comparisons.write_all(folder)
    sweeps.write(folder / "swept")
    before = os.getcwd()
    os.chdir(folder)
    yield folder
    os.chdir(before)


@pytest.fixture(scope="module")
def ran(folder):
    return sim.run(folder / "base.toml", replicates=2, seed=7, settings={"time.end": "2021-12-31"},
                   out=folder / "ran", jobs=1, quiet=True)


@pytest.fixture(scope="module")
def compared(folder):
    return sim.compare("base.toml", "cut.toml", "copy.toml", replicates=3, jobs=1, quiet=True)


def after(code, cwd):
    """Names of the modules that a process of its own has imported when the code ends."""
    done = subprocess.run([sys.executable, "-c", f"{code}\nimport sys; print(*sys.modules)"], text=True, cwd=cwd,
                          capture_output=True, timeout=300, env={**os.environ, "PYTHONPATH": str(runs.ROOT)})
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


def complaint(command, *arguments):
    """What a command says on stderr when it refuses its input."""
    said = runs.sim(command, *arguments)
    assert said.exit_code == InputError.exit_code
    return said.stderr.strip()


# -- what there is ------------------------------------------------------------------------------------

def test_the_package_shows_its_public_names():
    assert set(dir(sim)) >= PUBLIC == set(sim.__all__)


def test_importing_the_package_imports_none_of_its_rooms(tmp_path):
    bare = after("", tmp_path)
    assert {name for name in after("import sim", tmp_path) - bare if name.partition(".")[0] not in
            sys.stdlib_module_names} == {"sim"}


def test_no_module_hides_a_public_name(tmp_path):
    rooms = ("sim.cli.check, sim.cli.run, sim.cli.compare, sim.cli.sweep, sim.cli.targets, sim.cli.backtest, "
             "sim.experiments.load, sim.runs.run, sim.experiments.empirical.targets, sim.experiments.backtest.backtest")
    code = f"import sim, {rooms}\nassert all(callable(getattr(sim, name)) for name in sim.__all__), vars(sim)"
    assert "sim.cli.sweep" in after(code, tmp_path)


def test_a_public_name_that_is_not_there_is_refused():
    with pytest.raises(AttributeError, match="no attribute 'simulate'"):
        _ = sim.simulate


# -- check and run ------------------------------------------------------------------------------------

def test_a_checked_scenario_has_its_values_and_its_region(folder):
    checked = sim.check(folder / "cut.toml", settings={"policies.tax.rate": 5.0})
    assert checked.scenario.values.policies["tax"].rate == 5.0
    assert len(checked.region.sites) == 8
    assert any(each.where == "--set policies.tax.rate=5.0" for each in checked.warnings)


def test_what_is_probably_not_meant_is_a_warning_of_the_line_that_called(folder):
    with pytest.warns(ScenarioWarning, match=r"growth\.sd") as told:
        checked = sim.check(folder / "base.toml", settings=DOUBTED)
    assert [str(each.message) for each in told] == list(map(str, checked.warnings))
    assert told[0].filename == __file__
    said = runs.sim("check", folder / "base.toml", *(f"--set={key}={value}" for key, value in DOUBTED.items()))
    warned = [line.removeprefix("warning: ") for line in said.stderr.splitlines() if line.startswith("warning: ")]
    assert warned == list(map(str, checked.warnings))


def test_a_run_answers_in_xarray_and_pandas(ran, folder):
    assert ran.folder == folder / "ran"
    assert ran.data["headquarters"].sizes["member"] == 2
    assert ran.data.attrs["seed"] == 7
    assert ran.data["quarter"].to_numpy()[-1] == "2021-Q4"
    row = ran.summary.query("measure == 'headquarters' and level == 'zone' and quarter == '2021-Q4'").iloc[0]
    zone = ran.data["headquarters"].isel(quarter=-1).where(ran.data["in_zone"].astype(bool), 0)
    assert row["mean"] == pytest.approx(zone.sum(["site", "industry", "hq_type"]).mean().item(), rel=1e-9)
    xr.testing.assert_identical(sim.load(ran.folder), ran.data)


def test_a_run_says_what_is_not_meant_and_keeps_it(folder):
    with pytest.warns(ScenarioWarning, match=r"growth\.sd"):
        ran = sim.run(folder / "base.toml", settings=DOUBTED, replicates=1, out=folder / "doubted", jobs=1, quiet=True)
    logged = (folder / "doubted" / "log.txt").read_text("utf-8")
    assert len(ran.warnings) == 4 and all(str(each) in logged for each in ran.warnings)


def test_pages_are_drawn_in_the_languages_asked_for(ran, capsys):
    again = sim.run(ran.folder.parent / "base.toml", replicates=2, seed=7, settings=["time.end=2021-12-31"],
                    out=ran.folder, jobs=1, languages=["en"])
    assert [page.name for page in again.pages] == ["report.html"]
    assert again.pages[0].stat().st_size > 10_000
    assert "drawing figures" in capsys.readouterr().err


def test_quiet_says_nothing_and_otherwise_progress_is_told(folder, tmp_path, capfd):
    small = {"settings": {"time.end": "2021-03-31"}, "replicates": 1, "jobs": 1}
    sim.run(folder / "base.toml", out=tmp_path / "quiet", quiet=True, **small)
    assert capfd.readouterr() == ("", "")
    sim.run(folder / "base.toml", out=tmp_path / "told", **small)
    assert "1 of 1 replicates" in capfd.readouterr().err


@pytest.mark.parametrize(("settings", "typed"), [
    ({"time.start": "soon"}, "time.start=soon"), ({"time.begin": 3}, "time.begin=3"),
    ({"population.candidates": -1}, "population.candidates=-1")])
def test_bad_input_is_refused_in_the_words_of_the_command(folder, settings, typed):
    for call, command in ((sim.check, "check"), (sim.run, "run"), (sim.compare, "compare")):
        scenarios = [folder / "base.toml", folder / "cut.toml"][:2 if command == "compare" else 1]
        with pytest.raises(InputError) as refused:
            call(*scenarios, settings=settings)
        said = complaint(command, *scenarios, "--set", typed)
        assert [line.removeprefix("error: ") for line in said.splitlines()] == str(refused.value).splitlines()


def test_a_file_that_is_not_there_is_named(folder):
    with pytest.raises(InputError, match="nothing.toml"):
        sim.run(folder / "nothing.toml")
    with pytest.raises(InputError, match="nothing.toml"):
        sim.sweep(folder / "nothing.toml")


@pytest.mark.parametrize(("call", "argument", "value"), [
    (sim.run, "jobs", 0), (sim.run, "languages", "fr"), (sim.compare, "precision", 0.0), (sim.compare, "draws", 1),
    (sim.compare, "per_draw", 1), (sim.sweep, "shard", (3, 2)), (sim.sweep, "limit", 0.5)])
def test_an_argument_out_of_range_is_named(folder, call, argument, value):
    with pytest.raises(InputError, match=f"^{argument}: .*expected ") as refused:
        call(folder / "base.toml", **{argument: value})
    assert len(refused.value.problems) == 1


# -- compare ------------------------------------------------------------------------------------------

def test_effects_are_those_of_the_table_replicate_by_replicate(compared):
    effects, table = compared.effects, compared.tables["effects"]
    assert dict(effects.sizes) == {"scenario": 2, "member": 3, "quarter": 5, "group": effects.sizes["group"]}
    assert table["scenario"].unique().tolist() == ["cut", "copy"]
    assert np.abs(effects["headquarters"].sel(scenario="cut")).max() > 0
    for row in table.itertuples():
        group = row.level if row.level == row.place else f"{row.level}:{row.place}"
        here = effects.sel(quarter=row.quarter, group=group)
        values, base = here[row.measure].sel(scenario=row.scenario), here[f"baseline_{row.measure}"]
        found = [float(each) for each in (values.mean(), values.std(ddof=1), base.mean(), (base + values).mean())]
        assert [row.mean, row.sd, row.baseline, row.value] == pytest.approx(found, rel=1e-9, abs=1e-9)


def test_an_effect_is_the_difference_of_two_runs(compared, folder):
    with_policy, without = (sim.load(folder / "outputs" / name) for name in ("cut", "base"))
    change = (with_policy["employment"] - without["employment"]).where(without["in_zone"].astype(bool), 0).sum("site")
    zone = compared.effects["employment"].sel(scenario="cut", group="zone")
    np.testing.assert_allclose(zone, change.sel(quarter=zone["quarter"]), rtol=1e-12)


def test_groups_add_up(compared):
    effects = compared.effects
    by_site = effects.isel(group=(effects["level"] == "site").to_numpy())
    for measure in ("headquarters", "enterprises", "employment"):
        np.testing.assert_allclose(by_site[measure].sum("group"), effects[measure].sel(group="modelled"), atol=1e-6)
    assert effects["employment"].isel(group=(effects["level"] == "industry").to_numpy()).isnull().all()


def test_the_headline_is_the_table_of_effects_at_the_end(compared):
    assert compared.folder.name == "compare-base-cut-copy"
    assert compared.failure == ""
    headline = compared.summary.set_index(["scenario", "measure"])
    zone = compared.effects.sel(group="zone").isel(quarter=-1)
    assert headline.loc[("cut", "headquarters"), "mean"] == pytest.approx(
        zone["headquarters"].sel(scenario="cut").mean().item())
    assert (headline.loc["copy", "mean"] == 0).all()
    assert set(compared.tables) >= {"ranking", "leakage", "decomposition"}


def test_a_comparison_is_read_without_an_engine(compared, folder):
    xr.testing.assert_identical(sim.load(folder / compared.folder), compared.effects.load())
    modules = after(f"import sim; sim.load({str(folder / compared.folder)!r})", folder)
    assert "xarray" in modules and not modules & ENGINE


# -- sweep --------------------------------------------------------------------------------------------

def test_a_sweep_has_its_axes_as_dimensions(folder):
    swept = sim.sweep(folder / "swept" / "study.toml", replicates=2, out=folder / "swept" / "out", jobs=1, quiet=True)
    assert dict(swept.data["headquarters_in_zone"].sizes) == {"reach": 3, "start": 2, "replicate": 2}
    assert swept.experiments == ["main"] and swept.failure == ""
    assert len(swept.failures) == 0
    xr.testing.assert_identical(sim.load(swept.folder), swept.data)


def test_runs_without_a_result_are_told_and_named(tmp_path):
    path = sweeps.write(tmp_path, sweeps.TOO_MUCH_GROWTH)
    with pytest.warns(FailedRunsWarning, match="runs without a result"):
        swept = sim.sweep(path, replicates=1, out=tmp_path / "out", jobs=1, quiet=True)
    assert swept.failure.startswith(f"runs without a result ({len(swept.failures)})")
    assert swept.data["headquarters_in_zone"].isnull().to_numpy().tolist() == [[False], [True]]


# -- in a notebook ------------------------------------------------------------------------------------

@pytest.mark.slow
def test_a_notebook_shows_a_bar_that_ends_full(folder):
    cell = nbformat.v4.new_code_cell(
        "import sim\n"
        f"ran = sim.run({str(folder / 'base.toml')!r}, replicates=2, jobs=1, settings={{'time.end': '2021-12-31'}},\n"
        f"              out={str(folder / 'notebook')!r})\n"
        "print(ran.data.sizes['member'])")
    book = nbformat.v4.new_notebook(cells=[cell])
    NotebookClient(book, timeout=600, kernel_name="python3", resources={"metadata": {"path": str(runs.ROOT)}}).execute()
    shown = [output for output in cell["outputs"] if output["output_type"] == "display_data"]
    assert len(shown) == 1
    assert re.match(r'<progress max="1" value="1.0000"></progress> 2 of 2 replicates$', shown[0]["data"]["text/html"])
    assert shown[0]["data"]["text/plain"] == "2 of 2 replicates"
    assert [output["text"] for output in cell["outputs"] if output.get("name") == "stdout"] == ["2\n"]

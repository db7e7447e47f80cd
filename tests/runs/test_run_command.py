"""`sim run` and `sim rerun` from the outside: streams and files."""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import time

import pytest

from sim.base import files, stored
from sim.scenario.load import load
from tests.samples import runs

LAYOUT = {"manifest.json", "scenario.toml", "resolved.toml", "results.nc", "summary.csv", "assumed.csv", "ledger.csv",
          "figures", "report.zh.html", "log.txt"}


# -- the main job -----------------------------------------------------------------------------------

@pytest.fixture(scope="module")
def delta(tmp_path_factory):
    """A short run on the real region in a process of its own: process, its streams and its folder."""
    folder = tmp_path_factory.mktemp("delta") / "ftz"
    process = runs.shell("run", "scenarios/shanghai-ftz.toml", "--replicates", 2, *runs.ON_THE_DELTA,
                         "--out", folder, "--lang", "zh")
    return process, *process.communicate(timeout=300), folder


def test_a_run_ends_with_its_folder_on_stdout_and_all_else_on_stderr(delta):
    process, out, err, folder = delta
    assert process.returncode == 0, err
    assert out == f"{folder}\n"
    assert "已完成 2 / 2" in err


def test_the_summary_speaks_chinese_when_asked(delta):
    summary = delta[2][delta[2].index("加入上海自贸区"):].splitlines()
    assert len(summary) <= 15                                      # feedback and inputs among them
    assert summary[1] == "示范区总部企业（基年标准），2 次模拟均值 [5%～95% 区间]"
    assert sum("[" in line for line in summary[2:]) >= 4
    assert "核心圈层" in delta[2]
    assert [line.partition("：")[0] for line in summary[-3:]] == ["结果", "报告", "下一步"]
    assert summary[-1].startswith(f"下一步：sim open {delta[3]}")


def test_a_run_leaves_the_files_as_laid_out_and_nothing_else(delta):
    folder = delta[3]
    assert {path.name for path in folder.iterdir()} == LAYOUT
    manifest = json.loads((folder / "manifest.json").read_text())
    drawn = {path.name for path in (folder / "figures").iterdir()}
    assert drawn == set(manifest["figures"])
    assert {name.split(".", 1)[1] for name in drawn} == {"zh.svg", "zh.png"}         # the language asked for
    assert 'href="report.html"' not in (folder / "report.zh.html").read_text("utf-8")
    assert (folder / "scenario.toml").read_bytes() == (runs.ROOT / "scenarios/shanghai-ftz.toml").read_bytes()
    assert manifest["files"] == ["shanghai-ftz.toml", "baseline.toml"]
    assert manifest["status"] == "complete"


@pytest.mark.slow
def test_another_language_is_added_to_what_is_there(delta, tmp_path):
    folder = pathlib.Path(shutil.copytree(delta[3], tmp_path / "ftz"))
    before = runs.stamps(folder / "figures")
    said = runs.sim("report", folder, "--lang", "en")
    assert said.stdout == f"{folder}/report.html\n", said.stderr
    drawn = {path.name for path in (folder / "figures").iterdir()}
    assert {path: path.stat().st_mtime_ns for path in before} == before
    assert drawn == set(json.loads((folder / "manifest.json").read_text())["figures"])
    assert {name.replace(".zh.", ".en.") for name in drawn} == {name for name in drawn if ".en." in name}
    assert 'href="report.html"' in (folder / "report.zh.html").read_text("utf-8")
    again = runs.stamps(folder / "figures")
    runs.sim("report", folder, "--lang", "both")
    assert runs.stamps(folder / "figures") == again                # nothing was missing


def test_the_results_of_a_run_name_no_machine_and_no_user(delta):
    private = (os.uname().nodename, os.path.expanduser("~"), str(runs.ROOT))
    for name in ("manifest.json", "resolved.toml", "summary.csv"):
        text = (delta[3] / name).read_text().replace(str(delta[3]), "")
        assert not [word for word in private if word in text]


# -- streams ----------------------------------------------------------------------------------------

def test_a_finished_run_is_told_again_and_not_made_again(scenario, finished):
    before, started = runs.stamps(finished), time.process_time()
    said = runs.sim("run", scenario, "--out", finished, "--no-figures")
    assert time.process_time() - started < 1
    assert (said.exit_code, said.stdout) == (0, f"{finished}\n")
    assert "Headquarters in the zone" in said.stderr
    assert runs.stamps(finished) == before


def test_the_summary_has_at_most_ten_lines_before_where_and_next(scenario, finished):
    lines = runs.sim("run", scenario, "--out", finished, "--no-figures").stderr.splitlines()
    summary = lines[lines.index("Small"):]
    assert [line.split(":")[0] for line in summary[-2:]] == ["Results", "Next"]
    assert len(summary) - 2 <= 10


def test_quiet_prints_the_folder_alone(scenario, tmp_path):
    said = runs.sim("run", scenario, "--out", tmp_path, "--no-figures", "-q", "--set", "terms.tax.beta=0.5")
    assert (said.exit_code, said.stdout, said.stderr) == (0, f"{tmp_path}\n", "")
    assert "outside its prior range" in (tmp_path / "log.txt").read_text()


def test_json_is_valid_even_where_there_is_no_interval(scenario, tmp_path):
    said = runs.sim("run", scenario, "--out", tmp_path, "--no-figures", "--json", "--replicates", 1)
    told = json.loads(said.stdout, parse_constant=pytest.fail)
    assert told["folder"] == str(tmp_path)
    assert told["headline"][0]["se"] is None
    assert told["headline"][0]["members"] == told["manifest"]["replicates"] == 1


def test_a_finished_run_with_its_figures_is_left_alone(delta):
    before = runs.stamps(delta[3])
    said = runs.sim("run", runs.ROOT / "scenarios/shanghai-ftz.toml", "--replicates", 2, *runs.ON_THE_DELTA,
                    "--out", delta[3], "--lang", "zh")
    assert said.exit_code == 0
    assert "正在绘制图表" in delta[2]
    assert "正在绘制图表" not in said.stderr
    assert runs.stamps(delta[3]) == before


# -- rerun ------------------------------------------------------------------------------------------

def test_a_rerun_from_its_own_folder_gives_the_same_bytes(finished):
    for _ in range(2):
        said = runs.sim("rerun", finished, "--jobs", 3)
        assert said.exit_code == 0, said.stderr
        assert said.stdout.startswith("identical: results.nc, summary.csv")
    assert runs.content(finished.with_name("small-rerun")) == runs.content(finished)


def test_a_rerun_tells_what_changed(scenario, finished, tmp_path):
    folder = tmp_path / "copy"
    assert runs.sim("run", scenario, "--out", folder, "--no-figures", "--replicates", 2).exit_code == 0
    summary = (folder / "summary.csv").read_bytes()
    (folder / "summary.csv").write_bytes(summary + b" ")
    said = runs.sim("rerun", folder)
    assert said.exit_code == 6
    assert "summary.csv changed since the run ended" in said.stderr
    (folder / "summary.csv").write_bytes(summary)
    resolved = folder / "resolved.toml"
    resolved.write_text(resolved.read_text().replace("seed = 20191025", "seed = 20191026"))
    assert "resolved.toml: changed since it was written" in runs.sim("rerun", folder).stderr
    manifest = files.read_manifest(folder)
    manifest["sha256"]["resolved.toml"] = stored.sha256(resolved)
    manifest["scenario_digest"] = load(str(resolved)).digest
    files.write_manifest(folder, manifest)
    said = runs.sim("rerun", folder)
    assert said.exit_code == 6
    assert "results.nc, summary.csv differ" in said.stderr


def test_a_rerun_needs_a_finished_run_and_spares_others(finished, tmp_path):
    assert runs.sim("rerun", tmp_path).exit_code == 2
    assert runs.sim("rerun", tmp_path / "nowhere").exit_code == 2
    assert runs.sim("rerun", finished, "--out", finished).exit_code == 2
    (tmp_path / "results.nc").write_text("mine")
    assert runs.sim("rerun", finished, "--out", tmp_path).exit_code == 2
    assert (tmp_path / "results.nc").read_text() == "mine"


# -- what is imported -------------------------------------------------------------------------------

def modules_after(code):
    said = subprocess.run([sys.executable, "-c", f"{code}\nimport sys; print(*sys.modules)"], text=True,
                          capture_output=True, timeout=120, cwd=runs.ROOT,
                          env={**os.environ, "PYTHONPATH": str(runs.ROOT)})
    assert said.returncode == 0, said.stderr
    return set(said.stdout.split())


def test_importing_the_package_imports_nothing_else():
    assert {name.split(".")[0] for name in modules_after("import sim")} & {"numpy", "numba", "mesa"} == set()


def test_a_run_imports_no_mesa_and_no_matplotlib_before_the_figures(scenario, tmp_path):
    arguments = ["run", str(scenario), "--out", str(tmp_path), "--no-figures", "-q", "--replicates", "1"]
    found = modules_after(f"from sim.cli import group\ngroup.main({arguments!r}, standalone_mode=False)")
    assert "sim.runs.run" in found
    assert found & {"mesa", "matplotlib", "solara", "networkx", "sim.plots"} == set()


def test_the_summary_tells_of_floor_at_capacity_and_of_feedback_where_it_was_measured(scenario, tmp_path):
    short = ["--replicates", 1, "--no-figures", "--set", "time.end=2021-06-30", "--set", "growth.drift=0.5"]
    ways = {"full": ["--set", "land.slack=1.0", "--set", "diagnostics.members=0"], "plain": ["--set", "land.slack=9.0"]}
    full, plain = (runs.sim("run", scenario, "--out", tmp_path / name, *short, *more).stderr
                   for name, more in ways.items())
    assert ("floor at capacity" in full, "R_dyn" in full) == (True, False)
    assert ("floor at capacity" in plain, "R_dyn" in plain) == (False, True)

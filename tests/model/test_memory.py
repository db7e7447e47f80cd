"""Memory: what is available is the least of what machine, groups and limits leave, and runs fit or are refused."""

import os
import re
import subprocess
import sys

import pytest

from sim.base import memory
from sim.model.preflight import memory_of_run
from sim.model.recorder import SPARSE_FROM
from sim.model.worked_out_once import MOST_BYTES
from sim.region.synthetic import synthetic_region
from sim.scenario.load import load
from tests.samples import runs

GIB, LARGE = 2**30, "population.candidates=200000"
MACHINE = f"MemTotal: {32 * GIB // 1024} kB\nMemAvailable: {20 * GIB // 1024} kB\n"


def system(folder, groups, **files):
    """A folder with proc and sys as Linux writes them; files are those of control groups."""
    found = {"proc/meminfo": MACHINE, "proc/self/statm": "1000 250 0 0 0 0 0\n", "proc/self/cgroup": groups,
             **{f"sys/fs/cgroup/{name}": text for name, text in files.items()}}
    for name, text in found.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def held():
    return 250 * os.sysconf("SC_PAGE_SIZE")


def test_the_machine_has_what_it_says_is_available(tmp_path):
    assert memory.available(system(tmp_path, "0::/\n")) == 20 * GIB + held()


@pytest.mark.parametrize("where", ["box/inner", "box", ""])
def test_a_group_of_version_2_limits_it_and_so_do_its_parents(tmp_path, where):
    files = {f"{where}/memory.max": f"{8 * GIB}\n", f"{where}/memory.current": f"{3 * GIB}\n",
             f"{where}/memory.stat": f"anon {2 * GIB}\ninactive_file {GIB}\n"}
    if where != "box/inner":
        files |= {"box/inner/memory.max": "max\n", "box/inner/memory.current": f"{GIB}\n"}
    assert memory.available(system(tmp_path, "0::/box/inner\n", **files)) == 6 * GIB + held()


@pytest.mark.parametrize("path", ["box", "not/mounted/here"])
def test_a_group_of_version_1_limits_it_also_where_a_container_shows_it_as_the_top(tmp_path, path):
    where = "memory/box" if path == "box" else "memory"
    files = {f"{where}/memory.limit_in_bytes": f"{5 * GIB}\n", f"{where}/memory.usage_in_bytes": f"{4 * GIB}\n",
             f"{where}/memory.stat": f"total_inactive_file {GIB}\n"}
    groups = f"5:cpu,cpuacct:/x\n4:memory:/{path}\n0::/\n"
    assert memory.available(system(tmp_path, groups, **files)) == 2 * GIB + held()


def test_a_full_group_leaves_what_is_held_already(tmp_path):
    files = {"memory.max": f"{GIB}\n", "memory.current": f"{2 * GIB}\n"}
    assert memory.available(system(tmp_path, "0::/\n", **files)) == held()


def test_this_machine_has_some_and_no_more_than_it_has():
    everything = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    assert 0 < memory.available() <= everything


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="limits of virtual memory are Linux's")
def test_a_limit_of_the_shell_counts():
    code = ("import resource; resource.setrlimit(resource.RLIMIT_AS, (2**31, 2**31))\n"
            "from sim.base import memory; print(memory.available())")
    said = subprocess.run([sys.executable, "-c", code], cwd=runs.ROOT, capture_output=True, text=True, check=True)
    assert int(said.stdout) < 2**31


# -- refused before anything is taken -----------------------------------------------------------------

def told(text):
    """(needed, available) GiB of the message."""
    return [float(number.replace(",", "")) for number in re.findall(r"([\d.,]+(?:e[+]\d+)?) GiB", text)[:2]]


@pytest.mark.parametrize("asked", [["population.candidates=9000", "run.replicates=90000", "time.end=2240-12-31"],
                                   ["population.candidates=10000000", "run.replicates=50", "entry.rate=5"]])
def test_a_run_that_does_not_fit_is_refused_with_one_that_does(tmp_path, asked, monkeypatch):
    now = memory.available()                       # what others take between the two commands is not asked about
    monkeypatch.setattr(memory, "available", lambda: now)
    path = runs.write_scenario(tmp_path)
    asked = [word for setting in asked for word in ("--set", setting)]
    refused = runs.sim("check", path, *asked)
    needed, there = told(refused.stderr)
    assert (refused.exit_code, needed > there > 0) == (2, True)
    smaller = re.findall(r"([a-z]+\.[a-z]+) = (\d+)(?=\b)", refused.stderr)
    assert smaller
    again = [word for key, value in smaller for word in ("--set", f"{key}={value}")]
    assert runs.sim("check", path, *asked, *again).exit_code == 0


# the peak of this program, which getrusage would tell together with that of the process that started it
REFUSED = """import pathlib, re
from sim.cli import main
try:
    main({arguments!r})
except SystemExit as end:
    print(end.code, re.search(r"VmHWM:\\s+(\\d+)", pathlib.Path("/proc/self/status").read_text())[1])
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="others tell the peak elsewhere")
@pytest.mark.parametrize("command", ["check", "run"])
def test_what_is_refused_takes_no_memory(tmp_path, command):
    path = runs.write_scenario(tmp_path)
    code = REFUSED.format(arguments=[command, str(path), "--set", "population.candidates=10000000", "--set",
                                      "run.replicates=50", "--set", "entry.rate=5"])
    said = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True,
                          env={**os.environ, "PYTHONPATH": str(runs.ROOT)})
    exit_code, kilobytes = map(int, said.stdout.split())
    assert (exit_code, kilobytes < 600_000) == (2, True)
    needed, there = told(said.stderr)
    assert needed > there
    assert not (tmp_path / "outputs").exists()


def test_a_system_that_tells_nothing_leaves_all_of_the_machine(tmp_path):
    everything = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    assert memory.available(tmp_path) == everything


def test_where_one_replicate_fits_only_without_feedback_that_is_what_is_proposed(tmp_path):
    loaded = load(str(runs.write_scenario(tmp_path)), ("run.replicates=2", "diagnostics.members=1"))
    region = synthetic_region(150, nests=3, industries=6)
    least = memory_of_run.changed_to(loaded.values, {"run__replicates": 1, "diagnostics__members": 0})
    there = memory_of_run.bytes_needed(least, region)
    assert memory_of_run.smaller(loaded.values, region, there) == {"diagnostics.members": 0, "run.replicates": 1}
    assert memory_of_run.smaller(loaded.values, region, 0) == {}


def test_moves_between_many_sites_need_less_than_a_table_of_them(tmp_path):
    values = load(str(runs.write_scenario(tmp_path))).values
    dense, sparse = (memory_of_run.bytes_needed(values, synthetic_region(SPARSE_FROM + more)) for more in (0, 1))
    assert sparse < dense


def test_who_shares_openings_needs_room_to_keep_them(tmp_path):
    values, region = load(str(runs.write_scenario(tmp_path)), ("run.replicates=20", LARGE)).values, synthetic_region(20)
    needed = [memory_of_run.bytes_needed(values, region, 2, sharing) for sharing in (False, True)]
    assert needed[1] - needed[0] == pytest.approx(2 * memory_of_run.MARGIN * MOST_BYTES, abs=2)

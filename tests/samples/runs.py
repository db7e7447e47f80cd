"""Small runs for tests: a made-up region in a folder, a scenario on it, jobs, and the command itself."""

import os
import pathlib
import subprocess
import sys
import time

from click.testing import CliRunner

from sim.cli import group
from sim.model.preflight.validation import region_of
from sim.region.synthetic import synthetic_region, write
from sim.runs import run
from sim.runs.job import Job
from sim.scenario.load import load

ROOT = pathlib.Path(__file__).parents[2]
SIM = [sys.executable, "-c", "from sim.cli import main; main()"]
SCENARIO = """\
title = "Small"
title_zh = "小型"
region = "region"
[time]
start = 2021-01-01
end = 2022-12-31
[run]
replicates = 7
[population]
candidates = 900
[moving]
rate = 0.05
constants = "uniform"
[policies.tax]
instrument = "tax_rate"
rate = 15.0
sites = "zone"
start = 2021-07-01
[policies.status]
instrument = "regime_exposure"
exposure = "ftz"
sites = ["site-2"]
start = 2021-01-01
end = 2022-01-01
"""
ON_THE_DELTA = ["--set", "population.candidates=1500", "--set", "time.end=2021-12-31"]
SOON = 120.0                   # seconds, on a machine that does much else
BYTES = ("results.nc", "summary.csv", "assumed.csv", "ledger.csv")


def write_scenario(folder, text=SCENARIO, sites=8):
    """A scenario file and its region, ready to run; the path of the file."""
    write(synthetic_region(sites, seed=3, nests=3), folder / "region")
    path = folder / "small.toml"
    path.write_text(text, encoding="utf-8")
    return path


def job(path, folder, *settings, **options):
    """A job on a scenario file."""
    loaded = load(str(path), settings)
    return Job(loaded, region_of(loaded), pathlib.Path(folder), **options)


def finish(given):
    """Run a job to its end; the states of progress that it went through."""
    return [done for done, _ in run.run(given)]


def content(folder, names=BYTES):
    """Bytes of a folder's results by file name."""
    return {name: (folder / name).read_bytes() for name in names}


def stamps(folder):
    """Time of the last change of every file below a folder."""
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}


def sim(*arguments, **environment):
    """The command in this process: exit code, stdout, stderr."""
    settings = {"LC_ALL": "", "LC_MESSAGES": "", "LANG": "C.UTF-8", "NO_COLOR": "1", **environment}
    return CliRunner().invoke(group, [str(a) for a in arguments], env=settings, catch_exceptions=False)


def shell(*arguments, cwd=ROOT, **environment):
    """The command in a process of its own, started and not waited for."""
    settings = {**os.environ, "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8", "LC_ALL": "", **environment}
    return subprocess.Popen([*SIM, *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                            text=True, encoding="utf-8", env=settings, cwd=cwd)


def stop(process, number, kept):
    """Send a signal to a command of `shell`, which soon ends with 130, says what is kept and how to go on."""
    process.send_signal(number)
    sent = time.monotonic()
    said, told = process.communicate(timeout=60)
    assert time.monotonic() - sent < 10
    assert (process.returncode, said) == (130, "")
    assert f"stopped; finished {kept} are kept; continue with: sim " in told
    assert "Traceback" not in told, told


def within(seconds, condition):
    until = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < until
        time.sleep(0.02)
    return found

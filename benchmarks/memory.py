"""Memory of runs: what is estimated before any of it is taken, and what was taken at most.

    python benchmarks/memory.py [--only 3,5]

A run of every size is a command of its own, whose processes are looked at together; figures and pages are drawn where
the table says so. Sites beside the 33 of the embedded region are made up.
"""

import argparse
import contextlib
import pathlib
import subprocess
import sys
import tempfile
import time
from typing import NamedTuple

from sim.model.preflight import memory_of_run
from sim.model.preflight.validation import region_of
from sim.region import synthetic
from sim.scenario import load as scenario_files

SCENARIOS = pathlib.Path(__file__).parent.parent / "scenarios"
EMBEDDED = 33
MADE_UP = 'region = "region-{sites}"\n[time]\nstart = 2021-01-01\n'
SIM = "from sim.cli import main; main()"


class Size(NamedTuple):
    """A run: how large, on how many threads, with figures or without, and what else is set."""

    sites: int
    candidates: int
    replicates: int
    end: str
    jobs: int
    figures: bool
    more: tuple = ()
    scenario: str = "baseline"             # of the embedded region

    def settings(self):
        """What it sets, as `--set` takes it."""
        return [f"population.candidates={self.candidates}", f"run.replicates={self.replicates}",
                f"time.end={self.end}", *self.more]


UNMEASURED = ("diagnostics.members=0",)
SIZES = (
    Size(3, 100, 1, "2021-06-30", 1, False), Size(3, 100, 100, "2040-12-31", 2, True),
    Size(33, 5000, 10, "2030-12-31", 2, True), Size(33, 5000, 100, "2040-12-31", 2, True),
    Size(33, 5000, 40, "2040-12-31", 1, False), Size(33, 100_000, 4, "2021-12-31", 2, False),
    Size(33, 1_000_000, 2, "2021-06-30", 2, False), Size(100, 10_000, 20, "2025-12-31", 2, True),
    Size(100, 1_000_000, 1, "2021-06-30", 1, False), Size(300, 100_000, 1, "2021-06-30", 1, False),
    Size(1000, 100_000, 1, "2021-03-31", 1, False, UNMEASURED),
    Size(33, 5000, 1, "2031-12-31", 1, False, scenario="alliances"))


def scenario_of(wanted, folder):
    """Path of a scenario with so many sites, its region made in the folder if need be."""
    if wanted.sites == EMBEDDED:
        return SCENARIOS / f"{wanted.scenario}.toml"
    path = folder / f"sites-{wanted.sites}.toml"
    if not path.exists():
        synthetic.write(synthetic.synthetic_region(wanted.sites), folder / f"region-{wanted.sites}")
        path.write_text(MADE_UP.format(sites=wanted.sites), encoding="utf-8")
    return path


def estimated(path, wanted):
    """Bytes that the check of the scenario counts with."""
    loaded = scenario_files.load(str(path), wanted.settings())
    return memory_of_run.bytes_needed(loaded.values, region_of(loaded), wanted.jobs)


def measured(path, wanted, out):
    """Bytes that all processes of `sim run` hold together at most, what they share counted once; looked at often."""
    settings = [word for setting in wanted.settings() for word in ("--set", setting)]
    figures = "--figures" if wanted.figures else "--no-figures"
    run = subprocess.Popen([sys.executable, "-c", SIM, "run", str(path), *settings, "--jobs", str(wanted.jobs),
                            figures, "--quiet", "--out", str(out)], stdout=subprocess.DEVNULL, start_new_session=True)
    peak = 0
    while run.poll() is None:
        peak = max(peak, _held(run.pid))
        time.sleep(0.05)
    if run.returncode:
        raise SystemExit(f"{wanted} ended with {run.returncode}")
    return peak


def _held(session):
    """Bytes of a session's processes, each page by the share of those who have it, as Linux tells it."""
    found = 0
    for path in pathlib.Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):                       # it has ended meanwhile
            if int((path / "stat").read_text().rpartition(")")[2].split()[3]) == session:
                found += sum(int(line.split()[1]) for line in (path / "smaps_rollup").read_text().splitlines()
                             if line.startswith("Pss:"))
    return found * 1024


def main():
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", default="", help="rows of the table, from 1 on, between commas")
    only = [int(number) for number in parser.parse_args().only.split(",") if number]
    print("| | sites | candidates | replicates | to | threads | figures | estimate, GiB | peak, GiB | ratio |")
    print("| --- " * 10 + "|")
    with tempfile.TemporaryDirectory() as folder:
        for number, wanted in enumerate(SIZES, start=1):
            if only and number not in only:
                continue
            path = scenario_of(wanted, pathlib.Path(folder))
            peak = measured(path, wanted, pathlib.Path(folder) / f"out-{number}")
            needed = estimated(path, wanted)
            print(f"| {number} | {wanted.sites} | {wanted.candidates:,} | {wanted.replicates} | {wanted.end[:7]} | "
                  f"{wanted.jobs} | {'yes' if wanted.figures else 'no'} | {needed / 2**30:.2f} | {peak / 2**30:.2f} | "
                  f"{needed / peak:.2f} |", flush=True)


if __name__ == "__main__":
    main()

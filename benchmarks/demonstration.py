"""100,000 runs on this machine: killed at a third, resumed, and compared with an undisturbed sweep.

    python benchmarks/demonstration.py [--out FOLDER] [--replicates 500] [--share N] [--set KEY=VALUE ...]

The sweep is real: every run is simulated by `sim sweep` on the Yangtze delta region, but small and short:
1,100 candidate enterprises instead of 5,000, one year instead of twenty, feedback not measured, and the base
year not solved for each run: site constants and cost of moving are solved once, for replicate 0 of the
baseline, and held. 10 weights of FTZ status x 10 reaches of peers x 2 scenarios (without and with the Shanghai
FTZ) x 500 replicates = 100,000 runs, scalars at the close. Nothing about policies is to be learnt from it.
Fewer replicates make a smaller sweep: 5 are 1,000 runs. The comparison is with the same sweep undisturbed, which
takes as long again, or with one of N shares of it.

Prints a row: runs, time of the killed and resumed sweep, rate, peak memory of the client and of all its processes,
disk, kills, what was kept over the kill, and whether all values of the undisturbed sweep are the same bits.
"""

import argparse
import contextlib
import json
import pathlib
import subprocess
import sys
import tempfile
import time

import pandas
import psutil

ROOT = pathlib.Path(__file__).parent.parent
sys.path[:0] = [str(ROOT)]
SWEEP = """\
title = "Demonstration of size: 100,000 small and short runs"
scenario = ["{root}/scenarios/baseline.toml", "{root}/scenarios/shanghai-ftz.toml"]
set = {settings}
replicates = 500

[axes.weight]
key = "terms.ftz.beta"
between = [0.1, 1.0]
number = 10

[axes.reach]
key = "peers.decay"
between = [5.0, 50.0]
number = 10
"""


SMALL = ["population.candidates=1100", "time.end=2021-12-31", "diagnostics.members=0"]


def held():
    """Settings that hold the site constants and the cost of moving at what the base year of replicate 0 has."""
    from sim.model import simulate as simulation
    from sim.model.ensemble import members_of
    from sim.model.preflight import validation
    from sim.scenario import load as scenario_files

    loaded = scenario_files.load(str(ROOT / "scenarios" / "baseline.toml"), SMALL)
    region = validation.region_of(loaded)
    solved = simulation.simulate(region, members_of(loaded, [0]))
    constants = ", ".join(f"{site} = {value:.6f}" for site, value in zip(region.sites.index, solved.constant[0]))
    return [f"base_year.constants={{{constants}}}", f"moving.cost={solved.cost[0]:.6f}"]


class Client:
    """`sim sweep` as a process, with the largest memory that it and its workers had."""

    def __init__(self, arguments):
        self.arguments, self.client, self.all, self._busy = arguments, 0.0, 0.0, {}

    @property
    def busy(self):
        """Processor seconds of all processes, as far as they were looked at."""
        return sum(self._busy.values())

    def run(self, until=None):
        """Seconds that it took; it is killed with -9 once `until` runs are in its manifest."""
        out = pathlib.Path(self.arguments[self.arguments.index("--out") + 1])
        began = time.perf_counter()
        code = "from sim.cli import main; main()"
        process = subprocess.Popen([sys.executable, "-c", code, "sweep", *self.arguments], cwd=ROOT)
        while process.poll() is None:
            time.sleep(0.5)
            self._look(process.pid)
            if until and acknowledged(out) >= until:
                process.kill()
        process.wait()
        if process.returncode and not until:
            sys.exit(f"sim sweep ended with {process.returncode}")
        return time.perf_counter() - began

    def _look(self, number):
        with contextlib.suppress(psutil.Error):
            parent = psutil.Process(number)
            processes = [parent, *parent.children(recursive=True)]
            memory = [each.memory_info().rss / 2**20 for each in processes]
            self.client, self.all = max(self.client, memory[0]), max(self.all, sum(memory))
            for each in processes:
                spent = each.cpu_times()
                self._busy[each.pid, each.create_time()] = spent.user + spent.system


def acknowledged(folder):
    """Runs whose line is in the manifest."""
    from sim.runs.entries import read_lines
    return sum(b - a + 1 for entry in read_lines(folder) for a, b in entry["runs"])


def same_bits(folder, undisturbed):
    """Whether every value of every run of the undisturbed sweep is in the other folder, bit for bit."""
    from sim.experiments.sweep import load

    there = load.frame(undisturbed)
    here = load.frame(folder).set_index("run").loc[there["run"]].reset_index()[list(there)]
    there, here = (pandas.util.hash_pandas_object(each, index=False).to_numpy() for each in (there, here))
    return bool((there == here).all())


def show(folder, settings=(), replicates=0, share=1):
    """Kill, resume, compare; print the row."""
    from sim.experiments.sweep import finish, sweep_file

    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    file, out = folder / "demonstration.toml", folder / "killed"
    file.write_text(SWEEP.format(root=ROOT, settings=json.dumps([*SMALL, *held()])))
    runs = sweep_file.read(str(file), settings, replicates or None).runs
    options = [word for each in settings for word in ("--set", each)]
    options += ["--replicates", str(replicates)] if replicates else []
    print(f"sim sweep {file} {' '.join(options)} --out {out}", flush=True)
    client = Client([str(file), "--out", str(out), *options])
    spent = client.run(until=runs // 3)
    kept = acknowledged(out)
    print(f"killed with -9 after {spent:.0f} s with {kept:,} of {runs:,} runs; the same command again", flush=True)
    spent += client.run()
    said = finish.read_summary(out)
    size = sum(path.stat().st_size for path in out.rglob("*") if path.is_file())
    print(f"one of {share} shares of the same sweep, undisturbed", flush=True)
    Client([str(file), "--out", str(folder / "undisturbed"), "--shard", f"1/{share}", *options]).run()
    same = "yes" if same_bits(out, folder / "undisturbed") else "NO"
    compared = f"equal, bit for bit, to {runs // share:,} undisturbed runs"
    row = {"runs": f"{said['runs']:,}", "failed": said["failed"], "time, both parts": f"{spent / 60:.1f} min",
           "rate": f"{runs / spent:.0f} a second", "processor time a run": f"{1000 * client.busy / runs:.1f} ms",
           "memory of the client": f"{client.client:.0f} MB", "with its workers": f"{client.all:.0f} MB",
           "disk": f"{size / 1e6:.1f} MB", "kills": "1 (kill -9 of the client)", "kept over the kill": f"{kept:,}",
           compared: same}
    print(f"content {said['content']}\n\n| {' | '.join(row)} |\n{'|---' * len(row)}|\n"
          f"| {' | '.join(map(str, row.values()))} |", flush=True)
    return same != "NO"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", default="")
    parser.add_argument("--replicates", type=int, default=0)
    parser.add_argument("--share", type=int, default=1, metavar="N")
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="demonstration-") as place:
        sys.exit(not show(given.out or place, given.set, given.replicates, given.share))


if __name__ == "__main__":
    main()

"""What a sweep costs: runs per second in every way, a driver's overhead, a client's memory, reading.

    python benchmarks/sweeps.py --only throughput [--runs 200] [--few 10] [--rounds 3]
    python benchmarks/sweeps.py --only scaling    [--runs 200] [--rounds 3]
    python benchmarks/sweeps.py --only overhead   [--pauses 4000] [--rounds 3]
    python benchmarks/sweeps.py --only memory reading [--tiny 1000000]
    python benchmarks/sweeps.py --only demonstration  (see benchmarks/demonstration.py)

Every comparison is made in rounds, one way after another on the same machine, the order turned round by
round; medians and their ratios are printed. `--set` changes the default scenario, to try the parts small.
Tiny runs go through the real driver, pool and store; only their worker fills all scalars with whole numbers
(tests/toy_pace.py) instead of simulating, and says 1 ms a chunk, so that chunks have the 2,000 runs at which a
chunk ends.
"""

import argparse
import pathlib
import statistics
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "benchmarks")]
SCENARIO = ROOT / "scenarios" / "baseline.toml"
PARTS = ("throughput", "scaling", "overhead", "memory", "reading", "demonstration")


def timed(function, *arguments):
    began = time.perf_counter()
    function(*arguments)
    return time.perf_counter() - began


def say(text):
    print(text, flush=True)


def rounds(ways, number):
    """Name -> median runs a second of ways, name -> (runs, function of the round), in turns."""
    found = {name: [] for name in ways}
    for turn in range(number):
        names = list(ways)
        for name in names[turn % len(names):] + names[:turn % len(names)]:
            runs, way = ways[name]
            found[name].append(runs / timed(way, turn))
            say(f"  round {turn + 1}, {name}: {found[name][-1]:.3g} runs a second")
    return {name: statistics.median(rates) for name, rates in found.items()}


def table(head, found, first):
    """Markdown rows of rates, with their ratio to one of them."""
    say(f"| {head} | runs a second | times {first} |\n|---|---|---|")
    for name, rate in found.items():
        say(f"| {name} | {rate:.3g} | {rate / found[first]:.3g} |")


# -- throughput and scaling ---------------------------------------------------------------------------------------


def pace(folder, runs, settings):
    """A sweep file of the default scenario with every run at a point of its own."""
    file = folder / "pace.toml"
    changes = ", ".join(f'"{each}"' for each in settings)
    file.write_text(f'scenario = "{SCENARIO}"\nset = [{changes}]\nreplicates = 1\n[axes.reach]\n'
                    f'key = "peers.decay"\nbetween = [5.0, 40.0]\nnumber = {runs}\n')
    return file


def throughput(folder, given):
    """Runs a second in a sweep, through `sim run` one after another, and through mesa's batch_run."""
    file = pace(folder, given.runs, given.set)
    ways = {"sim sweep": (given.runs, lambda k: sweep(file, folder / f"sweep-{k}")),
            "sim run, one by one": (given.few, lambda k: singles(folder / f"run-{k}", given)),
            "mesa batch_run, 2 processes": (given.few, lambda k: mesa(folder, given))}
    say(f"default scenario {' '.join(given.set)}: {given.runs} runs in a sweep, {given.few} in the other ways, "
        f"starts of all processes included")
    table("way", rounds(ways, given.rounds), "sim run, one by one")


def scaling(folder, given):
    """Runs a second on 1 and 2 processes, on a dask cluster of two workers, and as two shares with their merge."""
    import clusters

    file = pace(folder, given.runs, given.set)
    (folder / "cluster").mkdir()
    with clusters.Cluster(folder / "cluster") as cluster:
        ways = {"1 process": lambda k: sweep(file, folder / f"one-{k}", "--jobs", "1"),
                "2 processes": lambda k: sweep(file, folder / f"two-{k}", "--jobs", "2"),
                "dask, 2 workers": lambda k: sweep(file, folder / f"dask-{k}", "--dask", cluster.address),
                "2 shares at once, merged": lambda k: shares(file, folder / f"share-{k}")}
        say(f"default scenario {' '.join(given.set)}: {given.runs} runs, starts of clients and pools included")
        sweep(file, folder / "warm", "--dask", cluster.address)
        found = rounds({name: (given.runs, way) for name, way in ways.items()}, given.rounds)
    table("way", found, "1 process")


def sweep(file, out, *options):
    finish(command("sweep", file, "--out", out, "-q", *options))


def shares(file, out):
    """Two shares side by side, one process each, then one folder."""
    parts = [f"{out}-{k}" for k in (1, 2)]
    begun = [command("sweep", file, "--jobs", 1, "--shard", f"{k}/2", "--out", part, "-q")
             for k, part in zip((1, 2), parts)]
    for process in begun:
        finish(process)
    finish(command("merge", file, *parts, "--out", out, "-q"))


def singles(out, given):
    for number in range(given.few):
        settings = [word for each in (*given.set, f"peers.decay={5.0 + number}") for word in ("--set", each)]
        finish(command("run", SCENARIO, "--out", f"{out}-{number}", "--replicates", 1, "--no-figures", "-q", *settings))


def command(*arguments):
    code = "from sim.cli import main; main()"
    return subprocess.Popen([sys.executable, "-c", code, *map(str, arguments)], cwd=ROOT, stdout=subprocess.DEVNULL)


def finish(process):
    if process.wait():
        sys.exit(f"ended with {process.returncode}: {process.args}")


def mesa(folder, given):
    """The same model stepped through mesa's own batch runner; it measures no feedback and writes nothing."""
    file = folder / "batch.py"
    file.write_text(
        "import mesa, sim\n"
        "if __name__ == '__main__':\n"
        f"    parameters = {{'scenario': [{str(SCENARIO)!r}], 'settings': [{tuple(given.set)!r}],\n"
        f"                  'replicate': list(range({given.few}))}}\n"
        "    found = mesa.batch_run(sim.ClusterModel, parameters, number_processes=2, max_steps=1000,\n"
        "                           data_collection_period=-1, display_progress=False)\n"
        f"    assert len(found) == {given.few}\n")
    finish(subprocess.Popen([sys.executable, str(file)], cwd=ROOT))


# -- driver, store and reading -----------------------------------------------------------------------------------


def tiny_job(folder, runs):
    """A sweep of runs that are not simulated, and the folder of its results."""
    import sweeps

    text = sweeps.SHORT.replace("replicates = 3", f"replicates = {min(runs // 2, 50_000)}")
    reach = [5.0 + 0.1 * k for k in range(max(1, runs // 100_000))]
    text = text.replace("[5, 15.0, 40]", str(reach)).replace('series = ["headquarters_in_zone"]', "")
    folder.mkdir()
    return sweeps.job(sweeps.write(folder, text.replace('maps = ["rent"]', "")), folder / "out")


def overhead(folder, given):
    """What a run costs beyond its own 10 ms, on two processes that sleep instead of computing."""
    import toy_pace

    spent, busy = [], []
    for turn in range(given.rounds):
        job, before = tiny_job(folder / f"overhead-{turn}", given.pauses), time.process_time()
        more = driven(job, toy_pace.pause_10_ms) * 2 / job.sweep.runs - 0.01
        spent.append(more)
        busy.append((time.process_time() - before) / job.sweep.runs)
        say(f"  round {turn + 1}: {1000 * more:.3f} ms a run of 10 ms beyond it")
    more = statistics.median(spent)
    say(f"driver, pool and store: {1000 * more:.3f} ms a run of 10 ms, {100 * more / 0.01:.1f} %, of which "
        f"{1000 * statistics.median(busy):.3f} ms are the client's processor time ({given.pauses:,} runs on two "
        "processes; the pool's start and putting the results together included)")


def driven(job, task):
    """Wall time of a job on two processes, told at times."""
    from sim.experiment import engine_pool
    from sim.experiment import sweep as sweeping

    before, began, due = sweeping._engine, time.perf_counter(), 60.0
    sweeping._engine = lambda job, made: engine_pool.PoolEngine(2, task, made.packed)
    try:
        for state in sweeping.run(job):
            if time.perf_counter() - began > due:
                due += 60.0
                say(f"  {state.done:,} of {state.total:,} runs after {time.perf_counter() - began:.0f} s")
    finally:
        sweeping._engine = before
    return time.perf_counter() - began


class Peak:
    """Largest resident memory of this process, in MB, while it is looked at every tenth of a second."""

    def __enter__(self):
        import psutil
        self._process, self._stop, self.most = psutil.Process(), threading.Event(), 0.0
        self.before = self._now()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._stop.set()
        self._thread.join()

    def _watch(self):
        while not self._stop.wait(0.1):
            self.most = max(self.most, self._now())

    def _now(self):
        return self._process.memory_info().rss / 2**20


def memory(folder, given):
    """MB of the client over tiny runs, and what a tiny run takes."""
    import toy_pace

    job = tiny_job(folder / "tiny", given.tiny)
    with Peak() as peak:
        seconds = driven(job, toy_pace.every_scalar)
    size = sum(path.stat().st_size for path in job.folder.rglob("*") if path.is_file())
    say(f"client: {peak.before:.0f} MB before, {peak.most:.0f} MB at most over {job.sweep.runs:,} tiny runs in "
        f"{seconds:.0f} s, {1000 * seconds / job.sweep.runs:.3f} ms a run, {size / 1e6:.0f} MB on disk")


def reading(folder, given):
    """Seconds for all scalars of a finished sweep in pandas, without us and through sim."""
    import pandas
    import toy_pace

    from sim.experiment import load

    if not (folder / "tiny").exists():
        driven(tiny_job(folder / "tiny", given.tiny), toy_pace.every_scalar)
    (path,) = (folder / "tiny" / "out" / "results").glob("*.parquet")
    for name, way in (("pandas.read_parquet", lambda: pandas.read_parquet(path)),
                      ("sim.experiment.load.frame", lambda: load.frame(folder / "tiny" / "out"))):
        found = []
        for _ in range(given.rounds):
            began = time.perf_counter()
            shape = way().shape
            found.append(time.perf_counter() - began)
        say(f"{name}: {shape[0]:,} rows of {shape[1]} columns in {statistics.median(found):.2f} s")


def demonstration(folder, given):
    import demonstration as shown
    shown.show(folder, given.set)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", nargs="*", default=PARTS[:5], choices=PARTS)
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--few", type=int, default=10)
    parser.add_argument("--pauses", type=int, default=4000)
    parser.add_argument("--tiny", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="benchmark-") as place:
        for name in given.only:
            say(f"-- {name}")
            globals()[name](pathlib.Path(place), given)


if __name__ == "__main__":
    main()

"""What a sweep costs: runs per second in every way, a driver's overhead, a client's memory, reading.

    python benchmarks/sweeps.py --only throughput [--runs 200] [--few 10] [--rounds 3]
    python benchmarks/sweeps.py --only scaling    [--runs 200] [--rounds 3]
    python benchmarks/sweeps.py --only overhead   [--pauses 20000] [--rounds 3]
    python benchmarks/sweeps.py --only memory reading [--tiny 1000000]
    python benchmarks/sweeps.py --only demonstration  (see benchmarks/demonstration.py)

Every comparison is made in rounds, one way after another on the same machine, the order turned round by
round; medians and their ratios are printed. `--set` changes the default scenario, to try the parts small.
Tiny runs go through the real driver, pool and store; only their worker fills all scalars with whole numbers
(tests/samples/toy_pace.py) instead of simulating, and says 1 ms a chunk, so that chunks have the 2,000 runs at which a
chunk ends.
"""

import argparse
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import tiny_runs
from tiny_runs import say

ROOT = pathlib.Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]
SCENARIO = ROOT / "scenarios" / "baseline.toml"
PARTS = ("throughput", "scaling", "overhead", "memory", "reading", "demonstration")


def timed(function, *arguments):
    began = time.perf_counter()
    function(*arguments)
    return time.perf_counter() - began


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
    """Runs a second on 1 and 2 processes, on a dask cluster of two workers, and as two shards with their merge."""
    from tests.samples import clusters

    file = pace(folder, given.runs, given.set)
    (folder / "cluster").mkdir()
    with clusters.Cluster(folder / "cluster") as cluster:
        ways = {"1 process": lambda k: sweep(file, folder / f"one-{k}", "--jobs", "1"),
                "2 processes": lambda k: sweep(file, folder / f"two-{k}", "--jobs", "2"),
                "dask, 2 workers": lambda k: sweep(file, folder / f"dask-{k}", "--dask", cluster.address),
                "2 shards at once, merged": lambda k: shards(file, folder / f"shard-{k}")}
        say(f"default scenario {' '.join(given.set)}: {given.runs} runs, starts of clients and pools included")
        sweep(file, folder / "warm", "--dask", cluster.address)
        found = rounds({name: (given.runs, way) for name, way in ways.items()}, given.rounds)
    table("way", found, "1 process")


def sweep(file, out, *options):
    finish(command("sweep", file, "--out", out, "-q", *options))


def shards(file, out):
    """Two shards side by side, one process each, then one folder."""
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


def demonstration(folder, given):
    import demonstration as shown
    shown.show(folder, given.set)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", nargs="*", default=PARTS[:5], choices=PARTS)
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--few", type=int, default=10)
    parser.add_argument("--pauses", type=int, default=20_000)
    parser.add_argument("--tiny", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE")
    given = parser.parse_args()
    parts = {"throughput": throughput, "scaling": scaling, "overhead": tiny_runs.overhead,
             "memory": tiny_runs.memory, "reading": tiny_runs.reading, "demonstration": demonstration}
    with tempfile.TemporaryDirectory(prefix="benchmark-") as place:
        for name in [each for each in parts if each in given.only]:         # reading uses what memory leaves
            say(f"-- {name}")
            parts[name](pathlib.Path(place), given)


if __name__ == "__main__":
    main()

"""What a sweep costs: against single runs and mesa's batch_run, a driver's overhead, a client's memory, reading.

    python benchmarks/sweeps.py [--runs 40] [--tiny 100000] [--rounds 3]

Every comparison is made in rounds, one after another on the same machine; medians and their ratios are
printed. A sweep uses as many processes as there are processors, the others what they use by themselves.
"""

import argparse
import contextlib
import pathlib
import resource
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
SCENARIO = ROOT / "scenarios" / "baseline.toml"


def timed(function, *arguments):
    began = time.perf_counter()
    function(*arguments)
    return time.perf_counter() - began


# -- throughput ---------------------------------------------------------------------------------------


def throughput(folder, runs, rounds):
    """Runs a second of the default scenario, each at a point of its own, in three ways."""
    file = folder / "pace.toml"
    file.write_text(
        f'scenario = "{SCENARIO}"\nreplicates = 1\n[axes.reach]\nkey = "peers.decay"\n'
        f"between = [5.0, 40.0]\nnumber = {runs}\n"
    )
    few = max(2, runs // 20)
    ways = {
        "sim sweep": (runs, lambda k: sweep(file, folder / f"sweep-{k}")),
        "sim run, one by one": (few, lambda k: [single(folder / f"run-{k}-{n}", n) for n in range(few)]),
        "mesa batch_run": (few, lambda k: mesa(few)),
    }
    found = {name: [] for name in ways}
    for k in range(rounds):
        for name, (number, way) in ways.items():
            found[name].append(number / timed(way, k))
    return {name: statistics.median(rates) for name, rates in found.items()}


def sweep(file, out):
    command("sweep", str(file), "--out", str(out), "-q")


def single(out, number):
    command("run", str(SCENARIO), "--out", str(out), "--replicates", "1", "--no-figures", "-q",
            "--set", f"peers.decay={5.0 + number}")


def command(*arguments):
    code = "from sim.cli import main; main()"
    subprocess.run([sys.executable, "-c", code, *arguments], check=True, cwd=ROOT, stdout=subprocess.DEVNULL)


def mesa(runs):
    """The same model stepped through mesa's own batch runner, in a process of its own."""
    code = (
        "import mesa, sim\n"
        "if __name__ == '__main__':\n"
        f"    mesa.batch_run(sim.ClusterModel, {{'scenario': {str(SCENARIO)!r}, 'replicate': list(range({runs}))}},"
        " rng=[1], number_processes=None, max_steps=100, data_collection_period=-1, display_progress=False)\n"
    )
    with tempfile.NamedTemporaryFile("w", suffix=".py") as file:
        file.write(code)
        file.flush()
        subprocess.run([sys.executable, file.name], check=True, cwd=ROOT, env=None)


# -- driver -------------------------------------------------------------------------------------------


def tiny_job(folder, runs):
    """A sweep of runs that are not simulated."""
    import sweeps

    text = sweeps.SHORT.replace("replicates = 3", f"replicates = {runs // 2}").replace("[5, 15.0, 40]", "[5]")
    text = text.replace('series = ["headquarters_in_zone"]', "").replace('maps = ["rent"]', "")
    folder.mkdir()
    return sweeps.job(sweeps.write(folder, text), folder / "out")


def overhead(folder, runs=2000, pause=0.01):
    """Seconds a run beyond its own 10 ms, on two processes that sleep instead of computing."""
    import toy_pace

    spent = driven(tiny_job(folder, runs), toy_pace.pause_10_ms)
    return spent * 2 / runs - pause


def driven(job, task):
    """Wall time of a job whose chunks are worked off by a task, its start and the end apart."""
    import sweeps

    from sim.experiment import engine_pool
    from sim.experiment import sweep as sweeping

    before = sweeping._engine
    sweeping._engine = lambda job, made: engine_pool.PoolEngine(2, task, made.packed)
    try:
        return timed(sweeps.finish, job)
    finally:
        sweeping._engine = before


def memory(folder, runs):
    """(MB at the start, MB at most, seconds) of the client over tiny runs."""
    import toy

    job = tiny_job(folder, runs)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    seconds = driven(job, toy.rows)
    return before, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, seconds


def reading(folder):
    """(rows, seconds) of reading all scalars of a finished sweep into pandas."""
    import pandas

    path = next(folder.rglob("results/*.parquet"))
    began = time.perf_counter()
    rows = pandas.read_parquet(path)
    return len(rows), time.perf_counter() - began


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=40)
    parser.add_argument("--tiny", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", nargs="*", default=["throughput", "overhead", "memory"])
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="benchmark-") as place, contextlib.suppress(KeyboardInterrupt):
        folder = pathlib.Path(place)
        if "overhead" in given.only:
            print(f"driver: {1000 * overhead(folder / 'overhead'):.3f} ms a run of 10 ms", flush=True)
        if "memory" in given.only:
            before, most, seconds = memory(folder / "memory", given.tiny)
            print(f"client: {before:.0f} MB before, {most:.0f} MB at most over {given.tiny:,} tiny runs, "
                  f"{1000 * seconds / given.tiny:.3f} ms a run", flush=True)
            rows, spent = reading(folder / "memory")
            print(f"reading {rows:,} rows of all scalars into pandas: {spent:.2f} s", flush=True)
        if "throughput" in given.only:
            found = throughput(folder, given.runs, given.rounds)
            for name, rate in found.items():
                print(f"{name}: {rate:.3g} runs a second, sweep is {found['sim sweep'] / rate:.1f} times that",
                      flush=True)


if __name__ == "__main__":
    main()

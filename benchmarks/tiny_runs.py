"""Runs that cost nothing: what is left is the driver, the pool, the store and reading (see benchmarks/sweeps.py)."""

import statistics
import threading
import time


def say(text):
    print(text, flush=True)


def tiny_job(folder, runs):
    """A sweep of runs that are not simulated, and the folder of its results."""
    from tests.samples import sweeps

    text = sweeps.SHORT.replace("replicates = 3", f"replicates = {min(runs // 2, 50_000)}")
    reach = [5.0 + 0.1 * k for k in range(max(1, runs // 100_000))]
    text = text.replace("[5, 15.0, 40]", str(reach)).replace('series = ["headquarters_in_zone"]', "")
    folder.mkdir()
    return sweeps.job(sweeps.write(folder, text.replace('maps = ["rent"]', "")), folder / "out")


def overhead(folder, given):
    """What a run costs beyond its own 10 ms, on two processes that sleep instead of computing."""
    from tests.samples import toy_pace

    rows = []
    for turn in range(given.rounds):
        job, before = tiny_job(folder / f"overhead-{turn}", given.pauses), time.process_time()
        whole, (runs, steady) = driven(job, toy_pace.pause_10_ms)
        rows.append([steady * 2 / runs - 0.01, whole * 2 / job.sweep.runs - 0.01,
                     (time.process_time() - before) / job.sweep.runs])
        say(f"  round {turn + 1}: {1000 * rows[-1][0]:.3f} ms a run of 10 ms beyond it")
    on, whole, busy = (statistics.median(column) for column in zip(*rows))
    say(f"driver, pool and store: {1000 * on:.3f} ms a run of 10 ms, {100 * on / 0.01:.1f} %, from the first chunk "
        f"that is there to the results put together, over {given.pauses:,} runs\nwith the start of the pool: "
        f"{1000 * whole:.3f} ms; the client's processor time is {1000 * busy:.3f} ms a run")


def driven(job, task):
    """Wall time of a job on two processes, told at times; and (runs, wall time) from its first chunk on."""
    from sim.experiments.sweep import sweep as sweeping
    from sim.runs import process_pool

    before, began, due, first = sweeping._engine, time.perf_counter(), 60.0, None
    sweeping._engine = lambda job, made: process_pool.PoolEngine(2, task, made.packed, job.folder)
    try:
        for state in sweeping.run(job):
            spent = time.perf_counter() - began
            first = first or ((state.done, spent) if state.done else None)
            if spent > due:
                due += 60.0
                say(f"  {state.done:,} of {state.total:,} runs after {spent:.0f} s")
    finally:
        sweeping._engine = before
    whole = time.perf_counter() - began
    return whole, (job.sweep.runs - first[0], whole - first[1])


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
    from tests.samples import toy_pace

    job = tiny_job(folder / "tiny", given.tiny)
    with Peak() as peak:
        seconds, _ = driven(job, toy_pace.every_scalar)
    size = sum(path.stat().st_size for path in job.folder.rglob("*") if path.is_file())
    say(f"client: {peak.before:.0f} MB before, {peak.most:.0f} MB at most over {job.sweep.runs:,} tiny runs in "
        f"{seconds:.0f} s, {1000 * seconds / job.sweep.runs:.3f} ms a run, {size / 1e6:.0f} MB on disk")


def reading(folder, given):
    """Seconds for all scalars of a finished sweep in pandas, without us and through sim."""
    import pandas

    from sim.experiments.sweep import load
    from tests.samples import toy_pace

    if not (folder / "tiny").exists():
        driven(tiny_job(folder / "tiny", given.tiny), toy_pace.every_scalar)
    (path,) = (folder / "tiny" / "out" / "results").glob("*.parquet")
    for name, way in (("pandas.read_parquet", lambda: pandas.read_parquet(path)),
                      ("sim.experiments.sweep.load.frame", lambda: load.frame(folder / "tiny" / "out"))):
        found = []
        for _ in range(given.rounds):
            began = time.perf_counter()
            shape = way().shape
            found.append(time.perf_counter() - began)
        say(f"{name}: {shape[0]:,} rows of {shape[1]} columns in {statistics.median(found):.2f} s")

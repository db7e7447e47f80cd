"""K2, K3: workers killed with -9, one after another, while their client goes on to the end."""

import os
import shutil
import time

import psutil

from sim.experiments.sweep import load
from sim.runs import worker
from tests.reliability import victims, watched
from tests.reliability.bench import RUNS, here
from tests.samples import clusters, sweeps

SILENT = 300.0                 # seconds without a new part after which a sweep counts as hung
LONG = 2.0                     # seconds that are added to a chunk of real runs, unless others are asked for
APART = 3.0, 2.5               # seconds between two kills at most: so many, and so many times what a chunk takes
REAL = sweeps.SHORT.replace("replicates = 3", "replicates = 60")


def on_pool(bench, number, paces):
    """K2 with two processes of this machine, so many deaths at each pace."""
    for pace in paces:
        Deaths(bench, pace).count(number)


def on_dask(bench, number, paces):
    """K2 with two workers of a cluster."""
    for pace in paces:
        place = bench.folder / f"deaths-cluster-{pace}"
        place.mkdir()
        with clusters.Cluster(place) as cluster:
            Deaths(bench, pace, cluster).count(number)


def of_real_runs(bench, number, paces=(LONG,)):
    """K3: the same with runs of the model, made so much longer."""
    place = bench.folder / "real"
    place.mkdir()
    file = sweeps.write(place, REAL)
    with here(worker.work):
        sweeps.finish(sweeps.job(file, place / "whole"))
    for pace in paces:
        Deaths(bench, pace, real=file).count(number)


class Deaths:
    """Deaths of workers of one sweep after another, and what came of the sweeps."""

    def __init__(self, bench, pace, cluster=None, real=None):
        self._bench, self._pace, self._cluster, self._real = bench, pace, cluster, real
        self._engine, self._address = ("dask", cluster.address) if cluster else ("pool", "")
        self._file, self._kind = (real, victims.REAL) if real else (bench.file, "")
        self._content = sweeps.content(real.parent / "whole") if real else bench.content
        self._dead, self._sweeps, self._wrong, self._slowest = 0, 0, 0, 0.0

    def count(self, number):
        """So many deaths, in as many sweeps as it takes."""
        began = time.monotonic()
        while self._dead < number:
            self._sweeps += 1
            self._wrong += not self._survives(number)
        what = f"workers killed, {self._engine}, {self._pace} s a chunk{' of real runs' if self._real else ''}: " \
               "the client goes on to the end, nothing lost or charged, same hash"
        self._bench.note("K3" if self._real else "K2", what, self._dead, self._wrong,
                         f"{self._sweeps} sweeps, longest wait for a part {self._slowest:.1f} s, "
                         f"{time.monotonic() - began:.0f} s")

    def _survives(self, number):
        """Whether a sweep whose workers die comes to its end in full."""
        folder = self._bench.folder / f"deaths-{self._engine}-{self._pace}{self._kind}-{self._sweeps}"
        process = watched.started(self._file, folder, self._address, self._pace, self._kind)
        os.set_blocking(process.stdout.fileno(), False)
        with process.stdout:
            ended = self._killed(process, number)
        sound = ended and process.returncode == 0 and self._is_whole(folder)
        if not sound:
            print(f"{folder}: {'exit ' + str(process.returncode) if ended else 'hung'}",
                  watched.complaints(folder), load.failures(folder), flush=True)
        shutil.rmtree(folder)
        return sound

    def _killed(self, process, number):
        """Kill workers until the client ends; False if it hangs, which ends it."""
        rng, heard = self._bench.rng, time.monotonic()
        due = heard + rng.uniform(0.5, 2.0)
        while process.poll() is None:
            now = time.monotonic()
            if process.stdout.read(1 << 16):
                self._slowest, heard = max(self._slowest, now - heard), now
            if now - heard > SILENT:
                process.kill()
                process.wait()
                return False
            if now > due and self._dead < number and (workers := self._workers(process)):
                self._kill(rng.choice(workers))
                due = now + rng.uniform(0.5, APART[0] + APART[1] * self._pace)
            time.sleep(0.02)
        return True

    def _workers(self, process):
        if self._cluster:
            return [psutil.Process(each.pid) for each in self._cluster.processes[1:] if each.poll() is None]
        return watched.workers_of(process)

    def _kill(self, victim):
        victim.kill()
        self._dead += 1
        if self._cluster:
            self._cluster.add_worker()

    def _is_whole(self, folder):
        rows = load.frame(folder)
        every = len(load.frame(self._real.parent / "whole")) if self._real else RUNS
        return len(rows) == every and not rows.run.duplicated().any() \
            and not len(load.failures(folder)) and sweeps.content(folder) == self._content

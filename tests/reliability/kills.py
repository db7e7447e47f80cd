"""K1, K2: client or worker killed with -9, or the client stopped, at random moments; it goes on until it is done."""

import shutil
import signal
import time

import psutil

from sim.experiments.sweep import load
from tests.reliability import watched
from tests.reliability.bench import RUNS
from tests.samples import clusters


def on_pool(bench, number, paces):
    """K1 with two processes of this machine, so many kills at each pace."""
    for pace in paces:
        Kills(bench, pace).count(number)


def on_dask(bench, number, paces):
    """K1 with two workers of a cluster."""
    for pace in paces:
        place = bench.folder / f"cluster-{pace}"
        place.mkdir()
        with clusters.Cluster(place) as cluster:
            Kills(bench, pace, cluster).count(number)


class Kills:
    """Kills of one sweep, begun again whenever it is done, and what was lost or left by them."""

    def __init__(self, bench, pace, cluster=None):
        self._bench, self._pace, self._cluster = bench, pace, cluster
        self._engine, self._address = ("dask", cluster.address) if cluster else ("pool", "")
        self._folder = bench.folder / f"{self._engine}-{pace}"
        self._victims, self._lost, self._orphans, self._done = [], 0, 0, 0

    def count(self, number):
        """So many kills, then to the end."""
        began = time.monotonic()
        while len(self._victims) < number:
            self._kill()
            self._look()
        self._finish()
        self._note(number, began)

    def _kill(self):
        rng, process = self._bench.rng, self._started()
        time.sleep(rng.uniform(0.1, 2.0 + 2.0 * self._pace))
        kind = rng.choice(["client", "client", "worker", "worker", "stop"])
        workers = self._workers(process)
        if kind == "worker" and workers:
            self._kill_one_of(workers)
        process.send_signal(signal.SIGTERM if kind == "stop" else signal.SIGKILL)
        process.wait()
        self._victims.append(kind)
        self._orphans += 0 if self._cluster else watched.alive(workers)

    def _started(self):
        return watched.started(self._bench.file, self._folder, self._address, self._pace)

    def _workers(self, process):
        if self._cluster:
            return [psutil.Process(each.pid) for each in self._cluster.processes[1:] if each.poll() is None]
        return watched.workers_of(process)

    def _kill_one_of(self, workers):
        self._bench.rng.choice(workers).kill()
        if self._cluster:
            self._cluster.add_worker()
        time.sleep(self._bench.rng.uniform(0.1, 0.5))

    def _look(self):
        """Count what was acknowledged before this kill and is no longer; a sweep that is done begins anew."""
        done = watched.acknowledged(self._folder)
        self._lost += max(0, self._done - done)
        self._done = done
        if done == RUNS:
            shutil.rmtree(self._folder)
            self._done = 0

    def _finish(self):
        process = self._started()
        process.communicate()
        assert process.returncode == 0, process.returncode

    def _note(self, number, began):
        stale = len(list(self._folder.rglob("*.tmp")))
        twice = int(load.frame(self._folder).run.duplicated().sum())
        same = self._bench.ends_as_undisturbed(self._folder)
        counted = ", ".join(f"{self._victims.count(kind)} {kind}" for kind in ("client", "worker", "stop"))
        self._bench.note(
            "K1",
            f"kills, {self._engine}, {self._pace} s a chunk ({counted})",
            number,
            self._lost + self._orphans + stale + twice + (not same),
            f"{self._lost} lost, {twice} twice, {self._orphans} orphans, {stale} stale, hash "
            f"{'equal' if same else 'OTHER'}, {time.monotonic() - began:.0f} s",
        )

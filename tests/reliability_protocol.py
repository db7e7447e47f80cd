"""The reliability protocol of sweeps in full: kills, poison, signals and spoiled files, counted.

    python tests/reliability_protocol.py [--kills 50] [--dask-kills 10] [--silences 20] [--only K1 ...] [--out table.md]

Sweeps here are of runs that cost nothing (tests/toy.py), so that many kills fit into minutes; what
is killed, the driver, the engines and the store, is what every sweep uses. Ends with 1 if any line
misses its target.
"""

import argparse
import contextlib
import dataclasses
import datetime
import itertools
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import clusters
import psutil
import runs
import sweeps
import toy

from sim.errors import InputError, LockedError
from sim.experiment import driver, engine_dask, engine_pool, load, worker
from sim.experiment import sweep as sweeping

RUNS = 20_000
TESTS = pathlib.Path(__file__).parent
CLIENT = """
import sys, time
sys.path[:0] = [{tests!r}, {root!r}]
import reliability_protocol as protocol
protocol.client({file!r}, {folder!r}, {address!r})
"""


COMMAND = """
import sys
sys.path[:0] = [{tests!r}, {root!r}]
import reliability_protocol as protocol
protocol.command({file!r}, {folder!r}, {address!r})
"""


def command(file, folder, address):
    """`sim sweep --dask` of slow rows in chunks of ten, as a user types it."""
    from sim.cli import main

    driver.MOST, driver.TARGET = 10, 10.0
    sweeping._engine = _engine(slow, address)
    sys.argv = ["sim", "sweep", file, "--out", folder, "--dask", address]
    main()


def slow(packed, chunk):
    """Rows that take a little while, so that a kill meets work under way."""
    time.sleep(0.02)
    return toy.rows(packed, chunk)


def client(file, folder, address):
    """What is killed: a sweep of slow rows in chunks of ten, on two processes or a cluster."""
    driver.MOST, driver.TARGET = 10, 10.0
    sweeping._engine = _engine(slow, address)
    for state in sweeping.run(sweeps.job(file, folder)):
        print(state.done, flush=True)


def _engine(task, address=""):
    if address:
        return lambda job, made: engine_dask.DaskEngine(address, task, made.packed, made.key)
    return lambda job, made: engine_pool.PoolEngine(2, task, made.packed)


class Protocol:
    """Counts of every line: tries, failures, and what was measured."""

    def __init__(self, folder, seed):
        self.folder, self.rng, self.lines = pathlib.Path(folder), random.Random(seed), []
        text = sweeps.SHORT.replace("replicates = 3", f"replicates = {RUNS // 2}").replace(
            "[5, 15.0, 40]", "[5]"
        )
        self.file = sweeps.write(
            self.folder, text.replace('series = ["headquarters_in_zone"]', "").replace('maps = ["rent"]', "")
        )
        self.job = sweeps.job(self.file, self.folder / "unset")

    def note(self, line, what, tries, failures, words=""):
        self.lines.append((line, what, tries, failures, words))
        print(f"{line}: {what}: {failures} failures of {tries} {words}", flush=True)

    @contextlib.contextmanager
    def here(self, task=toy.rows):
        """Sweeps in this process."""
        before = sweeping._engine
        sweeping._engine = lambda job, made: sweeps.Here(made.packed, function=task)
        try:
            yield
        finally:
            sweeping._engine = before

    def whole(self):
        """Content of an undisturbed sweep in one process."""
        with self.here():
            sweeps.finish(dataclasses.replace(self.job, folder=self.folder / "whole"))
        return sweeps.content(self.folder / "whole")

    # -- K1, K2: kills ----------------------------------------------------------

    def kills(self, number, address="", cluster=None):
        """Kill client or worker with -9, or stop the client, at random moments; go on until it is done."""
        folder = self.folder / ("dask" if address else "pool")
        lost = orphans = stale = done_before = 0
        began, victims = time.monotonic(), []
        while len(victims) < number:
            process = self._started(folder, address)
            time.sleep(self.rng.uniform(0.1, 2.0))
            kind = self.rng.choice(["client", "client", "worker", "worker", "stop"])
            workers = self._workers(process, cluster)
            if kind == "worker" and workers:
                self.rng.choice(workers).kill()
                if cluster:
                    cluster.add_worker()
                time.sleep(self.rng.uniform(0.1, 0.5))
            process.send_signal(signal.SIGTERM if kind == "stop" else signal.SIGKILL)
            process.wait()
            victims.append(kind)
            orphans += 0 if cluster else self._alive(workers)
            done = self._acknowledged(folder)
            lost += max(0, done_before - done)
            done_before = done
            if done == RUNS:
                shutil.rmtree(folder)
                done_before = 0
        self._finished(folder, address)
        stale += len(list(folder.rglob("*.tmp")))
        rows = load.frame(folder)
        twice = int(rows.run.duplicated().sum())
        same = sweeps.content(folder) == self.whole_content
        counted = ", ".join(f"{victims.count(kind)} {kind}" for kind in ("client", "worker", "stop"))
        self.note(
            "K1",
            f"kills, {'dask' if address else 'pool'} ({counted})",
            number,
            lost + orphans + stale + twice + (not same),
            f"{lost} lost, {twice} twice, {orphans} orphans, {stale} stale, hash "
            f"{'equal' if same else 'OTHER'}, {time.monotonic() - began:.0f} s",
        )

    def _started(self, folder, address):
        code = CLIENT.format(
            tests=str(TESTS), root=str(TESTS.parent), file=str(self.file), folder=str(folder), address=address
        )
        process = subprocess.Popen(
            [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        process.stdout.readline()  # the folder is open
        return process

    def _finished(self, folder, address):
        process = self._started(folder, address)
        process.communicate()
        assert process.returncode == 0, process.returncode

    @staticmethod
    def _workers(process, cluster):
        if cluster:
            return [psutil.Process(each.pid) for each in cluster.processes[1:] if each.poll() is None]
        with contextlib.suppress(psutil.NoSuchProcess):
            return [
                each for each in psutil.Process(process.pid).children() if "spawn_main" in str(each.cmdline())
            ]
        return []

    @staticmethod
    def _alive(workers):
        until = time.monotonic() + 5.0
        while time.monotonic() < until and any(each.is_running() for each in workers):
            time.sleep(0.05)
        return sum(each.is_running() and each.status() != psutil.STATUS_ZOMBIE for each in workers)

    @staticmethod
    def _acknowledged(folder):
        from sim.experiment.store import read_lines

        return sum(b - a + 1 for entry in read_lines(folder) for a, b in entry["runs"])

    # -- K4: a run that does harm ----------------------------------------------------------

    def harms(self):
        tasks = (toy.killed, toy.left, toy.crashed, toy.stuck, toy.unsendable, toy.unraisable)
        wrong = 0
        for task in tasks:
            sweeping._engine, folder = _engine(task), self.folder / task.__name__
            limit = 5.0 if task is toy.stuck else 600.0
            state = sweeps.finish(dataclasses.replace(self.job, folder=folder, limit=limit))
            failed = load.failures(folder).run.tolist()
            wrong += (state.done, failed) != (RUNS, [toy.BAD])
        self.note("K4", f"kinds of harm by one run among {RUNS:,}: only it has no result", len(tasks), wrong)

    # -- K7: signals ----------------------------------------------------------

    def signals(self, number):
        wrong, slowest = 0, 0.0
        for k in range(number):
            folder = self.folder / f"signal-{k}"
            command = ["sweep", str(self.file), "--out", str(folder), "--jobs", "1"]
            code = "from sim.cli import main; main()"
            process = subprocess.Popen(
                [sys.executable, "-c", code, *command],
                stdout=subprocess.PIPE,
                text=True,
                stderr=subprocess.PIPE,
                cwd=TESTS.parent,
            )
            while not folder.exists() and process.poll() is None:
                time.sleep(0.02)
            time.sleep(self.rng.uniform(0.2, 2.0))
            workers = self._workers(process, None)
            process.send_signal(self.rng.choice([signal.SIGINT, signal.SIGTERM, signal.SIGHUP]))
            sent = time.monotonic()
            _, told = process.communicate(timeout=60)
            slowest = max(slowest, time.monotonic() - sent)
            sound = process.returncode == 130 and "go on with: sim sweep" in told and not self._alive(workers)
            wrong += not sound
        self.note(
            "K7",
            "one signal: exit 130, the command to go on with, no worker left",
            number,
            wrong,
            f"slowest {slowest:.1f} s",
        )

    # -- K5: a scheduler that goes ----------------------------------------------------------

    def silences(self, number):
        """Kill, or stop, the scheduler in mid-sweep; the client ends, and the sweep goes on without it."""
        wrong, slowest, left = 0, 0.0, 0.0
        for k in range(number):
            place = self.folder / f"silence-{k}"
            place.mkdir()
            with clusters.Cluster(place) as cluster:
                process = self._typed(place / "out", cluster.address)
                self._wait_for_rows(process, place / "out", self.rng.randrange(100, 2000))
                before = self._acknowledged(place / "out")
                cluster.processes[0].send_signal((signal.SIGKILL, signal.SIGSTOP)[k % 2])
                sent = time.monotonic()
                told = process.communicate()[1]
                slowest = max(slowest, time.monotonic() - sent)
                if k % 2 == 0:
                    left = max(left, self._gone_after(cluster.processes[1:], sent))
            said = process.returncode == 4 and "go on with: sim sweep" in told and "Traceback" not in told
            wrong += not (said and self._goes_on(place / "out", before))
            shutil.rmtree(place)
        self.note(
            "K5",
            "scheduler killed or stopped in mid-sweep: exit 4, the command to go on with, nothing lost, same hash",
            number,
            wrong + (slowest > 30),
            f"client gone after {slowest:.1f} s at most, workers of a killed one after {left:.1f} s",
        )

    def _goes_on(self, folder, before):
        """Whether a sweep that was left has what was acknowledged, and comes to the same end."""
        kept = self._acknowledged(folder)
        with self.here():
            steps = sweeping.run(dataclasses.replace(self.job, folder=folder))
            held = next(steps).done
            for _ in steps:
                pass
        return before <= kept == held and sweeps.content(folder) == self.whole_content

    def deaf(self):
        """An address that refuses, one that listens and says nothing, one that nobody reaches."""
        import socket

        wrong, slowest = 0, 0.0
        with socket.create_server(("127.0.0.1", 0)) as listener:
            addresses = [f"tcp://127.0.0.1:{listener.getsockname()[1]}", "tcp://127.0.0.1:9", "tcp://10.255.255.1:8786"]
            for k, address in enumerate(addresses):
                began = time.monotonic()
                process = self._typed(self.folder / f"deaf-{k}", address)
                told = process.communicate()[1]
                slowest = max(slowest, time.monotonic() - began)
                wrong += process.returncode != 4 or "go on with: sim sweep" not in told
        self.note(
            "K5",
            "an address that does not answer: exit 4 and the command to go on with",
            len(addresses),
            wrong + (slowest > 30),
            f"slowest {slowest:.1f} s, its start included",
        )

    def _typed(self, folder, address):
        code = COMMAND.format(
            tests=str(TESTS), root=str(TESTS.parent), file=str(self.file), folder=str(folder), address=address
        )
        return subprocess.Popen(
            [sys.executable, "-c", code], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )

    def _wait_for_rows(self, process, folder, rows):
        while self._acknowledged(folder) < rows and process.poll() is None:
            time.sleep(0.05)

    @staticmethod
    def _gone_after(processes, sent):
        while any(each.poll() is None for each in processes) and time.monotonic() - sent < 90.0:
            time.sleep(0.1)
        return time.monotonic() - sent

    # -- R3: an encrypted cluster ----------------------------------------------------------

    def encrypted(self):
        """Real runs on a cluster over tls with an authority of our own; nobody else gets in."""
        place = self.folder / "tls"
        place.mkdir()
        own, other = clusters.certificates(place), clusters.certificates(place, "other")
        file = sweeps.write(place, sweeps.SHORT)
        with self.here(worker.work):
            sweeps.finish(sweeps.job(file, place / "here"))
        with clusters.Cluster(place, 2, own) as cluster:
            plain = cluster.address.replace("tls://", "tcp://")
            strangers = [(cluster.address, other), (cluster.address, {}), (plain, {})]
            let_in = sum(ends(file, place / "no", *stranger) == 0 for stranger in strangers)
            ended = ends(file, place / "out", cluster.address, own)
        same = ended == 0 and sweeps.content(place / "out") == sweeps.content(place / "here")
        self.note(
            "R3",
            "real runs over tls://, certificates of our own: same hash; others, none and tcp:// stay out",
            4,
            let_in + (not same),
            f"hash {'equal' if same else 'OTHER'}, {let_in} let in",
        )

    # -- K9, K10 ----------------------------------------------------------

    def finished(self, number):
        wrong, slowest, folder = 0, 0.0, self.folder / "whole"
        for _ in range(number):
            before, began = runs_stamps(folder / "results"), time.monotonic()
            with self.here(task=None):
                sweeps.finish(dataclasses.replace(self.job, folder=folder))
            slowest = max(slowest, time.monotonic() - began)
            wrong += runs_stamps(folder / "results") != before
        self.note(
            "K9",
            "a finished sweep again: nothing run, nothing touched",
            number,
            wrong,
            f"slowest {slowest:.2f} s",
        )

    def edits(self):
        text, wrong = self.file.read_text(), 0
        edited = {
            "2021-12-31": "2022-03-31",
            "[5]": "[6]",
            "2021-10-01": "2021-07-01",
            "10000": "9999",
            "[axes.reach]": "[axes.rich]",
            "2021-Q4": "2021-Q3",
            "policies.tax.start": "policies.status.start",
        }
        for old, new in edited.items():
            path = self.file.with_name("edited.toml")
            path.write_text(text.replace(old, new))
            try:
                sweeps.finish(sweeps.job(path, self.folder / "whole"))
                wrong += 1
            except InputError as error:
                wrong += "there and" not in str(error) and "not set" not in str(error)
        self.note("K10", "an edited sweep is refused by the key that differs", len(edited), wrong)

    # -- S2 to S6 ----------------------------------------------------------

    def closed_places(self):
        """Folders that cannot be written to: exit 4 and one line, before any run."""
        file, link = self.folder / "a-file", self.folder / "dangling"
        file.write_text("not a folder")
        link.symlink_to(self.folder / "nowhere" / "at-all")
        places = [file, file / "below", link, self.folder / ("n" * 300), pathlib.Path("/proc/nothing")]
        wrong = 0
        for place in places:
            process = runs.shell("sweep", str(self.file), "--out", str(place), "-q")
            _, said = process.communicate()
            wrong += process.returncode != 4 or len(said.strip().splitlines()) != 1
        self.note("S2", "an output that is a file, below a file, a dangling link, too long a name, a place without "
                  "files: exit 4 and one line", len(places), wrong)

    def removals(self, number):
        """rm -rf, rename, replacement and the loss of a part in mid-sweep, as another process does them."""
        wrong = 0
        for k in range(number):
            folder, kind = self.folder / f"gone-{k}", ("remove", "rename", "replace", "part")[k % 4]
            process = self._started(folder, "")
            time.sleep(self.rng.uniform(0.3, 1.5))
            if kind == "part":
                while not (there := sorted(folder.glob("parts/*/*.parquet"))):      # workers are still starting
                    time.sleep(0.05)
                there[0].unlink()
                process.communicate()
                wrong += (
                    process.returncode == 0
                    and self._acknowledged(folder) == RUNS
                    and not (folder / "results").exists()
                )
                wrong += process.returncode == 0
                continue
            if kind == "rename":
                folder.rename(self.folder / f"elsewhere-{k}")
            else:
                subprocess.run(["rm", "-rf", str(folder)], check=False, stderr=subprocess.DEVNULL)
                if kind == "replace":
                    folder.mkdir(exist_ok=True)
            process.communicate()
            wrong += process.returncode == 0
        self.note(
            "S3",
            "folder removed, renamed, replaced, or a part removed in mid-sweep: never exit 0",
            number,
            wrong,
        )

    def spoils(self, name, number, spoil):
        """Spoil a file of a half-done sweep; it is noticed, and the end is the same."""
        wrong, half = 0, self.folder / "half"
        if not half.exists():
            driver.MOST = 500
            with self.here():
                steps = sweeping.run(dataclasses.replace(self.job, folder=half))
                for _ in range(12):
                    next(steps)
                steps.close()
        for _ in range(number):
            folder = shutil.copytree(half, self.folder / "spoilt")
            victim = self.rng.choice(sorted(folder.glob("parts/*/*")))
            content = victim.read_bytes()
            spoilt = spoil(content, self.rng)
            victim.write_bytes(spoilt)
            with self.here():
                first = next(sweeping.run(dataclasses.replace(self.job, folder=folder)))
            before = sum(b - a + 1 for a, b in self._runs_of(half, victim.name))
            wrong += spoilt != content and first.done != self._acknowledged(half) - before
            shutil.rmtree(folder)
        self.note(
            "S4" if name == "one bit" else "S5",
            f"{name} of a part: noticed, exactly its runs made again",
            number,
            wrong,
        )

    @staticmethod
    def _runs_of(folder, name):
        from sim.experiment.store import read_lines

        return next(entry["runs"] for entry in read_lines(folder) if entry["path"].endswith(name))

    def locks(self, number):
        wrong = 0
        for k in range(number):
            folder = self.folder / f"lock-{k}"
            with self.here():
                steps = sweeping.run(dataclasses.replace(self.job, folder=folder))
                next(steps)
                try:
                    next(sweeping.run(dataclasses.replace(self.job, folder=folder)))
                    wrong += 1
                except LockedError as error:
                    wrong += "in use by process" not in str(error)
                steps.close()
        self.note(
            "S6", "two sweeps in one folder: the second is refused by the number of the first", number, wrong
        )

    # -- R2 to R4 ----------------------------------------------------------

    def threads(self):
        """Real runs with other numbers of threads for numba and for libraries of linear algebra: one hash."""
        text, small = self.file.read_text(), sweeps.write(self.folder, sweeps.SHORT)
        numbers, found, wrong = ("1", "2", "4"), set(), 0
        for ours, theirs in itertools.product(numbers, numbers):
            folder = self.folder / f"threads-{ours}-{theirs}"
            process = runs.shell("sweep", str(small), "--out", str(folder), "-q", NUMBA_NUM_THREADS=ours,
                                 OMP_NUM_THREADS=theirs, OPENBLAS_NUM_THREADS=theirs)
            process.communicate()
            wrong += process.returncode != 0
            found.add((sweeps.content(folder), *sweeps.files(folder).values()))
        self.note("R4", "threads of numba x threads of linear algebra, real runs: one hash, the same bytes",
                  len(numbers) ** 2, wrong + len(found) - 1)
        sweeps.write(self.folder, text)

    def orders(self):
        wrong, combinations = 0, [(w, c, b) for w in (1, 3) for c in (1, 7, 100) for b in (False, True)]
        text, small = self.file.read_text(), sweeps.write(self.folder, sweeps.SHORT)
        found = set()
        for workers, chunk, backwards in combinations:
            driver.FIRST = driver.MOST = chunk
            sweeping._engine = lambda job, made, w=workers, b=backwards: sweeps.Here(
                made.packed, w, backwards=b
            )
            folder = self.folder / f"order-{workers}-{chunk}-{backwards}"
            sweeps.finish(sweeps.job(small, folder))
            found.add((sweeps.content(folder), *sweeps.files(folder).values()))
        wrong = len(found) - 1
        self.note(
            "R2",
            "workers x chunk size x order, real runs: one hash, the same bytes",
            len(combinations),
            wrong,
        )
        sweeps.write(self.folder, text)


def ends(file, folder, address, settings):
    """Exit code of `sim sweep --dask` with these settings of dask in its environment."""
    process = runs.shell("sweep", file, "--out", folder, "--dask", address, "-q", **settings)
    process.communicate()
    return process.returncode


def runs_stamps(folder):
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}


def flip(content, rng):
    place = rng.randrange(len(content))
    return content[:place] + bytes([content[place] ^ (1 << rng.randrange(8))]) + content[place + 1 :]


SPOILS = {
    "one bit": flip,
    "cut": lambda content, rng: content[: rng.randrange(len(content))],
    "zeroed tail": lambda content, rng: (
        content[: len(content) // 2] + bytes(len(content) - len(content) // 2)
    ),
}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--dask-kills", type=int, default=10)
    parser.add_argument("--silences", type=int, default=20)
    parser.add_argument(
        "--only",
        nargs="*",
        default=["K1", "K1d", "K4", "K5", "K7", "K9", "K10", "S2", "S3", "S4", "S5", "S6", "R2", "R3", "R4"],
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", default="")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="protocol-") as folder:
        protocol = Protocol(folder, given.seed)
        protocol.whole_content = protocol.whole()
        defaults = driver.FIRST, driver.MOST
        steps = {
            "K9": lambda: protocol.finished(10),
            "K10": protocol.edits,
            "S6": lambda: protocol.locks(10),
            "S4": lambda: protocol.spoils("one bit", 100, SPOILS["one bit"]),
            "S5": lambda: [protocol.spoils(name, 25, SPOILS[name]) for name in ("cut", "zeroed tail")],
            "K1": lambda: protocol.kills(given.kills),
            "K4": protocol.harms,
            "K5": lambda: [protocol.silences(given.silences), protocol.deaf()],
            "R3": protocol.encrypted,
            "K7": lambda: protocol.signals(5),
            "S3": lambda: protocol.removals(8),
            "K1d": lambda: on_cluster(protocol, given.dask_kills),
            "R2": protocol.orders,
            "R4": protocol.threads,
            "S2": protocol.closed_places,
        }
        for name in given.only:
            driver.FIRST, driver.MOST = defaults
            steps[name]()
    table = ["| line | what | tries | failures | measured |", "|---|---|---|---|---|"]
    table += [f"| {' | '.join(map(str, line))} |" for line in protocol.lines]
    text = f"{datetime.datetime.now(datetime.UTC):%Y-%m-%d}, {RUNS:,} runs\n\n" + "\n".join(table) + "\n"
    print(text)
    if given.out:
        pathlib.Path(given.out).write_text(text)
    sys.exit(any(line[3] for line in protocol.lines))


def on_cluster(protocol, number):
    place = protocol.folder / "cluster"
    place.mkdir()
    with clusters.Cluster(place) as cluster:
        protocol.kills(number, cluster.address, cluster)


if __name__ == "__main__":
    main()

"""K5: a scheduler that goes in mid-sweep, and addresses that do not answer."""

import shutil
import signal
import socket
import time

from sim.experiments.sweep import sweep as sweeping
from tests.reliability import watched
from tests.reliability.bench import here
from tests.samples import clusters

PATIENCE = 30.0                # seconds after which a client must have ended


def silences(bench, number, paces):
    """Kill, or stop, the scheduler in mid-sweep; the client ends, and the sweep goes on without it."""
    for pace in paces:
        _silences(bench, number, pace)


def _silences(bench, number, pace):
    wrong, slowest, left = 0, 0.0, 0.0
    for k in range(number):
        place = bench.folder / f"silence-{pace}-{k}"
        place.mkdir()
        sound, client, workers = _silence(bench, place, (signal.SIGKILL, signal.SIGSTOP)[k % 2], pace)
        wrong += not sound
        slowest, left = max(slowest, client), max(left, workers)
        shutil.rmtree(place)
    bench.note(
        "K5",
        f"scheduler killed or stopped in mid-sweep, {pace} s a chunk: exit 4, the command to go on with, "
        "nothing lost, same hash",
        number,
        wrong + (slowest > PATIENCE),
        f"client gone after {slowest:.1f} s at most, workers of a killed one after {left:.1f} s",
    )


def _silence(bench, place, number, pace):
    """Whether a sweep whose scheduler got the signal ended well; seconds to the end of client and workers."""
    folder, left = place / "out", 0.0
    with clusters.Cluster(place) as cluster:
        process = watched.typed(bench.file, folder, cluster.address, pace)
        _wait_for_rows(process, folder, bench.rng.randrange(100, 1000))
        before = watched.acknowledged(folder)
        cluster.processes[0].send_signal(number)
        sent = time.monotonic()
        told = process.communicate()[1]
        ended = time.monotonic() - sent
        if number == signal.SIGKILL:  # a stopped one still holds its workers
            left = _gone_after(cluster.processes[1:], sent)
    sound = _says_how_to_go_on(process, told) and "Traceback" not in told and _goes_on(bench, folder, before)
    return sound, ended, left


def _says_how_to_go_on(process, told):
    return process.returncode == 4 and "continue with: sim sweep" in told


def _goes_on(bench, folder, before):
    """Whether a sweep that was left has what was acknowledged, and comes to the same end."""
    kept = watched.acknowledged(folder)
    with here():
        steps = sweeping.run(bench.job_in(folder))
        held = next(steps).done
        for _ in steps:
            pass
    return before <= kept == held and bench.ends_as_undisturbed(folder)


def _wait_for_rows(process, folder, rows):
    while watched.acknowledged(folder) < rows and process.poll() is None:
        time.sleep(0.05)


def _gone_after(processes, sent):
    while any(each.poll() is None for each in processes) and time.monotonic() - sent < 90.0:
        time.sleep(0.1)
    return time.monotonic() - sent


def deaf(bench):
    """An address that refuses, one that listens and says nothing, one that nobody reaches."""
    wrong, slowest = 0, 0.0
    with socket.create_server(("127.0.0.1", 0)) as listener:
        addresses = [f"tcp://127.0.0.1:{listener.getsockname()[1]}", "tcp://127.0.0.1:9", "tcp://10.255.255.1:8786"]
        for k, address in enumerate(addresses):
            began = time.monotonic()
            process = watched.typed(bench.file, bench.folder / f"deaf-{k}", address)
            told = process.communicate()[1]
            slowest = max(slowest, time.monotonic() - began)
            wrong += not _says_how_to_go_on(process, told)
    bench.note(
        "K5",
        "an address that does not answer: exit 4 and the command to go on with",
        len(addresses),
        wrong + (slowest > PATIENCE),
        f"slowest {slowest:.1f} s, its start included",
    )

"""K7: one signal to `sim sweep`."""

import signal
import time

from tests.reliability import watched


def signals(bench, number, paces):
    """A signal at a random moment, each time to a new sweep."""
    for pace in paces:
        _signals(bench, number, pace)


def _signals(bench, number, pace):
    ends = [_stopped(bench, bench.folder / f"signal-{pace}-{k}", pace) for k in range(number)]
    bench.note(
        "K7",
        f"one signal, {pace} s a chunk: exit 130, the command to go on with, no worker left",
        number,
        sum(not sound for sound, _ in ends),
        f"slowest {max((took for _, took in ends), default=0.0):.1f} s",
    )


def _stopped(bench, folder, pace):
    """Whether a sweep ended as it should, and seconds from the signal to its end."""
    process = watched.typed(bench.file, folder, "", pace)
    while not folder.exists() and process.poll() is None:
        time.sleep(0.02)
    time.sleep(bench.rng.uniform(0.2, 2.0))
    workers = watched.workers_of(process)
    process.send_signal(bench.rng.choice([signal.SIGINT, signal.SIGTERM, signal.SIGHUP]))
    sent = time.monotonic()
    _, told = process.communicate(timeout=60)
    took = time.monotonic() - sent
    return process.returncode == 130 and "continue with: sim sweep" in told and not watched.alive(workers), took

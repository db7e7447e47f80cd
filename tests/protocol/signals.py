"""K7: one signal to `sim sweep`."""

import signal
import subprocess
import sys
import time

from protocol import watched


def signals(bench, number):
    """A signal at a random moment, each time to a new sweep."""
    ends = [_stopped(bench, bench.folder / f"signal-{k}") for k in range(number)]
    bench.note(
        "K7",
        "one signal: exit 130, the command to go on with, no worker left",
        number,
        sum(not sound for sound, _ in ends),
        f"slowest {max((took for _, took in ends), default=0.0):.1f} s",
    )


def _stopped(bench, folder):
    """Whether a sweep ended as it should, and seconds from the signal to its end."""
    process = _command(bench.file, folder)
    while not folder.exists() and process.poll() is None:
        time.sleep(0.02)
    time.sleep(bench.rng.uniform(0.2, 2.0))
    workers = watched.workers_of(process)
    process.send_signal(bench.rng.choice([signal.SIGINT, signal.SIGTERM, signal.SIGHUP]))
    sent = time.monotonic()
    _, told = process.communicate(timeout=60)
    took = time.monotonic() - sent
    return process.returncode == 130 and "go on with: sim sweep" in told and not watched.alive(workers), took


def _command(file, folder):
    code = "from sim.cli import main; main()"
    return subprocess.Popen(
        [sys.executable, "-c", code, "sweep", str(file), "--out", str(folder), "--jobs", "1"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=watched.TESTS.parent,
    )

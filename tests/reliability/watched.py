"""Processes of sweeps to disturb, as their killer sees them: started, their workers, what they have acknowledged."""

import contextlib
import os
import pathlib
import signal
import subprocess
import sys
import time

import psutil

from sim.experiments.sweep import sweep as sweeping
from sim.runs.entries import read_lines
from tests.reliability.bench import here

TESTS = pathlib.Path(__file__).parent.parent
SHORT = 0.1                    # seconds that a chunk takes, unless a line says otherwise
PARTS = 12                     # of a sweep that is left half done
VICTIM = """
import sys
sys.path[:0] = [{root!r}]
from tests.reliability import victims
victims.{what}({file!r}, {folder!r}, {address!r}, {pace!r}, {kind!r})
"""


def started(file, folder, address="", pace=SHORT, kind=""):
    """A client in a process of its own, whose folder is open; its chunks take `pace` seconds."""
    with open(_said_by(folder), "w") as said:
        process = subprocess.Popen(
            _python("client", file, folder, address, pace, kind), stdout=subprocess.PIPE, stderr=said
        )
    process.stdout.readline()  # the folder is open
    return process


def complaints(folder):
    """What the client of a folder wrote to stderr."""
    return _said_by(folder).read_text()


def _said_by(folder):
    return folder.with_name(f"{folder.name}.err")


def typed(file, folder, address="", pace=SHORT, kind="", **environment):
    """`sim sweep -q` in a process of its own, with these settings in its environment; its stderr is kept."""
    return subprocess.Popen(
        _python("command", file, folder, address, pace, kind), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        text=True, env={**os.environ, **environment},
    )


def exit_code(*what, **environment):
    """Exit code of what is typed, at its end."""
    process = typed(*what, **environment)
    process.communicate()
    return process.returncode


def half_done(bench, pace):
    """Folder of a sweep that sleeping workers were at until twelve parts were stored; made once for each pace."""
    folder = bench.folder / f"half-{pace}"
    if not folder.exists():
        process = typed(bench.file, folder, pace=pace)
        while len(list(folder.glob("parts/*/*.parquet"))) < PARTS and process.poll() is None:
            time.sleep(0.02)
        process.send_signal(signal.SIGTERM)
        process.communicate()
        assert process.returncode == 130, process.returncode
        _adopt(bench.job_in(folder))
    return folder


def _adopt(job):
    """Have a part that was written and not yet acknowledged in the manifest, as the next command would."""
    with here():
        steps = sweeping.run(job)
        next(steps)
        steps.close()


def _python(what, file, folder, address, pace, kind):
    code = VICTIM.format(
        what=what, root=str(TESTS.parent), file=str(file), folder=str(folder), address=address,
        pace=pace, kind=kind,
    )
    return [sys.executable, "-c", code]


def workers_of(process):
    """Processes of the pool of a client."""
    with contextlib.suppress(psutil.NoSuchProcess):
        return [each for each in psutil.Process(process.pid).children() if is_worker(each)]
    return []


def is_worker(process):
    """Whether a child is a worker: it was started as one, or forked, and has then the command line of its parent."""
    try:
        said = process.cmdline()
        return "spawn_main" in str(said) or bool(said) and said == process.parent().cmdline()
    except (psutil.Error, AttributeError):               # it has ended, and may not yet be waited for
        return False


def workers_of_this_process():
    """Processes of the pools of this one."""
    return workers_of(psutil.Process())


def alive(workers):
    """How many still live after 5 s."""
    until = time.monotonic() + 5.0
    while time.monotonic() < until and any(each.is_running() for each in workers):
        time.sleep(0.05)
    return sum(each.is_running() and each.status() != psutil.STATUS_ZOMBIE for each in workers)


def acknowledged(folder):
    """Number of runs that a folder says it has."""
    return sum(last - first + 1 for entry in read_lines(folder) for first, last in entry["runs"])

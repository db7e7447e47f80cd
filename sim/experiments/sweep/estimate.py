"""What a sweep will take, from a short trial of each experiment, and where one stands that was begun."""

import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from sim.base import files
from sim.base.errors import LockedError
from sim.experiments.sweep import finish
from sim.experiments.sweep.sweep_file import Sweep
from sim.runs import identity
from sim.runs.entries import read_lines
from sim.runs.plan import Plan, numbers
from sim.runs.worker import SweepSpec, specs_of, work

WARM, TIMED = 1, 10            # runs that go before the timed ones: imports, caches; and the timed ones


def estimate(sweep: Sweep, workers: int) -> dict[str, Any]:
    """Runs, seconds of one processor, seconds with all workers and start-up, and bytes on disk of a whole sweep.

    A few runs of each experiment are made and thrown away. Runs at other points may cost more or less. Start-up is
    what a worker takes to import, to load the kernels and to make its first run, beyond what a later run takes.
    """
    start, began = _import_seconds(), time.monotonic()
    plan = Plan(sweep.experiments)
    spec = SweepSpec("trial", specs_of(sweep.experiments))
    parts = [_trial(plan, spec, number) for number in range(len(sweep.experiments))]
    start += max(0.0, time.monotonic() - began - sum(part["trial_seconds"] for part in parts))
    processor = sum(part["runs"] * part["seconds_a_run"] for part in parts)
    return {"runs": plan.total, "experiments": parts, "workers": workers, "processor_seconds": processor,
            "start_seconds": start, "seconds": start + processor / workers,
            "bytes": int(sum(part["runs"] * part["bytes_a_run"] for part in parts))}


def status(folder: str | Path) -> dict[str, Any] | None:
    """Where the sweep in a folder stands, read without disturbing the process that writes it."""
    folder = Path(folder)
    files.check_folder(folder)
    found = identity.read(folder)
    if not found:
        return None
    entries, (number, shards) = read_lines(folder), identity.shard_of(folder)
    total = sum(each["points"] * each["replicates"] * len(each["order_of_scenarios"])
                for each in found[1]["experiments"].values())
    there = [path for entry in entries if (path := folder / entry["path"]).exists()]
    done, failed = np.zeros(total, dtype=bool), np.zeros(total, dtype=bool)
    for entry in entries:
        done[numbers(entry["runs"])], failed[numbers(entry["runs"])] = True, False
        failed[np.asarray(entry.get("failed", []), dtype=np.int64)] = True
    said = finish.read_summary(folder)
    wanted = total * number // shards - total * (number - 1) // shards
    return {"folder": str(folder), "runs": wanted, "done": int(done.sum()), "failed": int(failed.sum()),
            "parts": len(entries), "bytes": sum(path.stat().st_size for path in there),
            "shard": f"{number}/{shards}", "complete": bool(said) or shards > 1 and int(done.sum()) == wanted,
            "in_use": _in_use(folder),
            "content": said["content"] if said else None, "key": found[0]}


def _trial(plan, spec, number):
    """Cost of a run of one experiment; of bytes what another run adds, since large parts share their heads."""
    experiment = plan.experiments[number]
    first = int(plan.offsets[number])
    many = min(TIMED, experiment.points * experiment.replicates)
    warm = work(spec.packed, plan.chunk(number, 0, first + np.arange(min(WARM, many))))
    done = work(spec.packed, plan.chunk(number, 0, first + np.arange(many)))
    return {"name": experiment.name, "runs": experiment.runs, "points": experiment.points,
            "scenarios": [swept.label for swept in experiment.scenarios], "replicates": experiment.replicates,
            "seconds_a_run": done.seconds / many, "trial_seconds": done.seconds,
            "bytes_a_run": (len(done.content) - len(warm.content)) / max(many - WARM, 1) or len(done.content)}


def _import_seconds():
    """Seconds in which a worker process starts and imports what it needs."""
    began = time.monotonic()
    subprocess.run([sys.executable, "-c", "import sim.runs.worker, sim.model.simulate"], check=False,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.monotonic() - began


def _in_use(folder):
    """Whether another process writes to the folder now."""
    if not (folder / files.LOCK).exists():
        return False
    try:
        with files.lock(folder):
            return False
    except LockedError:
        return True

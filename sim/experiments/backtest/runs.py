"""The runs of a back-test: every draw, variant and run once, kept in the folder so that the same command continues."""

import contextlib
import io
from collections.abc import Callable, Generator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.base import files, plain_files, stored
from sim.base.errors import CorruptError, Interrupted, SimError
from sim.base.helpers import Helpers
from sim.experiments.backtest import draws
from sim.experiments.backtest.paths import numbers
from sim.experiments.backtest.plan import Plan
from sim.runs.driver import Driver
from sim.runs.in_memory import Kept
from sim.runs.thread_pool import ThreadEngine

FOLDER, LARGEST = "parts", 2**30


class Task(NamedTuple):
    """One draw of one variant in one of the plan's runs."""

    run: int
    variant: str
    draw: int
    what: str = "numbers"

    @property
    def file(self) -> str:
        return f"{self.what}-{self.run}-{self.variant}-{self.draw:04d}.npy"


class Records(NamedTuple):
    """What the runs gave."""

    found: dict[tuple[int, str], NDArray[np.float64]]   # (run, variant) -> (what, draw, ...)
    kept: tuple[int, ...]                               # draws that could be run in everything
    failed: tuple[str, ...]                             # why others could not


def records(plan: Plan, values: Sequence[Mapping[str, float]]) -> Generator[tuple[int, int], None, Records]:
    """Generator of (runs done, in all); returns the Records. What is stored under the plan's key is not run again."""
    tasks = [Task(run, variant, draw) for run in range(len(plan.runs)) for variant in plan.variants
             if variant == draws.MODEL or plan.runs[run].origins       # what is only weighed is the model alone
             for draw in range(plan.draws)]
    return (yield from kept(plan, tasks, lambda task, helpers: _simulated(plan, values, task, helpers)))


def kept(plan: Plan, tasks: Sequence[Task],
         function: Callable[[Task, Helpers], Any]) -> Generator[tuple[int, int], None, Records]:
    """Generator of (tasks done, in all); returns what the function of a task gives, an array, run by stored run."""
    folder = plan.folder / FOLDER / plan.key()[:16]
    with files.writing(folder):
        plain_files.made(plan.folder, FOLDER)
        folder.mkdir(exist_ok=True)
    done = {task: found for task in tasks if (found := _stored(folder / task.file)) is not None}
    work = _Work([task for task in tasks if task not in done], folder)
    finished = len(done)
    with contextlib.closing(ThreadEngine(plan.jobs, function)) as engine:
        yield finished, len(tasks)
        for new in Driver(work, engine).run():
            finished += new
            yield finished, len(tasks)
    return _together(tasks, done | work.results, work.failed)


def _simulated(plan, values, task, helpers):
    scenario = plan.runs[task.run].scenario
    members = draws.members(scenario, values[task.draw], task.variant, range(plan.per_draw))
    return numbers(plan.region, members, plan.series, helpers)


class _Work(Kept[Task, Any]):
    """Tasks whose results go to files; a draw that cannot be run is given up, and only it."""

    def __init__(self, tasks: Sequence[Task], folder: Path) -> None:
        super().__init__(tasks)
        self.folder, self.failed = folder, {}     # type: ignore[var-annotated]

    def keep(self, chunk: Task, result: Any) -> int:
        buffer = io.BytesIO()
        np.save(buffer, result.astype(np.float32))
        files.write_bytes(self.folder / chunk.file, stored.digested(buffer.getvalue()), lasting=False)
        return super().keep(chunk, result)

    def blames(self, error: BaseException) -> bool:
        return isinstance(error, SimError) and not isinstance(error, Interrupted)

    def give_up(self, chunk: Task, why: str) -> int:
        self.failed[chunk] = why
        return 1


def _stored(path):
    """What a file of ours holds, None where there is none or it is not what was stored."""
    try:
        content = stored.undigested(path, LARGEST)
    except (FileNotFoundError, CorruptError):
        return None
    return np.load(io.BytesIO(content), allow_pickle=False).astype(float)


def _together(tasks, found, failed):
    bad = {task.draw for task in failed}
    kept = tuple(sorted({task.draw for task in tasks} - bad))
    groups = dict.fromkeys((task.run, task.variant) for task in tasks)
    what = tasks[0].what
    arrays = {(run, variant): np.stack([found[Task(run, variant, draw, what)] for draw in kept], axis=1)
              for run, variant in groups} if kept else {}
    return Records(arrays, kept, tuple(dict.fromkeys(failed.values())))

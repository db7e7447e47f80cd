"""Runs whose folders are open: what of them is to be simulated, and how a task of it is done, here or elsewhere.

A part of a run is stored by whoever simulated it, as soon as it is done.

Decision 65 (docs/decisions.md).
"""

from __future__ import annotations

import dataclasses
import functools
import math
import pickle
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from sim.base.errors import SimError
from sim.base.helpers import ALONE
from sim.model import mean_field
from sim.model.ensemble import members_of
from sim.model.preflight import validation
from sim.runs import job as run_job
from sim.runs.driver import Driver
from sim.runs.run_tasks import Simulated, Task
from sim.scenario import load as scenario_files

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator, Sequence

    from sim.base import files
    from sim.base.helpers import Helpers
    from sim.model.outcome import Outcome
    from sim.runs.engine import Engine
    from sim.runs.finish import Read
    from sim.runs.job import Job

FEEDBACK = 3                   # replicates that take as long as one whose feedback is measured


class Asked(NamedTuple):
    """What of runs, packed, is to be simulated, and by how many processes or threads at most."""

    runs: bytes
    tasks: list[Task]
    workers: int


@dataclass(frozen=True)
class Runs:
    """Jobs whose folders are open, and what these held already."""

    jobs: tuple[Job, ...]
    marks: tuple[files.Mark, ...]      # of the folders' locks
    stored: tuple[run_job.Stored, ...]
    read: Read | None = None      # what is to be known of a finished run, by its folder

    @property
    def open(self) -> list[int]:
        """Numbers of the jobs that are not complete."""
        return [number for number, each in enumerate(self.stored) if not each.complete]

    @property
    def lacking(self) -> int:
        """How many members are to be simulated."""
        return sum(len(self.jobs[number].replicates) - len(self.stored[number].replicates) for number in self.open)

    @property
    def progress(self) -> tuple[int, int]:
        """(members stored, members in all)."""
        every = sum(len(job.replicates) for job in self.jobs)
        return every - self.lacking, every

    def even_tasks(self) -> list[Task]:
        """Tasks of a single run: as many for each worker, that take about as long, the longest first."""
        job, load = self.jobs[0], self.load()
        if job.jobs == 1:
            return self.tasks(job.chunk, weighted=False)
        tasks = self.tasks(load / (job.jobs * math.ceil(load / (job.jobs * job.chunk))))
        weighed = {task: sum(self.weight(replicate, task.jobs) for replicate in task.replicates) for task in tasks}
        return sorted(tasks, key=weighed.__getitem__, reverse=True)

    def read_again(self) -> Runs:
        """The same with what is stored by now."""
        return dataclasses.replace(self, stored=tuple(run_job.stored_by_now(job, stored)
                                                      for job, stored in zip(self.jobs, self.stored)))

    def tasks(self, share: float, weighted: bool = True) -> list[Task]:
        """Tasks of unbroken replicates that the same jobs lack, of so many each, or about so many by their weight."""
        tasks: list[Task] = []
        before, load = None, 0
        for replicate, numbers in self._lacking_by_replicate().items():
            weight = self.weight(replicate, numbers) if weighted else 1
            place = int((load + weight / 2) / share)
            load += weight
            if place == before and tasks[-1].jobs == numbers and tasks[-1].replicates[-1] == replicate - 1:
                tasks[-1] = tasks[-1]._replace(replicates=(*tasks[-1].replicates, replicate))
            else:
                tasks.append(Task(numbers, (replicate,)))
            before = place
        return tasks

    def load(self) -> int:
        """Weight of all that is to be simulated, in replicates of one or several scenarios side by side."""
        return sum(self.weight(*each) for each in self._lacking_by_replicate().items())

    def weight(self, replicate: int, numbers: Iterable[int]) -> int:
        """How many replicates take as long as this one of these jobs."""
        return FEEDBACK if any(_is_measured(self.jobs[number], replicate) for number in numbers) else 1

    def simulated(self, engine: Engine[Task, Any],
                  tasks: Iterable[Task]) -> Generator[tuple[int, int], None, None]:
        """Generator of (members done, members in all), first before an engine begins, then while it simulates."""
        members = Simulated(self, tasks)
        yield members.progress
        for _new in Driver(members, engine).run():
            yield members.progress

    def carry_out(self, task: Task, helpers: Helpers = ALONE) -> Any:
        """Do a task in a thread or process: None, or what is read of a run that is put together."""
        if task.replicates:
            for number, outcome in _outcomes([self.jobs[number] for number in task.jobs], task.replicates,
                                             helpers):
                number = task.jobs[number]
                run_job.store(self.jobs[number], self.marks[number], task.replicates, outcome)
            return None
        return self.put_together(task.jobs[0])

    def put_together(self, number: int, processes: int = 1, assumed: bytes = b"") -> Any:
        """Put a run together, whose members are all there; what is read of it."""
        from sim.runs import finish

        return finish.finish(self.jobs[number], self.marks[number], self.stored[number].since, self.read, processes,
                             assumed)

    def packed(self) -> bytes:
        """Bytes of which `unpacked` makes the same in another process: texts and one region of a kind."""
        regions = {job.region.digest: job.region for job in self.jobs}
        jobs = [(job.scenario.layers.sources, job.scenario.path, dataclasses.replace(
            job, scenario=cast(Any, None), region=cast(Any, job.region.digest))) for job in self.jobs]
        return zlib.compress(pickle.dumps((jobs, regions, self.marks, self.stored, self.read), protocol=5))

    def _lacking_by_replicate(self) -> dict[int, tuple[int, ...]]:
        """Replicate -> numbers of the jobs that lack it, ascending."""
        found: dict[int, tuple[int, ...]] = {}
        for number in self.open:
            for replicate in self.jobs[number].replicates:
                if replicate not in self.stored[number].replicates:
                    found[replicate] = (*found.get(replicate, ()), number)
        return dict(sorted(found.items()))


@functools.lru_cache(maxsize=1)
def unpacked(packed: bytes) -> Runs:
    """The Runs of such bytes, made once in a process."""
    jobs, regions, *more = pickle.loads(zlib.decompress(packed))
    jobs = [dataclasses.replace(job, region=regions[job.region],
                                scenario=dataclasses.replace(scenario_files.over(sources), path=path))
            for sources, path, job in jobs]
    return Runs(tuple(jobs), *more)


def work(packed: bytes, task: Task) -> Any:
    """Do a task in a worker process."""
    return unpacked(packed).carry_out(task)


def _is_measured(job: Job, replicate: int) -> bool:
    """Whether feedback is measured in a replicate."""
    values = job.scenario.values
    return replicate < mean_field.number(values.diagnostics.members, values.run.replicates)


def _outcomes(jobs: Sequence[Job], replicates: Sequence[int],
              helpers: Helpers) -> Iterator[tuple[int, Outcome]]:
    """Generator of (number, Outcome) of jobs; what a scenario cannot be run with is told where it says it."""
    from sim.model.simulate import simulate, simulate_together

    ensembles = [members_of(job.scenario, replicates) for job in jobs]
    try:
        yield from simulate_together(jobs[0].region, ensembles, helpers)
    except SimError:
        for job, members in zip(jobs, ensembles):           # whose fault is it?
            with validation.located(job.scenario):
                simulate(job.region, members, helpers)
        raise

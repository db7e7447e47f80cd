"""Tasks of runs, and how the driver is told of them: members that are simulated, and runs that are put together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sim.base.errors import SimError
from sim.base.messages import _
from sim.runs import parts
from sim.runs.driver import Work

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from sim.runs.open_runs import Runs


class Task(NamedTuple):
    """Replicates of some jobs, by number; without replicates the job is put together."""

    jobs: tuple[int, ...]
    replicates: tuple[int, ...]


class Simulated(Work[Task, Any]):
    """Members of runs, for the driver."""

    def __init__(self, given: Runs, tasks: Iterable[Task]) -> None:
        super().__init__(tasks)
        self._given, self._done = given, 0
        self._every = sum(len(job.replicates) for job in given.jobs)

    @property
    def progress(self) -> tuple[int, int]:
        """(members stored, members in all); what a worker has stored of a task under way counts."""
        lacking = sum(len(self._given.jobs[number].replicates) - parts.number(self._given.jobs[number].folder)
                      for number in self._given.open)
        self._done = max(self._done, self._every - lacking)
        return self._done, self._every

    def pieces(self, task: Task) -> list[Task]:
        """One task a replicate, for the jobs that have not stored this task."""
        jobs = tuple(number for number in task.jobs
                     if not parts.is_there(self._given.jobs[number].folder, task.replicates))
        return [Task(jobs, (replicate,)) for replicate in task.replicates] if jobs else []

    def give_up(self, task: Task, why: str) -> int:
        names = ", ".join(self._given.jobs[number].scenario.name for number in task.jobs)
        raise SimError(_("replicate {number} of {names}: {why}; is there enough memory?",
                         number=task.replicates[0], names=names, why=why))


class Finished(Work[Task, Any]):
    """Runs whose members are all there, for the driver; `found` is what was read of them, by folder."""

    def __init__(self, given: Runs) -> None:
        super().__init__([Task((number,), ()) for number in given.open])
        self._jobs = given.jobs
        self.found: dict[Path, Any] = {}

    def keep(self, task: Task, result: Any) -> int:
        self.found[self._jobs[task.jobs[0]].folder] = result
        return 1

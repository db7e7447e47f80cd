"""Many runs at once: worker processes that simulate the same replicates of several scenarios side by side.

So the past that scenarios have in common is simulated once, and no processor waits for Python's lock. A
worker stores a part of a run as soon as it is done; this process holds the folders' locks and counts.
"""

import collections
import contextlib
import dataclasses
import functools
import itertools
import pickle
import zlib
from dataclasses import dataclass
from typing import NamedTuple

from sim.base import files
from sim.base.errors import SimError
from sim.experiments.compare.run_levels import levels_of
from sim.model.mean_field import record
from sim.model.preflight import validation
from sim.model.simulate import members_of, simulate, simulate_together
from sim.runs import parts, run
from sim.runs.process_pool import Lost, PoolEngine
from sim.runs.watch import Watch
from sim.scenario import load as scenario_files

LEAST, USUAL = 10, 25          # replicates of a task
FEEDBACK = 4                   # replicates that take as long as one whose feedback is measured
AT_ONCE = 2                    # runs that are put together at once: of each the largest variable is in memory
STRIKES = 3                    # deaths of workers until it is given up
PAUSE = 0.5                    # seconds between two counts


class Task(NamedTuple):
    """Replicates of some jobs, by number; without replicates the job is put together."""

    jobs: tuple
    replicates: tuple


@dataclass(frozen=True)
class Work:
    """Jobs whose folders are open."""

    jobs: tuple
    marks: tuple               # of their locks
    since: tuple               # when they were begun, in time.monotonic()
    turns: tuple               # labels of quarters at which Levels are kept

    def carried_out(self, task):
        """Generator that does a task: None for every part that is stored, Levels of a run that is put together."""
        if not task.replicates:
            number, = task.jobs
            run.finish(self.jobs[number], self.marks[number], self.since[number])
            yield levels_of(self.jobs[number].folder, self.turns)
            return
        for number, outcome in _outcomes([self.jobs[number] for number in task.jobs], task.replicates):
            number = task.jobs[number]
            yield run.store(self.jobs[number], self.marks[number], task.replicates, outcome)

    def packed(self):
        """Bytes of which `unpacked` makes the same in another process: texts and one region of a kind."""
        regions = {job.region.digest: job.region for job in self.jobs}
        jobs = [(job.scenario.layers.sources, job.scenario.path,
                 dataclasses.replace(job, scenario=None, region=job.region.digest)) for job in self.jobs]
        return zlib.compress(pickle.dumps((jobs, regions, self.marks, self.since, self.turns), protocol=5))


@functools.lru_cache(maxsize=1)
def unpacked(packed):
    """The Work of such bytes, made once in a process."""
    jobs, regions, *more = pickle.loads(zlib.decompress(packed))
    jobs = [dataclasses.replace(job, region=regions[job.region],
                                scenario=dataclasses.replace(scenario_files.over(sources), path=path))
            for sources, path, job in jobs]
    return Work(tuple(jobs), *more)


def work(packed, task):
    """Do a task, in a worker: None, or the Levels of a run that is put together."""
    return list(unpacked(packed).carried_out(task))[-1]


def made(jobs, workers, turns):
    """Generator of (members done, members in all); when it ends, the folder of every job is complete.

    It returns the Levels by folder, kept at the quarters `turns`, of the jobs that were not complete. Closing
    it, or an error in any task, ends them all; parts that are stored stay, and the next call goes on from there.
    """
    every = sum(len(job.replicates) for job in jobs)
    with contextlib.ExitStack() as stack:
        held, stored = zip(*[stack.enter_context(run.opened(job)) for job in jobs])
        open_ = [number for number, each in enumerate(stored) if not each.complete]
        done = ready = every - sum(len(jobs[number].replicates) for number in open_)
        given = Work(tuple(jobs), tuple(map(files.mark_of, held)), tuple(each.since for each in stored), turns)
        tasks = _tasks(jobs, open_, [each.replicates for each in stored], workers)
        steps = _here(given, tasks, open_) if min(workers, len(tasks)) < 2 else _there(given, tasks, open_, workers)
        stack.enter_context(contextlib.closing(steps))             # workers end before the folders are let go
        found = {}
        for number, levels in steps:
            found |= {} if levels is None else {jobs[number].folder: levels}
            done = max(done, ready + sum(parts.number(jobs[number].folder) for number in open_))
            yield done, every
        yield every, every
        return found


def _tasks(jobs, open_, stored, workers):
    """Tasks of unbroken replicates that the same jobs lack."""
    lacking = {}
    for number in open_:
        for replicate in jobs[number].replicates:
            if replicate not in stored[number]:
                lacking.setdefault(replicate, []).append(number)
    weight = {replicate: FEEDBACK if any(_measured(jobs[number], replicate) for number in numbers) else 1
              for replicate, numbers in lacking.items()}
    every = sum(weight.values())
    number = workers * max(1, round(every / (workers * USUAL)))
    share = max(LEAST, every / number)
    tasks, before, load = [], None, 0
    for replicate, numbers in sorted(lacking.items()):
        place = int((load + weight[replicate] / 2) / share)
        load += weight[replicate]
        if place == before and _goes_on(tasks[-1], numbers, replicate):
            tasks[-1] = tasks[-1]._replace(replicates=(*tasks[-1].replicates, replicate))
        else:
            tasks.append(Task(tuple(numbers), (replicate,)))
        before = place
    return tasks


def _measured(job, replicate):
    values = job.scenario.values
    return replicate < record.number(values.diagnostics.members, values.run.replicates)


def _goes_on(task, numbers, replicate):
    """Whether a replicate that these jobs lack may come next in a task."""
    return task.jobs == tuple(numbers) and task.replicates[-1] == replicate - 1


def _here(given, tasks, open_):
    """Do everything in this process: (number of a job, Levels or None) after every part and every job."""
    yield None, None
    for task in [*tasks, *(Task((number,), ()) for number in open_)]:
        for levels in given.carried_out(task):
            yield task.jobs[0], levels


def _there(given, tasks, open_, workers):
    """Have it done by worker processes: the same, and (None, None) now and then."""
    yield None, None
    folder = given.jobs[open_[0]].folder
    with contextlib.closing(PoolEngine(workers, work, given.packed(), folder)) as engine:
        yield from _through(engine, tasks, 2 * workers)
        yield from _through(engine, [Task((number,), ()) for number in open_], min(AT_ONCE, workers))


def _through(engine, tasks, at_once):
    """Bring tasks through an engine, at most so many at once.

    What a dead worker leaves is handed out again, to whoever takes the dead one's place.
    """
    waiting, under_way, numbers, strikes = collections.deque(tasks), {}, itertools.count(), 0
    watch = Watch(engine)
    while waiting or under_way:
        while waiting and len(under_way) < at_once:
            number = next(numbers)
            under_way[number] = waiting.popleft()
            engine.submit(number, under_way[number])
        ended = [(under_way.pop(number), outcome) for number, outcome in engine.finished(PAUSE)]
        lost = [task for task, outcome in ended if isinstance(outcome, Lost)]
        strikes += bool(lost)
        if strikes == STRIKES:
            raise SimError(f"worker processes ended {STRIKES} times; is there memory for so many at once? --jobs 1")
        watch.look(under_way)
        waiting.extendleft(lost)
        for task, outcome in ended:
            if task not in lost:
                yield task.jobs[0], _or_raised(outcome)
        yield None, None


def _or_raised(outcome):
    if isinstance(outcome, BaseException):
        raise outcome
    return outcome


def _outcomes(jobs, replicates):
    """Generator of (number, Outcome) of jobs; what a scenario cannot be run with is told where it says it."""
    ensembles = [members_of(job.scenario, replicates) for job in jobs]
    try:
        yield from simulate_together(jobs[0].region, ensembles)
    except SimError:
        for job, members in zip(jobs, ensembles):           # whose fault is it?
            with validation.located(job.scenario):
                simulate(job.region, members)
        raise

"""Many runs at once: processes, interruptions and spoiled parts change no byte."""

import contextlib
import dataclasses
import functools

import numpy as np
import pytest

from sim.base.errors import CorruptError, InputError, OutputError
from sim.experiments.compare.run_levels import levels_of
from sim.runs import open_runs, parts, run
from sim.runs.job import Job, Stored
from sim.scenario.load import load
from tests.reliability import watched
from tests.samples import runs
from tests.samples.pasts import COMPARED, START

EVERY = 2 * 26


@pytest.fixture(scope="module")
def alone(scenarios, region, tmp_path_factory):
    """Bytes of each job's run, made alone."""
    made = [Job(scenarios[name], region, tmp_path_factory.mktemp(name)) for name in COMPARED]
    for job in made:
        runs.finish(job)
    return [runs.content(job.folder) for job in made]


@pytest.fixture
def jobs(scenarios, region, tmp_path):
    """Jobs of some scenarios, each in a folder of its own."""
    return [Job(scenarios[name], region, tmp_path / name) for name in COMPARED]


def tasks_of(jobs, stored, workers):
    """The tasks of jobs of which some replicates are stored."""
    given = open_runs.Runs(tuple(jobs), (None,) * len(jobs), tuple(map(Stored, stored)))
    return given.tasks(run._share(given, workers))


@pytest.mark.parametrize(("replicates", "workers"), [(1, 2), (26, 1), (26, 2), (100, 8), (997, 3)])
def test_tasks_cover_what_is_lacking_once_and_evenly(scenarios, region, replicates, workers):
    values = scenarios["base"].values
    values = values.model_copy(update={"run": values.run.model_copy(update={"replicates": replicates})})
    given = [Job(dataclasses.replace(scenarios["base"], values=values), region, None)] * 2
    stored = [set(range(0, replicates, 7)), set()]
    tasks = tasks_of(given, stored, workers)
    made = [[replicate for task in tasks if number in task.jobs for replicate in task.replicates] for number in (0, 1)]
    assert made == [sorted(set(range(replicates)) - each) for each in stored]
    assert all(np.ptp(task.replicates) == len(task.replicates) - 1 for task in tasks)
    whole = tasks_of(given, [set(), set()], workers)
    sizes = [len(task.replicates) for task in whole[1:]]                # feedback is measured in the first
    assert not sizes or max(sizes) - min(sizes) <= max(1, 0.1 * max(sizes))


@pytest.mark.parametrize("workers", [2, 3])
@pytest.mark.parametrize("replicates", [26, 100, 997])
def test_tasks_of_a_single_run_give_every_worker_as_many_that_take_as_long(scenarios, region, replicates, workers):
    values = scenarios["base"].values
    values = values.model_copy(update={"run": values.run.model_copy(update={"replicates": replicates})})
    job = Job(dataclasses.replace(scenarios["base"], values=values), region, None, workers)
    given = open_runs.Runs((job,), (None,), (Stored(set()),))
    tasks = given.even_tasks()
    weights = [sum(given.weight(each, (0,)) for each in task.replicates) for task in tasks]
    assert sorted(each for task in tasks for each in task.replicates) == list(range(replicates))
    assert weights == sorted(weights, reverse=True) and weights[0] - weights[-1] <= open_runs.FEEDBACK
    assert len(tasks) % workers == 0 and max(len(task.replicates) for task in tasks) <= job.chunk


def made(jobs, workers, turns=()):
    return run.run_all(jobs, workers, functools.partial(levels_of, events=turns))


def steps_of(jobs, workers):
    """(states of progress, Levels by folder) of jobs that are made to their end."""
    steps, seen = made(jobs, workers, ("2022-Q2",)), []
    while True:
        try:
            seen.append(next(steps))
        except StopIteration as end:
            return seen, end.value


@pytest.mark.parametrize("workers", [pytest.param(1, marks=pytest.mark.slow), 2])
def test_processes_give_the_bytes_of_a_run_alone_even_where_one_dies(jobs, alone, workers, monkeypatch):
    monkeypatch.setattr(run, "USUAL", 10)                   # several tasks for a worker
    steps = made(jobs, workers)
    with contextlib.closing(steps):
        done = next(step for step in steps if step[0])
        assert 0 < done[0] < done[1] == EVERY
        if workers > 1:
            watched.workers_of_this_process()[-1].kill()
        *_, last = steps
    assert last == (done[1], done[1])
    assert [runs.content(job.folder) for job in jobs] == alone


def test_what_was_stored_before_an_interruption_is_kept(jobs, monkeypatch):
    monkeypatch.setattr(run, "USUAL", 10)
    steps = made(jobs, 1)
    reached = next(step for step in steps if step[0])
    steps.close()
    before = {path: path.stat().st_mtime_ns for job in jobs for path in parts.paths(job.folder)}
    assert sum(parts.number(job.folder) for job in jobs) == reached[0]
    again = made(jobs, 1)
    assert next(again) == (reached[0], EVERY)
    assert {path: path.stat().st_mtime_ns for path in before} == before
    again.close()


def test_levels_are_those_of_the_files_and_finished_runs_are_left_alone(jobs):
    seen, found = steps_of(jobs, 1)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    for job in jobs:
        read = levels_of(job.folder, ("2022-Q2",))
        for name, array in found[job.folder].arrays.items():
            assert array.dtype == read[name].dtype and array.tobytes() == read[name].tobytes(), name
    stamps = [runs.stamps(job.folder) for job in jobs]
    assert steps_of(jobs, 2) == ([(EVERY, EVERY)], {})
    assert [runs.stamps(job.folder) for job in jobs] == stamps


def test_a_folder_that_is_removed_ends_it(jobs):
    steps = made(jobs, 1)
    next(step for step in steps if step[0])
    (jobs[1].folder / ".lock").unlink()
    with pytest.raises(OutputError, match="removed or replaced"):
        list(steps)


def test_a_spoiled_part_ends_it(jobs):
    steps = made(jobs, 1)
    next(step for step in steps if step[0] == EVERY)
    path, *_ = parts.paths(jobs[0].folder)
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(CorruptError, match="changed since it was stored"):
        list(steps)


@pytest.fixture
def bad(tmp_path):
    """A scenario whose enterprises leave the world."""
    text = START + "[growth]\nsd = 3.0\nsize_exponent = 1.0\n"
    return load(str(runs.write_scenario(tmp_path, text)), ("run.replicates=2",))


def test_what_a_scenario_cannot_be_run_with_is_told_where_it_says_it(scenarios, region, bad, tmp_path):
    with pytest.raises(InputError) as caught:
        list(made([Job(scenarios["base"], region, tmp_path / "base"), Job(bad, region, tmp_path / "bad")], 1))
    problem, = caught.value.problems
    assert problem.key == "growth.sd" and problem.where.endswith("small.toml:20:1")

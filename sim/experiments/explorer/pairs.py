"""Paired runs of one scenario at many values of its controls; what they have in common is simulated once."""

import contextlib
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sim.base.helpers import ALONE, Helpers
from sim.experiments.compare import run_levels
from sim.experiments.explorer import sample
from sim.experiments.explorer.controls import Opened
from sim.experiments.explorer.parts import Parts
from sim.experiments.explorer.sample import Sample, Totals
from sim.model.ensemble import members_of
from sim.model.shared_base_years import SharedBaseYears
from sim.model.simulate import simulate, simulate_together
from sim.results import from_outcomes
from sim.runs.driver import Driver
from sim.runs.in_memory import Kept
from sim.runs.job import CHUNK
from sim.runs.thread_pool import ThreadEngine
from sim.scenario.load import Scenario

POINTS = 12                    # of a task: their worlds are in memory together

Point = dict[str, Any]         # numbers of controls by name


@dataclass(frozen=True)
class Task:
    """Points by number, whose baseline is the same, with some replicates."""

    points: tuple[int, ...]
    replicates: tuple[int, ...]


def _totals(opened, scenario, outcome, replicates, finest):
    """The Totals of an outcome, with sites by industry and by type if wanted."""
    data = from_outcomes.dataset(opened.region, scenario, [outcome], replicates)
    return sample.totals(run_levels.of_dataset(data), data, finest)


def totals_alone(opened: Opened, scenario: Scenario, replicates: Sequence[int], helpers: Helpers = ALONE,
                 shared: SharedBaseYears | None = None) -> Totals:
    """Totals of one scenario, sites by industry and by type too; `shared` as in `simulate`."""
    outcome = simulate(opened.region, members_of(scenario, replicates), helpers, shared)
    return _totals(opened, scenario, outcome, replicates, finest=True)


def totals_of(opened: Opened, scenarios: Sequence[Scenario], replicates: Sequence[int],
              helpers: Helpers = ALONE, finest: bool = False) -> list[Totals]:
    """Totals of scenarios under the same draws; their common past is simulated once."""
    found: dict[int, Totals] = {}
    ensembles = [members_of(scenario, replicates) for scenario in scenarios]
    for number, outcome in simulate_together(opened.region, ensembles, helpers):
        found[number] = _totals(opened, scenarios[number], outcome, replicates, finest)
    return [found[number] for number in range(len(scenarios))]


def samples(opened: Opened, points: Sequence[Point], replicates: int, jobs: int = 1,
            parts: Parts | None = None) -> Generator[tuple[int, int], None, list[Sample]]:
    """Generator of (pairs done, in all); returns the Sample of every point, in their order.

    What is done is kept in `parts`, if there are any, and not done again.
    """
    made = [(opened.at(point), opened.at(point, "baseline")) for point in points]
    tasks = _tasks(made, replicates)
    every = len(points) * replicates

    def carried_out(task: Task, helpers: Helpers) -> list[Totals]:
        scenarios = [made[task.points[0]][1], *(made[number][0] for number in task.points)]
        name = parts.name(scenarios, opened.region.digest, task.replicates) if parts else ""
        found = parts.read(name) if parts else None
        if found is None:
            found = totals_of(opened, scenarios, task.replicates, helpers)
            if parts:
                parts.write(name, found)
        return found

    kept: Kept[Task, list[Totals]] = Kept(tasks)
    with contextlib.closing(ThreadEngine(jobs, carried_out)) as engine:
        yield 0, every
        for _new in Driver(kept, engine).run():
            yield sum(len(task.points) * len(task.replicates) for task in kept.results), every
    return _by_point(kept.results, tasks, len(points))


def _tasks(made, replicates):
    """Tasks: replicates in chunks, and in each the points of one baseline."""
    families: dict[str, list[int]] = {}
    for number, (_scenario, baseline) in enumerate(made):
        families.setdefault(baseline.digest, []).append(number)
    groups = [tuple(each[first:first + POINTS]) for each in families.values() for first in range(0, len(each), POINTS)]
    chunks = [tuple(range(first, min(first + CHUNK, replicates))) for first in range(0, replicates, CHUNK)]
    return [Task(group, chunk) for chunk in chunks for group in groups]


def _by_point(results: Mapping[Task, list[Totals]], tasks: Sequence[Task], number: int) -> list[Sample]:
    """Chunks put together, point by point, in the order of the replicates."""
    parts: list[list[Sample]] = [[] for _ in range(number)]
    for task in tasks:
        there, *here = results[task]
        for point, totals in zip(task.points, here):
            parts[point].append(sample.Sample(totals, there))
    return [sample.joined(each) for each in parts]

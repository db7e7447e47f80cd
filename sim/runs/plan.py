"""The runs of a sweep by number, and chunks of those that are still to be done.

Run number = first run of the experiment + (scenario * points + point) * replicates + replicate. It is
a name and enters no draw. The runs of an experiment are done in blocks of consecutive numbers, which
become the row groups of the results. Inside a block, chunks keep together what can share an
ensemble; neither their size nor their order changes a result.

Decision 56 (docs/decisions.md).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from sim.experiments.sweep.sweep_file import Experiment

ENSEMBLE = 20                  # members side by side at most: more take memory and save no time
BLOCK, WIDE_BLOCK = 10_000, 500         # runs of a block; where series or maps are kept


class Chunk(NamedTuple):
    """Runs of one experiment and one scenario, to be simulated together."""

    experiment: int
    scenario: int
    runs: NDArray[np.int64]           # (run,) numbers
    points: NDArray[np.int64]         # (run,) rows of the design
    replicates: NDArray[np.int64]     # (run,)
    groups: NDArray[np.int64]         # (run,) equal where members may share an ensemble
    values: dict[str, NDArray[Any]]    # axis -> (run,) values

    def part(self, which: NDArray[np.intp]) -> Chunk:
        """The chunk with some of its runs."""
        return self._replace(**{name: getattr(self, name)[which]
                                for name in ("runs", "points", "replicates", "groups")},
                             values={name: column[which] for name, column in self.values.items()})


class Plan:
    """All runs of a sweep; `first` and `last` bound those of a shard (number, of how many)."""

    def __init__(self, experiments: Sequence[Experiment], shard: tuple[int, int] = (1, 1)) -> None:
        self.experiments = experiments
        self.offsets = np.concatenate([[0], np.cumsum([each.runs for each in experiments])]).astype(np.int64)
        self.groups = [_groups(each) for each in experiments]
        number, shards = shard
        self.first = self.total * (number - 1) // shards
        self.last = self.total * number // shards

    @property
    def total(self) -> int:
        return int(self.offsets[-1])

    @property
    def wanted(self) -> int:
        """Runs that are this process's to do."""
        return self.last - self.first

    def new_done(self) -> NDArray[np.bool_]:
        """(run,) False; runs of other shards count as done."""
        done = np.ones(self.total, dtype=bool)
        done[self.first:self.last] = False
        return done

    def blocks(self, number: int) -> list[tuple[int, int]]:
        """(first run, run after the last) of every block of an experiment."""
        first, last = int(self.offsets[number]), int(self.offsets[number + 1])
        kept = self.experiments[number].kept
        size = WIDE_BLOCK if kept.series or kept.maps else BLOCK
        return [(begin, min(begin + size, last)) for begin in range(first, last, size)]

    def chunks(self, done: NDArray[np.bool_], size: Callable[[], int]) -> Iterator[Chunk]:
        """Chunks of the runs that are not done; `size()` is asked how many runs the next may have."""
        for number in range(len(self.experiments)):
            for first, last in self.blocks(number):
                runs = first + np.flatnonzero(~done[first:last])
                yield from self._chunks_of(number, runs, size)

    def chunk(self, number: int, scenario: int, runs: NDArray[np.int64]) -> Chunk:
        """The Chunk of some runs of an experiment and scenario."""
        experiment = self.experiments[number]
        _, points, replicates = self._where(number, runs)
        values = {name: column[points] for name, column in experiment.columns.items()}
        return Chunk(number, scenario, runs, points, replicates, self.groups[number][points], values)

    def _chunks_of(self, number: int, runs: NDArray[np.int64], size: Callable[[], int]) -> Iterator[Chunk]:
        """Chunks of the runs of a block, by scenario and group."""
        scenarios, points, _ = self._where(number, runs)
        order = np.lexsort((self.groups[number][points], scenarios))
        for scenario in np.unique(scenarios):
            waiting = runs[order][scenarios[order] == scenario]
            while len(waiting):
                wanted = size()
                yield self.chunk(number, int(scenario), waiting[:wanted])
                waiting = waiting[wanted:]

    def _where(self, number: int,
               runs: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """(scenario, point, replicate) of runs."""
        experiment = self.experiments[number]
        rest, replicates = np.divmod(runs - self.offsets[number], experiment.replicates)
        scenarios, points = np.divmod(rest, experiment.points)
        return scenarios, points, replicates


def _groups(experiment: Experiment) -> NDArray[np.int64]:
    """(point,) codes, equal where the values of all axes agree that members of an ensemble must share."""
    codes = np.zeros(experiment.points, dtype=np.int64)
    for axis in experiment.axes:
        if axis.apart:
            _, code = np.unique(experiment.columns[axis.name].astype(str), return_inverse=True)
            _, codes = np.unique(codes * (code.max(initial=0) + 1) + code, return_inverse=True)
    return codes


def ranges(runs: NDArray[np.int64]) -> list[list[int]]:
    """Numbers as [first, last] pairs of unbroken stretches.

    >>> ranges(np.array([3, 4, 5, 9]))
    [[3, 5], [9, 9]]
    """
    runs = np.sort(runs)
    breaks = np.flatnonzero(np.diff(runs) != 1)
    firsts, lasts = np.concatenate([[0], breaks + 1]), np.concatenate([breaks, [len(runs) - 1]])
    return [[int(runs[a]), int(runs[b])] for a, b in zip(firsts, lasts)] if len(runs) else []


def numbers(stretches: Sequence[Sequence[int]]) -> NDArray[np.int64]:
    """The numbers of [first, last] pairs."""
    return np.concatenate([np.arange(a, b + 1) for a, b in stretches]) if stretches else np.empty(0, np.int64)

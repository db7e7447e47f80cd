"""How many runs of a sweep are handed out at a time."""

import heapq
from types import SimpleNamespace

import numpy as np
import pytest

from sim.runs.sweep_runs import FIRST, MOST, SHORT, TARGET, Sizer


def sizes(runs, workers, pace):
    """(sizes of the chunks, moments at which workers end) where every run takes as long; none waits for another."""
    size, found, busy = Sizer(runs, workers), [], [0.0] * workers
    left = runs
    while left:
        now = heapq.heappop(busy)
        found.append(min(size(), left))
        left -= len(size.handed(SimpleNamespace(runs=np.arange(found[-1]))).runs)
        heapq.heappush(busy, now + found[-1] * pace)
        size.learn(found[-1], found[-1] * pace)
    return found, busy


@pytest.mark.parametrize("workers", [1, 2, 8])
@pytest.mark.parametrize("pace", [0.002, 0.04, 3.0])
def test_workers_end_together_and_no_chunk_but_the_last_is_short(workers, pace):
    found, ends = sizes(5000, workers, pace)
    assert sum(found) == 5000 and max(found) <= max(FIRST, min(MOST, TARGET / pace), 1)
    assert max(ends) - min(ends) <= max(SHORT, pace) * 1.001
    assert min(found[1:-1]) * pace >= SHORT * 0.999 - pace


def test_few_runs_are_for_all_workers():
    found, _ = sizes(16, 8, 3.0)
    assert len(found) >= 8

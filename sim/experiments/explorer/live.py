"""Paired replicates of whatever is asked, a few at a time, and an estimate before the first of them.

What was simulated is kept: combinations of controls, of which the oldest go, and the baseline's replicates, so that a
further combination costs one run a replicate and not two. The first run of both goes through their common past once.
"""

import collections
import itertools
import json
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from threading import Event
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.base.helpers import Helpers
from sim.experiments.explorer import pairs, sample, surrogate
from sim.experiments.explorer.controls import Control, Opened
from sim.experiments.explorer.sample import Axes, Sample, Totals
from sim.model.shared_base_years import SharedBaseYears

FIRST = (1, 1, 2, 3, 3)        # replicates of the first chunks: the first is there at once
LATER = 5                      # of each further one
MOST_STATES, MOST_BASELINES = 32, 64           # kept: combinations; chunks of baselines
WARM = 2                       # replicates of a combination that is simulated while nobody asks
SCALED = ("float", "int", "date", "bool")


class Estimated(NamedTuple):
    """Like a Sample, but estimated: no standard errors; `error` by measure is of the effect on the zone at the end."""

    axes: Axes
    cells: dict[str, NDArray[np.float64]]
    accounts: NDArray[np.float64]
    parts: NDArray[np.float64]
    error: dict[str, float]
    states: int
    quarterly: NDArray[np.float64] | None = None

    @property
    def members(self) -> int:
        return 0


def chunks(replicates: int) -> list[tuple[int, ...]]:
    """The chunks in which replicates are simulated.

    >>> chunks(6)
    [(0,), (1,), (2, 3), (4, 5)]
    """
    ends = [*itertools.accumulate(FIRST)]
    ends += range(ends[-1] + LATER, replicates + LATER, LATER)
    bounds = [0, *(end for end in ends if end < replicates), replicates]
    return [tuple(range(first, last)) for first, last in itertools.pairwise(bounds)]


@dataclass
class Kept:
    """What was simulated of one Opened; threads take turns by `lock`."""

    opened: Opened
    states: collections.OrderedDict[str, dict[tuple[int, ...], Sample]] = field(default_factory=collections.OrderedDict)
    baselines: collections.OrderedDict[Any, Totals] = field(default_factory=collections.OrderedDict)
    base_years: SharedBaseYears = field(default_factory=SharedBaseYears)
    lock: Any = field(default_factory=threading.Lock)
    _whole: dict[str, tuple[int, Sample]] = field(default_factory=dict)      # chunks put together, and how many

    def sample(self, values: pairs.Point) -> Sample | None:
        """All replicates of a combination that are there, None for none."""
        with self.lock:
            return self._joined(_key(values)) if _key(values) in self.states else None

    def lacking(self, values: pairs.Point, replicates: int) -> list[tuple[int, ...]]:
        """The chunks that a combination lacks."""
        with self.lock:
            there = {replicate for chunk in self.states.get(_key(values), {}) for replicate in chunk}
        found = (tuple(each for each in chunk if each not in there) for chunk in chunks(replicates))
        return [chunk for chunk in found if chunk]

    def simulate(self, values: pairs.Point, chunk: tuple[int, ...], stop: Event) -> None:
        """Simulate a chunk of a combination and keep it; raises Interrupted if `stop` is set meanwhile."""
        scenario, baseline = self.opened.at(values), self.opened.at(values, "baseline")
        with self.lock:
            there = self.baselines.get((baseline.digest, chunk))
        if there is None:
            there, here = pairs.totals_of(self.opened, [baseline, scenario], chunk, Helpers(stop=stop), finest=True)
        else:
            here = pairs.totals_alone(self.opened, scenario, chunk, Helpers(stop=stop), self.base_years)
        with self.lock:
            _put(self.baselines, (baseline.digest, chunk), there, MOST_BASELINES)
            state = self.states.get(_key(values), {})
            _put(self.states, _key(values), {**state, chunk: Sample(here, there)}, MOST_STATES)

    def has(self, values: pairs.Point, chunk: tuple[int, ...]) -> bool:
        """Whether all replicates of a chunk are there."""
        with self.lock:
            return set(chunk) <= {each for one in self.states.get(_key(values), {}) for each in one}

    def estimated(self, values: pairs.Point) -> Estimated | None:
        """The estimate for a combination from all others that are there; None while there are too few."""
        with self.lock:
            found = {key: self._joined(key) for key in self.states}
        if len(found) < surrogate.LEAST:
            return None
        controls = self.opened.controls
        places = np.array([scaled(controls, json.loads(key)) for key in found])
        samples = list(found.values())
        made, error = _weights(places, samples, scaled(controls, values))
        cells = {measure: _mixed([one.cells[measure] for one in samples], made) for measure in samples[0].cells}
        return Estimated(samples[0].here.axes, cells, _mean_alone([one.accounts for one in samples], made),
                         _mean_alone([one.parts for one in samples], made), error, len(samples),
                         _mixed([one.quarterly for one in samples], made))

    def _joined(self, key: str) -> Sample:
        """All chunks of a combination as one, made when there is a new one; whoever calls holds the lock."""
        state = self.states[key]
        if self._whole.get(key, (0,))[0] != len(state):
            self._whole = {each: made for each, made in self._whole.items() if each in self.states}
            self._whole[key] = len(state), sample.joined([state[chunk] for chunk in sorted(state)])
        return self._whole[key][1]

    def warming(self) -> Iterator[tuple[pairs.Point, tuple[int, ...]]]:
        """Combinations and chunks to be simulated while nobody asks: one control at an end, all others as opened."""
        opened = {one.name: one.value for one in self.opened.controls}
        points = [opened, *({**opened, one.name: end} for one in self.opened.controls if one.kind in SCALED
                            for end in (one.low, one.high) if end != one.value)]
        for values in points[:MOST_STATES // 2]:
            for chunk in self.lacking(values, WARM):
                yield values, chunk


def scaled(controls: Sequence[Control], values: pairs.Point) -> NDArray[np.float64]:
    """(control,) numbers of a combination in [0, 1]; of places the share that is chosen of those that were."""
    found = []
    for one in controls:
        value = values.get(one.name, one.value)
        if one.kind == "places":
            found.append(len(value) / 10.0 if isinstance(value, list) else 1.0)
        else:
            found.append((float(value) - one.low) / ((one.high - one.low) or 1.0))
    return np.array(found)


def _weights(places, samples, at):
    """Weights of the samples, by the effect on headquarters in the zone, and the error by measure."""
    errors = {}
    weights = np.full(len(samples), 1.0 / len(samples))
    for measure in samples[0].cells:
        effects, noise = (np.array([one.cells[measure][k, -1, 0] for one in samples]) for k in (1, 2))
        made = surrogate.estimate(places, effects, noise, at)
        if made:
            errors[measure] = made.error
            weights = made.weights if measure == "headquarters" else weights
    return weights, errors


def _mixed(found, weights):
    """(statistic, ...): levels of the baseline as at the nearest, effects weighted, the rest unknown."""
    made = np.full_like(found[0], np.nan)
    made[0] = found[int(np.argmax(weights))][0]
    made[1] = sum(weight * each[1] for weight, each in zip(weights, found))
    return made


def _mean_alone(found, weights):
    made = np.full_like(found[0], np.nan)
    made[0] = sum(weight * each[0] for weight, each in zip(weights, found))
    return made


def _key(values):
    return json.dumps(values, sort_keys=True)


def _put(kept, key, value, most):
    """Keep a value as the newest; the oldest go."""
    kept[key] = value
    kept.move_to_end(key)
    while len(kept) > most:
        kept.popitem(last=False)

"""The design behind a saved page: a grid of at most five controls, its paired effects, and how well they interpolate.

Between the points of the grid the page interpolates linearly in every control. Points in the middle of cells of the
grid are simulated beside it, under the same draws, and held out: the root mean square of what interpolation gives there
less what is simulated is the page's interpolation error. It contains the Monte Carlo error of both.
"""

import itertools
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.base import random_streams
from sim.experiments.explorer import pairs
from sim.experiments.explorer.controls import Control, Opened
from sim.experiments.explorer.parts import Parts
from sim.experiments.explorer.sample import Sample

HELD_OUT = 4                   # points at which interpolation is tried
SMOOTH = ("float", "date", "int")


@dataclass(frozen=True)
class Designed:
    """Samples of the points of a grid (the last control fastest), None where there is none, and of held-out points."""

    opened: Opened
    replicates: int
    samples: tuple[Sample | None, ...]
    held: tuple[tuple[pairs.Point, Sample], ...] = ()


def grid(controls: Sequence[Control]) -> list[pairs.Point]:
    """All combinations of the controls' values, the last control moving fastest."""
    return [dict(zip((one.name for one in controls), values))
            for values in itertools.product(*(one.values for one in controls))]


def held_out(controls: Sequence[Control], number: int = HELD_OUT) -> list[pairs.Point]:
    """Points off the grid: drawn cells, in their middle; none where no control has an inside.

    Dates are in whole quarters, switches at one of their values.
    """
    if not any(_has_inside(one) for one in controls):
        return []
    draw = np.random.default_rng(int(random_streams.key_of("explorer held-out points")))
    found: dict[tuple[Any, ...], pairs.Point] = {}
    for _try in range(20 * number):
        point = {one.name: _inside(one, draw) for one in controls}
        found.setdefault(tuple(point.values()), point)
    return list(found.values())[:number]


def run(opened: Opened, replicates: int, jobs: int = 1,
        parts: Parts | None = None) -> Generator[tuple[int, int], None, Designed]:
    """Generator of (pairs done, in all); returns the Designed of the controls' values; `parts` as in `pairs`."""
    points, more = grid(opened.controls), held_out(opened.controls)
    found = yield from pairs.samples(opened, [*points, *more], replicates, jobs, parts)
    return Designed(opened, replicates, tuple(found[:len(points)]), tuple(zip(more, found[len(points):])))


def interpolated(controls: Sequence[Control], values: NDArray[np.float64],
                 point: Mapping[str, float]) -> NDArray[np.float64]:
    """Multilinear interpolation at a point: values (grid point, ...), the last control fastest, -> (...)."""
    weights = np.ones(1)
    for one in controls:
        weights = np.outer(weights, _weights(one, point[one.name])).ravel()
    used = weights != 0
    return np.tensordot(weights[used], values[used], axes=1)


def errors(designed: Designed, year: int = -1) -> dict[str, tuple[float, float, int]]:
    """Measure -> (interpolation error, Monte Carlo error of the same points, number of held-out points) of the zone."""
    controls, axes = designed.opened.controls, designed.samples
    found = {}
    for measure in axes[0].here.cells if designed.held and axes[0] else ():
        grid_means = np.array([np.nan if one is None else _zone(one, measure, year)[0] for one in axes])
        misses = [interpolated(controls, grid_means, point) - _zone(one, measure, year)[0]
                  for point, one in designed.held]
        noise = [_zone(one, measure, year)[1] for _point, one in designed.held]
        found[measure] = (float(np.sqrt(np.mean(np.square(misses)))), float(np.sqrt(np.mean(np.square(noise)))),
                          len(misses))
    return found


def _zone(one, measure, year):
    """(mean, standard error) of the effect on the zone; it is the first cell."""
    return one.cells[measure][1, year, 0], one.cells[measure][2, year, 0]


def _weights(one, value):
    """Weights of a control's values at a number between them."""
    values = np.asarray(one.values, float)
    return np.array([np.interp(value, values, unit) for unit in np.eye(len(values))])


def _has_inside(one):
    return one.kind in SMOOTH and len(one.values) > 1


def _inside(one, draw):
    """A number in the middle of one of a control's intervals."""
    if not _has_inside(one):
        return one.values[draw.integers(len(one.values))]
    first = draw.integers(len(one.values) - 1)
    middle = (one.values[first] + one.values[first + 1]) / 2
    return middle if one.kind == "float" else int(middle)

"""Designs: the points of an experiment, from the unit cube or as a product, as one column an axis.

grid: all combinations, the last axis moving fastest. lhs: Latin hypercube (McKay, Beckman & Conover
1979). sobol: scrambled Sobol' points (Owen 1998). saltelli: the two Sobol' samples A and B and the
mixtures AB_k, which the Sobol' indices need (Saltelli et al. 2010), in SALib's order: for each base
point A, AB_1 .. AB_d, B. morris: trajectories (Morris 1991) by SALib. list: rows of a CSV.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.base import random_streams
from sim.base.errors import InputError
from sim.base.messages import _
from sim.base.shapes import MOST_RUNS
from sim.experiments.salib import salib
from sim.experiments.sweep import points_csv
from sim.experiments.sweep.axes import column
from sim.scenario import fast_rules, parameter_paths

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from sim.config.toml_positions import Key
    from sim.experiments.sweep.axes import Axis
    from sim.experiments.sweep.sections import Common
    from sim.experiments.sweep.sweep_file import Place, SweptScenario

CHECKED = 2000                 # points whose rules between keys are asked before anything runs


def columns(settings: Common, axes: Sequence[Axis],
            size: tuple[int, Place]) -> tuple[dict[str, NDArray[Any]], int, tuple[str, ...]]:
    """(axis -> values, number of points, notes) of a design; `size` is (runs of a point, its Place)."""
    per_point, place = size
    if settings.design == "list":
        found, points = points_csv.read(settings, axes, place)
        refuse_too_many(points * per_point, place, ("csv",))
        return found, points, ()
    if settings.design == "grid":
        points = math.prod(len(axis.values) for axis in axes)
        refuse_too_many(points * per_point, place, ("axes",))
        return _grid(axes, points), points, ()
    points, notes = _number(settings, axes, place)
    rows = points * {"saltelli": len(axes) + 2, "morris": len(axes) + 1}.get(settings.design, 1)
    refuse_too_many(rows * per_point, place, ("points",))
    u = unit(settings.design, len(axes), points, settings.seed, settings.levels)
    return {axis.name: axis.at(u[:, k]) for k, axis in enumerate(axes)}, rows, notes


def unit(design: str, dimensions: int, points: int, seed: int, levels: int = 4) -> NDArray[np.float64]:
    """(row, dimension) places of a sampled design in the unit cube."""
    draw = np.random.default_rng(int(random_streams.key_of(f"design {design}|{seed}")))
    if design == "morris":
        return _morris(dimensions, points, levels, draw)
    if design == "lhs":
        return _latin_hypercube(dimensions, points, draw.spawn(1)[0])
    from scipy.stats import qmc
    if design == "sobol":
        return qmc.Sobol(dimensions, rng=draw).random(points)
    both = qmc.Sobol(2 * dimensions, rng=draw).random(points)
    return crossed(both[:, :dimensions], both[:, dimensions:])


def crossed(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rows A, AB_1 .. AB_d, B of each base point; AB_k is A with column k of B (Saltelli et al. 2010).

    >>> crossed(np.array([[1, 2]]), np.array([[8, 9]])).tolist()
    [[1, 2], [8, 2], [1, 9], [8, 9]]
    """
    points, dimensions = a.shape
    rows = np.repeat(a[:, None, :], dimensions + 2, axis=1)
    for k in range(dimensions):
        rows[:, k + 1, k] = b[:, k]
    rows[:, -1] = b
    return rows.reshape(-1, dimensions)


def refuse_too_many(runs: int, place: Place, key: Key) -> None:
    """InputError, before anything is made of it, for more runs than a sweep can have."""
    if runs > MOST_RUNS:
        raise InputError(place.problem(key, _("the sweep has {runs:,} runs", runs=runs),
                                       _("at most {most:,}", most=MOST_RUNS)))


def refuse_broken(found: Mapping[str, NDArray[Any]], points: int, axes: Sequence[Axis],
                  scenarios: Sequence[SweptScenario], place: Place) -> None:
    """InputError if points break a rule between keys, told by the first that does."""
    chosen = np.unique(np.linspace(0, points - 1, min(points, CHECKED)).astype(int))
    for swept in scenarios:
        moved = parameter_paths.moved(axes, swept.active)
        asked = fast_rules.Rules(swept.scenario, [path for _, path in moved])
        for point, values in zip(chosen, zip(*(found[name][chosen].tolist() for name, path in moved))):
            words = asked.broken(values)
            if words:
                at = ", ".join(f"{axis.name} = {found[axis.name][point]}" for axis in axes)
                raise InputError(place.problem(("axes",), _("at the point {point}: {why}", point=at, why=words), "",
                                               _("choose values that go together")))


def _latin_hypercube(dimensions, points, draw):
    """(point, dimension) of which each of as many equal parts of every axis has one (McKay, Beckman & Conover 1979).

    The numbers of scipy.stats.qmc.LatinHypercube, whose import takes as long as ten runs.
    """
    inside, part = draw.uniform(size=(points, dimensions)), np.tile(np.arange(1, points + 1), (dimensions, 1))
    for parts in part:
        draw.shuffle(parts)
    return (part.T - inside) / points


def _grid(axes, points):
    """Columns of the product of all axes."""
    places = np.unravel_index(np.arange(points), [len(axis.values) for axis in axes]) if axes else ()
    return {axis.name: column(axis.kind, axis.values)[where] for axis, where in zip(axes, places)}


def _number(settings, axes, place):
    """Base points of a sampled design and what was made of the number asked for."""
    if not axes:
        raise InputError(place.problem(("axes",), _("the design {design} has no axes", design=settings.design),
                                       _("one or more")))
    if settings.points < 1:
        raise InputError(place.problem(("points",), _("the design {design} has {points} points",
                                                     design=settings.design, points=settings.points),
                                       _("1 or more")))
    if settings.design not in ("sobol", "saltelli"):
        return settings.points, ()
    whole = 1 << (settings.points - 1).bit_length()
    note = _("{points} points rounded up to {power}: Sobol' points come in powers of two",
             points=settings.points, power=whole)
    return whole, () if whole == settings.points else (note,)


def _morris(dimensions, trajectories, levels, draw):
    problem = {"num_vars": dimensions, "names": [str(k) for k in range(dimensions)],
               "bounds": [[0.0, 1.0]] * dimensions}
    return salib("SALib.sample.morris").sample(problem, trajectories, num_levels=levels, seed=draw)

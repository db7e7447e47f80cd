"""Where the search for equilibria starts: counts (kind, site) all over the simplex."""

import itertools
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from sim.base import random_streams
from sim.model.mean_field.quarter_map import Field

FEW_SITES = 6                 # up to which every set of leading sites is a start
FEW_PAIRS = 60                # (kind, site) pairs up to which single sites lead by every level, and the first together
LEVELS = (0.15, 0.35, 0.55, 0.75, 0.95)      # how far from uniform towards a set's centre
CORNER = 0.98
CONCENTRATIONS = (0.3, 1.0, 3.0)


def starts(field: Field, random: int, seed: int) -> Iterator[NDArray[np.float64]]:
    """Generator of (kind, site) counts: as they stand, uniform, led by sites, and drawn from Dirichlet laws.

    All kinds are spread alike and keep their numbers. `random` draws belong to the seed.
    """
    total, sites = field.n.sum(axis=1, keepdims=True), field.n.shape[1]
    uniform = np.full(sites, 1.0 / sites)
    yield field.n
    yield total * uniform
    for centre, level in _led(sites, field.n.size <= FEW_PAIRS):
        yield total * (level * centre + (1.0 - level) * uniform)
    draw = random_streams.generator("equilibria", seed, 0)
    for number in range(random):
        concentration = CONCENTRATIONS[number % len(CONCENTRATIONS)]
        yield total * np.maximum(draw.dirichlet(np.full(sites, concentration)), 1e-9)


def _led(sites, small):
    """(centre, level) of every set of leading sites; where there are many sites of single ones and of the first few."""
    sizes = range(1, sites) if sites <= FEW_SITES or small else (1,)
    levels = LEVELS if sites <= FEW_SITES or small else (CORNER,)
    for size in sizes:
        sets = itertools.combinations(range(sites), size)
        for chosen in sets if sites <= FEW_SITES or size == 1 else itertools.islice(sets, 1):
            centre = np.zeros(sites)
            centre[list(chosen)] = 1.0 / size
            yield from ((centre, level) for level in levels)

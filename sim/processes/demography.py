"""Entry, exit and growth: who is there to choose."""

import numpy as np

from sim import rng
from sim.errors import InputError, Problem
from sim.kernels import layout, life
from sim.kernels.population import arrive, count_arrivals
from sim.population import with_room

LARGEST = 30.0                # |ln employees|; far beyond mankind, and near what integers can add up
DRAWN = ("population.size_sd", "lower population.size_sd, or raise population.tail_exponent")


def hazards(world):
    """(member, year of age) yearly exit hazards, candidates' factor included."""
    p = world.p.exit
    return p.headquarters_factor[:, None] * np.asarray(p.hazard_by_age, float)


def rent_factor(world, rent):
    """(member, site) what rent does to the hazard: r^elasticity."""
    return rent ** world.p.exit.rent_elasticity[:, None]


def closing(m, world, fixed, state, quarter):
    """(slot,) probability that enterprises of member m close in a quarter at base-year rents.

    state holds (slot,) arrays; the law is that of `life.close_down`.
    """
    one = lambda values: values[m % len(values)]                   # noqa: E731
    table = one(hazards(world))
    age = np.minimum((quarter - state.born) // 4, len(table) - 1)
    larger = state.log_size - one(fixed.traits.log_median)
    yearly = table[age] * np.exp(-one(world.p.exit.size_elasticity) * larger)
    return np.minimum(1.0 - (1.0 - np.minimum(yearly, 1.0 - 1e-12)) ** 0.25, life.HAZARD_CAP)


def entry_mean(world, quarter):
    """(member,) expected potential entrants of a quarter: rate N (1 + trend)^years / 4."""
    p = world.p.entry
    return 0.25 * p.rate * world.p.population.candidates * (1.0 + p.trend) ** (quarter / 4.0)


def exits(world, fixed, quarter, state, rent, events):
    """Enterprises close; counted in events."""
    life.close_down(quarter, state, fixed.streams["exit"], hazards(world), world.p.exit.size_elasticity,
                    rent_factor(world, rent), fixed.traits.log_median, events.exits)


def growth(world, fixed, quarter, state, density_change):
    """Enterprises grow; density_change (member, site) is d ln(effective density) of the last quarter."""
    p = world.p.growth
    life.grow(quarter, state, fixed.streams["growth"], p.drift, p.sd, p.size_exponent,
              fixed.traits.log_median, p.density[:, None] * density_change)
    refuse_giants(world, quarter, state, "growth.sd",
                  "lower growth.sd, growth.size_exponent or growth.drift, or end the run earlier")


def refuse_giants(world, quarter, state, key, remedy):
    """Raise the InputError of an enterprise of more than e^30 employees, or fewer than e^-30."""
    beyond = (state.site != layout.EMPTY) & (np.abs(state.log_size) > LARGEST)
    if beyond.any():
        member, slot = np.argwhere(beyond)[0]
        found = (f"an enterprise of e^{state.log_size[member, slot]:.0f} employees in "
                 f"{world.calendar.labels()[quarter + 1]}, replicate {world.replicates[member]}")
        raise InputError(Problem("", key, found, f"e^-{LARGEST:.0f} to e^{LARGEST:.0f}", remedy))


def entry(world, fixed, quarter, state):
    """The State with this quarter's potential entrants as candidates, in a larger array if need be."""
    numbers = count_arrivals(quarter, fixed.streams["entry"], entry_mean(world, quarter))
    state = with_room(state, int(numbers.max()))
    arrive(quarter, fixed.streams["attributes"], numbers, state, fixed.traits)
    refuse_giants(world, quarter, state, *DRAWN)
    return state

"""Entry, exit and growth: who is there to choose."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.base.errors import InputError, Problem
from sim.base.messages import _
from sim.kernels import arrays
from sim.kernels.firms import closing as closing_kernel
from sim.kernels.firms import life
from sim.kernels.firms.population import arrive, count_arrivals
from sim.model.opening_population import hazards_by_kind, with_room
from sim.scenario.sections.demography import potential_rate

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.model.step import RunConstants
    from sim.model.world import World

MOST = 1e11                   # employees of a member; more than mankind, less than int64 holds times W_ONE
LEAST = -300.0                # ln employees of an enterprise
DRAWN = ("population.size_sd", _("lower population.size_sd, or raise population.tail_exponent"))


class Closing(NamedTuple):
    """What of a State says who closes, (slot,) each."""

    site: np.ndarray
    parent: np.ndarray
    anchor: np.ndarray
    log_size: np.ndarray
    born: np.ndarray


def size_slope(world: World) -> NDArray[np.float64]:
    """(member,) fall of the log hazard with log size."""
    return world.p.exit.size_elasticity * (world.p.switches.exit == "age")


def rent_factor(world: World, rent: NDArray[np.float64]) -> NDArray[np.float64]:
    """(member, site) what rent does to the hazard: r^elasticity."""
    return rent ** (world.p.exit.rent_elasticity[:, None] * (world.p.switches.exit == "age"))


def closing(m: int, world: World, fixed: RunConstants, state: arrays.State | Closing,
            quarter: int) -> NDArray[np.float64]:
    """(slot,) probability that enterprises of member m close in a quarter at base-year rents.

    state holds (slot,) arrays; the law is that of `closing.close_down`.
    """
    one = lambda values: values[m % len(values)]                   # noqa: E731
    table = one(hazards_by_kind(world))
    age = np.minimum((quarter - state.born) // 4, table.shape[1] - 1)
    larger = state.log_size - one(fixed.traits.log_median)
    yearly = table[(state.parent != 0).astype(int), age] * np.exp(-one(size_slope(world)) * larger)
    cap = max(closing_kernel.HAZARD_CAP, _quarterly(table.max()))
    return np.where(state.anchor != 0, 0.0, np.minimum(_quarterly(yearly), cap))


def _quarterly(yearly):
    """Probability within a quarter that belongs to a yearly hazard."""
    return 1.0 - (1.0 - np.minimum(yearly, 1.0 - 1e-12)) ** 0.25


def entry_mean(world: World, quarter: int) -> NDArray[np.float64]:
    """(member,) expected potential entrants from outside: (1 - share) rate N (1 + trend)^years / 4.

    share is that of spin-offs, who come on top.
    """
    base = world.keep("entry at first", (), _entry_at_first)
    return base * (1.0 + world.p.entry.trend) ** (quarter / 4.0)


def _entry_at_first(world, _):
    """(member,) what `entry_mean` gives of the first quarter."""
    return 0.25 * potential_rate(world.p) * (1.0 - world.p.spinoff.share) * world.p.population.candidates


def stock_factor(world: World, state: arrays.State) -> NDArray[np.float64]:
    """(member,) what the stock does to the number of potential entrants: (N / N_0)^zeta, N_0 that of the base year.

    zeta 0 is arrivals that come from elsewhere whatever is there, 1 arrivals in proportion to the stock (Gibrat 1931).
    """
    zeta = world.p.entry.elasticity
    if not zeta.any():
        return np.ones(1)
    return ((state.site >= 0).sum(axis=1) / world.p.population.candidates) ** zeta


def exits(world: World, fixed: RunConstants, quarter: int, state: arrays.State, rent: NDArray[np.float64],
          events: arrays.Events, closed: NDArray[np.int32], scratch: dict | None = None) -> None:
    """Enterprises close; counted in events, and in closed (member, generation, year of age)."""
    hazards = world.keep("hazards by kind", (), lambda world, _: hazards_by_kind(world))
    closing_kernel.close_down(quarter, state, fixed.streams["exit"], hazards, size_slope(world),
                              rent_factor(world, rent), fixed.traits.log_median, events.exits, closed, scratch)


def growth(world: World, fixed: RunConstants, quarter: int, state: arrays.State,
           density_change: NDArray[np.float64], scratch: dict | None = None) -> None:
    """Enterprises grow; density_change (member, site) is d ln(effective density) of the last quarter."""
    p = world.p.growth
    life.grow(quarter, state, fixed.streams["growth"], p.drift, p.sd, p.size_exponent,
              fixed.traits, p.density[:, None] * density_change, scratch)
    refuse_giants(world, quarter, state, "growth.sd",
                  _("lower growth.sd, growth.size_exponent or growth.drift, or end the run earlier"))


def refuse_giants(world: World, quarter: int, state: arrays.State, key: str, remedy: str,
                  came: Any = ...) -> None:
    """Raise the InputError of a run whose enterprises employ more than integers can add up.

    Or of one with an enterprise so small that its cost is nothing. Both are far outside the world. Where only those in
    slots `came` (member, slot) are new since it was last asked, they are looked at first.
    """
    sizes = state.log_size[came]
    most = np.abs(sizes).max(initial=0.0)
    if most + math.log(state.site.shape[1]) < math.log(MOST):
        return                                                   # cheap, and nearly always the case
    size = np.where(state.site != arrays.EMPTY, state.log_size, -np.log(MOST))
    employees, smallest = np.exp(np.minimum(size, 700.0)).sum(axis=1), size.min(axis=1)
    for m in np.flatnonzero((employees > MOST) | (smallest < LEAST)):
        at = dict(quarter=world.calendar.labels()[quarter + 1], replicate=world.replicates[m])
        wrong = _("enterprises have {employees:.1e} employees in {quarter} of replicate {replicate}",
                  employees=employees[m], **at) if employees[m] > MOST else \
            _("an enterprise has e^{log_size:.0f} employees in {quarter} of replicate {replicate}",
              log_size=smallest[m], **at)
        expected = _("up to {most:.0e} employees in all, above e^{least:.0f} in one", most=MOST, least=LEAST)
        raise InputError(Problem("", key, wrong, expected, remedy))


def entry(world: World, fixed: RunConstants, quarter: int, state: arrays.State,
          scratch: dict | None = None) -> tuple[arrays.State, tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """The State with this quarter's potential entrants as candidates, and (member, slot) of them."""
    mean = entry_mean(world, quarter) * stock_factor(world, state)
    numbers = count_arrivals(quarter, fixed.streams["entry"], mean)
    state = with_room(state, int(numbers.max()))
    came = arrive(quarter, fixed.streams["attributes"], numbers, state, fixed.traits, scratch=scratch)
    refuse_giants(world, quarter, state, *DRAWN, came)
    return state, came

"""Enterprises close: whose hazard of a quarter lies above their draw, by age, size, rent and origin.

Signatures: close_down: State -> State in place, Events and census counted. Most enterprises are settled by
their draw or by bounds on the probability, without a logarithm.
"""

from collections import namedtuple
from typing import NamedTuple

import numpy as np

from sim.kernels.arrays import EMPTY, ENTERED, LANES, OPENING, SPUN_OFF, part
from sim.kernels.indexing import own
from sim.kernels.marks import Marks, listed, marks_for
from sim.kernels.numerics.compiler import compiled, inlined
from sim.kernels.numerics.elementary import exp, log
from sim.kernels.numerics.hashing import combine, mix, unit
from sim.kernels.numerics.memory import aligned, kept

HAZARD_CAP = 0.25                    # of a quarter; keeps most enterprises from the costly part
HALF = 0.32                          # quarterly(h) <= 0.32 h for h <= 1/2, where 1 - (1/2)^(1/4) = 0.159
ROUNDING = 1e-15                     # more than what rounding does to a quarterly probability
WIDER = 1.0 + 1e-9                    # more than what rounding does to a bound on all hazards


# What of a State says who closes.
Mortal = namedtuple("Mortal", "id parent site industry hq_type anchor log_size born")


class Drawn(NamedTuple):
    """Room for those whose draw is low enough that they may close."""

    marks: Marks              # whose
    draw: np.ndarray          # (slot + 1,) theirs, side by side
    hazard: np.ndarray        # (slot + 1,) of a year
    relative: np.ndarray      # (slot + 1,) ln of what size does to it
    most: np.ndarray          # (LANES,) scratch


def close_down(quarter, state, stream, hazard, size_slope, rent_factor, log_median, exits, closed, scratch=None):
    """Exits: probability 1 - (1 - h)^(1/4), h = hazard[age] (size / median)^-slope rent_factor[site].

    hazard (member, is a spin-off, age in years) yearly; rent_factor (member, site). At most 0.25 a
    quarter, or the highest of the hazards. Adds who closes to exits and, as the census has them, to closed (member,
    generation, year of age).
    """
    slots = state.site.shape[1]
    _close_down(quarter, part(Mortal, state), stream, hazard, size_slope, rent_factor, log_median, (exits, closed),
                Drawn(kept(scratch, marks_for, slots), *kept(scratch, _columns_for, slots)))


def _columns_for(slots):
    return *np.empty((3, slots + 1)), aligned((LANES,))


@compiled
def _close_down(quarter, state, stream, hazard, size_slope, rent_factor, log_median, counted, room):
    exits, closed = counted
    for m in range(state.site.shape[0]):
        table, slope, factor, median = own(hazard, m), own(size_slope, m), own(rent_factor, m), own(log_median, m)
        most = highest(table.reshape(table.size))
        cap = max(HAZARD_CAP, quarterly(most))
        most *= highest(factor) * _largest_effect(slope, state.log_size[m], median, room.most)
        number = _draw_low(combine(stream[m], np.uint64(quarter)), state.id[m], state.site[m],
                           min(cap, _bound(most) * WIDER), room)
        _fill_hazards(m, number, quarter, state, table, slope, factor, median, room)
        for k in range(number):
            i = room.marks.slot[k]                          # anchors last as their policy
            if _is_below(room.draw[k], room.hazard[k], cap) and state.anchor[m, i] == 0:
                exits[m, state.site[m, i], state.industry[m, i], state.hq_type[m, i]] += 1
                closed[m, generation_of(state.parent[m, i], state.born[m, i]),
                       years_of(quarter, state.born[m, i], closed.shape[2])] += 1
                state.site[m, i] = EMPTY


@inlined
def _largest_effect(slope, log_size, median, most):
    """The largest (size / median)^-slope of a member."""
    most[:] = -np.inf
    for first in range(0, log_size.size, LANES):
        here = log_size[first:min(first + LANES, log_size.size)]
        for t in range(here.size):
            most[t] = max(most[t], -slope * (here[t] - median))
    return exp(highest(most))


@inlined
def _draw_low(key, identity, site, limit, room):
    """How many drew no more than the limit, and their slots and draws: nobody else closes."""
    flag, slot = room.marks.flag, room.marks.slot
    for i in range(site.size):
        flag[i] = (site[i] >= 0) & (unit(mix(key + identity[i])) <= limit)
    n = listed(room.marks)
    for k in range(n):
        room.draw[k] = unit(mix(key + identity[slot[k]]))
    return n


@inlined
def _fill_hazards(m, number, quarter, state, table, slope, factor, median, room):
    """Their yearly hazards; side by side the exponentials vectorise."""
    for k in range(number):
        i = room.marks.slot[k]
        years = min((quarter - state.born[m, i]) // 4, table.shape[1] - 1)
        room.hazard[k] = table[int(state.parent[m, i] != 0), years] * factor[state.site[m, i]]
        room.relative[k] = -slope * (state.log_size[m, i] - median)
    for k in range(number):
        room.hazard[k] *= exp(room.relative[k])


@inlined
def _is_below(u, h, cap):
    """Whether u < min(quarterly(h), cap), of which h / 4 <= quarterly(h) tells most without its logarithm."""
    if u >= cap or u >= _bound(h):
        return False
    return u < 0.25 * h - ROUNDING or u < quarterly(h)


@inlined
def _bound(h):
    """More than the quarterly probability of a yearly hazard."""
    return (HALF * h if h <= 0.5 else h) + ROUNDING


@inlined
def generation_of(parent, born):
    """Generation of the census."""
    if born < 0:
        return OPENING
    return SPUN_OFF if parent != 0 else ENTERED


@inlined
def years_of(quarter, born, ages):
    """Whole years of age, the last of so many for all older."""
    return min((quarter - born) >> 2, ages - 1)


@inlined
def highest(rates):
    """The largest of (rate,) rates."""
    most = rates[0]
    for k in range(rates.size):
        most = max(most, rates[k])
    return most


@inlined
def quarterly(h):
    """Probability within a quarter that belongs to a yearly hazard: 1 - (1 - h)^(1/4)."""
    return 1.0 - exp(0.25 * log(1.0 - min(h, 1.0 - 1e-12)))

"""Enterprises grow and close, and are counted.

Signatures: State -> State in place, Events counted. Sums over enterprises are sums of integers
(employees in 1/1024), so they do not depend on the order of slots.
"""

import numpy as np

from sim.kernels.compiler import compiled
from sim.kernels.elementary import exp, log, normal_quantile
from sim.kernels.hashing import combine, mix, unit
from sim.kernels.layout import EMPTY, SETTLED, own, row_of

EMPLOYEE = 1024.0                    # fixed-point units of one employee
HAZARD_CAP = 0.25                    # of a quarter; keeps most enterprises from the costly part


@compiled
def close_down(quarter, state, stream, hazard, size_slope, rent_factor, log_median, exits):
    """Exits: probability 1 - (1 - h)^(1/4), h = hazard[age] (size / median)^-slope rent_factor[site].

    hazard (member, age in years) yearly; rent_factor (member, site). At most 0.25 a quarter.
    """
    for m in range(state.site.shape[0]):
        key = combine(stream[m], np.uint64(quarter))
        table = hazard[own(m, hazard.shape[0])]
        slope = size_slope[own(m, size_slope.size)]
        median = log_median[own(m, log_median.size)]
        factor = rent_factor[own(m, rent_factor.shape[0])]
        for i in range(state.site.shape[1]):
            site = state.site[m, i]
            if site < 0 or state.anchor[m, i] != 0:     # anchors last as long as their policy
                continue
            u = unit(mix(key + state.id[m, i]))
            if u > HAZARD_CAP:
                continue
            years = min((quarter - state.born[m, i]) // 4, table.size - 1)
            h = table[years] * factor[site] * exp(-slope * (state.log_size[m, i] - median))
            if u < quarterly(min(h, 1.0 - 1e-12)):
                exits[m, site, state.industry[m, i], state.hq_type[m, i]] += 1
                state.site[m, i] = EMPTY


@compiled
def quarterly(h):
    """Probability within a quarter that belongs to a yearly hazard: 1 - (1 - h)^(1/4)."""
    return min(1.0 - exp(0.25 * log(1.0 - h)), HAZARD_CAP)


@compiled
def grow(quarter, state, stream, drift, sd, exponent, log_median, density_growth):
    """d ln size = mu/4 + alpha d ln density + s0 (size / median)^-b sqrt(1/4) xi   (Gibrat; Stanley 1996).

    density_growth (member, site) is alpha d ln density of the quarter.
    """
    for m in range(state.site.shape[0]):
        key = combine(stream[m], np.uint64(quarter))
        mean = 0.25 * drift[own(m, drift.size)]
        scale = 0.5 * sd[own(m, sd.size)]
        b = exponent[own(m, exponent.size)]
        median = log_median[own(m, log_median.size)]
        change = density_growth[own(m, density_growth.shape[0])]
        for i in range(state.site.shape[1]):
            site = state.site[m, i]
            if site >= 0:
                noise = normal_quantile(unit(mix(key + state.id[m, i])))
                spread = scale * exp(-b * max(state.log_size[m, i] - median, -5.0))
                state.log_size[m, i] += mean + change[site] + spread * noise


@compiled
def count(state, yardstick, counts, enterprises, headquarters, employees):
    """Fill counts (member, kind, site) in sixteenths, enterprises and headquarters (member, site,
    industry, type) and employees (member, site) in 1/1024 from the live enterprises.

    yardstick (member, 4) as `meets` reads it.
    """
    counts[:] = 0
    enterprises[:] = 0
    headquarters[:] = 0
    employees[:] = 0
    for m in range(state.site.shape[0]):
        bars = yardstick[own(m, yardstick.shape[0])]
        for i in range(state.site.shape[1]):
            site = state.site[m, i]
            if site < 0:
                continue
            industry, hq_type = state.industry[m, i], state.hq_type[m, i]
            log_size = state.log_size[m, i]
            counts[m, state.kind[m, i], site] += state.weight[m, i]
            enterprises[m, site, industry, hq_type] += 1
            employees[m, site] += np.int64(exp(log_size) * EMPLOYEE + 0.5)
            if log_size >= bars[0] and meets(log_size, state.hightech[m, i], state.loading[m, i, 1], bars):
                headquarters[m, site, industry, hq_type] += 1


@compiled
def meets(log_size, hightech, research, bars):
    """Revenue above the threshold, and tax at the statutory rate or R&D above theirs.

    bars (4,): ln employees of the revenue threshold; ln of the further factor that tax needs at the
    statutory rates of ordinary and of high-tech enterprises; R&D intensity that suffices.
    """
    above = log_size - bars[0]
    return above >= 0.0 and (above >= bars[1 + hightech] or research * exp(above) >= bars[3])


@compiled
def expire(quarter, state, tables):
    """Enterprises whose promised time at their site is over are settled."""
    for m in range(state.site.shape[0]):
        promised = tables.benefit_quarters[own(m, tables.benefit_quarters.shape[0])]
        for i in range(state.site.shape[1]):
            if state.site[m, i] >= 0 and state.status[m, i] != SETTLED:
                row = row_of(state.status[m, i], state.industry[m, i], state.hq_type[m, i],
                             state.hightech[m, i], tables.industries, tables.types)
                if quarter - state.arrived[m, i] >= promised[row, state.site[m, i]]:
                    state.status[m, i] = SETTLED

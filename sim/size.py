"""How much memory a run takes, before any of it is taken."""

import math
import os

from sim.accounts import BASES, LEVELS, TAXES
from sim.baseyear import SAMPLE
from sim.calendar import Calendar
from sim.kernels.spinoff import GENERATIONS
from sim.population import empty_state
from sim.recorder import CENSUS, CUBES, OF_HEADQUARTERS, PLACES
from sim.step import AGES
from sim.stock import TYPES

AT_ONCE = 20                   # members that two threads have under way in chunks of ten
UNKNOWN = 16 * 2**30           # memory assumed where the system does not tell


def memory():
    """Bytes of this machine's memory."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):          # Windows has no sysconf
        return UNKNOWN


def bytes_needed(values, region, at_once=AT_ONCE):
    """Bytes that a run holds at its fullest, about: members under way, results of all, and their copy."""
    replicates = values.run.replicates
    under_way = min(replicates, at_once) * _member(values, len(region.sites))
    return under_way + _base_year(values, len(region.sites)) + 2 * replicates * _recorded(values, region)


def slots(values):
    """Enterprises of a member by the end of the run if all potential entrants came and nobody left."""
    number = values.population.candidates
    if not values.switches.churn:
        return number
    suppliers = sum(getattr(policy, "suppliers", 0.0) for policy in values.policies.values())
    entry, trend = values.population.candidates * values.entry.rate, 1.0 + values.entry.trend
    for quarter in range(_quarters(values)):
        from_outside = (1.0 - values.spinoff.share) * entry * trend ** (quarter / 4)
        number += 0.25 * (from_outside + suppliers + _spinoff_rate(values) * number)
    return number


def _spinoff_rate(values):
    """Spin-offs a year and enterprise, about: as many as their share of entrants asks for."""
    p, sd = values.spinoff, values.population.size_sd
    if p.rate == "solve":
        return p.share * values.entry.rate
    return p.rate * math.exp((p.size_exponent * sd) ** 2 / 2)


def _quarters(values):
    return Calendar.between(values.time.start, values.time.end).length


def _member(values, sites):
    """The state, twice and a quarter while it grows; distances, weights and moving costs; payoffs."""
    slot = sum(array.nbytes for array in empty_state(1, 1))
    longest = max(map(len, values.peers.payoff), default=0)
    access = (_quarters(values) + 1) * (len(TYPES) + 2) * sites
    return 2.25 * slot * slots(values) + 8 * (3 * sites**2 + longest * sites + access)


def _base_year(values, sites):
    """Utilities, weights and a copy of them, of one member at a time."""
    return 3 * 8 * (values.population.candidates + SAMPLE) * (sites + 1)


def _recorded(values, region):
    """What the recorder keeps of a member."""
    sites, industries = len(region.sites), len(region.industries)
    cubes = 4 * len(CUBES) * sites * industries * len(TYPES)
    flows = 2 * industries * sites * (sites + 1)
    census = 4 * len(CENSUS) * GENERATIONS * AGES
    followed = 2 * sites * (len(OF_HEADQUARTERS) + sites + 1)
    accounts = _accounts(sites, len(region.jurisdictions))
    quarter = cubes + flows + census + followed + 8 * len(PLACES) * sites + accounts
    yearly = 8 * len(region.jurisdictions) ** 2 * (1 + len(values.policies))
    return (_quarters(values) + 1) * (quarter + yearly // 4)


def _accounts(sites, authorities):
    """Five counts by site, taxes and their bases, of one quarter."""
    return 4 * 5 * sites + 8 * authorities * (len(TAXES) * len(LEVELS) + len(BASES))

"""How much memory a run takes, before any of it is taken.

What is taken once is measured (`benchmarks/memory.py`), what grows with the run is reckoned from the arrays
that there will be. docs/files.md has the table of estimates and measured peaks.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

from sim.base.helpers import HELD, PART
from sim.kernels.arrays import AGES, GENERATIONS
from sim.model.base_year import SAMPLE
from sim.model.mean_field import MOST, SIZES
from sim.model.opening_population import empty_state
from sim.model.public_accounts import BASES, LEVELS, TAXES
from sim.model.recorder import CENSUS, CUBES, OF_HEADQUARTERS, PLACES, SPARSE_FROM
from sim.model.worked_out_once import MOST_BYTES
from sim.policies.alliance import Alliance
from sim.region.load import Region
from sim.region.opening_stock import TYPES
from sim.scenario.schema import Whole
from sim.scenario.sections.demography import potential_rate

THREADS, CHUNK = 2, 11         # threads assumed where nobody says how many; members that a thread has at once
BASE = 355 * 2**20             # the interpreter, libraries, compiled kernels
DRAWING = 115 * 2**20          # what draws figures and pages, beside that
MARGIN = 1.1                   # for what no array tells
OPENED, ONE = 32, 120          # bytes of an enterprise beside its state: always, and of the member that is solved
SQUARES = 24                   # (site, site) arrays of a thread: distances, weights, registration, slopes
BLOCKS = 12                    # (kind, site, site) arrays of the slopes of the mean field
PAIRS = 3                      # (kind, kind, site) arrays of the same
PACKED = 0.2                   # bytes of results.nc while it is written, and of what tables sum up, of what is recorded
KEPT = 0.6                     # of what simulating takes, what is not given back to the system
MOVE, MOST_MOVE = 12, 0.1      # bytes of a move that is kept by its place; share that moves in a quarter, if many do
DRAWN = 3                      # bytes of figures for one that is recorded of headquarters


def bytes_needed(values: Whole, region: Region, threads: int = THREADS, sharing: bool = False) -> int:
    """Bytes that a run holds at its fullest: while it simulates, is put together, or is drawn, figures or not.

    Where points of a sweep or scenarios of a comparison are `sharing` openings, every process keeps the latest beside.
    """
    replicates, of = values.run.replicates, _Recorded.of(values, region)
    chunk = min(CHUNK, math.ceil(replicates / threads))
    at_work = min(threads, math.ceil(replicates / chunk))
    own = _thread(values, region, chunk, threads // at_work) + chunk * of.all + sharing * MOST_BYTES
    simulating = at_work * own + 2 * chunk * of.all
    finishing = replicates * PACKED * of.all + chunk * (2 * of.largest + at_work * of.all)
    drawing = DRAWING + KEPT * simulating + replicates * DRAWN * of.headquarters
    return int(BASE + MARGIN * max(simulating, finishing, drawing))


def smaller(values: Whole, region: Region, there: int, threads: int = THREADS,
            sharing: bool = False) -> dict[str, Any]:
    """{key: value} that make a run fit into so many bytes; empty if nothing does.

    As many replicates as fit; where not even one does, one without measured feedback, or as many candidates of it.
    """
    fits = lambda **changed: bytes_needed(changed_to(values, changed), region, threads, sharing) <= there   # noqa: E731
    one = {"run.replicates": 1} if values.run.replicates > 1 else {}
    if number := _most(values.run.replicates, lambda number: fits(run__replicates=number)):
        return {"run.replicates": number}
    if fits(run__replicates=1, diagnostics__members=0):
        return {"diagnostics.members": 0, **one}
    number = _most(values.population.candidates, lambda number: fits(run__replicates=1, population__candidates=number))
    return {"population.candidates": number, **one} if number else {}


def changed_to(values: Whole, changed: Mapping[str, Any]) -> Whole:
    """The values with others under section__key."""
    for name, value in changed.items():
        section, key = name.split("__")
        values = values.model_copy(update={section: getattr(values, section).model_copy(update={key: value})})
    return values


def _most(number, fits):
    """The largest of 0 to number that fits, in two digits; what is smaller than one that fits does too."""
    low, high = 0, number
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(middle) else (low, middle - 1)
    step = 10 ** max(0, len(str(low)) - 2)
    return low // step * step


def slots(values: Whole) -> float:
    """Enterprises of a member by the end of the run, if none of them leaves sooner than the law of exit has it."""
    number = values.population.candidates
    if not values.switches.churn:
        return number
    suppliers = sum(getattr(policy, "suppliers", 0.0) for policy in values.policies.values())
    least_exit = values.exit.constant if values.switches.exit == "constant" else \
        values.exit.headquarters_factor * min(values.exit.hazard_by_age)
    entry, trend = values.population.candidates * potential_rate(values), 1.0 + values.entry.trend
    for quarter in range(values.time.calendar.length):
        from_outside = (1.0 - values.spinoff.share) * entry * trend ** (quarter / 4)
        number += 0.25 * (from_outside + suppliers + (_spinoff_rate(values) - least_exit) * number)
    return max(number, values.population.candidates)


def _spinoff_rate(values):
    """Spin-offs a year and enterprise, about: as many as their share of entrants asks for."""
    p, sd = values.spinoff, values.population.size_sd
    if p.rate == "solve":
        return p.share * potential_rate(values)
    return p.rate * math.exp((p.size_exponent * sd) ** 2 / 2)


def _thread(values, region, chunk, workers):
    """What a thread has beside records: its members at the base year of one of them, at which so many threads work, at
    a measurement of feedback in one of them, or in a quarter in which their state grows and is there twice."""
    sites, candidates = len(region.sites), values.population.candidates
    slot = sum(array.nbytes for array in empty_state(1, 1))
    opened = chunk * candidates * (slot + OPENED)
    base_year = opened + candidates * ONE + _utilities((candidates + SAMPLE) * (sites + 1), workers)
    feedback = opened + (_mean_field(values, region) if values.diagnostics.members else 0)
    grown = chunk * slots(values) * (2.25 * slot + OPENED)
    longest = max(map(len, values.peers.payoff), default=0)
    log_access = 8 * (values.time.calendar.length + 1) * (len(TYPES) + 2) * sites
    moves = 4 * chunk * (len(region.industries) + 1) * sites**2 if sites > SPARSE_FROM else 0     # of a quarter
    return max(base_year, feedback, grown) + 8 * (SQUARES * sites**2 + chunk * longest * sites) + log_access + moves


def _utilities(pairs, workers):
    """Those of all choosers at all sites as far as they are held, their exponentials, and parts being worked out."""
    return 8 * (2 * min(pairs, HELD) + 2 * workers * min(pairs, PART))


def _mean_field(values, region):
    """Utilities of the sampled, their chances and a copy, slopes by kind, and vectors of (kind, site) changes."""
    sites = len(region.sites)
    alliances = sum(isinstance(policy, Alliance) for policy in values.policies.values())
    kinds = len(region.industries) * 2**alliances
    cells = kinds * sites
    sampled = min(SIZES[0] * cells, values.population.candidates + cells) + SIZES[1]
    return 8 * (3 * sampled * (sites + 1) + cells * (BLOCKS * sites + PAIRS * kinds + MOST))


class _Recorded(NamedTuple):
    """Bytes that the recorder keeps of a member."""

    all: int
    largest: int               # variable
    headquarters: int          # one cube

    @classmethod
    def of(cls, values: Whole, region: Region) -> _Recorded:
        """Those of a run."""
        sites, industries, quarters = len(region.sites), len(region.industries), values.time.calendar.length + 1
        cube, flows = 2 * sites * industries * len(TYPES), 2 * industries * sites * (sites + 1)
        census, of_headquarters = 4 * GENERATIONS * AGES, 2 * sites * (sites + 1)
        if sites > SPARSE_FROM:
            flows = of_headquarters = int(MOVE * MOST_MOVE * values.population.candidates)
        followed = 2 * sites * len(OF_HEADQUARTERS) + of_headquarters
        quarter = len(CUBES) * cube + flows + len(CENSUS) * census + followed + 8 * len(PLACES) * sites
        authorities = len(region.jurisdictions)
        quarter += 4 * 5 * sites                       # five counts of the public accounts, beside taxes and bases
        quarter += 8 * authorities * (len(TAXES) * len(LEVELS) + len(BASES) + 2 + 3 * len(values.policies))
        yearly = 8 * authorities ** 2 * (1 + len(values.policies))
        return cls(quarters * (quarter + yearly // 4), quarters * max(flows, cube, census, 8 * sites),
                   quarters * cube)

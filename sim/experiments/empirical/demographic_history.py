"""Demographic histories: production runs of a scenario, and what of them the targets are judged by."""

from collections.abc import Generator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.experiments.backtest.measures import Look, everything, registry
from sim.experiments.backtest.paths import Counted, nothing_yet, number, seen_before
from sim.experiments.empirical.estimators import tail_exponent
from sim.experiments.empirical.held_out_series import places
from sim.kernels.firms.attributes import log_size_quantile
from sim.model import assemble, initialise
from sim.model.ensemble import Member, members_of
from sim.model.mean_field import quarter_map
from sim.model.mean_field.record import NAMES, measured
from sim.model.simulate import quarters
from sim.model.step import RunConstants, measure
from sim.model.world import World
from sim.region.load import Region
from sim.runs import in_memory
from sim.scenario.load import Scenario

SIZES = (0.5, 2.0, 8.0)       # limits of the size classes, relative to the median
RECOGNISED = "regional_headquarters_recognised"
EVERY = 10                    # replicates of which one has its feedback measured, at the close of the run
COUNTS = ("entries", "spinoffs", "exits", "moves", "crossing", "left", "years")


class History(NamedTuple):
    """Some members; flows are sums over the period, in the order of COUNTS."""

    whole: np.ndarray           # (member, count) over the run
    first: np.ndarray           # (member, count) over the first year
    at_risk: np.ndarray         # (member, generation, age) enterprise-quarters
    closed: np.ndarray          # (member, generation, age)
    tail: np.ndarray            # (member, opening | close) exponent
    growth: np.ndarray          # (member, size class) yearly sd of d ln size
    law: np.ndarray             # (member, size class) sd that the scenario's law gives the same enterprises
    came: np.ndarray            # (member, half of the run, site, industry) entries
    flows: np.ndarray           # (member, origin, destination) moves between sites
    stock: np.ndarray           # (member, opening | close, site, industry) enterprises
    crossings: np.ndarray       # (member, year) regional headquarters recognised for the first time
    listed: np.ndarray          # (member, 1) regional headquarters recognised by the opening
    regional: np.ndarray        # (member, year) regional headquarters in the same area at closes
    feedback: np.ndarray        # (member, measure) by `record.NAMES` at the close, nan where not measured
    km: np.ndarray              # (site, site) straight distances


def histories(region: Region, scenario: Scenario, replicates: int,
              jobs: int = 1) -> Generator[tuple[int, int], None, History]:
    """Generator of (replicates done, in all); returns the History of all in their order."""
    parts = yield from in_memory.by_chunks(lambda chunk, _helpers: history(region, members_of(scenario, chunk)),
                                           replicates, jobs)
    of_members = [name for name in History._fields if name != "km"]
    return parts[0]._replace(**{name: np.concatenate([getattr(part, name) for part in parts]) for name in of_members})


def history(region: Region, members: Sequence[Member]) -> History:
    """The History of some members, by the steps of any run."""
    world = assemble.build(region, members)
    fixed, economy, _ = initialise.prepare(world)
    crossing = _crossing(region)
    tail, sums, pairs = [_tails(fixed, economy.state)], [], []
    census, before, stock = [0, 0], _sizes(economy.state), economy.counts.sum(axis=(1, 2)) / 16.0
    opening, headquarters = measure(world, fixed, economy.state)[2:]
    known = FirstRecognitions(world, Look(fixed, economy.state, headquarters, opening, None, None))
    came, flows, half = np.zeros((2, *opening.shape[:3]), np.int64), 0, world.calendar.length // 2
    for quarter, now, info in quarters(world, fixed, economy):
        came[int(quarter >= half)] += info.events.entries.sum(axis=3)
        flows = flows + info.events.flows.sum(axis=1)[..., :-1]
        known.look(Look(fixed, now.state, info.headquarters, info.enterprises, info.events, None))
        sums.append(_counts(info, crossing, stock))
        stock = info.enterprises.sum(axis=(1, 2, 3))
        census = [census[0] + info.at_risk, census[1] + info.closed]
        if quarter % 4 == 3:
            after = _sizes(now.state)
            pairs.append([_pairs(*each) for each in zip(before, after)])
            before = after
    tail.append(_tails(fixed, now.state))
    growth, law = _growth(world, fixed, pairs)
    whole, first = np.sum(sums, axis=0), np.sum(sums[:4], axis=0)
    ends = np.stack([opening.sum(axis=3), info.enterprises.sum(axis=3)], axis=1)
    return History(whole, first, *census,  # type: ignore[call-arg]  # the census is two arrays
                   np.stack(tail, axis=1), growth, law, came.swapaxes(0, 1), flows, ends, *known.series(),
                   _feedback(world, fixed, now), world.distance)


def _feedback(world, fixed, economy):
    """(member, measure) what `record.measured` says of every tenth replicate at the close."""
    found = np.full((world.members, len(NAMES)), np.nan)
    for m in range(world.members):
        if world.replicates[m] % EVERY == 0:
            found[m] = measured(world, quarter_map.build(world, fixed, economy, world.calendar.length - 1, m))
    return found


class FirstRecognitions:
    """Regional headquarters in the area of the region's series, as a city counts them that recognises each for good.

    Those who arrive as such, grow into it or move in; who is one at the opening, or was earlier, is recognised already.
    """

    def __init__(self, world: World, opening: Look) -> None:
        region = world.region
        rows = [row for row in region.validation.to_dict("records") if row["measure"] == RECOGNISED]
        area = places(region, rows[0]) if rows else np.zeros(len(region.sites), bool)
        self._counted = Counted(registry.get(RECOGNISED), everything(area, region))
        self._seen, = seen_before(world, opening, [self._counted])
        self._numbers: list[NDArray[np.float64]] = []
        self._stock: list[NDArray[np.int64]] = []
        self.look(opening)

    def look(self, now: Look) -> None:
        """Count those who are new at the close of a quarter."""
        self._stock.append(self._counted.measure(now, self._counted.where).sum(axis=1))
        self._numbers.append(number(self._counted, now, self._seen, nothing_yet(self._seen)))

    def series(self) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        """(member, year) who is new in whole years, (member, 1) who is recognised at the opening, (member, year) who is
        there at their closes; (member, 0) each where the region has no such series."""
        known, stock = (np.array(each[::4], float).T if self._counted.where.sites.any() else
                        np.empty((len(self._seen), 0)) for each in (self._numbers, self._stock))
        return np.diff(known, axis=1), known[:, :1], stock[:, 1:]


def _crossing(region):
    """(site, site + 1) whether a move is to another jurisdiction; leaving the region always is."""
    at = region.sites["jurisdiction"].to_numpy()
    return np.concatenate([at[:, None] != at[None, :], np.ones((len(at), 1), bool)], axis=1)


def _counts(info, crossing, stock):
    """(member, count) flows of a quarter, and the enterprise-years lived in it."""
    e = info.events
    flows = e.flows.sum(axis=1)
    total = [getattr(e, name).sum(axis=(1, 2, 3)) for name in ("entries", "spinoffs", "exits")]
    moves = [flows.sum(axis=(1, 2)), (flows * crossing).sum(axis=(1, 2)), flows[..., -1].sum(axis=1)]
    return np.stack([*total, *moves, stock / 4.0], axis=1).astype(float)


def tail_start(fixed: RunConstants, m: int) -> float:
    """ln size at which the Pareto tail of member m's opening stock begins."""
    return log_size_quantile(1.0 - fixed.traits.tail_share[m % len(fixed.traits.tail_share)], m, fixed.traits)


def _tails(fixed, state):
    """(member,) exponents of the tail as it stands."""
    end = fixed.traits.log_largest
    return np.array([tail_exponent(state.log_size[m][state.site[m] >= 0], tail_start(fixed, m),
                                   end[m % len(end)]).value for m in range(len(state.site))])


def _sizes(state):
    """(ids, ln sizes) of every member, in the order of the ids."""
    found = []
    for m in range(len(state.site)):
        alive = state.site[m] >= 0
        order = np.argsort(state.id[m][alive])
        found.append((state.id[m][alive][order], state.log_size[m][alive][order]))
    return found


def _pairs(before, after):
    """(2, enterprise) ln sizes a year apart of those who were there at both times."""
    _, first, second = np.intersect1d(before[0], after[0], assume_unique=True, return_indices=True)
    return np.stack([before[1][first], after[1][second]])


def _growth(world, fixed, pairs):
    """(member, size class) sd of yearly growth as found, and by the law s0 (size / median)^-b."""
    p, found = world.p.growth, np.full((2, world.members, len(SIZES) + 1), np.nan)
    for m in range(world.members):
        first, second = np.concatenate([year[m] for year in pairs], axis=1) if pairs else np.empty((2, 0))
        relative = first - fixed.traits.log_median[m % len(fixed.traits.log_median)]
        b = p.size_exponent[m % len(p.size_exponent)]
        spread = p.sd[m % len(p.sd)] * np.exp(-b * np.maximum(relative, -5.0))
        of_class = np.searchsorted(np.log(SIZES), relative)
        for k in np.unique(of_class):
            change = (second - first)[of_class == k]
            found[:, m, k] = change.std(), np.sqrt((spread[of_class == k] ** 2).mean())
    return found

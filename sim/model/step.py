"""The order of a quarter, on one page.

Order matters: rents clear on the stocks that the last quarter left, policies are set, enterprises
close and grow under them, spin-offs leave their parents, potential entrants appear, anchors come and
go as their policies say, and then everybody who is awake chooses, one after another, each seeing the
counts as the one before left them, and afterwards where to be registered. Rents, floor and policies do
not change while enterprises choose.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.kernels import arrays
from sim.kernels.choice.alike import are_alike, choose_alike
from sim.kernels.choice.choice import Work, choose, work_for
from sim.kernels.choice.utility import priced_by
from sim.kernels.firms import headquarters, life, spinoff
from sim.kernels.firms.registration import Desk, desk_for
from sim.model import alliances, choice_tables
from sim.model.processes import anchors, demography, following, land, registration, welfare
from sim.model.processes.spinoffs import NOBODY, settle, spinoffs
from sim.model.recorder import ALL, CENSUS, OF_ENTRANTS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.model.recorder import Wanted
    from sim.model.world import World


class RunConstants(NamedTuple):
    """What stays the same through a run, beside the World."""

    peers: arrays.Peers
    moving: arrays.Moving
    rules: arrays.Rules
    traits: arrays.Traits
    streams: dict               # process -> (member,) keys
    constant: np.ndarray        # (member, class or 1, site) alternative-specific constants
    base_spending: np.ndarray   # (member, site) all users' floor spending in the base year
    background: np.ndarray      # (member, site) spending of users that are not modelled
    criteria: np.ndarray        # (member, 4) as `life.meets` reads it
    spinoff_rate: np.ndarray    # (member,) spin-offs a quarter of an enterprise of median size
    frozen_counts: np.ndarray   # (member, kind, site) opening counts, for frozen peers


class Workspace(NamedTuple):
    """Room in which a quarter is worked out; it serves the next quarter too, and one run at a time."""

    work: Work                  # for sites
    desk: Desk                  # for legal places
    scratch: dict               # of the other kernels, kept by `memory.kept`

    def fits(self, state: arrays.State, offers: arrays.Tables, peers: arrays.Peers) -> bool:
        """Whether it is of as many slots and terms."""
        room = self.work.room
        return (self.work.queue.slot.shape == state.site.shape[1:] and room.fields.shape[:2] == peers.phi.shape[1:3]
                and room.who.loading.shape[1:] == offers.loading_of.shape)


class ModelState(NamedTuple):
    """What changes: the enterprises and the sums over them that the next quarter opens with."""

    state: arrays.State
    counts: np.ndarray          # (member, kind, site) sixteenths
    employees: np.ndarray       # (member, site) 1/1024
    log_density: np.ndarray     # (member, site)
    watch: headquarters.Watch | None = None    # headquarters as they stand, None where nobody has looked yet
    workspace: Workspace | None = None         # of the last quarter: nothing is read of it

    @property
    def scratch(self) -> dict | None:
        """That of the last quarter."""
        return self.workspace and self.workspace.scratch


class QuarterRecord(NamedTuple):
    """What a quarter leaves behind for those who look; nothing reads it to go on."""

    enterprises: np.ndarray     # (member, site, industry, type)
    headquarters: np.ndarray    # (member, site, industry, type) that meet the fixed criteria
    employees: np.ndarray       # (member, site)
    rent: np.ndarray            # (member, site)
    floor: np.ndarray           # (member, site)
    unmet_demand: np.ndarray    # (member, site)
    red_line_premium: np.ndarray  # (member, site)
    at_capacity: np.ndarray     # (member, site)
    at_risk: np.ndarray         # (member, generation, year of age) enterprises that may close
    closed: np.ndarray          # (member, generation, year of age) those that did
    events: arrays.Events
    of_headquarters: headquarters.Flows   # what of it happened to headquarters
    asked: welfare.Asked        # potential entrants, and what the region is worth to them


def step(world: World, fixed: RunConstants, economy: ModelState, quarter: int,
         wanted: Wanted = ALL) -> tuple[ModelState, QuarterRecord]:
    """(ModelState at the close, QuarterRecord); the ModelState given is used up.

    Headquarters are followed, enterprises counted by age and potential entrants asked where that is wanted.
    """
    state, events = economy.state, _no_events(world)
    levers = choice_tables.levers_at(world, quarter, fixed.constant, np.ones((1, world.sites)))
    market = _clear_rents(world, fixed, economy, levers)
    offers = choice_tables.choice_tables(world, levers._replace(rent=market.rent), quarter)
    life.expire(quarter, state, offers)
    counts, density = economy.counts, economy.log_density
    peers = choice_tables.peers_at(world, levers, fixed.peers)
    scratch = economy.scratch or {}
    followed, asked = following.begin(world, fixed, economy, wanted, scratch), welfare.nobody(world.members)
    at_risk, stayed = census(world, quarter, state, wanted, scratch), NOBODY
    closed = np.zeros(at_risk.shape, np.int32)
    if world.p.switches.churn[0]:
        density = log_density(fixed, economy.employees)
        demography.exits(world, fixed, quarter, state, market.rent, events, closed, scratch)
        demography.growth(world, fixed, quarter, state, density - economy.log_density, scratch)
        followed = following.look(fixed, quarter, state, followed, grown=True)
        state, stayed = spinoffs(world, fixed, quarter, state, offers, events, scratch)
        life.count_peers(state, counts)
        state, came = demography.entry(world, fixed, quarter, state, scratch)
        if wanted.has(*OF_ENTRANTS):
            asked = welfare.asked(world, quarter, state, came, _seen(fixed, counts), (offers, peers, fixed.moving))
    state = anchors.come_and_go(world, fixed, quarter, state, events)
    if anchors.changes(world, quarter):
        life.count_peers(state, counts)
        followed = following.look(fixed, quarter, state, followed, replaced=True)
    else:
        followed = following.look_at(fixed, quarter, state, followed, stayed)
    seen = _seen(fixed, counts)
    work, desk, _ = space = _workspace(world, economy.workspace, state, offers, peers, scratch)
    settle(world, fixed._replace(peers=peers), quarter, state, stayed, seen, offers, work)
    given = quarter, state, seen, offers, world.nests, peers, fixed.moving, world.keys, fixed.rules, events
    if are_alike(state, offers, world.nests, fixed.moving, fixed.rules):
        choose_alike(*given)
    else:
        choose(*given, work)
    registration.register(world, fixed, quarter, state, offers, work.room, desk)
    followed = following.look(fixed, quarter, state, followed, choosing=True)
    alliances.without_those_elsewhere(world, state)
    counts, employees, *stocks = measure(world, fixed, state, scratch)
    after = ModelState(state, counts, employees, density, followed.watch, space)
    return after, QuarterRecord(*stocks, employees, *market,  # type: ignore[call-arg, arg-type]  # two and five of them
                                at_risk, closed, events, followed.flows, asked)


def _workspace(world, before, state, offers, peers, scratch):
    """The Workspace of a quarter: that of the quarter before if it fits."""
    if not (before and before.fits(state, offers, peers)):
        slots = state.site.shape[1]
        return Workspace(work_for(slots, offers, peers, world.nests), desk_for(slots, world.sites), scratch)
    return before._replace(work=before.work._replace(room=priced_by(offers, before.work.room)))


def _seen(fixed, counts):
    """Peers as enterprises see them: as they stand, or as at the opening of the run."""
    return counts if fixed.peers.live else fixed.frozen_counts


def census(world: World, quarter: int, state: arrays.State, wanted: Wanted = ALL,
           scratch: dict | None = None) -> NDArray[np.int32]:
    """(member, generation, year of age) enterprises as they stand; nobody where it is not wanted."""
    by_age = np.zeros((world.members, arrays.GENERATIONS, arrays.AGES), np.int32)
    if wanted.has(*CENSUS):
        spinoff.census(quarter, state, by_age, scratch)
    return by_age


def measure(world: World, fixed: RunConstants, state: arrays.State, scratch: dict | None = None,
            ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int32], NDArray[np.int32]]:
    """Counts, employees, enterprises and headquarters of the enterprises as they stand."""
    cube = (world.members, world.sites, world.industries, len(world.type_names))
    counts = np.empty((world.members, len(world.industry_of_kind), world.sites), np.int64)
    employees = np.empty((world.members, world.sites), np.int64)
    enterprises, headquarters = np.empty(cube, np.int32), np.empty(cube, np.int32)
    life.count(state, fixed.criteria, counts, enterprises, headquarters, employees, scratch)
    return counts, employees, enterprises, headquarters


def _no_events(world):
    cube = (world.members, world.sites, world.industries, len(world.type_names))
    flows = (world.members, world.industries, world.sites, world.sites + 1)
    return arrays.Events(*(np.zeros(cube, np.int32) for _ in range(3)), np.zeros(flows, np.int32),
                         np.zeros(world.members, np.int32))


def _clear_rents(world, fixed, economy, levers):
    """The Market of the opening stocks of the quarter."""
    if world.p.land.rents == "frozen":
        flat = np.ones((world.members, world.sites))
        return land.Market(flat, flat, 0.0 * flat, 0.0 * flat, 0.0 * flat)
    renting = anchors.tenants(world, economy.employees, economy.state)
    total = fixed.background + land.spending(world, renting)
    return land.market(world, total, fixed.base_spending, levers.land, levers.open_land)


def log_density(fixed: RunConstants, employees: NDArray[np.int64]) -> NDArray[np.float64]:
    """(member, site) ln(1 + sum_k w_jk employees_k), from sums of integers."""
    return np.log1p(np.einsum("mk,mkj->mj", employees // int(arrays.EMPLOYEE), fixed.peers.w) / arrays.W_ONE)

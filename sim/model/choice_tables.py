"""From levers to what the choice kernel reads: policies write levers, terms read them."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammainc

from sim import policies, terms
from sim.kernels import arrays
from sim.kernels.choice.wide import width_of
from sim.kernels.numerics.memory import aligned
from sim.model import expected_stay, stay_constants
from sim.policies.levers import neutral

if TYPE_CHECKING:
    from sim.base.calendar import Calendar
    from sim.model.world import World
    from sim.policies.levers import Levers

FORMS = {"log": arrays.LOG, "linear": arrays.LINEAR, "saturating": arrays.SATURATING,
         "table": arrays.TABLE}


def levers_at(world: World, quarter: int, constant: NDArray[np.float64], rent: NDArray[np.float64],
              without: tuple[str | None, ...] = ()) -> Levers:
    """Levers of a quarter (-1 is the eve of the start): the region's statuses, then every policy in turn.

    constant (member, class or 1, site), rent (member, site). Policies whose names are in `without` are left out.
    """
    levers = world.keep("neutral", (), lambda world, _: neutral(world.classes, world.sites, len(world.alliances)))
    regimes = {name: level[quarter + 1:quarter + 2] for name, level in world.statuses.items()}
    relief, lasts = world.keep("recorded tax", (world.tax_relief[quarter + 1],), _recorded_tax)
    levers = levers._replace(tax_relief=relief, benefit_quarters=lasts, regimes=regimes, constant=constant, rent=rent)
    perceived = world.keep("intensities", (), _intensities)
    for policy, by_quarter in zip(world.dated(quarter), perceived):
        entry = policies.registry.get(policy.instrument)
        if not entry.network and policy.name not in without:
            levers = entry(levers, policy, world, by_quarter[quarter + 1])
    return levers._replace(floor=levers.land * world.base_floor)


def _recorded_tax(world, relief):
    """(1, class, site) relief by the tax rates that the region records, which hold for everybody, and how it lasts."""
    offered = np.tile(relief[0], (1, world.classes, 1))
    return offered, np.where(offered > 0.0, np.inf, 0.0)


def intensity(policy: SimpleNamespace, calendar: Calendar, quarter: int | NDArray[np.int64]) -> NDArray[np.float64]:
    """(member,) share of a policy that enterprises perceive in a quarter; of quarters (quarter, 1) a row for each.

    Before the announcement 0; until the start the credibility c; then c + (1 - c) G(t), G the
    distribution function of an Erlang(k, L) lag with mean L years; after the end the same falls
    by G(time since the end). Time is taken at the middle of the quarter. Of a policy that is not to be
    perceived it is always 0.
    """
    return getattr(policy, "perceived", 1.0) * _perceived(policy, calendar.first + quarter)


def _intensities(world, _):
    """(policy) [(quarter + 1, member)] the same of every policy in all quarters, the eve first."""
    quarters = np.arange(-1, world.calendar.length)[:, None]
    return [intensity(policy, world.calendar, quarters) for policy in world.policies]


def _perceived(policy, now):
    """(member,) the same of a policy that is known, in a quarter since year 0."""
    announced = policy.start if policy.announced is None else policy.announced
    known = np.where((announced <= now) & (now < policy.start), policy.credibility, 0.0)
    head_start = np.where(announced < policy.start, policy.credibility, 0.0)
    risen = np.where(now >= policy.start,
                     head_start + (1.0 - head_start) * _erlang(now - policy.start, policy), known)
    if policy.end is None:
        return risen
    return np.where(now >= policy.end, risen * (1.0 - _erlang(now - policy.end, policy)), risen)


def _erlang(quarters, policy):
    """Distribution function of the Erlang lag, 1 where the mean lag is 0: P(k, k t / L)."""
    years = np.maximum(quarters + 0.5, 0.0) / 4.0
    shape = policy.lag_shape
    scaled = shape * years / np.maximum(policy.lag, 1e-12)
    return np.where(policy.lag > 0, gammainc(shape, scaled), 1.0)


def choice_tables(world: World, levers: Levers, quarter: int) -> arrays.Tables:
    """The terms' tables, added up by what they depend on, as the kernel reads them."""
    site = np.zeros((1, 1, world.sites))
    by_class: list[Any] = []
    personal: list[Any] = []
    loading_of, places = [], world.places
    for entry in terms.registry.entries():
        if entry.peers or entry.loading == "grant":
            continue
        table = entry(world, levers, quarter)
        if entry.legal and places.separate:
            places = places._replace(relief=_unless_nothing(table))
        elif entry.loading:
            for loading, part in terms.by_loading(entry, table):
                personal.append(part)
                loading_of.append(arrays.LOADINGS.index(loading))
        elif table.shape[1] == 1:
            site = site + table
        else:
            by_class.append(table)
    together, varies = world.keep("personal", personal, _side_by_side)
    return arrays.Tables(
        site=np.ascontiguousarray(site[:, 0]), by_class=world.keep("by_class", by_class, _added_up), personal=together,
        loading_of=np.array(loading_of), varies=varies,
        grant=world.keep("grant", (levers.grant,), lambda _, grant: _unless_nothing(*grant)),
        grant_beta=world.p.terms.grant.beta, cost_per_employee=world.p.land.cost_per_employee,
        benefit_quarters=np.ascontiguousarray(levers.benefit_quarters, dtype=float),
        stay=world.keep("stay", (), lambda world, _: expected_stay.table(world)),
        awards=_awards(levers), places=places, industries=world.industries, types=len(world.type_names))


def _added_up(world, tables):
    """(member, class, width) their sum."""
    total = np.zeros((1, world.classes, world.sites))
    for table in tables:
        total = total + table
    return _in_whole_vectors(total)


def _side_by_side(world, tables):
    """(member, term, class, width) of them all, and (term,) whether each varies by class."""
    members = max(len(table) for table in tables)
    together = np.stack([np.broadcast_to(table, (members, world.classes, world.sites)) for table in tables], axis=1)
    return _in_whole_vectors(together), np.array([table.shape[1] > 1 for table in tables], dtype=np.int64)


def _in_whole_vectors(table):
    """A table whose rows of sites go on with 0, as loops of the kernels read them."""
    *rows, sites = table.shape
    wide = aligned((*rows, width_of(sites)))
    wide[..., :sites], wide[..., sites:] = table, 0.0
    return wide


def _awards(levers):
    """The awards of all recognition policies, as the kernel reads them."""
    if not levers.awards:
        return arrays.Awards(np.zeros((1, 0, 0, 0)), np.zeros((1, 0, 0)), np.zeros((1, 0, 0)))
    columns = zip(*levers.awards)
    return arrays.Awards(*(np.stack(np.broadcast_arrays(*column), axis=1) for column in columns))


def _unless_nothing(table):
    """A (member, class, site) table, without classes where all of it is 0."""
    return table if table.any() else np.zeros((1, 0, 0))


def peer_tables(world: World, levers: Levers) -> arrays.Peers:
    """The peer terms as data for the kernel; decay weights and phi are quantised here."""
    p = world.p.peers
    return arrays.Peers(
        **_peer_terms(world, levers), w=_weights(world, levers), offset=p.offset, half=p.half,
        payoff=_payoff(world), form=FORMS[p.form], live=int(p.counts == "live"))


def peers_at(world: World, levers: Levers, peers: arrays.Peers) -> arrays.Peers:
    """The peers of a quarter: alliances come and go, distances shrink and grow again, all else stays."""
    if world.alliances:
        peers = peers._replace(**_peer_terms(world, levers))
    return peers._replace(w=_weights(world, levers)) if world.brings_nearer else peers


def _weights(world, levers):
    """Decay weights at the distances that peers feel."""
    return decay_weights(world.distance * levers.distance, world.p.peers.decay)


def _peer_terms(world, levers):
    """gamma, row_of_kind and phi of the terms at which anybody looks."""
    found = [entry(world, levers) for entry in terms.registry.entries() if entry.peers]
    found = [term for term in found if (term.row_of_kind >= 0).any()]
    rows, kinds = max(term.phi.shape[-2] for term in found), len(world.industry_of_kind)
    members = max(1 if term.phi.ndim == 2 else len(term.phi) for term in found)
    phi = np.zeros((members, len(found), rows, kinds), np.int64)
    for k, term in enumerate(found):
        phi[:, k, :term.phi.shape[-2]] = np.rint(term.phi * arrays.PHI_ONE)
    members = max(len(term.gamma) for term in found)
    gamma = np.stack([np.broadcast_to(term.gamma, (members,)) for term in found], axis=1)
    return dict(gamma=np.ascontiguousarray(gamma), phi=phi,
                row_of_kind=np.stack([term.row_of_kind for term in found]))


def decay_weights(distance: NDArray[np.float64], decay: NDArray[np.float64]) -> NDArray[np.int64]:
    """(member, site, site) exp(-d / decay) in fixed point; decay 0 counts the own site only.

    distance (site, site), or (member, site, site) where members differ.
    """
    own_only = np.eye(distance.shape[-1])
    weights = np.where(decay[:, None, None] > 0,
                       np.exp(-distance / np.maximum(decay[:, None, None], 1e-9)), own_only)
    return np.rint(weights * arrays.W_ONE).astype(np.int64)


def _payoff(world):
    """(site, count + 1) payoff table, entry [k, n] for n others already at k."""
    rows = world.p.peers.payoff
    width = max((len(row) for row in rows), default=0) or 1
    table = np.zeros((world.sites, width))
    for k, row in enumerate(rows):
        table[k, :len(row)] = row
        table[k, len(row):] = row[-1] if row else 0.0
    return table


def moving_tables(world: World, cost: NDArray[np.float64]) -> arrays.Moving:
    """Moving costs as the kernel reads them; `cost` (member, site) is their constant by the site that is left.

    Where errors are kept instead of costs paid, they are all 0.
    """
    p, none = world.p.moving, np.zeros(1)
    if stay_constants.form(world.p) == stay_constants.ERRORS_KEPT:
        p = SimpleNamespace(log_size=none, age=none, log_distance=none, outside_km=p.outside_km)
    sites = world.sites
    km = np.zeros((len(p.outside_km), sites + 1, sites + 1))
    km[:, :sites, :sites] = world.distance
    km[:, :sites, sites] = p.outside_km[:, None]
    return arrays.Moving(cost=cost, log_size=p.log_size, age=p.age, log_distance=p.log_distance,
                         distance=np.log1p(km), outside=int(world.p.choice.outside[0]))

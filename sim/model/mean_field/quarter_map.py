"""The mean-field map of a quarter, on counts n (kind, site).

    n' = n - exits(n) + spin-offs(n) + entrants P_e(n) + review (1 - keep) sum_k n_k (P(. | k; n) - e_k)

Rates are shares of the opening stock. Choosers are infinitely small: nobody is taken out of the peers
he sees. Utilities, probabilities and rents come from the production code, integrated over sampled
enterprises (`sample`). What is held: levers and rules of the quarter, who is of which size and age.
Rents are in `rents`, spin-offs in `births`, the slopes of the map in `map_slopes`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.kernels import arrays
from sim.kernels.choice.expected import logit
from sim.kernels.mean_field import chosen, peer_values
from sim.model import choice_tables
from sim.model.mean_field import SIZES, births, rents
from sim.model.mean_field.sample import Sampled, one_of, sampled
from sim.model.processes import anchors, demography, land

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.model.step import ModelState, RunConstants
    from sim.model.world import World


class Field(NamedTuple):
    """What the map of one member in one quarter needs."""

    world: World
    member: int
    sample: Sampled
    entrants: float             # potential entrants of the quarter
    review: float               # probability that an enterprise chooses with new errors
    kept: float                 # probability that it reviews its site and keeps its errors
    exits: np.ndarray           # (kind, site) probability of closing at the rents of the base year
    births: births.Births
    peers: arrays.Peers         # of the member
    fixed_peers: np.ndarray     # (kind, site) counts beyond one an enterprise; all, where frozen
    live: bool                  # peers are counted as they stand
    rent_slope: np.ndarray      # (site,) dV / d ln rent
    land: np.ndarray            # (site,) usable floor relative to the base year
    base: np.ndarray            # (site,) floor spending in the base year
    others: np.ndarray          # (site,) floor spending of users that are not modelled
    spent: np.ndarray           # (site,) floor spending of the enterprises as they stand
    of_site: np.ndarray         # (site + 1,) nest
    length: np.ndarray          # (nest,) dissimilarity
    closed: bool                # nobody comes and nobody goes: every kind keeps its number

    @property
    def n(self) -> NDArray[np.float64]:
        """(kind, site) enterprises as they stand."""
        return self.sample.count


def build(world: World, fixed: RunConstants, economy: ModelState, quarter: int, member: int = 0,
          sizes: tuple[int, int] = SIZES) -> Field:
    """The Field of a member before a quarter, on the economy as it stands.

    quarter is one of the run's; levers and rules are those of this quarter.
    """
    m, one = member, lambda values: values[member % len(values)]
    levers = choice_tables.levers_at(world, quarter, fixed.constant, np.ones((1, world.sites)))
    offers, rent_slope = _offers(world, levers, quarter, m)
    drawn = sampled(world, fixed, economy.state, quarter, m, offers, sizes)
    churn = bool(world.p.switches.churn[0])
    live = bool(fixed.peers.live)
    standing = one(economy.counts) / 16.0 - drawn.count if live else one(fixed.frozen_counts) / 16.0
    entrants = float(one(demography.entry_mean(world, quarter))) if churn else 0.0
    return Field(
        world=world, member=m, sample=drawn, entrants=entrants,
        review=float(one(fixed.rules.review) * (1.0 - one(fixed.rules.keep))),
        kept=float(one(fixed.rules.review) * one(fixed.rules.keep)),
        exits=drawn.closing if churn else np.zeros_like(drawn.count),
        births=births.build(world, fixed, economy.state, m),
        peers=one_of(choice_tables.peers_at(world, levers, fixed.peers), m),
        fixed_peers=standing, live=live, rent_slope=rent_slope, land=one(levers.land),
        base=one(fixed.base_spending), others=one(fixed.background),
        spent=one(land.spending(world, anchors.tenants(world, economy.employees, economy.state))),
        of_site=world.nests.of_site, length=one(world.nests.dissimilarity),
        closed=not churn and not fixed.moving.outside)


def _offers(world, levers, quarter, m):
    """The tables of member m at base-year rents, and what a rise of ln rent by 1 takes off."""
    found = [one_of(choice_tables.choice_tables(world, levers._replace(rent=levers.rent * rise), quarter), m)
             for rise in (1.0, np.e)]
    return found[0], (found[1].site - found[0].site)[0]


def advance(field: Field, n: NDArray[np.float64], seen: Seen | None = None) -> NDArray[np.float64]:
    """(kind, site) counts a quarter after n; what choosers see there, if it is at hand."""
    seen = seen or seen_at(field, n)
    came, born = field.entrants * entrants(field, seen.entrants)[:, :-1], field.births.born(n)
    choosing = (1.0 - field.births.stay) * born.sum(axis=1, keepdims=True)
    came += choosing * conditional(field, seen) + field.births.stay * born
    change = came - exits(field, n, seen)
    if field.review > 0.0:
        moved = movers(field, seen)                               # (kind, origin, site + 1)
        change += field.review * (np.einsum("si,sij->sj", n, moved[:, :, :-1]) - n * _staffed(field))
    return n + change


def entrants_chances(field: Field, n: NDArray[np.float64]) -> NDArray[np.float64]:
    """(chooser, site + 1) probabilities of the sampled entrants at counts n."""
    return _chances(field, field.sample.entrants, utility(field, n, rents.log_rent(field, n)))


def entrants_by_kind(field: Field, n: NDArray[np.float64]) -> NDArray[np.float64]:
    """(kind, site) of the potential entrants at counts n, the share that is of a kind and chooses a site."""
    return entrants(field, entrants_chances(field, n))[:, :-1]


def movers_by_kind(field: Field, n: NDArray[np.float64]) -> NDArray[np.float64]:
    """(kind, origin, site + 1) of those who choose anew at an origin at counts n, where they go or that they stay."""
    return movers(field, seen_at(field, n))


class Seen(NamedTuple):
    """What choosers see at counts n."""

    incumbents: np.ndarray      # (chooser, site + 1) probabilities
    entrants: np.ndarray
    log_rent: np.ndarray        # (site,)


def seen_at(field: Field, n: NDArray[np.float64]) -> Seen:
    """The Seen at counts n."""
    log_rent = rents.log_rent(field, n)
    value = utility(field, n, log_rent)
    return Seen(_chances(field, field.sample.incumbents, np.repeat(value, n.shape[1], axis=0)),
                _chances(field, field.sample.entrants, value), log_rent)


def utility(field: Field, n: NDArray[np.float64], log_rent: NDArray[np.float64]) -> NDArray[np.float64]:
    """(kind, site) what peers and rents do to utility at counts n."""
    counts = n + field.fixed_peers if field.live else field.fixed_peers
    return peer_values(counts, field.peers) + field.rent_slope * log_rent


def _chances(field, who, value):
    """Probabilities of Choosers to whose utilities value (group, site) is added."""
    v = who.v.copy()
    v[:, :-1] += value[who.group]
    logit(v, field.of_site, field.length)
    return v


def entrants(field: Field, chances: NDArray[np.float64]) -> NDArray[np.float64]:
    """(kind, site + 1) where potential entrants go by their chances (chooser, site + 1), a share of all of them."""
    who = field.sample.entrants
    return chosen(chances, who.group, who.share, len(field.n))


def conditional(field: Field, seen: Seen) -> NDArray[np.float64]:
    """(kind, site) where those go who come, by kind."""
    went = entrants(field, seen.entrants)
    return went[:, :-1] / np.maximum(went.sum(axis=1, keepdims=True), 1e-300)


def movers(field: Field, seen: Seen) -> NDArray[np.float64]:
    """(kind, origin, site + 1) where those who choose anew at an origin go."""
    who = field.sample.incumbents
    moved = chosen(seen.incumbents, who.group, who.share, field.n.size)
    return moved.reshape(*field.n.shape, -1)


def _staffed(field):
    """(kind, 1) one where somebody stands for the kind."""
    return 1.0 - field.sample.empty[:, None]


def exits(field: Field, n: NDArray[np.float64], seen: Seen) -> NDArray[np.float64]:
    """(kind, site) enterprises that close: hazards rise with rents."""
    elasticity = field.world.p.exit.rent_elasticity
    return n * field.exits * np.exp(elasticity[field.member % len(elasticity)] * seen.log_rent)

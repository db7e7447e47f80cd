"""Slopes of the mean-field map of a quarter (`quarter_map`) at counts n (kind, site).

Probabilities are differentiated in closed form, peers and rents by differences.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.kernels.mean_field import chained, peer_slopes, steepness
from sim.model.mean_field import rents
from sim.model.mean_field.quarter_map import conditional, exits, movers, seen_at

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.model.mean_field.quarter_map import Field


class Slopes(NamedTuple):
    """Slopes of the map at n, all (kind, site, kind, site): rows are what changes."""

    held: np.ndarray            # A0: with peers and rents held
    added: np.ndarray           # G: what peers and rents add
    value: np.ndarray           # dV/dn: of utility
    direct: np.ndarray          # E (kind, site, site): what a gain of a site brings to a site in a quarter


def slopes(field: Field, n: NDArray[np.float64]) -> Slopes:
    """The Slopes at counts n: probabilities are differentiated in closed form, peers by differences."""
    seen = seen_at(field, n)
    value = _value_slopes(field, n)
    direct = _choice_slopes(field, n, seen)
    return Slopes(_held(field, n, seen), _added(field, n, seen, value, direct), value, direct)


def entry_slopes(field: Field, n: NDArray[np.float64]) -> NDArray[np.float64]:
    """(kind, site, kind, site) slopes of the entrants' map alone at n, scaled to the stock: N_s dq_sj / dn_tk."""
    return chained(_entry_steepness(field, n, seen_at(field, n)), _value_slopes(field, n))


def _value_slopes(field, n):
    """(kind, site, kind, site) slopes of `utility`."""
    kinds, sites = n.shape
    shape = (kinds, sites, kinds, sites)
    value = peer_slopes(n + field.fixed_peers, field.peers) if field.live else np.zeros(shape)
    rent, j = rents.slopes(field, n), np.arange(sites)
    value[:, j, :, j] += (field.rent_slope[:, None] * rent.T)[:, None, :]
    return value


def _held(field, n, seen):
    """A0: who stays open and does not choose anew, and where those go who do."""
    kinds, sites = n.shape
    held = np.zeros((kinds, sites, kinds, sites))
    moved, staffed = movers(field, seen), 1.0 - field.sample.empty
    stay = staffed[:, None] - exits(field, np.ones_like(n), seen) - field.review * staffed[:, None]
    for kind in range(kinds):
        held[kind, :, kind, :] = np.diag(stay[kind]) + field.review * moved[kind, :, :-1].T
    return held + _born(field, seen)


def _born(field, seen):
    """(kind, site, kind, site) slopes of spin-offs in the counts of parents, peers and rents held."""
    kinds, sites = field.n.shape
    here = field.births.stay * np.broadcast_to(np.eye(sites), (kinds, sites, sites))
    chosen_site = (1.0 - field.births.stay) * conditional(field, seen)[:, :, None]
    return np.einsum("ts,sk,tjk->tjsk", field.births.inherited, field.births.rate, here + chosen_site)


def _added(field, n, seen, value, direct):
    """G: entrants and movers follow peers and rents, and rents close enterprises."""
    kinds, sites = n.shape
    added = chained(direct, value)
    closing = (exits(field, n, seen) * field.world.p.exit.rent_elasticity[
        field.member % len(field.world.p.exit.rent_elasticity)])
    if closing.any():
        rent, j = rents.slopes(field, n), np.arange(sites)
        added[:, j, :, j] -= np.einsum("sj,tj->jst", closing, rent)
    return added


def _choice_slopes(field, n, seen):
    """(kind, site, site) d(what a quarter's choices bring to j) / dV_k, entrants and movers."""
    entrants, who, sites = field.sample.entrants, field.sample.incumbents, n.shape[1]
    shape = (len(n), field.of_site, field.length)
    came = steepness(seen.entrants, entrants.group, _coming(field, n) * entrants.share, *shape)
    weight = field.review * n.ravel()[who.group] * who.share
    return came + steepness(seen.incumbents, who.group // sites, weight, *shape)


def _coming(field, n):
    """(chooser,) potential entrants and choosing spin-offs that a sampled entrant's share is of."""
    who = field.sample.entrants
    choosing = (1.0 - field.births.stay) * field.births.born(n).sum(axis=1)
    share = np.bincount(who.group, weights=who.share, minlength=len(n))
    return field.entrants + choosing[who.group] / np.maximum(share[who.group], 1e-300)


def _entry_steepness(field, n, seen):
    """(kind, site, site) N_s d(share of those who come that chooses j) / dV_k, N_s of the kind in all.

    Those who come are what they are at n: a rise of the whole number that comes is a change too.
    """
    who = field.sample.entrants
    come = (who.share * (1.0 - seen.entrants[:, -1]))
    total = np.bincount(who.group, weights=come, minlength=len(n))
    scale = n.sum(axis=1) / np.maximum(total, 1e-300) * (total > 0)
    return steepness(seen.entrants, who.group, who.share * scale[who.group], len(n), field.of_site, field.length)

"""Slopes of the mean-field map of a quarter (`quarter_map`) at counts n (kind, site), as maps of changes.

The matrix of slopes between all (kind, site) pairs is never built: where peers and rents are held, a kind's sites
depend on its own sites and on spin-offs; what peers and rents add goes through utility (`utility_slopes`). A change is
an array (..., kind, site), so that many are taken at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.kernels.mean_field import steepness
from sim.kernels.mean_field_maps import each_kind
from sim.model.mean_field import utility_slopes
from sim.model.mean_field.births import Births
from sim.model.mean_field.quarter_map import Seen, conditional, exits, movers, seen_at
from sim.model.mean_field.utility_slopes import UtilitySlopes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.model.mean_field.quarter_map import Field

    Seeing = tuple[NDArray[np.float64], NDArray[np.float64]]


class Slopes(NamedTuple):
    """Slopes of the map at n."""

    seen: Seen
    stay: np.ndarray            # (kind, site k, site j) of those at k, how many are at j: stayed open, or moved there
    births: Births
    arrival: np.ndarray         # (kind, site) where spin-offs go that choose
    utility: UtilitySlopes
    entry: np.ndarray           # (kind, site, site) dP_j/dV_k = dP_k/dV_j, summed over the shares of potential entrants
    direct: np.ndarray          # E (kind, site, site): what a gain of a site brings to a site in a quarter, or it to it
    closing: np.ndarray         # (kind, site) enterprises that a rise of ln rent closes

    def held(self, change: NDArray[np.float64]) -> NDArray[np.float64]:
        """A0 x: with peers and rents held."""
        return each_kind(self.stay, change) + self.births.brought(self.arrival, change)

    def added(self, change: NDArray[np.float64], seen: Seeing | None = None) -> NDArray[np.float64]:
        """G x: what peers and rents add; the changes of utility and of ln rent, if they are at hand."""
        value, rise = seen or self.utility.seen(change)
        return each_kind(self.direct, value) - self.closing * rise[..., None, :]

    def all(self, change: NDArray[np.float64], seen: Seeing | None = None) -> NDArray[np.float64]:
        """(A0 + G) x; the changes of utility and of ln rent, if they are at hand."""
        return self.held(change) + self.added(change, seen)


def slopes(field: Field, n: NDArray[np.float64]) -> Slopes:
    """The Slopes at counts n: probabilities are differentiated in closed form."""
    seen = seen_at(field, n)
    entry = entry_slopes(field, seen.entrants)
    rise = field.world.p.exit.rent_elasticity
    return Slopes(seen, _stay(field, n, seen), field.births, conditional(field, seen), utility_slopes.build(field, n),
                  entry, _coming(field, n)[:, None, None] * entry + _moving(field, n, seen),
                  exits(field, n, seen) * rise[field.member % len(rise)])


def entry_slopes(field: Field, chances: NDArray[np.float64]) -> NDArray[np.float64]:
    """(kind, site j, site k) dP_j/dV_k of the sampled entrants with their chances, summed over their shares."""
    who = field.sample.entrants
    return steepness(chances, who.group, who.share, len(field.n), field.of_site, field.length)


def _stay(field, n, seen):
    """A0 but for spin-offs: who stays open and does not choose anew, and where those go who do."""
    moved, staffed = movers(field, seen), 1.0 - field.sample.empty
    here = staffed[:, None] - exits(field, np.ones_like(n), seen) - field.review * staffed[:, None]
    stay = field.review * moved[:, :, :-1]
    np.einsum("skk->sk", stay)[:] += here
    return stay


def _moving(field, n, seen):
    """(kind, site, site) d(what a quarter's movers bring to j) / dV_k."""
    who = field.sample.incumbents
    weight = field.review * n.ravel()[who.group] * who.share
    return steepness(seen.incumbents, who.group // n.shape[1], weight, len(n), field.of_site, field.length)


def _coming(field, n):
    """(kind,) potential entrants and choosing spin-offs that a sampled entrant's share is of."""
    who = field.sample.entrants
    choosing = (1.0 - field.births.stay) * field.births.born(n).sum(axis=1)
    share = np.bincount(who.group, weights=who.share, minlength=len(n))
    return field.entrants + np.divide(choosing, share, out=np.zeros_like(share), where=share > 0.0)

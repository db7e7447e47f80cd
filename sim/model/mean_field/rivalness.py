"""Rivalness: of what a place gains, how much others lose, and would get back if the gain were removed.

With one nest of sites beside the outside option a gain at places of share s among the sites takes
D = rho (1 - s)/(1 - rho s) of itself from the other sites, with rho = 1 - l P_0, l the dissimilarity
and P_0 the share that stays outside. Rivalness is the rho that belongs to the D of a field, whatever
its nests: it is computed, never set.

Decision 15 (docs/decisions.md).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.kernels.mean_field_maps import each_kind
from sim.model.mean_field import answers, held_inverse, map_slopes, quarter_map
from sim.model.mean_field.feedback import growth
from sim.model.mean_field.modes import solved_changes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.model.mean_field.map_slopes import Slopes
    from sim.model.mean_field.quarter_map import Field


def rivalness(field: Field, where: NDArray[np.bool_], slopes: Slopes | None = None) -> float:
    """rho of a small gain at the sites `where` (site,) among those who enter in a quarter; slopes if at hand."""
    share, slope = entry(field, slopes or map_slopes.slopes(field, field.n))
    gain = slope[:, where].sum(axis=1)
    return from_displacement(displacement(gain, where), share[where].sum() / share.sum())


def entry(field: Field, slopes: Slopes) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(site,) share of potential entrants by site, and its (site, site) slopes in the utility of sites."""
    return quarter_map.entrants(field, slopes.seen.entrants)[:, :-1].sum(axis=0), slopes.entry.sum(axis=0)


def displacement(change: NDArray[np.float64], where: NDArray[np.bool_]) -> float:
    """What other sites lose for one that the sites `where` gain; nan where they gain nothing, or are all there are."""
    gained = change[where].sum()
    return float(-change[~where].sum() / gained) if gained > 0 and not where.all() else float("nan")


def from_displacement(lost: float, share: float) -> float:
    """The rho at which a gain at places of this share takes `lost` of itself from others; nan where there are none.

    >>> round(from_displacement(0.8 * 0.75 / (1 - 0.8 * 0.25), 0.25), 12)
    0.8
    """
    return float(lost / (1.0 - share + share * lost)) if share < 1.0 else float("nan")


def response(field: Field, where: NDArray[np.bool_], quarters: int,
             slopes: Slopes | None = None) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """((kind, site) after so many quarters, (kind, site) in the long run) of a small lasting gain.

    Changes of counts per unit of utility at the sites `where`, relative to the growth of the whole,
    on the slopes at the field's n: x' = (J x + E v0)/(1 + z), those who keep their errors answering once
    (`answers`). The long run means something where R_dyn < 1.
    """
    n = field.n
    slopes = slopes or map_slopes.slopes(field, n)
    factor = growth(field, n, slopes.seen)
    gain = where * np.ones(n.shape)
    soon = answers.path(slopes, answers.build(field, n, factor, slopes.seen), gain, quarters, factor)
    held, push = held_inverse.build(field, slopes, factor), each_kind(slopes.direct, gain)
    late = solved_changes(field, n, 1.0, lambda change: held.times(slopes.added(change)), held.times(push))
    return soon, late

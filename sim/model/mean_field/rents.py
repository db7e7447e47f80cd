"""Rents in the mean field: cleared by the production code on the floor spending of given counts.

Spending at a site is what its enterprises spend now, times their employees relative to now, a kind's
enterprises counting with its mean size. So ln rent rises with ln n by phi/(1 + eta), or phi at the cap.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.model.processes import land

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.model.mean_field.quarter_map import Field

TINY = 1e-6                   # step of ln spending in the slope of rents; upwards, into scarcity


def log_rent(field: Field, n: NDArray[np.float64]) -> NDArray[np.float64]:
    """(site,) ln of the rent that clears at counts n."""
    if field.world.p.land.rents == "frozen":
        return np.zeros(n.shape[1])
    return _clear(field, field.others + _spending(field, n))


def taken_back(field: Field, where: NDArray[np.bool_], change: NDArray[np.float64]) -> float:
    """Share of a gain of utility at the sites `where` (site,) that the rents there take back.

    change (kind, site) of counts per unit of the gain. The mean over the enterprises that stand there, as a comparison
    has it. In the long run of one nest it is kappa (1 - s)/(1 - g + kappa), kappa = b_r phi/(1 + eta), at sites of
    share s with peers' exponent g: of a gain at a place that is small, kappa/(1 - g + kappa).
    """
    lost = -field.rent_slope * (slopes(field, field.n) * change).sum(axis=0)
    weight = field.n.sum(axis=0)[where]
    return float((lost[where] * weight).sum() / weight.sum())


def _spending(field, n):
    """(site,) floor spending of modelled enterprises, as it stands times employees relative to now."""
    return _each(field) * (np.exp(field.sample.log_size) @ n)


def _each(field):
    """(site,) floor spending of an employee as it stands."""
    now = np.exp(field.sample.log_size) @ field.n
    return np.divide(field.spent, now, out=np.full_like(now, field.spent.sum() / max(now.sum(), 1e-300)),
                     where=now > 0)


def _clear(field, total):
    rent = land.clear(field.world, total[None], field.base[None], field.land[None])
    return np.log(rent[field.member % len(rent)])


def slopes(field: Field, n: NDArray[np.float64]) -> NDArray[np.float64]:
    """(kind, site) d ln rent_j / dn_sj, upwards where the supply has a kink."""
    if field.world.p.land.rents == "frozen":
        return np.zeros_like(n)
    spent = _spending(field, n)
    total = field.others + spent
    rise = (_clear(field, total * np.exp(TINY)) - _clear(field, total)) / TINY
    return rise / total * _each(field) * np.exp(field.sample.log_size)[:, None]

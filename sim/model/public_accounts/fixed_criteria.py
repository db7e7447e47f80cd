"""Headquarters by criteria that stand still in money, beside the headline, whose criteria do not.

    revenue of an enterprise at the close of quarter q = employees r G_q P_q    r of the base year, G growth, P prices
    headline: criteria R G_q P_q    keep pace with mean revenue per employee, so employees decide alone
    real:     criteria R P_q        keep pace with prices:      ln employees above the bar less ln G_q
    nominal:  criteria R            the amounts of the base year: ... less ln (G_q P_q)

Tax and R&D criteria are shares of R and rise with it. A count by criteria of money grows though nothing but money does.
It is `kernels.tax_base` that counts, in its pass over the enterprises.
"""

import numpy as np
from numpy.typing import NDArray

from sim.model.world import World

SERIES = ("headquarters_real_criteria", "headquarters_nominal_criteria")


def growth(world: World) -> NDArray[np.float64]:
    """(series, member, entry) by how much the bar of ln employees is lower than at the opening, entry 0."""
    p, calendar = world.p.money, world.calendar
    real = np.broadcast_to(np.log1p(p.real_growth), (world.members,))
    quarters = np.arange(calendar.length)
    prices = np.broadcast_to(np.log1p(p.inflation), (world.members,))[:, None] * np.ones(calendar.length)
    if p.deflator:
        prices = np.array([[np.log1p(p.deflator[str((calendar.first + q) // 4)]) for q in quarters]])
    real_index = 0.25 * real[:, None] * (1.0 + quarters)
    index = np.stack([real_index, real_index + 0.25 * prices.cumsum(axis=1)])
    return np.concatenate([np.zeros((*index.shape[:2], 1)), index], axis=2)

"""Size of a site: the more floor, the more places to be.

Decision 10 (docs/decisions.md).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.terms import register

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.model.world import World
    from sim.policies.levers import Levers


@register("floor", title="Floor", title_zh="可用建筑面积", sign=+1, driver="floor")
def floor(world: World, levers: Levers, quarter: int) -> NDArray[np.float64]:
    """Size term of an aggregate alternative: l_m ln F_jt, F the usable floor at the opening.

    Ben-Akiva & Lerman 1985, chapter 9; with it, splitting a town in two changes nothing.
    Returns (member, 1, site).
    """
    return (world.dissimilarity_of_site * np.log(levers.floor))[:, None, :]

"""What makes a place attractive and is not modelled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.terms import register

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from sim.model.world import World
    from sim.policies.levers import Levers


@register("site_constant", title="Site constant", title_zh="地点常数", sign=+1, driver="constant")
def site_constant(world: World, levers: Levers, quarter: int) -> NDArray[np.float64]:
    """Alternative-specific constant alpha_j, solved in the base year (Berry 1994) or given; by kind where sites differ.

    Returns (member, class or 1, site).
    """
    return levers.constant

"""How much enterprises prefer the places that they come from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.config.parameters import Section, signed
from sim.kernels.arrays import HOMES
from sim.terms import register

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.model.world import World
    from sim.policies.levers import Levers


class Home(Section):
    beta: float = signed(
        1.0, "1", "[-20, 20]", "[0, 2.5]",
        "Figueiredo, Guimaraes & Woodward 2002: entrepreneurs accept over three times higher labour costs to stay at "
        "home, a price and no utility; at what costs weigh here (3.8) and a share of labour of 0.6 it is 2.5",
        "weight of a place that an enterprise comes from", "企业来源地的权重（本地偏好）",
        source_zh="Figueiredo, Guimarães & Woodward 2002：创业者为留在本地可接受三倍以上的劳动成本，"
                  "是价格而非效用；按成本权重 3.8、劳动占成本 0.6 折合为 2.5")


@register("home", title="Home", title_zh="来源地偏好", sign=+1, driver="homes", parameters=Home, loading=HOMES)
def home(world: World, levers: Levers, quarter: int) -> NDArray[np.float64]:
    """Home bias: b_H [site j is in a jurisdiction that is home to the origin of i].

    Figueiredo, Guimaraes & Woodward 2002. Whose home a jurisdiction is, is the region's data (jurisdictions.csv); of
    origins beyond the region none is. Returns (origin, member, 1, site), to be multiplied by whether i comes from
    there; without origins where the region names no homes.
    """
    homes = world.homes if world.homes.any() else np.zeros((0, world.sites))
    return world.p.terms.home.beta[None, :, None, None] * homes[:, None, None, :]

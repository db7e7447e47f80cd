"""Policies of the sci-tech innovation centre."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.config.parameters import Section, assumed
from sim.terms import by_site, register

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from sim.model.world import World
    from sim.policies.levers import Levers


class Scitech(Section):
    beta: float = assumed(
        0.10, "1", "[-5, 5]", "[0, 0.30]", "weight of full sci-tech status for an enterprise of mean R&D intensity",
        "科创中心政策对平均研发强度企业的权重", "no causal estimate found", source_zh="未找到因果估计")


@register("scitech", title="Sci-tech centre", title_zh="科创中心政策", sign=+1, driver="regimes.scitech",
          parameters=Scitech, loading="rnd")
def scitech(world: World, levers: Levers, quarter: int) -> NDArray[np.float64]:
    """Sci-tech centre: b_S STIC_jt rnd_i, R&D intensity relative to the mean enterprise.

    No source gives its size. Returns (member, 1, site), to be multiplied by rnd_i.
    """
    return by_site(world.p.terms.scitech.beta, levers.status("scitech"))

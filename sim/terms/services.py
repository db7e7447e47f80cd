"""The five service systems that policies can raise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.base.messages import _
from sim.config.parameters import Section, parameter
from sim.terms import register

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.model.world import World
    from sim.policies.levers import Levers

SYSTEMS = ("scitech", "talent", "finance", "business", "investment")


def _weight(default, evidence, source, what, what_zh, **more):
    return parameter(default, unit="1", allowed="[-5, 5]", range="[0, 0.4]", evidence=evidence, source=source,
                     doc=f"weight of log {what}", doc_zh=f"{what_zh}（对数）的权重", **more)


class Services(Section):
    scitech: float = _weight(0.10, "assumption", _("no estimate found"), "sci-tech services", "科技服务")
    talent: float = _weight(0.10, "assumption", _("no estimate found"), "talent services", "人才服务")
    finance: float = _weight(0.10, "assumption", _("no estimate found"), "financial services", "金融服务")
    business: float = _weight(
        0.15, "sign only", "Davis & Henderson 2008; Strauss-Kahn & Vives 2009: positive",
        "business services", "商务服务",
        source_zh="Davis & Henderson 2008；Strauss-Kahn & Vives 2009：为正")
    investment: float = _weight(0.05, "assumption", "no estimate found", "investment promotion", "招商服务")


@register("services", title="Service systems", title_zh="服务体系", sign=+1, driver="services", parameters=Services)
def services(world: World, levers: Levers, quarter: int) -> NDArray[np.float64]:
    """Five service systems: sum_m b_Em ln Service_mjt, indices that are 1 everywhere at the start.

    Davis & Henderson 2008 for business services. Returns (member, 1, site).
    """
    return world.keep("services", (levers.services,), _by_site)


def _by_site(world, services):
    """What `services` gives, from (member, system, site): the systems seldom change."""
    p = world.p.terms.services
    total: Any = 0.0
    for system, level in zip(SYSTEMS, np.log(services[0]).swapaxes(0, 1)):
        total = total + getattr(p, system)[:, None] * level
    return total[:, None, :]

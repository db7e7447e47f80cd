"""How enterprises differ in what accessibility is worth to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.base.messages import _
from sim.config.parameters import Section, assumed
from sim.terms import register

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from sim.model.world import World
    from sim.policies.levers import Levers


class AccessTaste(Section):
    sd: float = assumed(0.1, "1", "[0, 5]", "[0, 0.5]", "standard deviation of the taste for log accessibility",
                        "可达性偏好的标准差", _("no estimate for headquarters found"))


@register("access_taste", title="Taste for accessibility", title_zh="可达性偏好", sign=0, driver="log_access",
          parameters=AccessTaste, loading="taste_access")
def access_taste(world: World, levers: Levers, quarter: int) -> NDArray[np.float64]:
    """Random taste for accessibility: sd * z_i * ln A_jt, z_i standard normal or uniform (mixed logit).

    Train 2009, chapter 6. Returns (member, class, site), to be multiplied by z_i.
    """
    return world.keep("access_taste", (world.log_access_at(quarter),), _by_class)


def _by_class(world, log_access):
    """What `access_taste` gives, from (member, type, site): the network seldom changes."""
    return world.p.terms.access_taste.sd[:, None, None] * log_access[0][:, world.type_of_class, :]

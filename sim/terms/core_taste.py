"""How enterprises differ in their liking for the core ring."""

from sim.parameters import Section, parameter
from sim.terms import by_site, register


class CoreTaste(Section):
    sd: float = parameter(
        0.2, unit="1", allowed="[0, 5]", range="[0, 0.6]", mark="assumption",
        source="no estimate for headquarters found",
        doc="standard deviation of the normal taste for the core ring", doc_zh="核心圈层偏好的标准差")


@register("core_taste", title="Taste for the core ring", title_zh="核心圈层偏好", sign=0, driver="ring",
          parameters=CoreTaste, loading="taste_core")
def core_taste(world, levers, quarter):
    """Random taste for the core ring: sd * z_i * [site in the core ring], z_i standard normal.

    Train 2009, chapter 6. Returns (member, 1, site), to be multiplied by z_i.
    """
    return by_site(world.p.terms.core_taste.sd, world.in_ring("core"))

"""How enterprises differ in their liking for the linkage ring."""

from sim.parameters import Section, parameter
from sim.terms import by_site, register


class LinkageTaste(Section):
    sd: float = parameter(
        0.2, unit="1", allowed="[0, 5]", range="[0, 0.6]", mark="assumption",
        source="no estimate for headquarters found",
        doc="standard deviation of the normal taste for the linkage ring", doc_zh="联动圈层偏好的标准差")


@register("linkage_taste", title="Taste for the linkage ring", title_zh="联动圈层偏好", sign=0, driver="ring",
          parameters=LinkageTaste, loading="taste_linkage")
def linkage_taste(world, levers, quarter):
    """Random taste for the linkage ring: sd * z_i * [site in the linkage ring], z_i standard normal.

    Train 2009, chapter 6. Returns (member, 1, site), to be multiplied by z_i.
    """
    return by_site(world.p.terms.linkage_taste.sd, world.in_ring("linkage"))

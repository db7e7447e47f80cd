"""How enterprises differ in their liking for the rings of the zone: one term for each of two."""

from sim.base.messages import _
from sim.config.parameters import Section, assumed
from sim.terms import by_site, register


def _taste(ring, ring_zh):
    """Register the random taste for a ring."""
    name = f"{ring}_taste"

    class Taste(Section):
        sd: float = assumed(0.2, "1", "[0, 5]", "[0, 0.6]",
                            f"standard deviation of the taste for the {ring} ring", f"{ring_zh}偏好的标准差",
                            _("no estimate for headquarters found"))

    def taste(world, levers, quarter):
        return by_site(getattr(world.p.terms, name).sd, world.in_ring(ring))

    taste.__doc__ = f"""Random taste for the {ring} ring: sd * z_i * [site in the {ring} ring], z_i normal or uniform.

    Train 2009, chapter 6. Returns (member, 1, site), to be multiplied by z_i.
    """
    register(name, title=f"Taste for the {ring} ring", title_zh=f"{ring_zh}偏好", sign=0, driver="ring",
             parameters=Taste, loading=f"taste_{ring}")(taste)


_taste("core", "核心圈层")
_taste("linkage", "联动圈层")

"""A zone's whole package, where its parts are not told apart."""

from sim.config.parameters import Section, signed
from sim.terms import by_site, register


class ZoneBundle(Section):
    beta: float = signed(0.18, "1", "[-5, 5]", "[0, 0.35]",
                         "Alder, Shao & Zilibotti 2016: a city's GDP about +20 %, which is no utility",
                         "weight of a zone's whole package; excludes its components",
                         "园区整体政策包的权重（与分项互斥）",
                         source_zh="Alder, Shao & Zilibotti 2016：城市国内生产总值约 +20%，并非效用")


@register("zone_bundle", title="Zone bundle", title_zh="园区整体政策包", sign=+1, driver="regimes.bundle",
          parameters=ZoneBundle)
def zone_bundle(world, levers, quarter):
    """Whole package of a development zone: b_Z Bundle_jt.

    Alder, Shao & Zilibotti 2016. It takes the place of its components, recorded ones too. Returns (member, 1, site).
    """
    return by_site(world.p.terms.zone_bundle.beta, levers.regimes["bundle"])

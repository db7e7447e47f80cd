"""A zone's whole package, where its parts are not told apart."""

from sim.config.parameters import Section, parameter
from sim.terms import by_site, register


class ZoneBundle(Section):
    beta: float = parameter(
        0.18, unit="1", allowed="[-5, 5]", range="[0, 0.35]", mark="literature",
        source="Alder, Shao & Zilibotti 2016: GDP level about +20 %",
        source_zh="Alder, Shao & Zilibotti 2016：国内生产总值约 +20%",
        doc="weight of a zone's whole package; excludes its components", doc_zh="园区整体政策包的权重（与分项互斥）")


@register("zone_bundle", title="Zone bundle", title_zh="园区整体政策包", sign=+1, driver="regimes.bundle",
          parameters=ZoneBundle)
def zone_bundle(world, levers, quarter):
    """Whole package of a development zone: b_Z Bundle_jt.

    Alder, Shao & Zilibotti 2016. It takes the place of its components, recorded ones too. Returns (member, 1, site).
    """
    return by_site(world.p.terms.zone_bundle.beta, levers.regimes["bundle"])

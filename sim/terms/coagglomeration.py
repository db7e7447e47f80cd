"""Enterprises of related industries."""

from sim.config.parameters import Section, parameter
from sim.terms import PeerTerm, register


class Coagglomeration(Section):
    gamma: float = parameter(
        0.15, unit="1", allowed="[-20, 20]", range="[0, 0.5]", mark="literature",
        source="Ellison, Glaeser & Kerr 2010: all Marshall channels, input-output strongest",
        source_zh="Ellison, Glaeser & Kerr 2010：马歇尔三种渠道均有，投入产出联系最强",
        doc="weight of enterprises of related industries", doc_zh="关联行业共同集聚的权重")


@register("coagglomeration", title="Related industries", title_zh="关联行业集聚", sign=+1, driver="counts",
          parameters=Coagglomeration, peers=True)
def coagglomeration(world, levers):
    """Co-agglomeration: g_C ln(a + sum_s' phi_ss' sum_k w(d_jk) n_s'k), other industries.

    Ellison, Glaeser & Kerr 2010. Returns a PeerTerm with one row an industry.
    """
    rows = world.industry_of_kind
    return PeerTerm(world.p.terms.coagglomeration.gamma, rows, world.proximity[:, rows])

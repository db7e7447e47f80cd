"""Enterprises of related industries."""

from sim.config.parameters import Section, signed
from sim.terms import PeerTerm, register


class Coagglomeration(Section):
    gamma: float = signed(0.15, "1", "[-20, 20]", "[0, 0.5]",
                          "Ellison, Glaeser & Kerr 2010: all Marshall channels, input-output strongest",
                          "weight of enterprises of related industries", "关联行业共同集聚的权重",
                          source_zh="Ellison, Glaeser & Kerr 2010：马歇尔三种渠道均有，投入产出联系最强")


@register("coagglomeration", title="Related industries", title_zh="关联行业集聚", sign=+1, driver="counts",
          parameters=Coagglomeration, peers=True)
def coagglomeration(world, levers):
    """Co-agglomeration: g_C ln(a + sum_s' phi_ss' sum_k w(d_jk) n_s'k), other industries.

    Ellison, Glaeser & Kerr 2010. Returns a PeerTerm with one row an industry.
    """
    rows = world.industry_of_kind
    return PeerTerm(world.p.terms.coagglomeration.gamma, rows, world.proximity[:, rows])
